"""The person behind an actor."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pmo.core.access.grants import grants_of
from pmo.core.audit.actor import Actor
from pmo.core.people.models import Person


def acting_person(actor: Actor) -> Person:
    """The person who signs, accepts or approves. Raises ValidationError for a login that belongs to no person."""
    pk = None if actor.is_system else grants_of(actor.user).person_id
    person = Person.objects.filter(pk=pk).first() if pk else None
    if person is None:
        raise ValidationError(_("Your login belongs to no person; ask the PMO to link it before you sign."))
    found: Person = person
    return found
