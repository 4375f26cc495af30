"""Proposing and committing people. A project proposes; the resource manager of the person's unit, or the PMO, commits."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import can
from pmo.core.audit.actor import Actor
from pmo.core.people.models import Person
from pmo.core.records.services import create_record, delete_record, restore_record, update_record
from resources.access import commits_for
from resources.models import Allocation


def create_allocation(*, actor: Actor, row: Allocation, reason: str = "") -> Allocation:
    """Add an allocation. Who does not decide about the person may only propose; raises ValidationError by field."""
    if not _decides(actor, row.person) and row.state != Allocation.State.PROPOSED:
        raise _refusal("state", row.person)
    return create_record(actor=actor, row=row, reason=reason)


def update_allocation(
    *, actor: Actor, row: Allocation, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> Allocation:
    """Change an allocation.

    Who decides about the person changes everything of it; the project manager changes and withdraws what is proposed.
    Raises ValidationError by field, StaleRecord.
    """
    person = values.get("person") or row.person
    state = values.get("state", row.state)
    if not (_decides(actor, row.person) and _decides(actor, person)):
        if row.state == Allocation.State.COMMITTED:
            raise _refusal("state", row.person)
        if state == Allocation.State.COMMITTED:
            raise _refusal("state", person)
        if not _keeps_project(actor, row):
            raise _refusal("person", person)
    return update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)


def delete_allocation(*, actor: Actor, row: Allocation, expected_version: int | None = None, reason: str = "") -> None:
    """Move an allocation to the trash; a committed one only by who decides about the person."""
    _check_removal(actor, row)
    delete_record(actor=actor, row=row, expected_version=expected_version, reason=reason)


def restore_allocation(*, actor: Actor, row: Allocation, reason: str = "") -> None:
    """Take an allocation out of the trash, with the rule of making it anew."""
    _check_removal(actor, row)
    restore_record(actor=actor, row=row, reason=reason)


def _check_removal(actor: Actor, row: Allocation) -> None:
    if _decides(actor, row.person):
        return
    if row.state == Allocation.State.COMMITTED:
        raise ValidationError(_refusal("state", row.person).messages)
    if not _keeps_project(actor, row):
        raise ValidationError(_refusal("person", row.person).messages)


def _decides(actor: Actor, person: Person) -> bool:
    return actor.is_system or commits_for(actor.user, person.unit_id)


def _keeps_project(actor: Actor, row: Allocation) -> bool:
    """Whether the actor manages the project itself, so that its proposals are his."""
    return actor.is_system or bool(can(actor.user, "projects.project.change", row.project))


def _refusal(field: str, person: Person) -> ValidationError:
    """Who commits, so that the reader knows whom to ask."""
    text = _(
        "Only the resource manager of %(unit)s or the PMO commits %(person)s or changes what is committed. "
        "You may propose; they decide."
    )
    return ValidationError({field: text % {"unit": person.unit or _("the person's unit"), "person": person}})
