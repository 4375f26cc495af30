"""Mappings to JSON and back. Reading is strict: every mistake is named by its path, all of them at once."""

import json
import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, get_args

from pmo.core.imports.currencies import CODES
from pmo.core.imports.dates import Partial
from pmo.core.imports.mapping import (
    DateColumn,
    Mapping,
    MappingError,
    MappingIssue,
    MatchBy,
    MatchPolicy,
    ReadingOptions,
    Source,
)
from pmo.core.imports.messages import Message

VERSION = 1
PRESETS = Path(__file__).with_name("presets")
LARGEST_SCALE = Decimal(10) ** 12
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\Z")
_DAYS = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
_TOP = ("version", "name", "description", "fields", "date", "match", "formulas", "blanks", "reading", "requires")
_SOURCE = (
    "column", "columns", "first_of", "constant", "separator", "scale", "currency", "date_order", "decimal", "partial",
    "value_map", "create_parent",
)  # fmt: skip
_ORDERS = ("auto", "dmy", "mdy", "ymd")


def dump_mapping(mapping: Mapping) -> dict[str, Any]:
    """The mapping as plain JSON; only what differs from the defaults is written."""
    data: dict[str, Any] = {"version": VERSION, "name": mapping.name}
    if mapping.description:
        data["description"] = mapping.description
    data["fields"] = {key: _dump_source(source) for key, source in mapping.fields.items()}
    if mapping.date is not None:
        data["date"] = {"column": mapping.date.column, "year_end": mapping.date.year_end}
        if mapping.date.date_order != "auto":
            data["date"]["date_order"] = mapping.date.date_order
    data["match"] = {"by": list(mapping.match.by), "near": mapping.match.near}
    if mapping.formulas != "value":
        data["formulas"] = mapping.formulas
    if mapping.blanks != "keep":
        data["blanks"] = mapping.blanks
    options = {key: getattr(mapping.reading, key) for key in ("sheet", "delimiter", "encoding", "header_row")}
    if any(value is not None for value in options.values()):
        data["reading"] = {key: value for key, value in options.items() if value is not None}
    if mapping.requires:
        data["requires"] = [list(group) for group in mapping.requires]
    return data


def _dump_source(source: Source) -> dict[str, Any]:
    data: dict[str, Any] = {}
    if source.combine == "constant":
        data["constant"] = source.constant
    elif source.combine == "one":
        data["column"] = source.columns[0]
    elif source.combine == "join":
        data |= {"columns": list(source.columns), "separator": source.separator}
    else:
        data["first_of"] = list(source.columns)
    if source.scale != 1:
        data["scale"] = int(source.scale) if source.scale == source.scale.to_integral_value() else str(source.scale)
    defaults = Source()
    for key in ("currency", "date_order", "decimal", "partial", "create_parent"):
        if getattr(source, key) != getattr(defaults, key):
            data[key] = getattr(source, key)
    if source.value_map:
        data["value_map"] = dict(source.value_map)
    return data


def load_mapping(data: object) -> Mapping:
    """The mapping in JSON data. Raises MappingError with every issue by path."""
    reader = _Reader()
    mapping = reader.mapping(data)
    if reader.issues:
        raise MappingError(reader.issues)
    return mapping


def load_mapping_text(text: str | bytes) -> Mapping:
    """The mapping in the text of a JSON file. Raises MappingError, also for text that is no JSON."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MappingError([MappingIssue("", Message("not_json", {"detail": str(error)}))]) from error
    return load_mapping(data)


def preset_names() -> list[str]:
    """The names of the mappings that come with the product."""
    return sorted(path.stem for path in PRESETS.glob("*.json"))


def load_preset(name: str) -> Mapping:
    """A mapping that comes with the product; raises KeyError when there is none of that name."""
    if name not in preset_names():
        raise KeyError(name)
    return load_mapping_text((PRESETS / f"{name}.json").read_text(encoding="utf-8"))


class _Reader:
    """Walks through JSON data and collects what is wrong with it."""

    def __init__(self) -> None:
        self.issues: list[MappingIssue] = []

    def fail(self, path: str, code: str, **params: object) -> None:
        """Note one issue."""
        self.issues.append(MappingIssue(path, Message(code, params)))

    def mapping(self, data: object) -> Mapping:
        """The whole mapping."""
        top = self.mapping_of(data, "", _TOP)
        if top.get("version", VERSION) != VERSION:
            self.fail("version", "expected_value", expected=VERSION)
        entries = self.mapping_of(top.get("fields"), "fields")
        fields = {key: self.source(value, f"fields.{key}") for key, value in entries.items()}
        if not fields:
            self.fail("fields", "expected_fields")
        date = self.date(top["date"]) if top.get("date") is not None else None
        return Mapping(
            fields=fields,
            name=self.text(top, "name", "name"),
            description=self.text(top, "description", "description"),
            date=date,
            match=self.match(top.get("match") or {}),
            formulas=self.choice(top, "formulas", "formulas", ("value", "refuse"), "value"),
            blanks=self.choice(top, "blanks", "blanks", ("keep", "clear"), "keep"),
            reading=self.reading(top.get("reading") or {}),
            requires=self.requires(top.get("requires", [])),
        )

    def requires(self, data: object) -> tuple[tuple[str, ...], ...]:
        """Groups of headings."""
        groups: list[Any] = data if isinstance(data, list) else [None]
        for group in groups:
            if not isinstance(group, list) or not group or not all(isinstance(one, str) for one in group):
                self.fail("requires", "expected_headings")
                return ()
        return tuple(tuple(group) for group in groups)

    def mapping_of(self, data: object, path: str, keys: Sequence[str] | None = None) -> dict[str, Any]:
        """A JSON object, with only the known keys if they are given."""
        if not isinstance(data, dict):
            self.fail(path, "expected_object")
            return {}
        if keys is not None:
            for key in data:
                if key not in keys:
                    self.fail(f"{path}.{key}".lstrip("."), "unknown_key", known=", ".join(keys))
        return data

    def source(self, data: object, path: str) -> Source:
        """One field's source; a bare text is the name of a column."""
        if isinstance(data, str):
            data = {"column": data}
        entry = self.mapping_of(data, path, _SOURCE)
        given = [key for key in ("column", "columns", "first_of", "constant") if key in entry]
        if len(given) != 1:
            self.fail(path, "expected_one_source")
            return Source()
        way = given[0]
        columns: tuple[str, ...] = ()
        if way == "column":
            columns = (self.text(entry, "column", f"{path}.column", required=True),)
        elif way != "constant":
            columns = self.columns(entry[way], f"{path}.{way}")
        return Source(
            columns=columns,
            combine={"column": "one", "columns": "join", "first_of": "first", "constant": "constant"}[way],  # type: ignore[arg-type]
            separator=self.text(entry, "separator", f"{path}.separator", default="-"),
            constant=self.constant(entry, f"{path}.constant"),
            scale=self.scale(entry, f"{path}.scale"),
            currency=self.currency(entry, f"{path}.currency"),
            date_order=self.choice(entry, "date_order", f"{path}.date_order", _ORDERS, "auto"),
            decimal=self.choice(entry, "decimal", f"{path}.decimal", ("auto", "point", "comma"), "auto"),
            partial=self.choice(entry, "partial", f"{path}.partial", get_args(Partial), ""),
            value_map=self.value_map(entry, f"{path}.value_map"),
            create_parent=self.flag(entry, "create_parent", f"{path}.create_parent"),
        )

    def columns(self, value: object, path: str) -> tuple[str, ...]:
        """Two or more column names, each once."""
        names = [one for one in value if isinstance(one, str) and one] if isinstance(value, list) else []
        if len(names) < 2 or names != value or len(set(names)) < len(names):
            self.fail(path, "expected_columns")
            return ()
        return tuple(names)

    def text(self, entry: dict[str, Any], key: str, path: str, *, default: str = "", required: bool = False) -> str:
        """A text, not empty where it is required."""
        value = entry.get(key, default)
        if not isinstance(value, str) or (required and not value):
            self.fail(path, "expected_text")
            return default
        return value

    def constant(self, entry: dict[str, Any], path: str) -> str:
        """A text or a number."""
        value = entry.get("constant", "")
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
        return self.text(entry, "constant", path, required="constant" in entry)

    def scale(self, entry: dict[str, Any], path: str) -> Decimal:
        """A factor above zero, as a number or a text."""
        value = entry.get("scale", 1)
        if isinstance(value, (int, float, str)) and not isinstance(value, bool):
            try:
                scale = Decimal(str(value))
            except InvalidOperation:
                scale = Decimal(0)
            if scale.is_finite() and 1 / LARGEST_SCALE <= scale <= LARGEST_SCALE:
                return scale
        self.fail(path, "expected_scale")
        return Decimal(1)

    def currency(self, entry: dict[str, Any], path: str) -> str:
        """An ISO 4217 code."""
        value = entry.get("currency", "")
        if value == "" or (isinstance(value, str) and value in CODES):
            return str(value)
        self.fail(path, "expected_currency")
        return ""

    def choice(self, entry: dict[str, Any], key: str, path: str, allowed: Sequence[str], default: str) -> Any:
        """One of a few words."""
        value = entry.get(key, default)
        if isinstance(value, str) and value in allowed:
            return value
        self.fail(path, "expected_one_of", known=", ".join(word for word in allowed if word))
        return default

    def flag(self, entry: dict[str, Any], key: str, path: str) -> bool:
        """true or false."""
        value = entry.get(key, False)
        if not isinstance(value, bool):
            self.fail(path, "expected_flag")
        return value is True

    def value_map(self, entry: dict[str, Any], path: str) -> dict[str, str]:
        """Words of the file and what they mean."""
        value = entry.get("value_map", {})
        if isinstance(value, dict) and all(isinstance(meant, str) for meant in value.values()):
            return value
        self.fail(path, "expected_value_map")
        return {}

    def date(self, data: object) -> DateColumn:
        """The snapshot column."""
        entry = self.mapping_of(
            {"column": data} if isinstance(data, str) else data, "date", ("column", "year_end", "date_order")
        )
        year_end = self.text(entry, "year_end", "date.year_end", default="12-31")
        match = _MONTH_DAY.match(year_end)
        if match is None or int(match[2]) > _DAYS.get(int(match[1]), 31):
            self.fail("date.year_end", "expected_month_day")
            year_end = "12-31"
        return DateColumn(
            column=self.text(entry, "column", "date.column", required=True),
            year_end=year_end,
            date_order=self.choice(entry, "date_order", "date.date_order", _ORDERS, "auto"),
        )

    def match(self, data: object) -> MatchPolicy:
        """How rows find what exists."""
        entry = self.mapping_of(data, "match", ("by", "near"))
        default = MatchPolicy()
        by = entry.get("by", list(default.by))
        if (
            not isinstance(by, list)
            or not by
            or any(one not in get_args(MatchBy) for one in by)
            or len(set(by)) != len(by)
            or (len(by) > 1 and not {*by} <= {"code", "name"})
        ):
            self.fail("match.by", "expected_match_by")
            by = list(default.by)
        near = self.number(entry.get("near", default.near), "match.near", lambda value: 0.5 <= value <= 1)
        return MatchPolicy(tuple(by), near)

    def number(self, value: object, path: str, fits: Callable[[float], bool]) -> float:
        """A share between one half and one."""
        if isinstance(value, (int, float)) and not isinstance(value, bool) and fits(value):
            return float(value)
        self.fail(path, "expected_share")
        return 1.0

    def reading(self, data: object) -> ReadingOptions:
        """What the user overruled when the file was read."""
        entry = self.mapping_of(data, "reading", ("sheet", "delimiter", "encoding", "header_row"))
        texts = {}
        for key in ("sheet", "delimiter", "encoding"):
            value = entry.get(key)
            texts[key] = value if isinstance(value, str) and value else None
            if value is not None and texts[key] is None:
                self.fail(f"reading.{key}", "expected_text")
        header = entry.get("header_row")
        if header is not None and (not isinstance(header, int) or isinstance(header, bool) or header < 0):
            self.fail("reading.header_row", "expected_row_number")
            header = None
        return ReadingOptions(header_row=header, **texts)
