"""Putting a gap in the data off until a day, with a reason."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pmo.core.access.api import can
from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from pmo.core.people.models import Person
from pmo.core.records.services import create_record, update_record
from portfolio.access_upkeep import SNOOZE
from portfolio.models import Snooze
from portfolio.queries.data_quality import gap_rows
from portfolio.queries.gap_rules import BY_CODE
from projects.models import Project

LONGEST_DAYS = 92


def put_off(
    *, actor: Actor, rule: str, row_id: int, until: datetime.date, reason: str, today: datetime.date | None = None
) -> Snooze:
    """Leave the gap out of the queue until the day; asked again for the same gap, day and reason are replaced.

    Raises ValidationError by field where the day lies not within three months, the reason is missing, or the actor sees no
    such gap; Refused where they may not put it off in that project.
    """
    day = today or org_today()
    _check(rule, until, reason, day)
    known: Snooze | None = Snooze.objects.filter(rule=rule, row_id=row_id).first()
    row = gap_rows(actor.user, rule, day).filter(pk=row_id).first() if known is None else None
    if known is None and row is None:
        raise ValidationError({"rule": _("There is no such gap any more.")})
    project: Project = known.project if known is not None else _project_of(rule, row)
    can(actor.user, SNOOZE, project).or_raise()
    person = Person.objects.filter(user=actor.user).first()
    with transaction.atomic():
        if known is not None:
            values = {"until": until, "reason": reason.strip(), "by": person}
            return update_record(actor=actor, row=known, values=values, reason=reason.strip(), day=day)
        made = Snooze(project=project, rule=rule, row_id=row_id, until=until, reason=reason.strip(), by=person)
        return create_record(actor=actor, row=made, reason=reason.strip(), day=day)


def _project_of(rule: str, row: Any) -> Project:
    found: Project = row.project if BY_CODE[rule].project else row
    return found


def _check(rule: str, until: datetime.date, reason: str, day: datetime.date) -> None:
    errors: dict[str, str] = {}
    if rule not in BY_CODE:
        errors["rule"] = _("%(value)s is not a rule.") % {"value": rule[:60]}
    last = day + datetime.timedelta(days=LONGEST_DAYS)
    if not day < until <= last:
        errors["until"] = _("Received %(received)s, expected a day after today and not after %(last)s.") % {
            "received": until.isoformat(),
            "last": last.isoformat(),
        }
    if len(reason.strip()) < 3:
        errors["reason"] = _("Say why it can wait.")
    if errors:
        raise ValidationError(errors)
