"""Exports too long for a request: a job writes the file, its owner fetches it from the job's page for a week."""

from __future__ import annotations

import dataclasses
import datetime
import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import organisation_zone
from pmo.core.exports.csv_file import csv_stream
from pmo.core.exports.model import ExportTable
from pmo.core.exports.xlsx_file import write_xlsx
from pmo.core.jobs.api import Job, JobContext, JobFailed, Outcome, enqueue, job_kind
from pmo.core.registers.declaration import Register, UnknownRegisterError, get_register
from pmo.core.registers.exporting import export_rows, export_table, record_export
from pmo.core.registers.paper import MOST_PDF_ROWS, list_pdf
from pmo.core.registers.queries import check_list
from pmo.core.registers.saved_views.queries import read_with_view, view_name
from pmo.core.registers.state import ListState

KIND = "registers.export"
FOLDER = "exports"
KEPT_DAYS = 7
# What one sheet holds, without its head.
MOST_ROWS = 1_048_575
_STEP = 1000


def _describe(result: dict[str, Any]) -> Outcome:
    text = _("%(rows)s rows are in the file; it is kept for %(days)s days.") % {
        "rows": result["rows"],
        "days": KEPT_DAYS,
    }
    return Outcome(text, reverse("register-export-file", kwargs={"uid": result["uid"]}))


@job_kind(KIND, label=gettext_lazy("Export a list"), describe=_describe)
def run(ctx: JobContext) -> dict[str, Any]:
    """Write the file. Running again replaces it."""
    remove_old()
    with timezone.override(organisation_zone()):
        return _write(ctx, *_state(ctx))


def _write(ctx: JobContext, state: ListState, view: str) -> dict[str, Any]:
    kind = str(ctx.params["format"])
    rows = export_rows(state)
    if state.errors:
        raise JobFailed(" ".join(error.sentence for error in state.errors))
    count = rows.count()
    _check_count(kind, count)
    name = f"{FOLDER}/{ctx.uid}.{kind}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"export.{kind}"
        if kind == "pdf":
            ctx.progress(0, count, _("Writing rows"))
            path.write_bytes(list_pdf(state, rows, ctx.actor.name, view))
        else:
            table = export_table(state, rows, count, ctx.actor.name, view)
            _write_table(dataclasses.replace(table, rows=_counted(ctx, table.rows, count)), kind, path)
        default_storage.delete(name)
        with path.open("rb") as written:
            name = default_storage.save(name, File(written))
    record_export(actor=ctx.actor, state=state, kind=kind, count=count)
    return {"file": name, "rows": count, "uid": str(ctx.uid), "format": kind, "register": state.register.key}


def _check_count(kind: str, count: int) -> None:
    if kind == "pdf" and count > MOST_PDF_ROWS:
        told = {"most": MOST_PDF_ROWS}
        raise JobFailed(_("A PDF holds at most %(most)s rows; narrow the list with filters or take XLSX.") % told)
    if count > MOST_ROWS:
        raise JobFailed(_("The list has more than %(most)s rows; narrow it with filters.") % {"most": MOST_ROWS})


def _write_table(table: ExportTable, kind: str, path: Path) -> None:
    if kind == "xlsx":
        write_xlsx(table, path)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_stream(table))


def _state(ctx: JobContext) -> tuple[ListState, str]:
    try:
        register = get_register(str(ctx.params["register"]))
    except UnknownRegisterError:
        raise JobFailed(_("There is no such register.")) from None
    check_list(register, ctx.actor.user)
    columns = [str(name) for name in ctx.params["columns"]]
    state, opened = read_with_view(register, ctx.actor.user, QueryDict(str(ctx.params["query"])), columns)
    return state, view_name(opened)


def _counted(ctx: JobContext, rows: Any, count: int) -> Any:
    """The rows, telling the job's page how far they are."""
    for place, row in enumerate(rows):
        if place % _STEP == 0:
            ctx.progress(place, count, _("Writing rows"))
        yield row


def start_export(*, register: Register, actor: Actor, kind: str, query: str, columns: list[str]) -> Job:
    """Begin an export of the list as the actor sees it."""
    params = {"register": register.key, "format": kind, "query": query, "columns": columns}
    return enqueue(kind=KIND, params=params, actor=actor)


def remove_old() -> None:
    """Delete files of past weeks."""
    if not default_storage.exists(FOLDER):
        return
    edge = timezone.now() - datetime.timedelta(days=KEPT_DAYS)
    for name in default_storage.listdir(FOLDER)[1]:
        path = os.path.join(FOLDER, name)
        if default_storage.get_modified_time(path) < edge:
            default_storage.delete(path)
