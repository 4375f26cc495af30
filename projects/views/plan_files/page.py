"""One plan file where it stands: being read, to choose from, its fidelity report, or what became of it."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pmo.core.access.api import can
from pmo.core.audit.actor import request_actor
from pmo.core.jobs.api import Job
from pmo.core.jobs.queries import job_row
from pmo.core.jobs.services.owner_acts import may_manage
from projects.access import MONEY, PUBLISH_PLAN
from projects.calc.plan.money import without_money
from projects.calc.plan.summary import Item, items
from projects.forms.plan_files import CommitForm
from projects.models.plan import PlanFile
from projects.queries.plans import stored
from projects.queries.plans.report import counts, error_text, lines, shown_item, shown_moment, shown_rows
from projects.queries.plans.taken import registers_shown, timesheets_shown
from projects.queries.plans.words import line_label
from projects.services.plans import files, shelf
from projects.services.plans.files import BUSY, State
from projects.services.plans.reverting import can_revert
from projects.views.plan_files.changes import changes_context
from projects.views.plan_files.common import file_for, frame
from projects.views.plan_files.remembered import remembered

TABS = (REPORT, OUTLINE, CHANGES) = ("report", "outline", "changes")
_PAGE = 100


@require_safe
def plan_file(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """The file's page; while a job works on it, the page asks for its living part again."""
    row = file_for(request, pk, file)
    job = files.job_of(row)
    if row.state in BUSY and job is not None:
        return _waiting(request, row, job)
    if request.htmx:  # type: ignore[attr-defined]
        # The job has ended: the whole page is another one now.
        done = HttpResponse(status=204)
        done["HX-Redirect"] = request.path
        return done
    if row.state in {State.READ, State.COMMITTED}:
        return _report(request, row)
    if row.state == State.CHOOSING:
        return render(request, "projects/plan/choose.html", frame(row))
    context = {**frame(row), "error": error_text(row.error), "job": job}
    return render(request, "projects/plan/failed.html", context)


def _waiting(request: HttpRequest, file: PlanFile, job: Job) -> HttpResponse:
    context = {
        **frame(file),
        "job": job,
        "row": job_row(job, timezone.now()),
        "manage": may_manage(request_actor(request), job),
    }
    part = bool(request.htmx)  # type: ignore[attr-defined]
    response = render(request, "projects/plan/_wait.html" if part else "projects/plan/wait.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _report(request: HttpRequest, file: PlanFile, form: CommitForm | None = None, status: int = 200) -> HttpResponse:
    """The fidelity report; before the import with the way on, after it with the way to the plan."""
    money = bool(can(request.user, MONEY, file.project))
    may_publish = can(request.user, PUBLISH_PLAN, file.project)
    committed = file.state == State.COMMITTED
    published, draft = stored.published(file.project), stored.draft(file.project)
    against = published.number if published is not None else 0
    known = published is not None or draft is not None
    tab = request.GET.get("show", REPORT)
    tab = tab if tab in TABS and (tab != CHANGES or (known and not committed)) else REPORT
    version = file.versions.select_related("based_on").order_by("-number").first() if committed else None
    context = {
        **frame(file),
        "tab": tab,
        "money": money,
        "committed": committed,
        "report": file.report,
        "dates": [shown_moment(file.report.get(name)) for name in ("start", "finish", "status_at")],
        "counts": counts(file.report),
        "version": version,
        "can_revert": bool(may_publish) and can_revert(version, timezone.now()),
        "may_publish": may_publish,
        "form": form or CommitForm(may_publish=bool(may_publish), draft=draft, initial={"against": against}),
        "draft": draft,
        "known": known,
        "several": len(file.sources) > 1,
        **lines(file.report, money=money),
        "registers": registers_shown(file.report.get("registers", [])),
        "hours": timesheets_shown(file.report.get("timesheets")),
        **_tab_context(request, file, tab, money=money),
    }
    return render(request, "projects/plan/report.html", context, status=status)


def _tab_context(request: HttpRequest, file: PlanFile, tab: str, *, money: bool) -> dict[str, Any]:
    if tab == OUTLINE:
        return {"outline": shown_rows(file.report.get("rows", []))}
    if tab == CHANGES:
        return changes_context(request, file, money=money)
    return {}


report_page = _report


@require_safe
def plan_file_rows(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """The rows behind one line of what was read."""
    row = file_for(request, pk, file)
    code = request.GET.get("line", "tasks")
    known = {one["code"] for one in row.report.get("held", [])}
    if code not in known:
        raise Http404(_("The report has no such line."))
    money = bool(can(request.user, MONEY, row.project))
    # A custom field may hold an amount as text.
    bare = code.startswith("field:") and not money

    def made() -> list[Item]:
        plan = shelf.kept_plan(row)
        return items(without_money(plan) if bare else plan, code)

    try:
        found = remembered(row, f"rows:{bare}:{hashlib.sha256(code.encode()).hexdigest()}", made, len)
    except shelf.FileGone as error:
        raise Http404(_("What was read of this file is no longer kept. Upload it again.")) from error
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    context = {
        **frame(row),
        "label": line_label(code),
        "page": page,
        "rows": [shown_item(one, money=money) for one in page.object_list],
    }
    return render(request, "projects/plan/rows.html", context)
