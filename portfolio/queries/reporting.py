"""The reporting cycle in figures: who owes which report, what waits for the PMO, how many come in time.

A report due has a standing on a day:

- `on_time`, `after`: handed in by its due date, or later;
- `due`: not handed in, the due date has not passed;
- `late`: not handed in, the due date has passed, and no later period has ended yet;
- `missed`: not handed in, and a later period has ended since.

The on-time rate divides `on_time` by all reports that fell due before the day, over the last periods of each cycle.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull, LessThanOrEqual
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.access.api import allowed_q
from pmo.core.calendars.queries import org_today
from pmo.core.history.queries import as_of
from pmo.core.people.models import OrgUnit, Person
from portfolio.calc.reporting_calendar import CYCLES, window_start
from portfolio.models import HealthSnapshot, Portfolio, ReportPeriod, ReportReminder
from portfolio.queries.dashboard import RANK, WORST_FIRST, waiting_reports
from portfolio.queries.reporting_delegates import delegates
from portfolio.queries.scope import Scope, project_filter
from projects.models import Project, StatusReport
from projects.models.choices import Band, ProjectStatus

RUNNING = (ProjectStatus.IN_PROGRESS, ProjectStatus.SUSPENDED)
ON_TIME, AFTER, DUE, LATE, MISSED = "on_time", "after", "due", "late", "missed"
STANDINGS = [
    (LATE, pgettext_lazy("report", "Late")),
    (DUE, pgettext_lazy("report", "Due")),
    (MISSED, pgettext_lazy("report", "Missed")),
    (AFTER, _("Handed in late")),
    (ON_TIME, _("Handed in on time")),
]
OWING = (LATE, DUE)
USUAL_PERIODS = 6


def handed_in_on(day: datetime.date) -> Any:
    """The first day, up to `day`, on which a report on the period was handed in; an expression on report periods."""
    live = (
        StatusReport.objects.filter(
            Q(period_end__gte=OuterRef("period_start"), period_end__lte=OuterRef("period_end"))
            | Q(period_start__lte=OuterRef("period_start"), period_end__gte=OuterRef("period_end")),
            project_id=OuterRef("project_id"),
            source=StatusReport.Source.FORM,
        )
        .annotate(first=Coalesce("first_submitted_on", "submitted_on"))
        .filter(first__lte=day)
        .order_by("first")
    )
    kept = Case(When(handed_in_on__lte=day, then=F("handed_in_on")), output_field=DateField())
    return Coalesce(kept, Subquery(live.values("first")[:1]))


def standing_on(day: datetime.date) -> Any:
    """The standing of a report period on the day; an expression on report periods."""
    handed = handed_in_on(day)
    return Case(
        When(LessThanOrEqual(handed, F("due_on")), then=Value(ON_TIME)),
        When(IsNull(handed, False), then=Value(AFTER)),
        When(~Exists(_running(day)), then=Value(MISSED)),
        When(due_on__gte=day, then=Value(DUE)),
        When(Exists(_newer(day)), then=Value(MISSED)),
        default=Value(LATE),
        output_field=CharField(),
    )


def _newer(day: datetime.date) -> Any:
    """Later periods of the same project that had ended by the day."""
    return ReportPeriod.objects.filter(
        project_id=OuterRef("project_id"), period_end__gt=OuterRef("period_end"), period_end__lt=day
    )


def _running(day: datetime.date) -> Any:
    """Projects that run on the day: who has ended owes nothing any more."""
    if day >= org_today():
        return Project.objects.filter(pk=OuterRef("project_id"), status__in=RUNNING)
    return as_of(Project, day).filter(row_id=OuterRef("project_id"), status__in=RUNNING)


def periods_on(user: Any, day: datetime.date, scope: Scope | None = None) -> Any:
    """Report periods the user may see that had ended on the day, with `in_on` and `standing`."""
    rows = ReportPeriod.objects.filter(allowed_q(user, ReportPeriod, "view"), period_end__lt=day)
    if scope is not None:
        rows = rows.filter(project_filter(scope, day))
    return rows.annotate(in_on=handed_in_on(day), standing=standing_on(day))


def in_window(day: datetime.date, periods: int = USUAL_PERIODS) -> Q:
    """Reports that fell due before the day, within the last `periods` periods of their cycle."""
    found = Q(pk__in=[])
    for cycle in CYCLES:
        found |= Q(cycle=cycle, due_on__gte=window_start(cycle, day, periods))
    return found & Q(due_on__lt=day)


def late_on(day: datetime.date) -> Any:
    """Report periods that are late on the day, whoever may see them: the one definition of a late report."""
    rows = ReportPeriod.objects.filter(due_on__lt=day, period_end__lt=day).filter(~Exists(_newer(day)))
    return rows.alias(late_standing=standing_on(day)).filter(late_standing=LATE)


def newly_late(rows: Any, before: datetime.date, day: datetime.date) -> Any:
    """Of the report periods those that are late on the day and were not at the end of `before`."""
    then, now = (late_on(one).order_by().values("pk") for one in (before, day))
    return rows.filter(pk__in=now).exclude(pk__in=then)


def with_report_due(rows: Any, day: datetime.date) -> Any:
    """The projects of the queryset that owe a report on the day: due or late."""
    owed = ReportPeriod.objects.filter(project_id=OuterRef("pk"), period_end__lt=day)
    return rows.filter(Exists(owed.alias(owed_standing=standing_on(day)).filter(owed_standing__in=OWING)))


@dataclass(frozen=True)
class LateReport:
    """A report that is late: the period (with project, portfolio, owner), since when none came, and how many in a row."""

    period: ReportPeriod
    since: datetime.date
    in_a_row: int
    delegate: Person | None
    reminded_on: datetime.date | None


def late_periods(user: Any, day: datetime.date, scope: Scope | None = None) -> Any:
    """Late report periods as a queryset, the one due longest first. The register shows them at `?standing=late`."""
    rows = periods_on(user, day, scope).filter(standing=LATE)
    return rows.select_related("project", "portfolio", "owner", "unit").order_by("due_on", "project__code")


def late_reports(
    user: Any, day: datetime.date, scope: Scope | None = None, limit: int | None = None
) -> list[LateReport]:
    """Who owes which period since when, the longest silence first. At most five queries."""
    rows = list(late_periods(user, day, scope))
    silent = _silence([row.project_id for row in rows], day)
    standing_in = delegates([row.project_id for row in rows], day)
    reminded = _reminded([row.project_id for row in rows], day)
    found = []
    for row in rows:
        since, in_a_row = silent.get(row.project_id, (row.due_on, 1))
        last = reminded.get((row.project_id, row.period_end))
        found.append(LateReport(row, since, in_a_row, standing_in.get(row.project_id), last))
    found.sort(key=lambda item: (item.since, item.period.due_on, item.period.project.code))
    return found if limit is None else found[:limit]


def _silence(project_ids: list[int], day: datetime.date) -> dict[int, tuple[datetime.date, int]]:
    """{project: (due date of the first report of the unbroken run without one, how many)}. One query."""
    rows = ReportPeriod.objects.filter(project_id__in=project_ids, period_end__lt=day).order_by("-period_end")
    found: dict[int, tuple[datetime.date, int]] = {}
    over: set[int] = set()
    for project_id, due_on, in_on in rows.annotate(in_on=handed_in_on(day)).values_list(
        "project_id", "due_on", "in_on"
    ):
        if project_id in over:
            continue
        if in_on is not None:
            over.add(project_id)
        elif due_on < day:
            found[project_id] = (due_on, found.get(project_id, (due_on, 0))[1] + 1)
    return found


def _reminded(project_ids: list[int], day: datetime.date) -> dict[tuple[int, datetime.date], datetime.date]:
    """{(project, end of the period): when its owner was last reminded}. One query."""
    rows = ReportReminder.objects.filter(project_id__in=project_ids, sent_on__lte=day)
    rows = rows.exclude(kind=ReportReminder.Kind.ESCALATION).order_by("sent_on")
    return {(project, end): sent for project, end, sent in rows.values_list("project_id", "period_end", "sent_on")}


@dataclass(frozen=True)
class Rate:
    """How many reports came in time. `key` is the id of the portfolio, unit or person (None: without, or all)."""

    key: int | None
    label: str
    on_time: int
    due: int

    @property
    def share(self) -> float | None:
        """0 to 1; None where none fell due."""
        return self.on_time / self.due if self.due else None


GROUPS = {"portfolio": "portfolio_id", "unit": "unit_id", "owner": "owner_id"}
_MODELS: dict[str, Any] = {"portfolio": Portfolio, "unit": OrgUnit, "owner": Person}


def on_time_rate(
    user: Any, day: datetime.date, by: str = "", periods: int = USUAL_PERIODS, scope: Scope | None = None
) -> list[Rate]:
    """On-time rates of what the user sees, over the last `periods` periods of each cycle, the lowest rate first.

    `by` is "" for one rate of all, "portfolio", "unit" or "owner" (the project manager of then). At most two queries.
    The rows are those of the register `report-periods` at `?window=<periods>@<day>` with portfolio, unit or owner.
    Raises KeyError for another `by`.
    """
    rows = periods_on(user, day, scope).filter(in_window(day, periods)).order_by()
    counted = {"due": Count("pk"), "in_time": Count("pk", filter=Q(standing=ON_TIME))}
    if not by:
        found = rows.aggregate(**counted)
        return [Rate(None, "", found["in_time"], found["due"])]
    field = GROUPS[by]
    lines = list(rows.values(field).annotate(**counted))
    names = {row.pk: str(row) for row in _MODELS[by].all_objects.filter(pk__in=[line[field] for line in lines])}
    rates = [Rate(line[field], names.get(line[field], ""), line["in_time"], line["due"]) for line in lines]
    return sorted(rates, key=lambda rate: (rate.share or 0.0, -rate.due, rate.label))


def on_time_by_month(user: Any, day: datetime.date, months: int = 6, scope: Scope | None = None) -> list[Rate]:
    """The on-time rate by month of the due date, oldest first; `label` is YYYY-MM. One query."""
    first = window_start("monthly", day.replace(day=1), months - 1)
    rows = periods_on(user, day, scope).filter(due_on__gte=first, due_on__lt=day).order_by()
    counts: dict[str, list[int]] = {}
    for due_on, standing in rows.values_list("due_on", "standing"):
        entry = counts.setdefault(f"{due_on:%Y-%m}", [0, 0])
        entry[0] += standing == ON_TIME
        entry[1] += 1
    return [Rate(None, month, *counts[month]) for month in sorted(counts)]


def review_queue(user: Any) -> Any:
    """Submitted reports that wait for this user's review as a queryset: watermelons first, then the worst, then the oldest.

    Each row has `computed_band`, the colour computed by the day it was submitted ("" for none).
    """
    snapshots = HealthSnapshot.objects.filter(
        project_id=OuterRef("project_id"), date__lte=OuterRef("submitted_on")
    ).order_by("-date")
    rows = (
        waiting_reports(user)
        .select_related("project__pm", "author")
        .annotate(computed_band=Coalesce(Subquery(snapshots.values("band")[:1]), Value(""), output_field=CharField()))
    )
    melon = Q(declared=Band.GREEN, computed_band__in=[Band.AMBER, Band.RED]) | Q(
        declared=Band.AMBER, computed_band=Band.RED
    )
    place = Case(*(When(declared=band, then=Value(rank)) for band, rank in WORST_FIRST.items()))
    return rows.annotate(melon=Case(When(melon, then=Value(0)), default=Value(1)), place=place).order_by(
        "melon", "place", "submitted_on", "pk"
    )


def is_better(declared: str, computed: str) -> bool:
    """Whether a declared colour is better than the computed one: green outside and red inside."""
    known = Band.GREY not in (declared, computed) and declared in RANK and computed in RANK
    return known and RANK[declared] > RANK[computed]
