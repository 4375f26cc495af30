"""Which period a new report is about, when it is due, and how a period is called."""

from __future__ import annotations

import datetime

from django.db.models import BooleanField, Case, Q, Value, When
from django.db.models.functions import Coalesce

from pmo.core.web.formats import format_range, is_zh
from projects.models import StatusReport
from projects.queries.reporting_cycle import period_to_report

_WEEK = datetime.timedelta(days=7)
Span = tuple[datetime.date, datetime.date]


def last_report(project_id: int) -> StatusReport | None:
    """The newest report written for the project, whatever its state. One query."""
    rows = StatusReport.objects.filter(project_id=project_id, source=StatusReport.Source.FORM)
    found: StatusReport | None = rows.order_by("-period_end", "-pk").first()
    return found


def last_published(project_id: int, before: StatusReport | None = None) -> StatusReport | None:
    """The newest published report, or the one that came before a given report. One query."""
    rows = StatusReport.objects.filter(project_id=project_id, state=StatusReport.State.PUBLISHED)
    if before is not None:
        rows = rows.filter(period_end__lte=before.period_end)
        if before.pk is not None:
            rows = rows.exclude(pk=before.pk)
            if before.state == StatusReport.State.PUBLISHED:
                rows = rows.filter(pk__lt=before.pk) | rows.filter(period_end__lt=before.period_end)
    found: StatusReport | None = rows.order_by("-period_end", "-pk").first()
    return found


def next_period(project_id: int, last: StatusReport | None, today: datetime.date) -> Span:
    """First and last day of the period to report on: what the portfolio's cycle says, else the weeks since the last report."""
    found = period_to_report(project_id, today)
    if found is not None:
        return found.start, found.end
    start = last.period_end + datetime.timedelta(days=1) if last else today - datetime.timedelta(days=today.weekday())
    latest = max(start, today)
    return start, latest + datetime.timedelta(days=6 - latest.weekday())


def due_on(project_id: int, period_end: datetime.date, today: datetime.date) -> datetime.date | None:
    """The working day on which the report on the period is due; None where no cycle has such a period."""
    for day in dict.fromkeys((today, period_end)):
        found = period_to_report(project_id, day)
        if found is not None and found.end == period_end:
            return found.due
    return None


def on_time(due: datetime.date | None, handed_in: datetime.date | None, today: datetime.date) -> bool | None:
    """Whether a report was handed in by its due date; None where it has none, or may still come in time."""
    if due is None or (handed_in is None and today <= due):
        return None
    return handed_in is not None and handed_in <= due


def on_time_expression(today: datetime.date) -> Case:
    """`on_time` of a report in SQL."""
    handed_in = Coalesce("first_submitted_on", "submitted_on")
    return Case(
        When(due_on__isnull=True, then=Value(None)),
        When(Q(first_submitted_on__isnull=True, submitted_on__isnull=True, due_on__gte=today), then=Value(None)),
        When(due_on__gte=handed_in, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(null=True),
    )


def period_label(start: datetime.date, end: datetime.date, lang: str) -> str:
    """第 47 周（11-16 ~ 11-22）, Week 47 (16 – 22 Nov); 第 46–47 周（…）, Weeks 46–47 (…) for longer periods."""
    span = format_range(start, end, lang, end)
    first, last = start.isocalendar().week, end.isocalendar().week
    one = end - start < _WEEK and first == last
    weeks = str(last) if one else f"{first}–{last}"
    if is_zh(lang):
        return f"第 {weeks} 周（{span}）"
    return f"Week {weeks} ({span})" if one else f"Weeks {weeks} ({span})"
