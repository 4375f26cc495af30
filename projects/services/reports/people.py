"""The person behind an actor, where there is one."""

from __future__ import annotations

from django.utils.translation import gettext as _

from pmo.core.access.grants import grants_of
from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from pmo.core.people.models import Person
from projects.queries.reporting_cycle import on_behalf_of


def person_id(actor: Actor) -> int | None:
    """The id of the actor's person; None for the system and for logins without one."""
    return None if actor.is_system else grants_of(actor.user).person_id


def person_of(actor: Actor) -> Person | None:
    """The actor's person."""
    pk = person_id(actor)
    found: Person | None = Person.objects.filter(pk=pk).first() if pk else None
    return found


def reason_of(actor: Actor, project_id: int, reason: str = "") -> str:
    """The reason as the audit trail keeps it: with the name of the project manager for whom a delegate acts."""
    name = "" if actor.is_system else on_behalf_of(actor.user, project_id, org_today())
    if not name:
        return reason
    told = _("On behalf of %(person)s") % {"person": name}
    return f"{reason} ({told})" if reason else told
