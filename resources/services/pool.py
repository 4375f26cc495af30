"""Keeping people of the pool with their skills and certificates: only within the units somebody keeps."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import can
from pmo.core.audit.actor import Actor
from pmo.core.records.services import update_record


def update_of_person(
    *, actor: Actor, row: Any, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> Any:
    """Change a row that belongs to a person. Raises ValidationError where it moves to somebody the actor does not keep."""
    person = values.get("person")
    if person is not None and person.pk != row.person_id and not actor.is_system:
        decision = can(actor.user, "add", type(row)(person=person))
        if not decision:
            raise ValidationError({"person": _("You may not add rows there. %(reason)s") % {"reason": decision.reason}})
    return update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)
