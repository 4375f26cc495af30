"""Read the Excel form back: what would change, cell by cell, and which cells cannot be used."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from pmo.core.imports.limits import MIB, Limits
from pmo.core.imports.messages import shorten
from pmo.core.imports.reading import read_table
from pmo.core.imports.table import Table, column_letter
from projects.workbooks.layout import (
    ASK_FIELDS,
    ASK_ROWS,
    ASKS_HEAD,
    ASKS_SHEET,
    COLOUR,
    COMMENT,
    DATE,
    ENTRY,
    FIXED,
    KEY,
    NUMBER,
    REPORT_HEAD,
    REPORT_SHEET,
    Item,
    colour_of,
)

LIMITS = Limits(
    upload_bytes=2 * MIB,
    unpacked_bytes=20 * MIB,
    rows=500,
    columns=30,
    cells=10_000,
    wall_seconds=30,
    cpu_seconds=15,
    memory_bytes=512 * MIB,
)
"""A form is small: what is larger is not one."""

LONGEST = {"summary": 500, "title": 300}


@dataclass(frozen=True)
class CellError:
    """A cell that cannot be used: its sheet and address, and why."""

    sheet: str
    cell: str
    text: str


@dataclass
class Reading:
    """What the file says: posted fields by name with the cell each came from, the version it was made from, and errors."""

    values: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    asks: list[dict[str, str]] = field(default_factory=list)
    made_from: str = ""
    project: str = ""
    errors: list[CellError] = field(default_factory=list)

    def fail(self, sheet: str, cell: str, text: str) -> None:
        """Note a cell that cannot be used."""
        self.errors.append(CellError(sheet, cell, text))


class NotAFormError(ValueError):
    """The workbook is not a form of this product."""


def read_workbook(path: Path, name: str, items: Sequence[Item], deciders: Mapping[str, int]) -> Reading:
    """The form in a file. Raises ReadError for a file that cannot be read, NotAFormError for another workbook.

    `deciders` are the people a decision can be asked from, by the texts that name them (code, name, or both).
    """
    found = Reading()
    table = read_table(path, name, limits=LIMITS, sheet=REPORT_SHEET, header_row=1)
    if [column.header for column in table.columns][: len(REPORT_HEAD)] != list(REPORT_HEAD):
        raise NotAFormError
    wanted = {item.key: item for item in items}
    for number, row in zip(table.numbers, table.rows, strict=True):
        item = wanted.get(str(row[KEY] or ""))
        if item is not None:
            _read_row(found, table, item, number, row)
    _read_asks(found, path, name, deciders)
    return found


def _read_row(found: Reading, table: Table, item: Item, number: int, row: Sequence[Any]) -> None:
    if item.kind == FIXED:
        if item.key == "report":
            found.made_from = str(row[ENTRY] or "")
        else:
            found.project = str(row[ENTRY] or "")
        return
    _take(found, table, number, ENTRY, row, item.entry, item.kind)
    if item.comment:
        _take(found, table, number, COMMENT, row, item.comment, "text")


def _take(found: Reading, table: Table, number: int, place: int, row: Sequence[Any], name: str, kind: str) -> None:
    """Read one cell into the field, or note why it cannot be."""
    cell = f"{column_letter(place)}{number}"
    if (number, place) in table.formulas:
        found.fail(table.sheet, cell, _("This cell holds a formula; write the value itself."))
        return
    value = row[place] if place < len(row) else None
    try:
        text = parse(value, kind, LONGEST.get(name, 20_000))
    except ValueError as error:
        found.fail(table.sheet, cell, str(error))
        return
    found.values[name], found.cells[name] = text, cell


def parse(value: Any, kind: str, longest: int) -> str:
    """A cell's value as a browser would post it. Raises ValueError that says what was received and what is expected."""
    if value is None or value == "":
        return ""
    if kind == COLOUR:
        band = colour_of(str(value))
        if band is None:
            raise ValueError(_("Received %(received)s, expected a colour from the list.") % {"received": _said(value)})
        return band
    if kind == DATE:
        return _date(value)
    if kind == NUMBER:
        return _number(value)
    text = value.isoformat() if isinstance(value, datetime.date) else str(value)
    if len(text) > longest:
        words = {"count": len(text), "limit": longest}
        raise ValueError(_("Received %(count)s characters, expected at most %(limit)s.") % words)
    return text


def _said(value: Any) -> str:
    return shorten(str(value))


def _date(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    try:
        return datetime.date.fromisoformat(str(value).strip().replace("/", "-").replace(".", "-")).isoformat()
    except ValueError:
        raise ValueError(
            _("Received %(received)s, expected a date such as 2026-11-20.") % {"received": _said(value)}
        ) from None


def _number(value: Any) -> str:
    try:
        if isinstance(value, bool):
            raise InvalidOperation
        number = Decimal(str(value).strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise ValueError(_("Received %(received)s, expected a number.") % {"received": _said(value)}) from None
    if not number.is_finite() or number < 0 or number >= Decimal(10) ** 16:
        raise ValueError(_("Received %(received)s, expected an amount of 0 or more.") % {"received": _said(value)})
    return f"{number:.2f}"


def _read_asks(found: Reading, path: Path, name: str, deciders: Mapping[str, int]) -> None:
    table = read_table(path, name, limits=LIMITS, sheet=ASKS_SHEET, header_row=1)
    if [column.header for column in table.columns][: len(ASKS_HEAD)] != list(ASKS_HEAD):
        raise NotAFormError
    kinds = dict(zip(ASK_FIELDS, ("text", "text", DATE, NUMBER), strict=True))
    for number, row in list(zip(table.numbers, table.rows, strict=True))[:ASK_ROWS]:
        one = Reading()
        for place, field_name in enumerate(ASK_FIELDS):
            _take(one, table, number, place, row, field_name, kinds[field_name])
        found.errors += one.errors
        if not any(one.values.values()):
            continue
        who = one.values.get("decider", "")
        if who and _plain(who) not in deciders:
            text = _("Received %(received)s, expected somebody who has a part in the project.")
            found.fail(table.sheet, f"B{number}", text % {"received": _said(who)})
        one.values["decider"] = str(deciders.get(_plain(who), "")) if who else ""
        if not one.values.get("title"):
            found.fail(table.sheet, f"A{number}", _("Say what is to be decided."))
            continue
        found.asks.append({name_: one.values.get(name_, "") for name_ in ASK_FIELDS})


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def spellings(people: Sequence[Any]) -> dict[str, int]:
    """Every text that names a person in the form, to the person's id; one that names two of them names nobody."""
    found: dict[str, int] = {}
    twice: set[str] = set()
    for person in people:
        for text in {person.code, person.name_zh, person.name_en, person_word(person)}:
            key = _plain(text or "")
            if key and found.setdefault(key, person.pk) != person.pk:
                twice.add(key)
    return {key: pk for key, pk in found.items() if key not in twice}


def person_word(person: Any) -> str:
    """How the form writes a person: name and code."""
    return f"{person.name_zh or person.name_en} {person.code}"
