"""The figures of the PMO dashboard."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from pmo.core.access.api import allowed_q
from portfolio.models import HealthSnapshot
from portfolio.queries.scope import Scope, project_filter
from portfolio.queries.scorecard import snapshots
from projects.models import StatusReport
from projects.models.choices import Band, Dimension

RANK = {Band.GREY.value: 0, Band.RED.value: 1, Band.AMBER.value: 2, Band.GREEN.value: 3}
WORST_FIRST = {Band.RED.value: 0, Band.AMBER.value: 1, Band.GREY.value: 2, Band.GREEN.value: 3}

# Declared better than computed: a watermelon, green outside and red inside.
BETTER = Q(declared=Band.GREEN, band__in=[Band.AMBER, Band.RED]) | Q(declared=Band.AMBER, band=Band.RED)


@dataclass(frozen=True)
class HeatRow:
    """One project of the heat map."""

    snapshot: HealthSnapshot
    scores: list[tuple[str, float | None]]
    history: list[float | None]
    change: float | None
    was: str

    @property
    def watermelon(self) -> bool:
        """Whether the declared colour is better than the computed one."""
        row = self.snapshot
        return row.declared != Band.GREY and row.band != Band.GREY and RANK[row.declared] > RANK[row.band]


@dataclass(frozen=True)
class HeatFilter:
    """What narrows the heat map: a colour, only what is declared better than computed, words of name or code."""

    band: str = ""
    better: bool = False
    search: str = ""

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.band or self.better or self.search)

    def apply(self, rows: Any) -> Any:
        """The snapshots it keeps, as the health register does under the same words."""
        if self.band:
            rows = rows.filter(band=self.band)
        if self.better:
            rows = rows.filter(BETTER)
        for word in self.search.split()[:8]:
            rows = rows.filter(
                Q(project__code__icontains=word)
                | Q(project__name_zh__icontains=word)
                | Q(project__name_en__icontains=word)
            )
        return rows


def worst_first(rows: Any) -> Any:
    """Snapshots red first, then amber, grey and green, the lowest score first within a colour."""
    rank = Case(*(When(band=band, then=Value(place)) for band, place in WORST_FIRST.items()))
    return rows.order_by(rank, Coalesce("overall", 0.0), "pk")


def heat_rows(rows: Sequence[HealthSnapshot], day: datetime.date) -> list[HeatRow]:
    """The snapshots of a day, each with its dimensions, twelve weeks of history and the change since the run before. One query."""
    history = health_history([row.project_id for row in rows], day)
    return [_heat_row(row, history.get(row.project_id, [])) for row in rows]


def watermelons(scope: Scope, day: datetime.date, user: Any) -> Any:
    """Snapshots whose declared colour is better than the computed one, the worst first: all of the scope, drawn or not."""
    return snapshots(scope, day, user).filter(BETTER).order_by("overall", "pk")


def colour_changes(scope: Scope, day: datetime.date, user: Any) -> list[HeatRow]:
    """Projects whose colour differs from the run before, all of the scope, the worst first. One query."""
    before = HealthSnapshot.objects.filter(project_id=OuterRef("project_id"), date__lt=day).order_by("-date")
    rows = snapshots(scope, day, user).annotate(
        was=Subquery(before.values("band")[:1]), before=Subquery(before.values("overall")[:1])
    )
    changed = sorted(
        rows.filter(was__isnull=False).exclude(was=F("band")), key=lambda row: (WORST_FIRST[row.band], row.pk)
    )
    return [HeatRow(row, [], [], _difference(row.overall, row.before), row.was) for row in changed]


def _difference(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else round(now, 1) - round(before, 1)


def _heat_row(row: HealthSnapshot, past: Sequence[tuple[datetime.date, float | None, str]]) -> HeatRow:
    before = [entry for entry in past if entry[0] < row.date]
    previous = before[-1] if before else None
    change = None if previous is None else _difference(row.overall, previous[1])
    scores = [(name, getattr(row, name)) for name in Dimension.values]
    return HeatRow(row, scores, _weekly(past), change, previous[2] if previous else "")


def _weekly(past: Sequence[tuple[datetime.date, float | None, str]]) -> list[float | None]:
    by_week: dict[tuple[int, int], float | None] = {}
    for date, value, _band in past:
        by_week[date.isocalendar()[:2]] = value
    return list(by_week.values())


def health_history(
    ids: Sequence[int], day: datetime.date, weeks: int = 12
) -> dict[int, list[tuple[datetime.date, float | None, str]]]:
    """(date, health, colour) of the projects over the weeks up to the day, oldest first. One query."""
    first = day - datetime.timedelta(weeks=weeks)
    rows = HealthSnapshot.objects.filter(project_id__in=list(ids), date__gt=first, date__lte=day).order_by("date")
    found: dict[int, list[tuple[datetime.date, float | None, str]]] = {}
    for project_id, date, overall, band in rows.values_list("project_id", "date", "overall", "band"):
        found.setdefault(project_id, []).append((date, overall, band))
    return found


def waiting_reports(user: Any, scope: Scope | None = None, day: datetime.date | None = None) -> Any:
    """Submitted reports that wait for the PMO, the oldest first; of the scope's projects on the day where both are given."""
    rows = StatusReport.objects.visible_to(user).filter(allowed_q(user, StatusReport, "projects.statusreport.review"))
    if scope is not None and day is not None:
        rows = rows.filter(project_filter(scope, day))
    return (
        rows.filter(state=StatusReport.State.SUBMITTED)
        .select_related("project", "author")
        .order_by("submitted_on", "pk")
    )
