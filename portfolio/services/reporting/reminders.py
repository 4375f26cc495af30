"""Reminders of reports that are due or late, each sent once: to the project manager or who stands in, then to the PMO."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import can
from pmo.core.access.roles import WHOLE_PMO
from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, record
from pmo.core.calendars.calc import WorkingCalendar
from pmo.core.calendars.queries import working_calendar
from pmo.core.messages.api import each_language, notify
from pmo.core.people.models import Person, RoleGrant
from portfolio.access import REMIND
from portfolio.calc.reporting_calendar import DueRule, Period, escalation_day, period_at, reminder_now
from portfolio.models import Portfolio, PortfolioItem, ReportPeriod, ReportReminder
from portfolio.queries.reporting import RUNNING
from portfolio.queries.reporting_delegates import delegates
from portfolio.queries.reporting_rules import covers, rules
from projects.models import Project, StatusReport
from projects.queries.report_periods import period_label

Kind = ReportReminder.Kind
DUE_EVENT, LATE_EVENT, MISSING_EVENT = "report.due", "report.late", "report.missing"
_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class _Owed:
    """A period that the projects of a portfolio report, under the rule of the portfolio."""

    portfolio_id: int
    rule: DueRule
    period: Period


def send_reminders(*, day: datetime.date) -> dict[str, int]:
    """Send what is to be sent on the day; repeating it sends nothing twice. Returns {"reminders": n, "escalations": n}.

    Reminded of is the period under way, from as many working days before its due date as the rule says, and the one that
    ended last. The PMO gets one note a day that names all reports still missing on the day after their last reminder.
    """
    calendar = working_calendar()
    sent, missing = 0, []
    for owed in _periods(day, calendar):
        sent += _remind_all(owed, day, calendar)
        missing += _escalate(owed, day, calendar)
    if missing:
        _tell_pmo(missing, day)
    return {"reminders": sent, "escalations": len(missing)}


def _periods(day: datetime.date, calendar: WorkingCalendar) -> Iterator[_Owed]:
    """The period under way and the one before, of every portfolio."""
    book = rules()
    for portfolio_id, cycle in Portfolio.objects.order_by("pk").values_list("pk", "cycle"):
        rule = book.of(cycle, portfolio_id)
        current = period_at(rule, day, calendar)
        for period in (period_at(rule, current.start - _DAY, calendar), current):
            yield _Owed(portfolio_id, rule, period)


def _without_report(owed: _Owed) -> list[Project]:
    """Running projects of the portfolio whose report on the period was not handed in. Two queries."""
    start, end = owed.period.start, owed.period.end
    answered = StatusReport.objects.filter(
        covers(start, end), source=StatusReport.Source.FORM, submitted_on__isnull=False
    )
    kept = ReportPeriod.objects.filter(period_end=end, handed_in_on__isnull=False)
    placed = PortfolioItem.objects.filter(portfolio_id=owed.portfolio_id).order_by().values("project_id")
    rows = Project.objects.filter(pk__in=placed, status__in=RUNNING).select_related("pm")
    begun = Q(actual_start__isnull=True) | Q(actual_start__lte=end)
    rows = rows.filter(begun).exclude(pk__in=answered.order_by().values("project_id"))
    return list(rows.exclude(pk__in=kept.order_by().values("project_id")).order_by("pk"))


def _sent(owed: _Owed, projects: Iterable[Project]) -> dict[int, set[tuple[str, int]]]:
    """{project: {(kind, offset)}} of what went out for the period. One query."""
    rows = ReportReminder.objects.filter(project__in=list(projects), period_end=owed.period.end)
    found: dict[int, set[tuple[str, int]]] = {}
    for project_id, kind, offset in rows.values_list("project_id", "kind", "offset"):
        found.setdefault(project_id, set()).add((kind, offset))
    return found


def _remind_all(owed: _Owed, day: datetime.date, calendar: WorkingCalendar) -> int:
    """Remind everybody who owes a report on the period and was not reminded at this offset."""
    if reminder_now(owed.rule, owed.period.due, day, (), calendar) is None:
        return 0
    projects = _without_report(owed)
    sent, standing_in = _sent(owed, projects), delegates([row.pk for row in projects], day)
    number = 0
    for project in projects:
        before = {offset for kind, offset in sent.get(project.pk, ()) if kind == Kind.PLANNED}
        offset = reminder_now(owed.rule, owed.period.due, day, before, calendar)
        person = standing_in.get(project.pk) or project.pm
        if offset is not None and person is not None:
            number += _remind(project, owed.period, person, Kind.PLANNED, offset, day)
    return number


def _remind(
    project: Project, period: Period, person: Person, kind: str, offset: int, day: datetime.date, note: Any = ""
) -> bool:
    """Send one reminder and keep that it was sent; False where a rival was faster."""
    with transaction.atomic():
        row, made = ReportReminder.objects.get_or_create(
            project=project,
            period_end=period.end,
            kind=kind,
            offset=offset,
            defaults={"due_on": period.due, "person": person, "sent_on": day},
        )
        if made:
            notify(
                event=DUE_EVENT if day <= period.due else LATE_EVENT,
                recipients=[person],
                params={
                    "project": project,
                    "period": each_language(
                        lambda: period_label(period.start, period.end, get_language() or "zh-hans")
                    ),
                    "due": period.due,
                },
                text=note,
                url=f"{reverse('report-new')}?project={project.pk}",
                about=project,
                key=f"report-reminder {row.pk}",
            )
    return made


def _escalate(owed: _Owed, day: datetime.date, calendar: WorkingCalendar) -> list[Project]:
    """Note which reports are still missing on the day after their last reminder; returns their projects."""
    limit = escalation_day(owed.rule, owed.period.due, calendar)
    if limit is None or day < limit:
        return []
    projects = _without_report(owed)
    sent = _sent(owed, projects)
    fresh = [row for row in projects if not any(kind == Kind.ESCALATION for kind, _offset in sent.get(row.pk, ()))]
    ReportReminder.objects.bulk_create(
        [
            ReportReminder(
                project=row,
                period_end=owed.period.end,
                due_on=owed.period.due,
                kind=Kind.ESCALATION,
                offset=0,
                sent_on=day,
            )
            for row in fresh
        ],
        ignore_conflicts=True,
    )
    return fresh


def _tell_pmo(missing: list[Project], day: datetime.date) -> None:
    """One note to everybody of the PMO, with the way to the late list."""
    grants = RoleGrant.objects.filter(role__in=WHOLE_PMO, unit__isnull=True).order_by().values("person_id")
    notify(
        event=MISSING_EVENT,
        recipients=list(Person.objects.filter(pk__in=grants)),
        params={"count": len(missing), "projects": missing[:5]},
        url=reverse("reporting-late"),
        key=f"reports-missing {day.isoformat()}",
    )


def remind_now(*, actor: Actor, period: ReportPeriod, day: datetime.date) -> Person:
    """Remind who owes the report by hand, at most once a day; returns who was reminded. Raises ValidationError."""
    can(actor.user, REMIND, period).or_raise()
    person = delegates([period.project_id], day).get(period.project_id) or period.project.pm
    if person is None:
        raise ValidationError(_("The project has no project manager who could be reminded."))
    span = Period(period.period_start, period.period_end, period.due_on)
    with transaction.atomic():
        if not _remind(period.project, span, person, Kind.MANUAL, (day - period.due_on).days, day):
            raise ValidationError(_("%(person)s was reminded today already.") % {"person": person})
        act = Act(
            action="remind",
            model="portfolio.reportperiod",
            object_id=period.pk,
            object_label=str(period),
            project_id=period.project_id,
            changes={"person": [None, person.pk]},
        )
        record(actor=actor, act=act)
    return person
