"""The outline editor: its page, the rows it asks for, and the form of one row for browsers without script."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from pmo.core.access.api import can
from pmo.core.audit.actor import request_actor
from pmo.core.records.services import StaleRecord
from projects.access import EDIT_PLAN, PUBLISH_PLAN
from projects.models.plan import PlanTask, PlanVersion
from projects.queries.plans import stored
from projects.queries.plans.outline_rows import ROW, outline_rows
from projects.services.plans import editing
from projects.services.plans.editing.rollup import rules_of
from projects.views.plans.act import faster, history
from projects.views.plans.common import draft_for, number_of, project_for, tab_url

PART, PAGE = 1000, 100


@require_safe
def plan_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The editor; without a draft the plan's page, where one is started."""
    project = project_for(request, pk, EDIT_PLAN)
    plan = stored.draft(project)
    if plan is None:
        return redirect(tab_url(project.pk))
    tasks = PlanTask.objects.filter(plan=plan)
    page = Paginator(tasks.order_by("position", "pk"), PAGE).get_page(request.GET.get("page"))
    first = page.start_index() - 1 if page.paginator.count else 0
    rows = outline_rows(plan, rules_of(plan), part=slice(first, first + PAGE))
    context = {
        "project": project,
        "plan": plan,
        "page": page,
        "rows": [dict(zip(ROW, row, strict=True)) | {"number": first + place} for place, row in enumerate(rows, 1)],
        "total": page.paginator.count,
        "seq": plan.updated_at.isoformat(),
        "history": history(plan),
        "publish": can(request.user, PUBLISH_PLAN, project),
        "tab_url": tab_url(project.pk),
        "columns": columns(),
    }
    return render(request, "projects/plans/editor.html", context)


def columns() -> dict[str, str]:
    """Names of the columns."""
    return {
        "name": _("Task name"),
        "duration": pgettext("task", "Duration"),
        "start": _("Start"),
        "finish": _("Finish"),
        "predecessors": _("Predecessors"),
        "percent": _("Percent complete"),
        "milestone": _("Milestone"),
        "responsible": _("Responsible"),
    }


@require_safe
def plan_edit_rows(request: HttpRequest, pk: int) -> JsonResponse:
    """A part of the draft's rows from `from` on, at most a thousand."""
    plan = draft_for(request, pk)
    first = number_of(request.GET, "from") or 0
    rows = outline_rows(plan, rules_of(plan), part=slice(first, first + PART))
    more = first + PART if len(rows) == PART else None
    return JsonResponse({"seq": plan.updated_at.isoformat(), "rows": rows, "next": more, **history(plan)})


@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit_row(request: HttpRequest, pk: int, row: int) -> HttpResponseBase:
    """One row as a form: every column, and every operation as a button."""
    plan = draft_for(request, pk)
    task = PlanTask.objects.filter(plan=plan, pk=row).first()
    if task is None:
        raise Http404(_("This row is not in the draft any more: somebody deleted it."))
    errors: dict[str, str] = {}
    typed: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").replace("\x00", "") for name in editing.FIELDS}
        errors = _save(request, plan, task, typed)
        if not errors:
            return redirect(f"{reverse('plan-edit', kwargs={'pk': pk})}?page={_page_of(plan, task)}")
    return _form(request, plan, task, errors, typed)


def _values(plan: PlanVersion, task: PlanTask) -> dict[str, str]:
    """The row as it would be typed."""
    found = outline_rows(plan, rules_of(plan), [task.pk])
    if not found:
        raise Http404(_("This row is not in the draft any more: somebody deleted it."))
    shown = dict(zip(ROW, found[0], strict=True))
    order = PlanTask.objects.filter(plan=plan).order_by("position", "pk").values_list("pk", flat=True)
    numbers = {key: number for number, key in enumerate(order, 1)} if shown["links"] else {}
    links = ", ".join(f"{numbers.get(key, '?')}{rest}" for key, rest in shown["links"])
    return {
        "name": shown["name"],
        "duration": shown["duration"],
        "start": shown["start"],
        "finish": shown["finish"],
        "predecessors": links,
        "percent": "" if shown["percent"] is None else f"{shown['percent']:g}",
        "milestone": "1" if task.milestone else "",
        "responsible": shown["responsible"],
    }


def _save(request: HttpRequest, plan: PlanVersion, task: PlanTask, typed: dict[str, str]) -> dict[str, str]:
    """Save the cells that differ one after the other; what could not be saved, by column."""
    errors: dict[str, str] = {}
    version = number_of(request.POST, "version")
    for name in editing.FIELDS:
        before = _values(plan, task)
        if typed[name].strip() == before[name] or (
            task.summary and name not in {"name", "responsible", "predecessors"}
        ):
            continue
        if name in {"finish", "start"} and typed[name] == request.POST.get(f"was-{name}", ""):
            continue
        try:
            editing.edit_cell(
                actor=request_actor(request),
                plan=plan,
                row=task.pk,
                field=name,
                text=typed[name],
                expected_version=version,
            )
        except StaleRecord as error:
            return errors | {name: faster(error.current, name)}
        except ValidationError as error:
            errors[name] = " ".join(error.messages)
        task.refresh_from_db()
        version = task.version
    return errors


def _page_of(plan: PlanVersion, task: PlanTask) -> int:
    return int(PlanTask.objects.filter(plan=plan, position__lt=task.position).count()) // PAGE + 1


def _form(
    request: HttpRequest, plan: PlanVersion, task: PlanTask, errors: dict[str, str], typed: dict[str, str]
) -> HttpResponse:
    task.refresh_from_db()
    values = _values(plan, task)
    fixed = {"duration", "start", "finish", "percent", "milestone"} if task.summary else set()
    fields: list[dict[str, Any]] = [
        {
            "name": name,
            "label": label,
            "value": typed.get(name, values[name]) if name in errors or not errors else values[name],
            "was": values[name],
            "error": errors.get(name, ""),
            "type": {"start": "date", "finish": "date", "milestone": "checkbox"}.get(name, "text"),
            "fixed": name in fixed,
        }
        for name, label in columns().items()
    ]
    context = {"project": plan.project, "plan": plan, "task": task, "fields": fields, "page": _page_of(plan, task)}
    return render(request, "projects/plans/row.html", context, status=422 if errors else 200)
