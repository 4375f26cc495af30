"""Taking a decision in one step: what was decided, with the reason."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from projects.models import Decision
from projects.services.ridac import ANSWERS, update_decision


def decide(*, actor: Actor, row: Decision, state: str, outcome: str, expected_version: int | None = None) -> Decision:
    """Close a pending decision. Raises ValidationError by field for another state, an empty reason, or one that is closed."""
    if row.state != Decision.State.OPEN:
        raise ValidationError({"state": _("This decision is no longer pending.")})
    if state not in ANSWERS:
        raise ValidationError({"state": _("Choose decided, deferred or withdrawn.")})
    values = {"state": state, "outcome": outcome.strip(), "decided_on": org_today()}
    return update_decision(
        actor=actor, row=row, values=values, expected_version=expected_version, reason=outcome.strip()[:300]
    )
