"""PMO units, what each looks after, and its headline figures."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from office.calc.types import effects_of
from office.models import PMOCharter, PMOUnit
from pmo.core.access.api import allowed_q
from pmo.core.decision_rights.governance import Governance
from portfolio.calc.indicators import share
from portfolio.models import HealthSnapshot
from portfolio.queries.reporting import late_on
from portfolio.queries.scope import snapshot_day
from projects.models.choices import Band

Level = PMOUnit.Level


def root_unit() -> PMOUnit | None:
    """The enterprise PMO; where there is none, the first one at the top. One query."""
    rows = list(PMOUnit.objects.filter(parent__isnull=True).select_related("head", "org_unit").order_by("pk"))
    enterprise = next((row for row in rows if row.level == Level.ENTERPRISE), None)
    return enterprise or (rows[0] if rows else None)


def governance_of_the_organisation() -> Governance | None:
    """The rules that the type of the enterprise PMO sets; None where no PMO is on file."""
    root = root_unit()
    if root is None:
        return None
    effects = effects_of(root.type)
    return Governance(effects.gates, effects.reports, effects.people, effects.managers, effects.landing)


def project_q(unit: PMOUnit, field: str = "project") -> Q:
    """A filter that keeps the projects a PMO looks after; `field` is the path to the project, "" for projects themselves.

    Enterprise: all. Department: those of its organisational unit and below. Personal: those its head manages.
    """
    prefix = f"{field}__" if field else ""
    if unit.level == Level.ENTERPRISE:
        return Q()
    if unit.level == Level.PERSONAL:
        return Q(**{f"{prefix}pm_id": unit.head_id}) if unit.head_id else Q(pk__in=[])
    if unit.org_unit is None:
        return Q(pk__in=[])
    return Q(**{f"{prefix}unit__path__startswith": unit.org_unit.path})


@dataclass(frozen=True)
class UnitFigures:
    """Counts of the projects with a snapshot on the day: all, with a colour, without a late report."""

    day: datetime.date
    projects: int
    with_health: int
    reported: int

    @property
    def health_share(self) -> float | None:
        """Per cent of the projects that have a computed colour."""
        return share(self.with_health, self.projects)

    @property
    def report_share(self) -> float | None:
        """Per cent of the projects without a late report."""
        return share(self.reported, self.projects)


def figures_of(units: list[PMOUnit], user: Any) -> dict[int, UnitFigures]:
    """The figures of the units as the user may see them; empty before health was first computed. Two queries."""
    day = snapshot_day()
    if day is None or not units:
        return {}
    counts: dict[str, Any] = {}
    for unit in units:
        inside = project_q(unit)
        counts[f"all_{unit.pk}"] = Count("pk", filter=inside)
        counts[f"health_{unit.pk}"] = Count("pk", filter=inside & ~Q(band=Band.GREY))
        counts[f"reported_{unit.pk}"] = Count("pk", filter=inside & Q(report_late=False))
    rows = HealthSnapshot.objects.filter(allowed_q(user, HealthSnapshot, "view"), date=day)
    late = Exists(late_on(day).filter(project_id=OuterRef("project_id")))
    found = rows.order_by().annotate(report_late=late).aggregate(**counts)
    return {
        unit.pk: UnitFigures(day, found[f"all_{unit.pk}"], found[f"health_{unit.pk}"], found[f"reported_{unit.pk}"])
        for unit in units
    }


def charters_of(unit: PMOUnit) -> list[PMOCharter]:
    """Every revision of a unit's charter, the newest first."""
    rows = PMOCharter.objects.filter(unit=unit).select_related("sponsor", "executive", "hr", "head")
    return list(rows.order_by("-revision"))


def branch(unit: PMOUnit) -> list[PMOUnit]:
    """The unit and everything below it, in the order of the tree. One query."""
    rows = PMOUnit.objects.filter(path__startswith=unit.path).select_related("head", "org_unit")
    return list(rows.order_by("path"))
