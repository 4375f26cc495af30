"""The person behind an actor, where there is one."""

from __future__ import annotations

from pmo.core.access.grants import grants_of
from pmo.core.audit.actor import Actor
from pmo.core.people.models import Person


def person_id(actor: Actor) -> int | None:
    """The id of the actor's person; None for the system and for logins without one."""
    return None if actor.is_system else grants_of(actor.user).person_id


def person_of(actor: Actor) -> Person | None:
    """The actor's person."""
    pk = person_id(actor)
    found: Person | None = Person.objects.filter(pk=pk).first() if pk else None
    return found
