"""Which projects owe a report: the period after the last reported one has ended."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from portfolio.models import PortfolioItem
from portfolio.models.structure import CYCLE_DAYS
from projects.models import StatusReport
from projects.models.choices import ProjectStatus

RUNNING = (ProjectStatus.IN_PROGRESS, ProjectStatus.SUSPENDED)


def with_report_due(rows: Any, today: datetime.date) -> Any:
    """The projects of the queryset whose report is due by the end of `today`.

    A period begins with the last submitted or published report, else with the start of the project, and lasts a
    reporting cycle of its portfolio. Projects outside every portfolio owe none, nor do those that have not begun.
    """
    reports = StatusReport.objects.filter(
        project_id=OuterRef("pk"),
        source=StatusReport.Source.FORM,
        state__in=[StatusReport.State.SUBMITTED, StatusReport.State.PUBLISHED],
    ).order_by("-period_end")
    rows = rows.filter(status__in=RUNNING).annotate(
        reported_until=Coalesce(Subquery(reports.values("period_end")[:1]), "actual_start", "planned_start")
    )
    due = Q(pk__in=[])
    for cycle, days in CYCLE_DAYS.items():
        placed = PortfolioItem.objects.filter(project_id=OuterRef("pk"), portfolio__cycle=cycle)
        due |= Q(Exists(placed), reported_until__lte=today - datetime.timedelta(days=days))
    return rows.filter(due)
