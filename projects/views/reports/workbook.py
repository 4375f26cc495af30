"""The Excel form of a report: out with everything prefilled, in again with a preview of every change."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pmo.core.access.api import can
from pmo.core.calendars.queries import org_today
from pmo.core.imports.messages import ReadError
from pmo.core.imports.template_file import XLSX_TYPE
from pmo.core.web.formats import format_score
from projects.forms.reports import WorkbookForm, deciders_of
from projects.models import Project, StatusReport
from projects.models.choices import Band
from projects.queries.report_document import shown_to
from projects.queries.report_prefill import new_report_for
from projects.views.reports.drafting import Drafting
from projects.views.reports.write import asked_project, open_draft
from projects.workbooks.layout import COLOUR, FIXED, Item, colour_word, items
from projects.workbooks.reading import LIMITS, NotAFormError, Reading, person_word, read_workbook, spellings
from projects.workbooks.writing import Filled, Workbook, write_workbook


def _report(request: HttpRequest) -> StatusReport:
    """The open draft of `?project=`, else a new report. Raises Http404 and Refused."""
    project: Project = asked_project(request)
    draft = open_draft(project)
    if draft is not None and can(request.user, "change", draft):
        return draft
    report = new_report_for(project, org_today())
    can(request.user, "add", report).or_raise()
    return report


@require_safe
def workbook_out(request: HttpRequest) -> HttpResponse:
    """The form of `?project=` as a file."""
    page = Drafting(request, _report(request))
    deciders = list(deciders_of(page.project))
    content = Workbook(
        rows=[_filled(page, item) for item in items(page.money)],
        asks=[_ask(ask, {person.pk: person for person in deciders}) for ask in page.report.asks],
        deciders=[person_word(person) for person in deciders],
        document=shown_to(page.document, get_language() or "zh-hans", money=page.money),
    )
    name = f"{page.project.code}-{page.report.period_end:%Y-%m-%d}.xlsx"
    answer = HttpResponse(write_workbook(content), content_type=XLSX_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{_safe(name)}"'
    return answer


def _safe(name: str) -> str:
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-._") else "_" for letter in name)


def _filled(page: Drafting, item: Item) -> Filled:
    if item.key == "report":
        return Filled(item, page.report.code, str(page.report.version if page.report.pk else 0))
    if item.key == "project":
        return Filled(item, str(page.project), page.project.code)
    if item.kind == COLOUR:
        name = "" if item.key == "overall" else item.key
        mark = page.mark(name)
        form: Any = page.form if not name else page.ratings[name]
        shown = ""
        if mark is not None:
            shown = (
                f"{colour_word(mark.band)} {format_score(mark.score)}"
                if mark.score is not None
                else colour_word(mark.band)
            )
        return Filled(item, shown, colour_word(form["declared"].value() or Band.GREY), form["comment"].value() or "")
    computed: Any = page.project.planned_finish if item.key == "forecast_finish" else ""
    if item.key == "forecast_cost" and page.computed and page.computed.figures:
        computed = page.computed.figures.estimate
    return Filled(item, computed, page.form[item.entry].value())


def _ask(ask: dict[str, Any], people: dict[int, Any]) -> tuple[Any, ...]:
    person = people.get(ask.get("decider") or 0)
    return ask["title"], person_word(person) if person else "", ask.get("needed_by") or "", ask.get("delay_cost") or ""


@dataclass(frozen=True)
class CellChange:
    """A cell that changes the draft: where, what it is called, before and after (a colour, or a text)."""

    cell: str
    label: str
    before: str
    after: str
    colour: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
def workbook_in(request: HttpRequest) -> HttpResponseBase:
    """Upload the form; every change and every cell that cannot be used is shown before anything is stored."""
    report = _report(request)
    page = Drafting(request, report)
    context: dict[str, Any] = {"project": page.project, "report": report, "limit": LIMITS.upload_bytes // 2**20}
    if request.method != "POST":
        return render(request, "projects/report_upload.html", {**context, "form": WorkbookForm()})
    form = WorkbookForm(request.POST, request.FILES)
    reading = _read(form, page) if form.is_valid() else None
    if reading is None:
        return render(request, "projects/report_upload.html", {**context, "form": form}, status=422)
    return render(request, "projects/report_upload.html", {**context, **_preview(page, reading)})


def _read(form: WorkbookForm, page: Drafting) -> Reading | None:
    """What the file says; None where it cannot be read, with the reason at the form."""
    upload = form.cleaned_data["file"]
    if upload.size > LIMITS.upload_bytes:
        form.add_error("file", str(ReadError("file_too_large", size=_mb(upload.size), limit=_mb(LIMITS.upload_bytes))))
        return None
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as kept:
        for chunk in upload.chunks():
            kept.write(chunk)
        kept.flush()
        try:
            people = spellings(list(deciders_of(page.project)))
            return read_workbook(Path(kept.name), upload.name, items(page.money), people)
        except ReadError as error:
            form.add_error("file", str(error))
        except NotAFormError:
            form.add_error("file", _("This workbook is not the form of a status report; download the form first."))
    return None


def _mb(size: int) -> str:
    return f"{size / 2**20:.0f}"


def _preview(page: Drafting, reading: Reading) -> dict[str, Any]:
    """Changes and errors by cell, and the fields that a click on "apply" posts to the report's form."""
    if reading.project and reading.project != page.project.code:
        told = _("This form is about project %(theirs)s, not %(ours)s.")
        reading.fail("", "", told % {"theirs": reading.project, "ours": page.project.code})
        return {"errors": reading.errors, "changes": [], "fields": []}
    before = _posted(page)
    labels = {name: item for item in items(page.money) for name in (item.entry, item.comment) if name}
    changes = [
        CellChange(
            reading.cells[name], _label(labels[name], name), before.get(name, ""), value, _is_colour(labels[name], name)
        )
        for name, value in reading.values.items()
        if _same(before.get(name, "")) != _same(value)
    ]
    asks = _ask_changes(page, reading)
    fields = {**before, **reading.values, **_ask_fields(reading)}
    if page.report.pk:
        fields["version"] = str(page.report.version)
    version = str(page.report.version if page.report.pk else 0)
    return {
        "errors": reading.errors,
        "changes": changes + asks,
        "fields": sorted(fields.items()),
        "stale": reading.made_from not in {"", version},
        "target": reverse("report-edit", kwargs={"pk": page.report.pk})
        if page.report.pk
        else f"{reverse('report-new')}?project={page.project.pk}",
    }


def _same(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _is_colour(item: Item, name: str) -> bool:
    return item.kind == COLOUR and name == item.entry


def _label(item: Item, name: str) -> str:
    return str(item.label) if name == item.entry else _("%(what)s, comment") % {"what": item.label}


def _posted(page: Drafting) -> dict[str, str]:
    """The fields of the report's form as a browser would post them now."""
    found: dict[str, str] = {}
    for item in items(page.money):
        if item.kind == FIXED:
            continue
        form: Any = page.ratings.get(item.key, page.form)
        found[item.entry] = _text(form[item.entry.rpartition("-")[2]].value())
        if item.comment:
            found[item.comment] = _text(form[item.comment.rpartition("-")[2]].value())
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _ask_fields(reading: Reading) -> dict[str, str]:
    found = {"asks-TOTAL_FORMS": str(len(reading.asks)), "asks-INITIAL_FORMS": "0"}
    for number, ask in enumerate(reading.asks):
        found |= {f"asks-{number}-{name}": value for name, value in ask.items()}
    return found


def _ask_changes(page: Drafting, reading: Reading) -> list[CellChange]:
    known = {ask["title"] for ask in page.report.asks}
    now = {ask["title"] for ask in reading.asks}
    label = _("Decision needed")
    found = [CellChange("", label, "", title) for title in sorted(now - known)]
    return found + [CellChange("", label, title, "") for title in sorted(known - now)]
