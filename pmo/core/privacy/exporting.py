"""Everything the product holds about one person, as one ZIP: JSON for programs, CSV and a page for people."""

from __future__ import annotations

import csv
import datetime
import io
import itertools
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from pmo.core.audit.models import AuditPayload
from pmo.core.imports.export_safe import safe_csv_cell
from pmo.core.people.models import Person, User
from pmo.core.privacy.declaration import Kind, declared, links_of, record_of
from pmo.core.privacy.finding import Table, linked, mentioned_in, tables, with_mentions
from pmo.core.privacy.preview import title_of
from pmo.core.privacy.subjects import Names, Subject

_CHUNK = 500
# Rows of one table that the readable page shows; the CSV holds all.
SHOWN = 200
# Fields that say when a row was written, the first that a table has.
_WRITTEN = ("created_at", "at", "asked_at", "started_at", "valid_from")
Told = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Found:
    """A row that is about the person: all its fields where it points to them, else only those that name them."""

    # None where the person may not know which row it is.
    pk: Any
    values: dict[str, Any]
    why: str
    label: str = ""
    day: datetime.date | None = None


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


def own_rows(table: Table, subject: Subject) -> Iterator[Found]:
    """What a person may have without anybody's help: rows of their own whole, of others the links that lead to them."""
    condition = None if table.model is AuditPayload else linked(table, subject)
    if condition is None:
        return
    given = [name for name, kind in table.kinds.items() if kind != Kind.HIDDEN]
    rows = table.rows().filter(condition).order_by("pk").iterator(_CHUNK)
    while chunk := list(itertools.islice(rows, _CHUNK)):
        seen = _seen(table, [row.pk for row in chunk], subject)
        for row in chunk:
            if _is_mine(table, row, subject):
                yield Found(row.pk, {name: _value(row, name) for name in given}, "linked")
            else:
                known = row.pk in seen
                links = {name: _value(row, name) for name in _links_to(table, row, subject)}
                yield Found(row.pk if known else None, links, "linked", str(seen.get(row.pk, "")), _day(table, row))


def _is_mine(table: Table, row: Any, subject: Subject) -> bool:
    """Whether the row describes or belongs to the person; without a declaration it does not."""
    if table.model in (Person, User):
        return row in (subject.person, subject.user)
    if record_of(table.model) is not None:
        return False
    said = declared(table.model)
    owners = [*said.gone.split(), *said.own.split()]
    return any(_leads_to(table.model._meta.get_field(name), row, subject) for name in owners)


def _seen(table: Table, ids: list[Any], subject: Subject) -> dict[Any, Any]:
    """Those of the rows that the person may see; none of a table that nobody can look at."""
    visible = getattr(table.model._default_manager, "visible_to", None)
    return {} if visible is None or subject.user is None else visible(subject.user).in_bulk(ids)


def _links_to(table: Table, row: Any, subject: Subject) -> list[str]:
    """The fields of the row that lead to the person."""
    targets = (("core.person", subject.person), ("core.user", subject.user))
    return [
        name
        for target, one in targets
        if one is not None
        for name in links_of(table.model, target)
        if _value(row, name) == one.pk
    ]


def _day(table: Table, row: Any) -> datetime.date | None:
    """When the row was written, where its table says so."""
    present = {one.name for one in table.model._meta.concrete_fields}
    at = next((getattr(row, name) for name in _WRITTEN if name in present), None)
    return at.date() if isinstance(at, datetime.datetime) else at


def _leads_to(link: Any, row: Any, subject: Subject) -> bool:
    target = subject.person if link.related_model is Person else subject.user
    return target is not None and getattr(row, link.attname) == target.pk


def _value(row: Any, name: str) -> Any:
    return getattr(row, row._meta.get_field(name).attname)


def write_export(
    *, subject: Subject, path: Path, now: datetime.datetime, told: Told, mentions: bool = False
) -> dict[str, int]:
    """Write the ZIP; {table: rows}. A table without rows has no file.

    With `mentions` everything about the person, whoever's row it stands in: for somebody who answers for giving it out. Without,
    what the person may have by themselves: nothing is looked for by name, as everybody may be named like a common word.
    """
    names = Names(subject)
    everywhere = tables()
    counts: dict[str, int] = {}
    shown: list[dict[str, Any]] = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, table in enumerate(everywhere):
            told(place, len(everywhere), str(table.model._meta.verbose_name_plural))
            found = list(rows_about(table, subject, names) if mentions else own_rows(table, subject))
            if not found:
                continue
            counts[table.label] = len(found)
            archive.writestr(f"data/{table.label}.json", _json(found))
            archive.writestr(f"tables/{table.label}.csv", _csv(table, found))
            shown.append(_section(table, found))
        context = {"subject": subject.label, "now": now, "sections": shown, "most": SHOWN}
        archive.writestr("index.html", render_to_string("privacy/export.html", context))
        archive.writestr("README.txt", _readme(mentions))
    return counts


def _readme(mentions: bool) -> str:
    if mentions:
        return _(
            "index.html shows the data for reading. data/ holds the same as JSON, tables/ as CSV, one file for each table. "
            "Rows that point to you are complete; of rows that only name you, the texts that do. Passwords and keys are left "
            "out, and the contents of attached files: download those from the product."
        )
    return _(
        "index.html shows the data for reading. data/ holds the same as JSON, tables/ as CSV, one file for each table. "
        "Your own rows are complete. Of rows of others that point to you, the export holds the link, the date and, where you "
        "may see the row, its number and name. Texts that name you, old and new values of the audit trail and the rest of "
        "such rows are not in it: ask the PMO administrator, who can check and add them. Passwords and keys are left out, "
        "and the contents of attached files: download those from the product."
    )


def _json(found: list[Found]) -> str:
    rows = [{"id": one.pk, "why": one.why, "values": one.values} | _known_as(one) for one in found]
    return json.dumps(rows, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1, default=str)


def _known_as(one: Found) -> dict[str, Any]:
    """What identifies a row that is not given whole."""
    said = {"label": one.label, "date": one.day}
    return {name: value for name, value in said.items() if value}


def _csv(table: Table, found: list[Found]) -> str:
    columns = [name for name in table.kinds if any(name in one.values for one in found)]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["why", *columns, "row", "label", "date"])
    for one in found:
        cells = [*(one.values.get(name) for name in columns), one.pk, one.label, one.day]
        writer.writerow([one.why, *(safe_csv_cell(_plain(value)) for value in cells)])
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
    if any(one.label or one.day for one in found[:SHOWN]):
        heads = [_("Row"), _("Date"), *heads]
        rows = [[one.label, _plain(one.day), *row] for one, row in zip(found[:SHOWN], rows, strict=True)]
    return {"title": title_of(table), "label": table.label, "count": len(found), "heads": heads, "rows": rows}
