"""Issues, actions and decisions: written like every record, and told to those they are put into the hands of."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from pmo.core.records.services import create_record, update_record
from projects.models import Action, Decision, Issue
from projects.services.telling import tell_assigned, tell_decided, tell_decision_needed

ANSWERS = (Decision.State.DECIDED, Decision.State.DEFERRED, Decision.State.WITHDRAWN)

_REGISTERS = {Issue: "issues", Action: "actions"}


@transaction.atomic
def create_owned(*, actor: Actor, row: Any, reason: str = "") -> Any:
    """Save a new issue or action and tell its owner."""
    saved = create_record(actor=actor, row=row, reason=reason)
    _tell_owner(actor, saved)
    return saved


@transaction.atomic
def update_owned(
    *, actor: Actor, row: Any, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> Any:
    """Change an issue or action and tell a new owner."""
    before = row.owner_id
    saved = update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)
    if saved.owner_id != before:
        _tell_owner(actor, saved)
    return saved


def _tell_owner(actor: Actor, row: Any) -> None:
    if row.owner is not None:
        tell_assigned(actor=actor, row=row, register=_REGISTERS[type(row)], owner=row.owner)


@transaction.atomic
def create_decision(*, actor: Actor, row: Decision, reason: str = "") -> Decision:
    """Save a decision that is needed and tell its maker."""
    saved = create_record(actor=actor, row=row, reason=reason)
    if saved.state == Decision.State.OPEN:
        tell_decision_needed(actor=actor, row=saved)
    return saved


@transaction.atomic
def update_decision(
    *, actor: Actor, row: Decision, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> Decision:
    """Change a decision; a new maker is told that it is needed, the project that it was taken.

    Raises ValidationError by field for a decision closed without a word of what was decided; the day is today unless given.
    """
    maker, state = row.decider_id, row.state
    values = _answered(row, values)
    saved = update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)
    if saved.state == Decision.State.OPEN and saved.decider_id != maker:
        tell_decision_needed(actor=actor, row=saved)
    elif saved.state in {Decision.State.DECIDED, Decision.State.DEFERRED} and saved.state != state:
        tell_decided(actor=actor, row=saved)
    return saved


def _answered(row: Decision, values: dict[str, Any]) -> dict[str, Any]:
    """The values with the day of the answer. A decision kept elsewhere and imported without its words may be edited further."""
    state, outcome = values.get("state", row.state), str(values.get("outcome", row.outcome)).strip()
    if state not in ANSWERS:
        return values
    if not outcome and (state != row.state or row.outcome.strip()):
        raise ValidationError({"outcome": _("Write down what was decided and why.")})
    if state != row.state and values.get("decided_on", row.decided_on) is None:
        return {**values, "decided_on": org_today()}
    return values
