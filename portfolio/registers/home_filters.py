"""Filters that the cards of the home pages use: what is mine, and whose report is due."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo.core.calendars.queries import org_today
from pmo.core.registers.declaration import Filter, contribute_filters
from portfolio.access import my_project_ids
from portfolio.queries.mywork import LIVE
from portfolio.queries.reporting import with_report_due
from portfolio.registers.filters import REGISTERS
from projects.models import Project

_YES_NO = [("1", _("Yes")), ("0", _("No"))]


def _mine(field: str) -> Any:
    def apply(rows: Any, values: list[str], user: Any) -> Any:
        ours = Project.objects.filter(pk__in=my_project_ids(user), status__in=LIVE).order_by().values("pk")
        inside = {f"{field}__in": ours}
        return rows.filter(**inside) if values[-1] == "1" else rows.exclude(**inside)

    return apply


def _report_due(rows: Any, values: list[str], user: Any) -> Any:
    due = with_report_due(Project.objects.all(), org_today()).order_by().values("pk")
    return rows.filter(pk__in=due) if values[-1] == "1" else rows.exclude(pk__in=due)


def contribute() -> None:
    """Add `mine` to every register that hangs on projects, to reports due, deliverables and charters, `report_due` to the projects."""
    for key, field in REGISTERS.items():
        contribute_filters(
            key, [Filter("mine", label=_("My running projects"), choices=_YES_NO, apply=_mine(field), advanced=True)]
        )
    mine = Filter("mine", label=_("My running projects"), choices=_YES_NO, apply=_mine("project_id"), advanced=True)
    for key in ("report-periods", "deliverables", "charters"):
        contribute_filters(key, [mine])
    contribute_filters(
        "projects",
        [Filter("report_due", label=_("Report due"), choices=_YES_NO, apply=_report_due, advanced=True)],
    )
