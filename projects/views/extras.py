"""Tabs of scope, quality and benefits, and the acceptance of deliverables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from pmo.core.access.api import can, get_or_refuse
from pmo.core.audit.actor import request_actor
from pmo.core.calendars.queries import org_today
from pmo.core.records.services import StaleRecord
from pmo.core.registers.declaration import Tab, contribute_tabs
from projects.access import ACCEPT, MONEY
from projects.charts import benefit_figure
from projects.forms.charters import AcceptanceForm
from projects.models import Benefit, Deliverable, Project, ProjectObjective, QualityFinding, SuccessCriterion
from projects.queries import extras
from projects.services import deliverables as services
from projects.views.charters import charter_tab


def scope(request: HttpRequest, row: Project) -> HttpResponse:
    """Deliverables, findings, objectives and criteria."""
    user = request.user
    context = {
        "project": row,
        "today": org_today(),
        "figures": extras.scope_figures(row, org_today()),
        "can_deliverable": can(user, "add", Deliverable(project=row)),
        "can_finding": can(user, "add", QualityFinding(project=row)),
        "can_objective": can(user, "add", ProjectObjective(project=row)),
        "can_criterion": can(user, "add", SuccessCriterion(project=row)),
    }
    return render(request, "projects/tab_scope.html", context)


def benefits(request: HttpRequest, row: Project) -> HttpResponse:
    """Planned against actual, cumulative; money for who may see it."""
    money = bool(can(request.user, MONEY, row))
    figures = extras.benefit_figures(row, org_today())
    lang = get_language() or "zh-hans"
    context = {
        "project": row,
        "rows": figures.rows,
        "due": figures.due,
        "good": figures.on_plan,
        "late": figures.late,
        "money": money,
        "figures": [benefit_figure(months, currency, lang) for currency, months in figures.months.items()]
        if money
        else [],
        "can_add": can(request.user, "add", Benefit(project=row)),
    }
    return render(request, "projects/tab_benefits.html", context)


def acceptance(request: HttpRequest, row: Deliverable) -> HttpResponse:
    """The tab of a deliverable on which it is submitted, accepted or rejected."""
    return render(request, "projects/tab_acceptance.html", _acceptance(request, row))


def _acceptance(request: HttpRequest, row: Deliverable, form: AcceptanceForm | None = None) -> dict[str, Any]:
    return {
        "row": row,
        "project": row.project,
        "form": form or AcceptanceForm(initial={"open_defects": row.open_defects}),
        "can_submit": can(request.user, "change", row),
        "can_accept": can(request.user, ACCEPT, row),
    }


@require_POST
def submit_deliverable(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand it over for acceptance."""
    row: Deliverable = get_or_refuse(request.user, Deliverable, pk, "change")
    actor = request_actor(request)
    return _act(request, row, lambda form: services.submit_deliverable(actor=actor, row=row), _now("Submitted."))


@require_POST
def accept_deliverable(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Accept what was submitted."""
    row: Deliverable = get_or_refuse(request.user, Deliverable, pk, ACCEPT)
    actor = request_actor(request)
    return _act(
        request,
        row,
        lambda data: services.accept_deliverable(actor=actor, row=row, **data),
        _now("Accepted."),
        AcceptanceForm(request.POST),
    )


@require_POST
def reject_deliverable(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send it back with what is wrong."""
    row: Deliverable = get_or_refuse(request.user, Deliverable, pk, ACCEPT)
    actor = request_actor(request)
    return _act(
        request,
        row,
        lambda data: services.reject_deliverable(actor=actor, row=row, **data),
        _now("Rejected."),
        AcceptanceForm(request.POST),
    )


def _act(
    request: HttpRequest,
    row: Deliverable,
    act: Callable[[dict[str, Any]], Any],
    done: str,
    form: AcceptanceForm | None = None,
) -> HttpResponseBase:
    """Run a step; what is wrong is said at the head of the deliverable's page, and nothing is written."""
    if form is not None and not form.is_valid():
        return _back(request, row, [text for texts in form.errors.values() for text in texts])
    try:
        act(form.cleaned_data if form is not None else {})
    except ValidationError as error:
        return _back(request, row, error.messages)
    except StaleRecord:
        return _back(request, row, [_now("Somebody else was faster: this is the deliverable as it stands now.")])
    messages.success(request, done)
    return _to(row)


def _back(request: HttpRequest, row: Deliverable, said: list[Any]) -> HttpResponseBase:
    for text in said:
        messages.error(request, text)
    return _to(row)


def _to(row: Deliverable) -> HttpResponseBase:
    return redirect("register-tab", key="deliverables", pk=row.pk, tab="acceptance")


def contribute() -> None:
    """Add the tabs to the pages of projects and deliverables."""
    contribute_tabs(
        "projects",
        [
            Tab("charter", _("Charter"), view=charter_tab, permission="projects.projectcharter.view", order=15),
            Tab("scope", _("Scope and quality"), view=scope, permission="projects.deliverable.view", order=35),
            Tab("benefits", _("Benefits"), view=benefits, permission="projects.benefit.view", order=37),
        ],
    )
    contribute_tabs("deliverables", [Tab("acceptance", _("Acceptance"), view=acceptance, order=10)])
