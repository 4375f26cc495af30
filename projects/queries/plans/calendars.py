"""The calendars of a plan version as plain values."""

from __future__ import annotations

from projects.calc.plan import stored
from projects.calc.plan.document import Calendar
from projects.models.plan import PlanCalendar, PlanVersion


def calendars_of(plan: PlanVersion) -> dict[int, Calendar]:
    """By their ids, without those of resources. One statement."""
    rows = list(PlanCalendar.objects.filter(plan=plan, of_resource=False).order_by("pk"))
    uids = {row.pk: row.uid for row in rows}
    return {
        row.pk: Calendar(
            uid=row.uid,
            name=row.name,
            parent=uids.get(row.parent_id or 0),
            week=stored.days_of(row.week),
            exceptions=stored.exceptions_of(row.exceptions),
            weeks=stored.weeks_of(row.weeks),
        )
        for row in rows
    }
