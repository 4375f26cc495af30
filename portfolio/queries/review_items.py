"""What the PMO sees of each report that waits: declared beside computed, the evidence, and what differs from the last report."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, Subquery

from portfolio.calc.health.explain import MeasureItem
from portfolio.models import HealthSnapshot
from portfolio.queries.computed import score_band
from portfolio.queries.dashboard import RANK
from portfolio.queries.reporting import is_better, review_queue
from portfolio.queries.scorecard import explanation_of
from projects.models import ReportRating, StatusReport
from projects.models.choices import Band, Dimension

BETTER, RED, WORSE, HELP, LATE = "better", "red", "worse", "help", "late"


@dataclass(frozen=True)
class Line:
    """One dimension: the colours, the score, the comment, the heaviest measure, and the colour of the last report."""

    dimension: str
    declared: str
    computed: str
    score: float | None
    comment: str
    evidence: MeasureItem | None
    before: str

    @property
    def label(self) -> str:
        """The dimension's name."""
        return str(Dimension(self.dimension).label)

    @property
    def better(self) -> bool:
        """Whether it is declared better than computed."""
        return is_better(self.declared, self.computed)

    @property
    def changed(self) -> bool:
        """Whether the declared colour differs from that of the last report."""
        return self.before not in ("", self.declared)


@dataclass(frozen=True)
class QueueItem:
    """A submitted report with what speaks for and against it."""

    report: StatusReport
    snapshot: HealthSnapshot | None
    previous: StatusReport | None
    lines: list[Line]
    evidence: MeasureItem | None
    flags: frozenset[str] = field(default_factory=frozenset)

    @property
    def computed(self) -> str:
        """The computed colour, grey before the first night."""
        return self.snapshot.band if self.snapshot is not None else Band.GREY.value

    @property
    def better(self) -> bool:
        """Whether the overall colour is declared better than computed."""
        return is_better(self.report.declared, self.computed)

    @property
    def differing(self) -> list[Line]:
        """Dimensions with something to look at: declared otherwise than computed, changed, or commented."""
        return [
            line
            for line in self.lines
            if line.comment or (line.declared != Band.GREY and line.computed not in ("", line.declared)) or line.changed
        ]


def queue_items(user: Any, start: int = 0, end: int | None = None) -> list[QueueItem]:
    """A slice of the user's review queue. Five queries, whatever the number of reports."""
    return items_of(list(review_queue(user)[start:end]))


def items_of(reports: Sequence[StatusReport]) -> list[QueueItem]:
    """The reports with their evidence, in the order given. Four queries."""
    snapshots = _snapshots(reports)
    previous = _previous(reports)
    ratings = _ratings([row.pk for row in reports] + [row.pk for row in previous.values()])
    return [_item(row, snapshots.get(row.pk), previous.get(row.pk), ratings) for row in reports]


def _snapshots(reports: Sequence[StatusReport]) -> dict[int, HealthSnapshot]:
    """{report: the newest snapshot up to the day it was submitted}. Two queries."""
    newest = HealthSnapshot.objects.filter(
        project_id=OuterRef("project_id"), date__lte=OuterRef("submitted_on")
    ).order_by("-date")
    rows = StatusReport.all_objects.filter(pk__in=[row.pk for row in reports])
    ids = dict(rows.annotate(found=Subquery(newest.values("pk")[:1])).order_by().values_list("pk", "found"))
    found = {row.pk: row for row in HealthSnapshot.objects.filter(pk__in=ids.values()).select_related("model")}
    return {report: found[snapshot] for report, snapshot in ids.items() if snapshot in found}


def _previous(reports: Sequence[StatusReport]) -> dict[int, StatusReport]:
    """{report: the last published report of the project before it}. One query."""
    published = StatusReport.objects.filter(
        project_id__in=[row.project_id for row in reports], state=StatusReport.State.PUBLISHED
    )
    earliest = min((row.period_start for row in reports), default=datetime.date.max)
    rows = published.filter(period_end__gte=earliest - datetime.timedelta(days=120)).order_by("period_end", "pk")
    found: dict[int, StatusReport] = {}
    by_project: dict[int, list[StatusReport]] = {}
    for row in rows:
        by_project.setdefault(row.project_id, []).append(row)
    for report in reports:
        before = [row for row in by_project.get(report.project_id, []) if row.period_end <= report.period_end]
        if before:
            found[report.pk] = before[-1]
    return found


def _ratings(report_ids: Sequence[int]) -> dict[int, dict[str, ReportRating]]:
    """{report: {dimension: rating}}. One query."""
    found: dict[int, dict[str, ReportRating]] = {}
    for row in ReportRating.objects.filter(report_id__in=report_ids):
        found.setdefault(row.report_id, {})[row.dimension] = row
    return found


def _item(
    report: StatusReport,
    snapshot: HealthSnapshot | None,
    previous: StatusReport | None,
    ratings: dict[int, dict[str, ReportRating]],
) -> QueueItem:
    heaviest = _heaviest(snapshot)
    own = ratings.get(report.pk, {})
    before = ratings.get(previous.pk, {}) if previous else {}
    lines = [
        _line(name, own.get(name), snapshot, before.get(name), heaviest.get(name))
        for name in Dimension.values
        if name in own or (snapshot is not None and getattr(snapshot, name) is not None)
    ]
    overall = max(heaviest.values(), key=lambda item: item.points, default=None)
    item = QueueItem(report, snapshot, previous, lines, overall)
    return QueueItem(report, snapshot, previous, lines, overall, _flags(item))


def _line(
    name: str,
    rating: ReportRating | None,
    snapshot: HealthSnapshot | None,
    before: ReportRating | None,
    evidence: MeasureItem | None,
) -> Line:
    score = getattr(snapshot, name) if snapshot is not None else None
    return Line(
        name,
        rating.declared if rating else Band.GREY.value,
        score_band(score) if score is not None else "",
        score,
        rating.comment if rating else "",
        evidence,
        before.declared if before else "",
    )


def _heaviest(snapshot: HealthSnapshot | None) -> dict[str, MeasureItem]:
    """Of each dimension the measure that took the most points."""
    if snapshot is None:
        return {}
    found: dict[str, MeasureItem] = {}
    for item in explanation_of(snapshot).measures:
        if item.points > 0 and (item.dimension not in found or item.points > found[item.dimension].points):
            found[item.dimension] = item
    return found


def _flags(item: QueueItem) -> frozenset[str]:
    """What the PMO should look at before it publishes."""
    report, flags = item.report, set()
    if item.better or any(line.better for line in item.lines):
        flags.add(BETTER)
    if Band.RED in (report.declared, item.computed):
        flags.add(RED)
    if item.previous is not None and _is_worse(report.declared, item.previous.reviewed or item.previous.declared):
        flags.add(WORSE)
    if report.help_needed.strip():
        flags.add(HELP)
    handed_in = report.first_submitted_on or report.submitted_on
    if report.due_on is not None and handed_in is not None and handed_in > report.due_on:
        flags.add(LATE)
    return frozenset(flags)


def _is_worse(now: str, before: str) -> bool:
    return Band.GREY not in (now, before) and RANK[now] < RANK[before]
