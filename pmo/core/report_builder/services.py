"""Keeping reports, sharing them, and sending them when their day has come."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from pmo.core.access.decisions import Decision
from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, record
from pmo.core.calendars.queries import working_calendar
from pmo.core.features import api as features
from pmo.core.features.declaration import REPORT_MAIL
from pmo.core.messages.api import notify
from pmo.core.records.services import create_record, delete_record, restore_record, update_record
from pmo.core.registers.declaration import UnknownRegisterError, get_register
from pmo.core.registers.saved_views.queries import may_publish
from pmo.core.registers.saved_views.services import unit_of
from pmo.core.report_builder.answer import answer
from pmo.core.report_builder.figures import Shown
from pmo.core.report_builder.models import BuiltReport, ReportReader
from pmo.core.report_builder.queries import may_change, visible_reports
from pmo.core.report_builder.question import OF, Question, read_question

MOST = 200
_LINES = 10


@transaction.atomic
def keep_report(
    *, actor: Actor, name: str, query: str, sharing: str = BuiltReport.Sharing.PRIVATE, schedule: str = ""
) -> BuiltReport:
    """A new report of the actor. Raises ValidationError by field, Refused where the actor may not share it so far."""
    if BuiltReport.objects.filter(owner=actor.user).count() >= MOST:
        raise ValidationError(_("You have %(count)s reports already; delete one first.") % {"count": MOST})
    key = QueryDict(query).get(OF, "")
    row = BuiltReport(
        name=_short(name), register=key, query=query, owner=actor.user, sharing=sharing, schedule=schedule
    )
    row.unit = _team(actor, "", sharing)
    create_record(actor=actor, row=row)
    if schedule:
        ReportReader.objects.get_or_create(report=row, user=actor.user)
    return row


@transaction.atomic
def change_report(
    *, actor: Actor, report: BuiltReport, expected_version: int | None = None, **values: Any
) -> BuiltReport:
    """Rename, share, send or overwrite: `name`, `sharing`, `schedule`, `query`. Raises ValidationError, Refused, StaleRecord."""
    _check_owner(actor, report)
    if "name" in values:
        values["name"] = _short(values["name"])
    sharing = values.get("sharing", report.sharing)
    if sharing != report.sharing:
        values["unit"] = _team(actor, report.sharing, sharing)
    return update_record(actor=actor, row=report, values=values, expected_version=expected_version)


def delete_report(*, actor: Actor, report: BuiltReport) -> None:
    """Move the report to the trash; it can be brought back. Raises Refused."""
    _check_owner(actor, report)
    delete_record(actor=actor, row=report)


def restore_report(*, actor: Actor, report: BuiltReport) -> None:
    """Take a report out of the trash. Raises Refused."""
    _check_owner(actor, report)
    restore_record(actor=actor, row=report)


@transaction.atomic
def subscribe(*, actor: Actor, report: BuiltReport, on: bool) -> None:
    """Have a report that one sees sent to oneself whenever it is, or no longer."""
    if on:
        features.require(REPORT_MAIL)
        ReportReader.objects.get_or_create(report=report, user=actor.user)
    else:
        ReportReader.objects.filter(report=report, user=actor.user).delete()
    action = "subscribe" if on else "unsubscribe"
    record(actor=actor, act=Act(action, report._meta.label_lower, report.pk, str(report)))


def due_schedules(day: datetime.date) -> list[str]:
    """Which schedules fall on the day: every working day, Mondays, firsts of the month."""
    found = []
    if working_calendar().is_working(day):
        found.append(BuiltReport.Schedule.DAILY.value)
    if day.weekday() == 0:
        found.append(BuiltReport.Schedule.WEEKLY.value)
    if day.day == 1:
        found.append(BuiltReport.Schedule.MONTHLY.value)
    return found


def send_reports(day: datetime.date) -> int:
    """Send the reports whose schedule falls on the day, each reader's own figures in their language; returns how many were sent.

    Sending a day again tells nobody twice.
    """
    if not features.is_on(REPORT_MAIL):
        return 0
    readers = ReportReader.objects.filter(
        report__schedule__in=due_schedules(day), report__deleted_at__isnull=True, user__is_active=True
    )
    sent = 0
    for reader in readers.select_related("report", "user__person").order_by("report_id", "user_id"):
        if not visible_reports(reader.user).filter(pk=reader.report_id).exists():
            continue
        with translation.override(reader.user.language):
            text = summary(reader.report, reader.user)
        told = notify(
            event="report.built",
            recipients=[reader.user],
            params={"report": reader.report.name},
            text=text,
            url=reverse("built-report", args=[reader.report_id]),
            key=f"built report {reader.report_id} {reader.user_id} {day}",
            broadcast=False,
        )
        sent += len(told)
    return sent


def summary(report: BuiltReport, user: Any) -> str:
    """The first ten lines of the report as its reader sees it, in the active language."""
    question = question_of(report, user)
    found = answer(question, user) if question is not None else None
    if question is None or found is None or not found.rows:
        return _("There is nothing to show with these filters.")
    shown = Shown(question, found, translation.get_language() or "zh-hans")
    adds_up = question.measure.adds_up or not found.columns
    lines = [
        f"{row.label}: {shown.text(found.total(row), row.currency)}" if adds_up else row.label
        for row in found.rows[:_LINES]
    ]
    rest = len(found.rows) - len(lines)
    return "\n".join([*lines, _("and %(count)s more") % {"count": rest}] if rest > 0 else lines)


def question_of(report: BuiltReport, user: Any) -> Question | None:
    """What the kept report asks; None where its register is gone."""
    try:
        register = get_register(report.register)
    except UnknownRegisterError:
        return None
    return read_question(register, user, QueryDict(report.query))


def _check_owner(actor: Actor, report: BuiltReport) -> None:
    if not may_change(actor.user, report):
        Decision(False, _("This report belongs to somebody else.")).or_raise()


def _team(actor: Actor, before: str, after: str) -> Any:
    """The unit of a team report. Raises ValidationError, Refused."""
    if after == BuiltReport.Sharing.PUBLIC and before != after and not may_publish(actor.user):
        Decision(False, _("Only the PMO shows reports to everybody; share it with your team.")).or_raise()
    if after != BuiltReport.Sharing.TEAM:
        return None
    unit = unit_of(actor.user)
    if unit is None:
        raise ValidationError({"sharing": _("You belong to no unit, so there is no team to share with.")})
    return unit


def _short(name: str) -> str:
    return " ".join(name.replace("\x00", "").split())[:80]
