"""The rules of data quality: what a record of a live project should say and does not. Each rule is one filter."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portfolio.models import PortfolioItem
from portfolio.queries.gap_day import At
from portfolio.queries.reporting import late_on
from projects.models import (
    Action,
    BudgetLine,
    CostLine,
    Decision,
    Issue,
    Milestone,
    Project,
    StatusReport,
)
from projects.models.choices import ProjectStatus
from projects.models.ridac import WorkState
from resources.models import Allocation
from risks.models import Risk
from risks.models.risk import OPEN as OPEN_RISK

LIVE = (ProjectStatus.NOT_STARTED, ProjectStatus.IN_PROGRESS, ProjectStatus.SUSPENDED)
RUNNING = (ProjectStatus.IN_PROGRESS,)
OPEN = (WorkState.OPEN, WorkState.DOING)
COST_WEEKS = 5
"""A running project that books costs should have booked some within so many weeks."""

HIGH, MEDIUM, LOW = "1_high", "2_medium", "3_low"
SEVERITIES = {HIGH: _("High"), MEDIUM: _("Medium"), LOW: _("Low")}


@dataclass(frozen=True)
class Rule:
    """One thing that should be known and is not.

    `when(at)` filters the rows of `model` that break the rule, now or as they stood on a past day. `register` is the list they stand in, `field` what is to
    be mended there, `owner` the path of the person who should. `project` is the path of the row's project, "" where the
    row is the project.
    """

    code: str
    label: str | Promise
    about: str | Promise
    severity: str
    model: type[Any]
    register: str
    field: str
    owner: str
    when: Callable[[At], Q]

    @property
    def project(self) -> str:
        """The path of the project in the model."""
        return "" if self.model is Project else "project"


def _own(*statuses: str) -> Q:
    return Q(status__in=statuses or LIVE)


def _live(at: At, *statuses: str) -> Q:
    return Q(**{at.project("status__in"): statuses or LIVE})


def _report_late(at: At) -> Q:
    """A report is late by the reporting cycle of the portfolio."""
    return _own() & Q(Exists(late_on(at.day).filter(project_id=OuterRef(at.pk))))


def _no_costs(at: At) -> Q:
    edge = at.day - datetime.timedelta(weeks=COST_WEEKS)
    begun = Q(actual_start__lt=edge)
    budgeted, booked = Exists(at.of_project(BudgetLine)), Exists(at.of_project(CostLine, booked_on__gte=edge))
    return _own(*RUNNING) & begun & Q(budgeted) & ~Q(booked)


def _below_actual(at: At) -> Q:
    spent = at.of_project(CostLine, currency=OuterRef("currency"), booked_on__lte=at.day)
    sums = spent.order_by().values("project_id").annotate(total=Sum("amount")).values("total")[:1]
    booked = Coalesce(Subquery(sums), Value(0), output_field=_AMOUNT)
    return _own() & Q(forecast_cost__isnull=False, forecast_cost__lt=booked)


def _twins(at: At) -> Q:
    others = at.rows(Project).filter(status__in=LIVE).exclude(**{at.pk: OuterRef(at.pk)})
    same_zh = Q(Exists(others.filter(name_zh=OuterRef("name_zh")))) & ~Q(name_zh="")
    same_en = Q(Exists(others.filter(name_en=OuterRef("name_en")))) & ~Q(name_en="")
    return _own() & (same_zh | same_en)


_AMOUNT = Project._meta.get_field("forecast_cost")


def _on_project(code: str, label: Any, about: Any, severity: str, field: str, when: Callable[[At], Q]) -> Rule:
    return Rule(code, label, about, severity, Project, "projects", field, "pm", when)


def _on_milestone(code: str, label: Any, about: Any, severity: str, field: str, when: Callable[[At], Q]) -> Rule:
    return Rule(code, label, about, severity, Milestone, "milestones", field, "project__pm", when)


def _on_risk(code: str, label: Any, about: Any, field: str, owner: str, when: Callable[[At], Q]) -> Rule:
    return Rule(code, label, about, MEDIUM, Risk, "risks", field, owner, when)


def _project_rules() -> list[Rule]:
    live, running = _own(), _own(*RUNNING)
    empty = {
        "no_pm": ("pm_id", HIGH, live, _("No project manager"), _("A live project without a project manager.")),
        "no_sponsor": ("sponsor_id", MEDIUM, live, _("No sponsor"), _("A live project without a sponsor.")),
        "no_unit": ("unit_id", MEDIUM, live, _("No business unit"), _("A live project that belongs to no unit.")),
        "no_plan": (
            "planned_finish",
            HIGH,
            live,
            _("No planned finish"),
            _("A live project without a planned finish."),
        ),
        "no_forecast": (
            "forecast_finish",
            HIGH,
            running,
            _("No forecast finish"),
            _("A project in progress without a forecast finish."),
        ),
        "no_start": (
            "actual_start",
            MEDIUM,
            running,
            _("Begun without a start date"),
            _("A project in progress without an actual start."),
        ),
    }
    return [
        _on_project(code, label, about, severity, field.removesuffix("_id"), _empty(where, field))
        for code, (field, severity, where, label, about) in empty.items()
    ]


def _empty(where: Q, field: str) -> Callable[[At], Q]:
    return lambda at: where & Q(**{f"{field}__isnull": True})


def _more_project_rules() -> list[Rule]:
    running = _own(*RUNNING)
    return [
        _on_project(
            "no_portfolio",
            _("In no portfolio"),
            _("A live project that is in no portfolio: no reporting cycle applies to it."),
            MEDIUM,
            "code",
            lambda at: _own() & ~Q(Exists(at.of_project(PortfolioItem))),
        ),
        _on_project(
            "finish_past",
            _("Finish in the past"),
            _("A project in progress whose forecast finish has passed."),
            HIGH,
            "forecast_finish",
            lambda at: running & Q(forecast_finish__lt=at.day, actual_finish__isnull=True),
        ),
        _on_project(
            "complete_open",
            _("Complete but open"),
            _("A project in progress that is one hundred percent complete and has no actual finish."),
            MEDIUM,
            "actual_finish",
            lambda at: running & Q(percent_complete__gte=100, actual_finish__isnull=True),
        ),
    ]


def _report_rules() -> list[Rule]:
    running = _own(*RUNNING)
    return [
        _on_project(
            "no_milestones",
            _("No milestones"),
            _("A project in progress without a milestone: neither slip nor earned value can be measured."),
            HIGH,
            "code",
            lambda at: running & ~Q(Exists(at.of_project(Milestone))),
        ),
        _on_project(
            "never_reported",
            _("Never reported"),
            _("A project in progress without any published status report."),
            HIGH,
            "code",
            lambda at: running & ~Q(Exists(at.of_project(StatusReport, state=StatusReport.State.PUBLISHED))),
        ),
        _on_project(
            "report_stale",
            _("Report late"),
            _("A report that was not handed in although its due date by the reporting cycle has passed."),
            HIGH,
            "code",
            _report_late,
        ),
        _on_project(
            "twin_names",
            _("Name used twice"),
            _("Two live projects with the same name."),
            MEDIUM,
            "name_zh",
            _twins,
        ),
    ]


def _money_rules() -> list[Rule]:
    return [
        _on_project(
            "no_budget",
            _("No budget"),
            _("A project in progress without a budget line."),
            HIGH,
            "code",
            lambda at: _own(*RUNNING) & ~Q(Exists(at.of_project(BudgetLine))),
        ),
        _on_project(
            "costs_old",
            _("Costs not updated"),
            _("A project in progress with a budget that has booked no cost for five weeks."),
            MEDIUM,
            "code",
            _no_costs,
        ),
        _on_project(
            "eac_below_actual",
            _("Estimate below actual cost"),
            _("The estimate at completion is less than what is booked already in the project's currency."),
            HIGH,
            "forecast_cost",
            _below_actual,
        ),
    ]


def _milestone_rules() -> list[Rule]:
    return [
        _on_milestone(
            "milestone_past",
            _("Milestone past due"),
            _(
                "A milestone of a project in progress whose forecast (else baseline) has passed, without an actual date."
            ),
            HIGH,
            "actual_date",
            lambda at: (
                _live(at, *RUNNING)
                & Q(actual_date__isnull=True)
                & (Q(forecast_date__lt=at.day) | Q(forecast_date__isnull=True, baseline_date__lt=at.day))
            ),
        ),
        _on_milestone(
            "milestone_no_baseline",
            _("Milestone without baseline"),
            _("A milestone of a live project without a baseline date counts in no figure."),
            MEDIUM,
            "baseline_date",
            lambda at: _live(at) & Q(baseline_date__isnull=True),
        ),
        _on_milestone(
            "milestone_outside",
            _("Milestone outside its project"),
            _("The baseline lies before the planned start or after the planned finish of the project."),
            LOW,
            "baseline_date",
            lambda at: _live(at) & _outside(at),
        ),
    ]


def _outside(at: At) -> Q:
    early = Q(baseline_date__lt=F(at.project("planned_start")))
    return early | Q(baseline_date__gt=F(at.project("planned_finish")))


def _open_risk(at: At) -> Q:
    return _live(at) & Q(status__in=OPEN_RISK)


def _risk_rules() -> list[Rule]:
    return [
        _on_risk(
            "risk_no_owner",
            _("Risk without owner"),
            _("An open risk that nobody owns."),
            "owner",
            "project__pm",
            lambda at: _open_risk(at) & Q(owner_id__isnull=True),
        ),
        _on_risk(
            "risk_no_response",
            _("Risk without response"),
            _("An open risk with neither a strategy nor a measure."),
            "response",
            "owner",
            lambda at: _open_risk(at) & Q(strategy="", response=""),
        ),
        _on_risk(
            "risk_review_overdue",
            _("Risk review overdue"),
            _("An open risk whose next review has passed."),
            "review_on",
            "owner",
            lambda at: _open_risk(at) & Q(review_on__lt=at.day),
        ),
    ]


def _work_rules() -> list[Rule]:
    work = Q(state__in=OPEN)
    return [
        Rule(
            "action_overdue_no_owner",
            _("Overdue action without owner"),
            _("An open action past its due date that nobody owns."),
            HIGH,
            Action,
            "actions",
            "owner",
            "project__pm",
            lambda at: _live(at) & work & Q(due_on__lt=at.day, owner_id__isnull=True),
        ),
        Rule(
            "action_no_due",
            _("Action without due date"),
            _("An open action without a due date."),
            LOW,
            Action,
            "actions",
            "due_on",
            "owner",
            lambda at: _live(at) & work & Q(due_on__isnull=True),
        ),
        Rule(
            "issue_no_owner",
            _("Issue without owner"),
            _("An open issue that nobody owns."),
            MEDIUM,
            Issue,
            "issues",
            "owner",
            "project__pm",
            lambda at: _live(at) & work & Q(owner_id__isnull=True),
        ),
        Rule(
            "decision_no_decider",
            _("Decision without decision maker"),
            _("A pending decision that names nobody to take it."),
            MEDIUM,
            Decision,
            "decisions",
            "decider",
            "project__pm",
            lambda at: _live(at) & Q(state=Decision.State.OPEN, decider_id__isnull=True),
        ),
        _allocation_rule(),
    ]


def _allocation_rule() -> Rule:
    return Rule(
        "allocation_outside",
        _("Allocation outside its project"),
        _(
            "A committed allocation that begins before the planned start, or ends after the latest finish, of its project."
        ),
        LOW,
        Allocation,
        "allocations",
        "ends_on",
        "project__pm",
        _allocation_outside,
    )


def _allocation_outside(at: At) -> Q:
    """The later of planned and forecast finish is the end; what is over already no longer matters."""
    forecast = at.project("forecast_finish")
    late = Q(ends_on__gt=F(at.project("planned_finish"))) & (
        Q(**{f"{forecast}__isnull": True}) | Q(ends_on__gt=F(forecast))
    )
    early = Q(starts_on__lt=F(at.project("planned_start")))
    return _live(at) & Q(state=Allocation.State.COMMITTED, ends_on__gte=at.day) & (late | early)


RULES: tuple[Rule, ...] = tuple(
    sorted(
        [
            *_project_rules(),
            *_more_project_rules(),
            *_report_rules(),
            *_money_rules(),
            *_milestone_rules(),
            *_risk_rules(),
            *_work_rules(),
        ],
        key=lambda rule: rule.severity,
    )
)
BY_CODE = {rule.code: rule for rule in RULES}
