"""What an erasure would touch, counted before anybody decides: one statement over all tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Value
from django.utils.translation import gettext as _

from pmo.core.privacy.declaration import declared, record_of
from pmo.core.privacy.finding import Table, linked, tables
from pmo.core.privacy.subjects import Subject


@dataclass(frozen=True)
class Line:
    """One table: how many rows point to the person, and whether they go or stay under the pseudonym."""

    title: str
    label: str
    count: int
    goes: bool


def preview(subject: Subject) -> list[Line]:
    """Tables with rows that point to the person, those that go first, then by size."""
    known = {table.label: table for table in tables()}
    asked = [rows for table in known.values() if (rows := _count(table, subject)) is not None]
    if not asked:
        return []
    first, *rest = asked
    found = first.union(*rest, all=True) if rest else first
    lines = [_line(known[label], count) for label, count in found if count]
    return sorted(lines, key=lambda line: (not line.goes, -line.count, line.label))


def _count(table: Table, subject: Subject) -> Any:
    condition = linked(table, subject)
    if condition is None:
        return None
    rows = table.rows().filter(condition).order_by().annotate(of_table=Value(table.label))
    return rows.values("of_table").annotate(row_count=Count("pk")).values_list("of_table", "row_count")


def _line(table: Table, count: int) -> Line:
    return Line(title_of(table), table.label, count, bool(declared(table.model).gone))


def title_of(table: Table) -> str:
    """What rows of the table are called; the history of a record by the record's own name."""
    record = record_of(table.model)
    title = str((record or table.model)._meta.verbose_name_plural)
    title = title[:1].upper() + title[1:]
    return _("%(rows)s: earlier states") % {"rows": title} if record is not None else title
