"""The PMO's review queue: every submitted report with its evidence, published or returned from here."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from pmo.core.access.api import can, get_or_refuse
from pmo.core.audit.actor import request_actor
from pmo.core.calendars.queries import org_today
from pmo.core.records.services import StaleRecord
from pmo.core.registers.values import is_id
from portfolio.measure_words import measure_label, value_text
from portfolio.queries.reporting import review_queue
from portfolio.queries.review_items import BETTER, HELP, LATE, RED, WORSE, QueueItem, items_of
from portfolio.services.reporting.queue import HARMLESS, publish_unflagged
from projects.access import REVIEW
from projects.models import StatusReport
from projects.models.choices import Band
from projects.services import reports

ON_A_PAGE = 20
FLAGS = {
    BETTER: (gettext_lazy("Declared better than computed"), "red"),
    RED: (gettext_lazy("Red"), "red"),
    WORSE: (gettext_lazy("Worse than the last report"), "amber"),
    HELP: (gettext_lazy("Asks for help"), "accent"),
    LATE: (gettext_lazy("Handed in late"), "line"),
}


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Submitted reports, watermelons and the worst first."""
    can(request.user, REVIEW, StatusReport).or_raise()
    return _page(request)


def _page(request: HttpRequest, failed: int = 0, typed: str = "", error: str = "", status: int = 200) -> HttpResponse:
    page: Page[Any] = Paginator(review_queue(request.user), ON_A_PAGE).get_page(request.GET.get("page"))
    items = items_of(list(page.object_list))
    clear = [item for item in items if not item.flags - HARMLESS]
    context = {
        "page": page,
        "total": page.paginator.count,
        "rows": [_row(item, failed, typed, error) for item in items],
        "clear": clear,
        "flagged": len(items) - len(clear),
        "today": org_today(),
    }
    return render(request, "portfolio/reporting/queue.html", context, status=status)


def _row(item: QueueItem, failed: int, typed: str, error: str) -> dict[str, Any]:
    """An item with its words, and what was typed where returning it failed."""
    wrong = item.report.pk == failed
    shown = [name for name in FLAGS if name in item.flags]
    return {
        "item": item,
        "report": item.report,
        "flags": [{"label": FLAGS[name][0], "tone": FLAGS[name][1]} for name in shown],
        "why": _evidence(item.evidence) if item.better else "",
        "lines": [{"line": line, "why": _evidence(line.evidence) if line.better else ""} for line in item.differing],
        "as_computed": item.better and item.computed,
        "open": wrong,
        "typed": typed if wrong else "",
        "error": error if wrong else "",
    }


def _evidence(item: Any) -> str:
    """The heaviest measure with its value."""
    if item is None:
        return ""
    return _("%(measure)s: %(value)s") % {
        "measure": measure_label(item.measure),
        "value": value_text(item.measure, item.value),
    }


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Publish one report with the declared colour, or the one that was chosen."""
    report: StatusReport = get_or_refuse(request.user, StatusReport, pk, REVIEW)
    reviewed = request.POST.get("reviewed", "")
    try:
        reports.publish_report(actor=request_actor(request), report=report, reviewed=reviewed)
    except (ValidationError, StaleRecord) as error:
        messages.error(request, _message(error))
    else:
        told = {"project": report.project, "colour": Band(report.reviewed).label}
        messages.success(request, _("%(project)s: published as %(colour)s.") % told)
    return redirect("reporting-queue")


@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Return one report with a comment; without one the page says so and keeps what was typed."""
    report: StatusReport = get_or_refuse(request.user, StatusReport, pk, REVIEW)
    comment = request.POST.get("comment", "").replace("\x00", "")
    try:
        reports.return_report(actor=request_actor(request), report=report, comment=comment)
    except (ValidationError, StaleRecord) as error:
        return _page(request, failed=pk, typed=comment, error=_message(error), status=422)
    messages.success(request, _("%(project)s: returned to the author.") % {"project": report.project})
    return redirect("reporting-queue")


@require_POST
def publish_all(request: HttpRequest) -> HttpResponseBase:
    """Publish the named reports as far as nothing speaks against them."""
    can(request.user, REVIEW, StatusReport).or_raise()
    ids = [int(text) for text in request.POST.getlist("report") if is_id(text)]
    result = publish_unflagged(actor=request_actor(request), ids=ids)
    done = ngettext("%(n)s report is published.", "%(n)s reports are published.", result.done) % {"n": result.done}
    messages.success(request, done) if result.done else None
    if result.left:
        names = _(", ").join(str(row.project) for row in result.left[:5])
        messages.warning(request, _("Left in the queue, look at them first: %(names)s") % {"names": names})
    return redirect("reporting-queue")


def _message(error: ValidationError | StaleRecord) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
