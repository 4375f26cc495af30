"""The figures of the executive scorecard, read from roll-ups, snapshots and registers."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, OuterRef, Q, Subquery, Sum, When

from pmo.core.access.api import allowed_q
from pmo.core.history.queries import as_of
from pmo.core.people.models import OrgUnit
from portfolio.calc.health.explain import Explanation, explain
from portfolio.calc.health.model import HealthModelSpec
from portfolio.models import BandOverride, Contribution, HealthSnapshot, RollupSnapshot
from portfolio.queries.groupings import business_units
from portfolio.queries.scope import Kind, Scope, project_filter
from projects.models import Milestone, Project
from projects.models.choices import Band

WEEKS_SHOWN = 26


def roll_ups(scope: Scope, day: datetime.date, weeks: int = WEEKS_SHOWN) -> list[RollupSnapshot]:
    """One roll-up a week (the week's last) over the weeks up to the day, oldest first; the last is the day's own."""
    first = day - datetime.timedelta(weeks=weeks)
    rows = RollupSnapshot.objects.filter(kind=scope.kind, ref_id=scope.ref_id, date__gt=first, date__lte=day)
    by_week: dict[tuple[int, int], RollupSnapshot] = {}
    for row in rows.order_by("date"):
        by_week[row.date.isocalendar()[:2]] = row
    return list(by_week.values())


def override_on(scope: Scope, day: datetime.date) -> BandOverride | None:
    """The colour override that holds for the portfolio on the day."""
    if scope.kind != Kind.PORTFOLIO:
        return None
    rows = BandOverride.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day), portfolio_id=scope.ref_id, starts_on__lte=day
    )
    found: BandOverride | None = rows.select_related("decided_by").order_by("-starts_on", "-pk").first()
    return found


def snapshots(scope: Scope, day: datetime.date, user: Any) -> Any:
    """Health snapshots of the scope's projects on the day that the user may see."""
    rows = HealthSnapshot.objects.filter(allowed_q(user, HealthSnapshot, "view"), project_filter(scope, day), date=day)
    return rows.select_related("project", "project__pm")


@dataclass(frozen=True)
class KeyMilestone:
    """The key milestone of a project that slips most: dates as known on the day."""

    name: str
    baseline: datetime.date
    expected: datetime.date
    reached: bool


@dataclass(frozen=True)
class ProjectException:
    """One project that needs attention, with the facts its sentence is made of."""

    snapshot: HealthSnapshot
    since: datetime.date | None
    milestone: KeyMilestone | None
    previous_band: str


def exceptions(scope: Scope, day: datetime.date, user: Any, limit: int = 5) -> list[ProjectException]:
    """The worst projects, red before amber, lowest health first. Four queries whatever the limit."""
    red_first = Case(When(band=Band.RED, then=0), default=1)
    rows = snapshots(scope, day, user).filter(band__in=[Band.RED, Band.AMBER]).select_related("model")
    return tell(rows.order_by(red_first, "overall")[:limit], day)


def tell(rows: Any, day: datetime.date) -> list[ProjectException]:
    """The facts that the sentences about the snapshots are made of, in their order. Three queries for any number of rows."""
    found = list(rows)
    milestones = key_milestones(found, day)
    history = _band_history([row.project_id for row in found], day)
    return [_exception(row, milestones, history, day) for row in found]


def _exception(
    row: HealthSnapshot,
    milestones: dict[int, KeyMilestone],
    history: dict[int, list[tuple[datetime.date, str]]],
    day: datetime.date,
) -> ProjectException:
    past = history.get(row.project_id, [])
    return ProjectException(row, _since(past, row.band), milestones.get(row.project_id), _last_week(past, day))


def _band_history(ids: Sequence[int], day: datetime.date) -> dict[int, list[tuple[datetime.date, str]]]:
    """(date, band) of the projects over the last year, newest first."""
    first = day - datetime.timedelta(days=371)
    rows = HealthSnapshot.objects.filter(project_id__in=ids, date__lte=day, date__gte=first).order_by("-date")
    found: dict[int, list[tuple[datetime.date, str]]] = {}
    for project_id, date, band in rows.values_list("project_id", "date", "band"):
        found.setdefault(project_id, []).append((date, band))
    return found


def _since(past: list[tuple[datetime.date, str]], band: str) -> datetime.date | None:
    since = None
    for date, old in past:
        if old != band:
            break
        since = date
    return since


def _last_week(past: list[tuple[datetime.date, str]], day: datetime.date) -> str:
    edge = day - datetime.timedelta(days=7)
    return next((band for date, band in past if date <= edge), "")


def key_milestones(rows: Sequence[HealthSnapshot], day: datetime.date) -> dict[int, KeyMilestone]:
    """The key milestone that slips most of each project, as its snapshot names it and as known on the day. One query."""
    ids = [row.inputs["key_milestone"] for row in rows if row.inputs.get("key_milestone")]
    stones = as_of(Milestone, day).filter(row_id__in=ids, baseline_date__isnull=False)
    found: dict[int, KeyMilestone] = {}
    for project_id, name, baseline, forecast, actual in stones.values_list(
        "project_id", "name", "baseline_date", "forecast_date", "actual_date"
    ):
        expected = actual or forecast
        if expected is not None and expected > baseline:
            found[project_id] = KeyMilestone(name, baseline, expected, actual is not None)
    return found


def explanation_of(row: HealthSnapshot) -> Explanation:
    """Why the snapshot has its score, by the model version it names. The snapshot's `model` should be loaded."""
    spec = HealthModelSpec.from_dict(row.model.spec)
    measures = {measure.code: row.inputs[measure.code] for measure in spec.measures if measure.code in row.inputs}
    return explain(spec, measures, driver=str(row.inputs.get("driver") or ""), stale=row.stale)


@dataclass(frozen=True)
class UnitMoney:
    """Money of the projects of one business unit in the base currency."""

    unit_id: int | None
    name: str
    budget: Decimal
    actual: Decimal
    forecast: Decimal


def money_by_unit(scope: Scope, day: datetime.date, user: Any, rows: Any = None) -> list[UnitMoney]:
    """Budget, actual and forecast by the business unit of the day, largest budget first; without one comes under None.

    Only projects that know budget and forecast count. Two statements.
    `rows` are the snapshots to add up, those of the scope by default.
    """
    rows = snapshots(scope, day, user) if rows is None else rows
    rows = rows.filter(bac__isnull=False, eac__isnull=False).select_related(None).order_by()
    then = as_of(Project, day).filter(row_id=OuterRef("project_id")).values("unit_id")[:1]
    sums = rows.annotate(unit_then=Subquery(then)).values("unit_then")
    units = {unit.pk: unit for unit in OrgUnit.all_objects.all()}
    counted = business_units(units)
    totals: dict[int | None, list[Decimal]] = {}
    for row in sums.annotate(budget=Sum("bac"), actual=Sum("ac"), forecast=Sum("eac")):
        entry = totals.setdefault(counted.get(row["unit_then"]), [Decimal(0), Decimal(0), Decimal(0)])
        for index, name in enumerate(("budget", "actual", "forecast")):
            entry[index] += row[name] or Decimal(0)
    found = [UnitMoney(key, str(units[key]) if key else "", *entry) for key, entry in totals.items()]
    return sorted(found, key=lambda row: -row.budget)


@dataclass(frozen=True)
class ValuePoint:
    """A project in the value-against-health picture: strategic value is the sum of its contributions in percent."""

    snapshot: HealthSnapshot
    value: float
    budget_left: Decimal


def value_points(scope: Scope, day: datetime.date, user: Any, limit: int = 24) -> list[ValuePoint]:
    """Projects with health and a contribution to strategy, the most valuable first. One query."""
    given = as_of(Contribution, day).filter(project_id=OuterRef("project_id")).order_by().values("project_id")
    value = Subquery(given.annotate(total=Sum("weight")).values("total"))
    rows = snapshots(scope, day, user).filter(overall__isnull=False).annotate(strategic=value)
    rows = rows.filter(strategic__isnull=False).order_by("-strategic", "project_id")
    return [
        ValuePoint(row, float(row.strategic), max((row.bac or Decimal(0)) - (row.ac or Decimal(0)), Decimal(0)))
        for row in rows[:limit]
    ]


def counts(scope: Scope, day: datetime.date, user: Any) -> dict[str, int]:
    """Visible projects of the scope per colour on the day."""
    rows = snapshots(scope, day, user).order_by().values("band").annotate(number=Count("pk"))
    return {band: 0 for band in Band.values} | {row["band"]: row["number"] for row in rows}
