"""A weekly portfolio with reports in every standing, written through the services on chosen days."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.people.models import User
from pmo.core.records.services import create_record
from portfolio.models import HealthSnapshot, Portfolio, PortfolioItem
from portfolio.services.health.models import ensure_default_model
from projects.models import Project, ReportRating, StatusReport
from tests import factories

# Wednesday. The last week that ended is 9 to 15 November 2026, its report was due on Monday the 16th.
TODAY = datetime.date(2026, 11, 18)
START = datetime.date(2026, 10, 12)
LAST = (datetime.date(2026, 11, 9), datetime.date(2026, 11, 15))
BEFORE = (datetime.date(2026, 11, 2), datetime.date(2026, 11, 8))
DUE = datetime.date(2026, 11, 16)


def portfolio(cycle: str = "weekly", day: datetime.date = START, **values: Any) -> Portfolio:
    return create_record(actor=SYSTEM, row=Portfolio(name_en=f"Portfolio {cycle}", cycle=cycle, **values), day=day)


def project(name: str, within: Portfolio, pm: User | None, *, day: datetime.date = START, **values: Any) -> Project:
    row = Project(
        name_en=name,
        name_zh=name,
        status="in_progress",
        pm=pm.person if pm else None,
        visibility="organisation",
        **values,
    )
    made = create_record(actor=SYSTEM, row=row, day=day)
    create_record(actor=SYSTEM, row=PortfolioItem(portfolio=within, project=made), day=day)
    return made


def report(
    row: Project,
    span: tuple[datetime.date, datetime.date] = LAST,
    submitted: datetime.date | None = None,
    state: str = "submitted",
    declared: str = "green",
    **values: Any,
) -> StatusReport:
    return StatusReport.objects.create(
        project=row,
        code=f"SR-T{factories.number()}",
        period_start=span[0],
        period_end=span[1],
        state=state,
        declared=declared,
        reviewed=declared if state == "published" else "grey",
        submitted_on=submitted,
        published_on=submitted if state == "published" else None,
        **values,
    )


def rating(row: StatusReport, dimension: str, declared: str, comment: str = "") -> ReportRating:
    return ReportRating.objects.create(
        project_id=row.project_id, report=row, dimension=dimension, declared=declared, comment=comment
    )


def snapshot(row: Project, day: datetime.date, band: str, **values: Any) -> HealthSnapshot:
    scores = {"green": 88.0, "amber": 65.0, "red": 40.0, "grey": None}
    return HealthSnapshot.objects.create(
        project=row, date=day, model=ensure_default_model(), band=band, overall=scores[band], **values
    )


def world() -> SimpleNamespace:
    """Four projects: `prompt` handed in on time, `tardy` late, `silent` never, `ended` is closed since."""
    factories.organisation()
    pm, other, pmo = (
        factories.user(Role.PROJECT_MANAGER, within=None),
        factories.user(Role.PROJECT_MANAGER, within=None),
        factories.user(Role.PMO_ANALYST),
    )
    group = portfolio()
    prompt, tardy = project("Prompt", group, pm), project("Tardy", group, pm)
    silent, ended = project("Silent", group, other), project("Ended", group, other)
    report(prompt, submitted=DUE, state="published")
    report(prompt, BEFORE, submitted=datetime.date(2026, 11, 9), state="published")
    report(tardy, submitted=datetime.date(2026, 11, 17))
    report(tardy, BEFORE, submitted=datetime.date(2026, 11, 9), state="published")
    Project.objects.filter(pk=ended.pk).update(status="closed")
    return SimpleNamespace(
        group=group, prompt=prompt, tardy=tardy, silent=silent, ended=ended, pm=pm, other=other, pmo=pmo
    )
