"""Telling people what became of reports and decisions, and what was put into their hands."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext

from pmo.core.audit.actor import Actor
from pmo.core.messages.api import each_language, notify, who_acts
from pmo.core.messages.queries import holders_of
from pmo.core.people.models import Person
from projects.access import REVIEW
from projects.models import Decision, StatusReport
from projects.queries.report_periods import period_label


def tell_submitted(*, actor: Actor, report: StatusReport) -> None:
    """The PMO: a report waits for review."""
    _report("report.submitted", actor, report, holders_of(REVIEW))


def tell_returned(*, actor: Actor, report: StatusReport) -> None:
    """Who wrote it and who manages the project: the report came back, with the comment."""
    _report("report.returned", actor, report, _people(report.author, report.project.pm), report.review_comment)


def tell_published(*, actor: Actor, report: StatusReport) -> None:
    """Who wrote it, who manages the project and who pays for it: the report is out."""
    _report("report.published", actor, report, _people(report.author, report.project.pm, report.project.sponsor))


def _report(event: str, actor: Actor, report: StatusReport, recipients: Any, text: str = "") -> None:
    """Once for each state of each version: what is submitted again after a return is told again."""
    notify(
        event=event,
        recipients=recipients,
        params={
            "person": who_acts(actor),
            "project": report.project,
            "period": each_language(
                lambda: period_label(report.period_start, report.period_end, get_language() or "zh-hans")
            ),
            "code": report.code,
            "declared": report.declared,
        },
        text=text,
        url=reverse("report-page", args=[report.pk]),
        about=report,
        actor=actor,
        key=f"{report.pk}:{report.version}",
    )


def tell_decision_needed(*, actor: Actor, row: Decision) -> None:
    """The decision maker."""
    notify(
        event="decision.needed",
        recipients=_people(row.decider),
        params={"project": row.project, "decision": row.title, "needed_by": row.needed_by},
        text=each_language(lambda: gettext("Needed by %(day)s") % {"day": row.needed_by}) if row.needed_by else "",
        url=_address("decisions", row),
        about=row,
        actor=actor,
        key=f"{row.pk}:{row.decider_id}",
    )


def tell_decided(*, actor: Actor, row: Decision) -> None:
    """Who manages the project and who pays for it: what was decided."""
    notify(
        event="decision.taken",
        recipients=_people(row.project.pm, row.project.sponsor),
        params={"project": row.project, "decision": row.title, "outcome": Decision.State(row.state).label},
        text=row.outcome,
        url=_address("decisions", row),
        about=row,
        actor=actor,
        key=f"{row.pk}:{row.version}",
    )


def tell_assigned(*, actor: Actor, row: Any, register: str, owner: Person) -> None:
    """The new owner of an issue or action."""
    notify(
        event="assigned",
        recipients=[owner],
        params={"person": who_acts(actor), "subject": row},
        url=_address(register, row),
        about=row,
        actor=actor,
    )


def _people(*people: Person | None) -> list[Person]:
    return [person for person in people if person is not None]


def _address(register: str, row: Any) -> str:
    return reverse("register-detail", kwargs={"key": register, "pk": row.pk})
