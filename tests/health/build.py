"""Small portfolios for the tests of the nightly job, written through the record services on chosen days."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from pmo.core.audit.actor import SYSTEM
from pmo.core.calendars.models import Organisation
from pmo.core.money.models import ExchangeRate
from pmo.core.records.services import create_record
from portfolio.models import HealthSnapshot, Portfolio, PortfolioItem, Programme, ProgrammeItem, RollupSnapshot
from portfolio.services.health.snapshots import COLUMNS
from projects.models import Action, BudgetLine, CostLine, Decision, Issue, Milestone, Project, StatusReport

START = datetime.date(2026, 1, 1)
DAY = datetime.date(2026, 11, 20)
TODAY = datetime.date(2026, 11, 25)

_MODELS: dict[str, Any] = {
    "milestone": Milestone,
    "budget": BudgetLine,
    "cost": CostLine,
    "issue": Issue,
    "action": Action,
    "decision": Decision,
    "report": StatusReport,
}


def date(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def organisation(day: datetime.date = START, **values: Any) -> Organisation:
    row = Organisation(**{"name_zh": "海岳集团", "name_en": "Haiyue Group", **values})
    return create_record(actor=SYSTEM, row=row, day=day)


def project(
    name: str, *, day: datetime.date = START, portfolio: Portfolio | None = None, critical: bool = False, **values: Any
) -> Project:
    row = create_record(actor=SYSTEM, row=Project(name_en=name, **values), day=day)
    if portfolio is not None:
        item = PortfolioItem(portfolio=portfolio, project=row, critical=critical)
        create_record(actor=SYSTEM, row=item, day=day)
    return row


def portfolio(name: str, *, day: datetime.date = START, **values: Any) -> Portfolio:
    return create_record(actor=SYSTEM, row=Portfolio(name_en=name, **values), day=day)


def programme(
    name: str, within: Portfolio, *, day: datetime.date = START, parent: Programme | None = None
) -> Programme:
    return create_record(actor=SYSTEM, row=Programme(name_en=name, portfolio=within, parent=parent), day=day)


def in_programme(row: Project, group: Programme, *, day: datetime.date = START) -> ProgrammeItem:
    return create_record(actor=SYSTEM, row=ProgrammeItem(project=row, programme=group), day=day)


def add(kind: str, to: Project, *, day: datetime.date = START, **values: Any) -> Any:
    """A row of a project's register; dates may be given as text."""
    model = _MODELS[kind]
    dates = {f.name for f in model._meta.concrete_fields if f.get_internal_type() == "DateField"}
    given = {name: date(value) if name in dates and isinstance(value, str) else value for name, value in values.items()}
    return create_record(actor=SYSTEM, row=model(project=to, **given), day=day)


def budget(to: Project, amount: int | str, *, currency: str = "CNY", day: datetime.date = START) -> BudgetLine:
    return add("budget", to, amount=Decimal(amount), currency=currency, day=day)


def cost(
    to: Project, amount: int | str, booked_on: str, *, currency: str = "CNY", day: datetime.date = START
) -> CostLine:
    return add("cost", to, amount=Decimal(amount), currency=currency, booked_on=booked_on, day=day)


def milestone(
    to: Project,
    name: str,
    baseline: str | None,
    forecast: str | None = None,
    actual: str | None = None,
    *,
    day: datetime.date = START,
    **values: Any,
) -> Milestone:
    return add(
        "milestone",
        to,
        name=name,
        baseline_date=baseline,
        forecast_date=forecast,
        actual_date=actual,
        day=day,
        **values,
    )


def report(
    to: Project,
    published: str,
    declared: str = "green",
    reviewed: str = "green",
    *,
    day: datetime.date | None = None,
    **values: Any,
) -> StatusReport:
    until = datetime.date.fromisoformat(published)
    row = StatusReport(
        project=to,
        period_start=until - datetime.timedelta(days=6),
        period_end=until,
        state=StatusReport.State.PUBLISHED,
        declared=declared,
        reviewed=reviewed,
        published_on=until,
        **values,
    )
    return create_record(actor=SYSTEM, row=row, day=day or until)


def rate(currency: str, value: str, valid_from: str = "2026-01-01", *, day: datetime.date = START) -> ExchangeRate:
    row = ExchangeRate(currency=currency, valid_from_date=datetime.date.fromisoformat(valid_from), rate=Decimal(value))
    return create_record(actor=SYSTEM, row=row, day=day)


def snapshots(day: datetime.date) -> list[tuple[Any, ...]]:
    """Everything the snapshots of a date say, in order of project."""
    return list(HealthSnapshot.objects.filter(date=day).order_by("project_id").values_list(*COLUMNS))


def rollups(day: datetime.date) -> list[tuple[Any, ...]]:
    """Everything the roll-ups of a date say."""
    names = [f.attname for f in RollupSnapshot._meta.concrete_fields if f.name != "id"]
    return list(RollupSnapshot.objects.filter(date=day).order_by("kind", "ref_id").values_list(*names))
