"""Deliverables: submitted by the project, accepted or rejected by somebody else."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from pmo.core.records.services import create_record, update_record
from projects.models import Deliverable
from projects.services.acting import acting_person

State = Deliverable.State
BY_FORM = (State.PLANNED, State.DOING)


def create_deliverable(*, actor: Actor, row: Deliverable, reason: str = "") -> Deliverable:
    """Save a new deliverable, planned or in progress."""
    if row.state not in BY_FORM:
        raise ValidationError({"state": _("A new deliverable is planned or in progress.")})
    return create_record(actor=actor, row=row, reason=reason)


def update_deliverable(
    *, actor: Actor, row: Deliverable, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> Deliverable:
    """Change a deliverable. Handing over and acceptance are acts of their own, and an accepted one keeps its text."""
    new = values.get("state", row.state)
    if new != row.state and (new not in BY_FORM or row.state == State.ACCEPTED):
        raise ValidationError({"state": _("Submit, accept or reject it on its page, under Acceptance.")})
    if row.state == State.ACCEPTED and _differs(row, values):
        raise ValidationError(_("An accepted deliverable is on file: only its open defects can still change."))
    return update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)


def _differs(row: Deliverable, values: dict[str, Any]) -> bool:
    return any(name != "open_defects" and getattr(row, name) != value for name, value in values.items())


def submit_deliverable(*, actor: Actor, row: Deliverable, day: datetime.date | None = None) -> Deliverable:
    """Hand it over for acceptance. Raises ValidationError without acceptance criteria."""
    if row.state in {State.SUBMITTED, State.ACCEPTED}:
        raise ValidationError(_("This deliverable has been submitted already."))
    if not row.criteria.strip():
        raise ValidationError(_("Write down the acceptance criteria before you submit it."))
    today = day or org_today()
    values = {"state": State.SUBMITTED, "submitted_on": today, "verdict_note": ""}
    return update_record(actor=actor, row=row, values=values, action="submit", day=today)


def accept_deliverable(
    *, actor: Actor, row: Deliverable, open_defects: int, note: str = "", day: datetime.date | None = None
) -> Deliverable:
    """Accept what was submitted. Raises ValidationError for the owner, and for open defects nobody explains."""
    person = acting_person(actor)
    _check_waiting(row)
    if person.pk == row.owner_id:
        raise ValidationError(_("Owners do not accept their own deliverable."))
    if open_defects > 0 and not note.strip():
        raise ValidationError(_("Say by when the open defects will be gone."))
    today = day or org_today()
    values = {
        "state": State.ACCEPTED,
        "accepted_on": today,
        "accepted_by": person,
        "open_defects": open_defects,
        "verdict_note": note.strip(),
    }
    return update_record(actor=actor, row=row, values=values, action="accept", day=today)


def reject_deliverable(
    *, actor: Actor, row: Deliverable, open_defects: int, note: str, day: datetime.date | None = None
) -> Deliverable:
    """Send it back with what is wrong."""
    acting_person(actor)
    _check_waiting(row)
    if not note.strip():
        raise ValidationError(_("Say what has to change before it is accepted."))
    values = {"state": State.REJECTED, "open_defects": open_defects, "verdict_note": note.strip()}
    return update_record(actor=actor, row=row, values=values, action="reject", day=day or org_today())


def _check_waiting(row: Deliverable) -> None:
    if row.state != State.SUBMITTED:
        raise ValidationError(_("Only a submitted deliverable is accepted or rejected."))
