"""Handing over one's reports while away, and taking them back."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import holds_everywhere
from pmo.core.access.grants import grants_of
from pmo.core.audit.actor import Actor
from pmo.core.people.models import Person, User
from pmo.core.records.services import create_record, delete_record, update_record
from portfolio.models import ReportDelegation

ANYBODY = "portfolio.reportdelegation.change"


def create_delegation(*, actor: Actor, row: ReportDelegation, reason: str = "") -> ReportDelegation:
    """Hand over. A project manager hands over their own reports, the PMO anybody's. Raises ValidationError by field."""
    _check_own(actor, row.from_person_id)
    _check_signs_in(row.to_person)
    _check_overlap(row)
    return create_record(actor=actor, row=row, reason=reason)


def update_delegation(
    *,
    actor: Actor,
    row: ReportDelegation,
    values: dict[str, Any],
    expected_version: int | None = None,
    reason: str = "",
) -> ReportDelegation:
    """Change dates, delegate or reason."""
    giver = values.get("from_person", row.from_person)
    _check_own(actor, giver.pk if giver is not None else None)
    candidate = ReportDelegation(
        pk=row.pk,
        from_person=giver,
        to_person=values.get("to_person", row.to_person),
        project=values.get("project", row.project),
        starts_on=values.get("starts_on", row.starts_on),
        ends_on=values.get("ends_on", row.ends_on),
    )
    if candidate.to_person != row.to_person:
        _check_signs_in(candidate.to_person)
    _check_overlap(candidate)
    return update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)


def end_delegation(*, actor: Actor, row: ReportDelegation, day: datetime.date) -> None:
    """The project manager is back on the day: the delegation ends the day before; one that begins no earlier goes to the trash.

    Raises ValidationError for one that is over.
    """
    _check_own(actor, row.from_person_id)
    if row.ends_on < day:
        raise ValidationError(_("This delegation is over already."))
    if row.starts_on >= day:
        delete_record(actor=actor, row=row, expected_version=row.version)
    else:
        update_record(actor=actor, row=row, values={"ends_on": day - datetime.timedelta(days=1)}, action="end")


def _check_own(actor: Actor, from_person_id: int | None) -> None:
    if actor.is_system or holds_everywhere(actor.user, ANYBODY):
        return
    if from_person_id != grants_of(actor.user).person_id:
        raise ValidationError({"from_person": _("You can hand over your own reports only; ask the PMO for others.")})


def _check_signs_in(person: Person | None) -> None:
    """Who has no account could not open a report."""
    if person is not None and not User.objects.filter(person=person, is_active=True).exists():
        raise ValidationError({"to_person": _("%(person)s has no account to sign in with.") % {"person": person}})


def _check_overlap(row: ReportDelegation) -> None:
    """One delegate for a project and day; a row for a single project may stand beside one for all."""
    if None in (row.from_person_id, row.starts_on, row.ends_on):
        return
    same = Q(project_id=row.project_id) if row.project_id else Q(project__isnull=True)
    rivals = ReportDelegation.objects.filter(
        same, from_person_id=row.from_person_id, starts_on__lte=row.ends_on, ends_on__gte=row.starts_on
    ).exclude(pk=row.pk)
    rival = rivals.select_related("to_person").first()
    if rival is not None:
        raise ValidationError(
            {
                "starts_on": _("%(person)s stands in from %(first)s until %(last)s already.")
                % {"person": rival.to_person, "first": rival.starts_on, "last": rival.ends_on}
            }
        )
