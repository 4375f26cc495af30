"""Everything the product holds about one person, as one ZIP: JSON for programs, CSV and a page for people."""

from __future__ import annotations

import csv
import datetime
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from pmo.core.imports.export_safe import safe_csv_cell
from pmo.core.people.models import Person, User
from pmo.core.privacy.declaration import Kind, declared
from pmo.core.privacy.finding import Table, linked, mentioned_in, tables, with_mentions
from pmo.core.privacy.preview import title_of
from pmo.core.privacy.subjects import Names, Subject

_CHUNK = 500
# Rows of one table that the readable page shows; the CSV holds all.
SHOWN = 200
Told = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Found:
    """A row that is about the person: all its fields where it points to them, else only those that name them."""

    pk: Any
    values: dict[str, Any]
    why: str


def rows_about(table: Table, subject: Subject, names: Names) -> Iterator[Found]:
    """Every row of the table that is about the person; secrets are left out."""
    condition = linked(table, subject)
    given = [name for name, kind in table.kinds.items() if kind != Kind.HIDDEN]
    if condition is not None:
        for row in table.rows().filter(condition).order_by("pk").iterator(_CHUNK):
            names_of_row = given if _is_own(table, row, subject) else table.of_kind(Kind.LINK)
            yield Found(row.pk, {name: _value(row, name) for name in names_of_row}, "linked")
    others = with_mentions(table, names)
    if condition is not None:
        others = others.exclude(pk__in=table.rows().filter(condition).values("pk"))
    for row in others.order_by("pk").iterator(_CHUNK):
        fields = mentioned_in(table, row, names)
        if fields:
            yield Found(row.pk, {name: _value(row, name) for name in fields}, "named")


def _is_own(table: Table, row: Any, subject: Subject) -> bool:
    """Whether the row may be given whole: rows that describe somebody are, to that person alone."""
    if table.model in (Person, User):
        return row in (subject.person, subject.user)
    owners = declared(table.model).gone.split()
    return not owners or any(_leads_to(table.model._meta.get_field(name), row, subject) for name in owners)


def _leads_to(link: Any, row: Any, subject: Subject) -> bool:
    target = subject.person if link.related_model is Person else subject.user
    return target is not None and getattr(row, link.attname) == target.pk


def _value(row: Any, name: str) -> Any:
    return getattr(row, row._meta.get_field(name).attname)


def write_export(*, subject: Subject, path: Path, now: datetime.datetime, told: Told) -> dict[str, int]:
    """Write the ZIP; {table: rows}. A table without rows has no file."""
    names = Names(subject)
    everywhere = tables()
    counts: dict[str, int] = {}
    shown: list[dict[str, Any]] = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, table in enumerate(everywhere):
            told(place, len(everywhere), str(table.model._meta.verbose_name_plural))
            found = list(rows_about(table, subject, names))
            if not found:
                continue
            counts[table.label] = len(found)
            archive.writestr(f"data/{table.label}.json", _json(found))
            archive.writestr(f"tables/{table.label}.csv", _csv(table, found))
            shown.append(_section(table, found))
        context = {"subject": subject.label, "now": now, "sections": shown, "most": SHOWN}
        archive.writestr("index.html", render_to_string("privacy/export.html", context))
        archive.writestr("README.txt", _readme())
    return counts


def _readme() -> str:
    return _(
        "index.html shows the data for reading. data/ holds the same as JSON, tables/ as CSV, one file for each table. "
        "Rows that point to you are complete; of rows that only name you, the texts that do. Passwords and keys are left "
        "out, and the contents of attached files: download those from the product."
    )


def _json(found: list[Found]) -> str:
    rows = [{"id": one.pk, "why": one.why, "values": one.values} for one in found]
    return json.dumps(rows, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1, default=str)


def _csv(table: Table, found: list[Found]) -> str:
    columns = [name for name in table.kinds if any(name in one.values for one in found)]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["why", *columns])
    for one in found:
        writer.writerow([one.why, *(safe_csv_cell(_plain(one.values.get(name))) for name in columns)])
    return "\ufeff" + text.getvalue()


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, default=str).strip('"')


def _section(table: Table, found: list[Found]) -> dict[str, Any]:
    columns = [name for name in table.kinds if any(one.values.get(name) not in (None, "") for one in found[:SHOWN])]
    heads = [str(getattr(table.model._meta.get_field(name), "verbose_name", name)) for name in columns]
    rows = [[_plain(one.values.get(name)) for name in columns] for one in found[:SHOWN]]
    return {"title": title_of(table), "label": table.label, "count": len(found), "heads": heads, "rows": rows}
