"""The forms of the wizard: an upload, how a file is read, and the mapping as the columns page edits it."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as made_by
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pmo.core.imports.checks import check_mapping
from pmo.core.imports.currencies import CODES
from pmo.core.imports.decoding import OFFERED
from pmo.core.imports.delimited import DELIMITERS
from pmo.core.imports.fields import NUMERIC_KINDS, ImportField, Target
from pmo.core.imports.mapping import Mapping, MappingError, MappingIssue, Source
from pmo.core.imports.mapping_json import dump_mapping, load_mapping
from pmo.core.imports.models import ImportBatch
from pmo.core.imports.shown import meanings
from pmo.core.imports.table import Column, Table
from pmo.core.imports.targets import ImportTarget, get_target
from pmo.core.imports.texts import say_stored

FIXED = "="
MOST_COLUMNS = 4
_LONGEST_LIST = 30
SCALES = (
    ("1", _("as written")),
    ("1000", _("thousands")),
    ("10000", _("ten thousands (万)")),
    ("1000000", _("millions")),
    ("100000000", _("hundred millions (亿)")),
)
PERCENT_SCALES = (("1", _("percent (45)")), ("100", _("fractions (0.45)")))
DATE_ORDERS = (
    ("auto", _("as the column shows")),
    ("dmy", _("day, month, year")),
    ("mdy", _("month, day, year")),
    ("ymd", _("year, month, day")),
)
PARTIALS = (("", _("the field's own")), ("first", _("first day")), ("last", _("last day")))
MATCHES = (("code,name", _("by code, else by name")), ("code", _("by code only")), ("name", _("by name only")))
KEY_MATCHES = (("key", _("by the fields of the key")), ("new", _("every row is new")))
NEW_ONLY = (("new", _("every row is new, unless it stands already as it is")),)
BLANKS = (("keep", _("leave as it is")), ("clear", _("empty the field")))
NEARS = (
    ("0.7", _("from 70 % alike")),
    ("0.8", _("from 80 % alike")),
    ("0.9", _("from 90 % alike")),
    ("1.0", _("never")),
)
DELIMITER_NAMES = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar")}
SEPARATORS = ("-", "/", "_", ".", ":", "")


class UploadForm(forms.Form):
    """A file, what it holds, and the day it speaks of."""

    file = forms.FileField(label=_("File"), error_messages={"empty": _("The file is empty.")})
    target = forms.ChoiceField(label=_("Import into"))
    as_of = forms.DateField(
        label=_("Data as of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_(
            "The day the figures speak of. Empty: the date in the file's name, else today. A date column in the file goes before."
        ),
    )

    def __init__(self, *args: Any, targets: Sequence[ImportTarget], fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = [(one.key, one.label) for one in targets]
        self.fields["target"].choices = choices  # type: ignore[attr-defined]
        if len(targets) == 1 or fixed:
            self.fields["target"].widget = forms.HiddenInput()
            self.fields["target"].initial = targets[0].key
        if fixed and not targets[0].dated:
            del self.fields["as_of"]
        elif fixed and targets[0].match_key:
            self.fields["as_of"].help_text = _("The day the rows speak of. Empty: today.")


class ReadingForm(forms.Form):
    """What overrules the recognition of a file, and its date."""

    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    encoding = forms.ChoiceField(label=_("Encoding"), required=False)
    delimiter = forms.ChoiceField(label=_("Delimiter"), required=False)
    header_row = forms.IntegerField(
        label=_("Header row"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        help_text=_("Empty: recognised. 0: the file has no header."),
    )
    as_of = forms.DateField(
        label=_("Data as of"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, batch: ImportBatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        read = batch.table
        automatic = ("", _("recognise"))
        sheets = read.get("sheets") or ([batch.reading["sheet"]] if "sheet" in batch.reading else [])
        self._choose(
            "sheet", [automatic, *((name, name) for name in sheets)], keep=len(sheets) > 1 or "sheet" in batch.reading
        )
        text = read.get("kind", "csv") == "csv"
        self._choose("encoding", [automatic, *((name, name) for name in OFFERED)], keep=text)
        self._choose("delimiter", [automatic, *((mark, DELIMITER_NAMES[mark]) for mark in DELIMITERS)], keep=text)

    def _choose(self, name: str, choices: Any, *, keep: bool) -> None:
        if keep:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def options(self) -> dict[str, Any]:
        """The reading options that were set."""
        data = self.cleaned_data
        found = {name: data.get(name) or None for name in ("sheet", "encoding", "delimiter")}
        return {**found, "header_row": data.get("header_row")}


@dataclass
class FieldRow:
    """One field of the target on the columns page: what was chosen, as texts, and what is wrong with it."""

    field: ImportField
    raw: dict[str, str]
    columns: list[str]
    samples: list[str] = made_by(default_factory=list)
    confidence: int | None = None
    reasons: list[str] = made_by(default_factory=list)
    errors: list[str] = made_by(default_factory=list)
    meanings: list[tuple[str, Any]] = made_by(default_factory=list)

    @property
    def mapped(self) -> bool:
        """Whether something feeds the field."""
        return bool(self.raw.get("source"))

    @property
    def fixed(self) -> bool:
        """Whether a fixed value feeds it."""
        return self.raw.get("source") == FIXED

    @property
    def choosable(self) -> bool:
        """Whether a fixed value is chosen from a short list; currencies are typed."""
        return 0 < len(self.meanings) <= _LONGEST_LIST

    @property
    def further(self) -> list[tuple[int, str]]:
        """The further columns that are combined with the first, and an empty place for one more."""
        taken = [*self.columns[1:], ""][: MOST_COLUMNS - 1]
        return list(enumerate(taken, 2))

    @property
    def options(self) -> list[str]:
        """Which options make sense for the field."""
        if self.fixed:
            return []
        kind = self.field.kind
        if kind == "money":
            return ["scale", "currency"]
        if kind == "date":
            return ["date_order", "partial"]
        if kind in NUMERIC_KINDS:
            return ["scale"]
        return ["create_parent"] if self.field.reference else []

    @property
    def scales(self) -> list[tuple[str, Any]]:
        """Factors to choose from, with the mapping's own if it is another one."""
        offered: list[tuple[str, Any]] = list(PERCENT_SCALES if self.field.kind == "percent" else SCALES)
        own = self.raw.get("scale", "1")
        return offered if own in {value for value, _label in offered} else [*offered, (own, f"× {own}")]


@dataclass
class MappingForm:
    """The mapping as the columns page shows it. `issues` are those that belong to no field."""

    rows: list[FieldRow]
    date: dict[str, str]
    match: str
    near: str
    formulas: str
    blanks: str = "keep"
    issues: list[str] = made_by(default_factory=list)
    mapping: Mapping | None = None

    @property
    def mapped(self) -> list[FieldRow]:
        """Rows that something feeds, or that have an error."""
        return [row for row in self.rows if row.mapped or row.errors]

    @property
    def unmapped(self) -> list[FieldRow]:
        """The other fields."""
        return [row for row in self.rows if not row.mapped and not row.errors]

    @property
    def valid(self) -> bool:
        """Whether the mapping can be applied."""
        return self.mapping is not None and not self.issues and not any(row.errors for row in self.rows)


def column_stub(batch: ImportBatch) -> Table:
    """The batch's columns as a table without rows, to check a mapping against."""
    columns = tuple(Column(index, one["name"], one["name"]) for index, one in enumerate(batch.table.get("columns", [])))
    return Table(batch.filename, batch.table.get("kind", "csv"), columns, [], [], 0)


def form_of(batch: ImportBatch, target: Target, mapping: Mapping) -> MappingForm:
    """The form that shows a mapping."""
    rows = [FieldRow(one, *_raw_of(mapping.fields.get(key))) for key, one in target.fields.items()]
    date = {"column": "", "year_end": "12-31", "order": "auto"}
    if mapping.date is not None:
        date = {"column": mapping.date.column, "year_end": mapping.date.year_end, "order": mapping.date.date_order}
    match = ",".join(mapping.match.by)
    if target.generic and match != "new":
        match = "key"
    form = MappingForm(rows, date, match, str(mapping.match.near), mapping.formulas, mapping.blanks, mapping=mapping)
    _judge(form, batch, target)
    return form


def _raw_of(source: Source | None) -> tuple[dict[str, str], list[str]]:
    if source is None:
        return {"source": "", "combine": "join", "separator": "-"}, []
    raw = {
        "source": FIXED if source.combine == "constant" else source.columns[0],
        "constant": source.constant,
        "combine": source.combine if source.combine in {"join", "first"} else "join",
        "separator": source.separator,
        "scale": f"{source.scale.normalize():f}",
        "currency": source.currency,
        "date_order": source.date_order,
        "decimal": source.decimal,
        "partial": source.partial,
        "create_parent": "1" if source.create_parent else "",
    }
    return raw, list(source.columns)


def form_from(batch: ImportBatch, target: Target, data: MappingType[str, Any], before: Mapping) -> MappingForm:
    """The form as it was sent. What the page does not show (meanings of words, the name) is kept from `before`."""
    rows = [_sent_row(key, one, data) for key, one in target.fields.items()]
    _take_quick_choices(rows, batch, data)
    date = {
        name: str(data.get(f"date-{name}", "")).replace("\x00", "").strip() for name in ("column", "year_end", "order")
    }
    form = MappingForm(
        rows,
        date,
        str(data.get("match", "key" if target.generic else "code,name")),
        str(data.get("near", "0.8")),
        str(data.get("formulas", "value")),
        str(data.get("blanks", "keep")),
    )
    try:
        form.mapping = load_mapping(_json_of(form, before))
    except MappingError as error:
        _tell(form, error.issues)
    _judge(form, batch, target)
    return form


def _sent_row(key: str, one: ImportField, data: MappingType[str, Any]) -> FieldRow:
    names = (
        "source",
        "constant",
        "combine",
        "separator",
        "scale",
        "currency",
        "date_order",
        "decimal",
        "partial",
        "create_parent",
    )
    raw = {name: str(data.get(f"{key}-{name}", "")).replace("\x00", "").strip() for name in names}
    raw["combine"] = raw["combine"] or "join"
    columns = [raw["source"]] if raw["source"] not in {"", FIXED} else []
    for number in range(2, MOST_COLUMNS + 1):
        column = str(data.get(f"{key}-column{number}", "")).replace("\x00", "").strip()
        if column and columns and column not in columns:
            columns.append(column)
    return FieldRow(one, raw, columns)


def _take_quick_choices(rows: Sequence[FieldRow], batch: ImportBatch, data: MappingType[str, Any]) -> None:
    """A column of the file that was sent to a field from the list of columns."""
    by_key = {row.field.key: row for row in rows}
    for index, column in enumerate(batch.table.get("columns", [])):
        row = by_key.get(str(data.get(f"use-{index}", "")))
        if row is not None and not row.mapped:
            row.raw["source"] = column["name"]
            row.columns = [column["name"]]


def _json_of(form: MappingForm, before: Mapping) -> dict[str, Any]:
    kept = dump_mapping(before)
    data: dict[str, Any] = {name: kept[name] for name in ("version", "name", "description", "reading") if name in kept}
    data["fields"] = {
        row.field.key: _source_json(row, before.fields.get(row.field.key)) for row in form.rows if row.mapped
    }
    if form.date["column"]:
        data["date"] = {
            "column": form.date["column"],
            "year_end": form.date["year_end"] or "12-31",
            "date_order": form.date["order"] or "auto",
        }
    try:
        near = float(form.near)
    except ValueError:
        near = -1.0
    data["match"] = {"by": form.match.split(","), "near": near}
    data["formulas"] = form.formulas
    data["blanks"] = form.blanks
    return data


def _source_json(row: FieldRow, before: Source | None) -> dict[str, Any]:
    raw = row.raw
    if row.fixed:
        return {"constant": raw["constant"]}
    data: dict[str, Any] = {}
    if len(row.columns) == 1:
        data["column"] = row.columns[0]
    elif raw["combine"] == "first":
        data["first_of"] = row.columns
    else:
        data |= {"columns": row.columns, "separator": raw["separator"]}
    for name in row.options:
        if name == "create_parent":
            data[name] = raw[name] == "1"
        elif raw[name] or name == "partial":
            data[name] = raw[name].upper() if name == "currency" else raw[name]
    if raw["decimal"]:
        data["decimal"] = raw["decimal"]
    if before is not None and before.value_map:
        data["value_map"] = dict(before.value_map)
    return data


def _judge(form: MappingForm, batch: ImportBatch, target: Target) -> None:
    """Errors, samples and the reasons of the guess, row by row."""
    if form.mapping is not None:
        _tell(form, check_mapping(form.mapping, column_stub(batch), target))
    samples = {one["name"]: one["samples"] for one in batch.table.get("columns", [])}
    why = batch.table.get("why", {})
    guessed = batch.table.get("guessed", {}).get("fields", {})
    kept = get_target(batch.target)
    for row in form.rows:
        row.meanings = meanings(kept, row.field)
        row.samples = [text for column in row.columns[:1] for text in samples.get(column, [])]
        entry = guessed.get(row.field.key, {})
        columns = entry.get("columns") or entry.get("first_of") or [entry.get("column")]
        if row.mapped and row.columns == columns and row.field.key in why:
            row.confidence = round(100 * why[row.field.key][0])
            row.reasons = [say_stored(reason) for reason in why[row.field.key][1]]


def _tell(form: MappingForm, issues: Sequence[MappingIssue]) -> None:
    by_key = {row.field.key: row for row in form.rows}
    for issue in issues:
        place, _dot, rest = issue.path.partition(".")
        row = by_key.get(rest.partition(".")[0]) if place == "fields" else None
        text = str(issue.message)
        if row is not None:
            row.errors.append(text)
        elif text not in form.issues:
            form.issues.append(text)


def fits(batch: ImportBatch, target: Target, mapping: Mapping) -> bool:
    """Whether a kept mapping can be applied to the batch's columns as it is."""
    return not check_mapping(mapping, column_stub(batch), target)


def matches_for(target: Target) -> Sequence[tuple[str, Any]]:
    """How rows may find what exists."""
    if not target.generic:
        return MATCHES
    return KEY_MATCHES if target.key else NEW_ONLY


CURRENCIES = sorted(CODES)
