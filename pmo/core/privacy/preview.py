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
    """One kind of rows: how many point to the person, and whether they go or stay under the pseudonym."""

    title: str
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
    sums: dict[tuple[str, bool], int] = {}
    for label, count in found:
        key = (title_of(known[label]), bool(declared(known[label].model).gone))
        sums[key] = sums.get(key, 0) + count
    lines = [Line(title, count, goes) for (title, goes), count in sums.items() if count]
    return sorted(lines, key=lambda line: (not line.goes, -line.count, line.title))


def _count(table: Table, subject: Subject) -> Any:
    condition = linked(table, subject)
    if condition is None:
        return None
    rows = table.rows().filter(condition).order_by().annotate(of_table=Value(table.label))
    return rows.values("of_table").annotate(row_count=Count("pk")).values_list("of_table", "row_count")


def title_of(table: Table) -> str:
    """What rows of the table are called: the history of a record by the record's name, tables nobody sees all the same."""
    record = record_of(table.model)
    options: Any = (record or table.model)._meta
    if not {"verbose_name", "verbose_name_plural"} & set(options.original_attrs):
        return _("Records of the system")
    title = str(options.verbose_name_plural)
    title = title[:1].upper() + title[1:]
    return _("%(rows)s: earlier states") % {"rows": title} if record is not None else title
