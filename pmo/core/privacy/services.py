"""Asking for an export or an erasure, and deciding about it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, record
from pmo.core.jobs.api import Job, enqueue
from pmo.core.people.models import Person
from pmo.core.privacy.jobs import ERASE, EXPORT
from pmo.core.privacy.models import PersonErasure
from pmo.core.privacy.subjects import subject_of_user

# To export somebody else's data and to erase a person; the PMO administrator holds it.
ERASE_PEOPLE = "core.personerasure.add"


_LIVE = (Job.State.QUEUED, Job.State.RUNNING)


def start_own_export(*, actor: Actor) -> Job:
    """Begin the export of what the actor may have of their own data; the one under way where there is one."""
    subject = subject_of_user(actor.user)
    params = {"person": subject.person.pk} if subject.person else {"user": actor.user.pk}
    return _start(actor, params, f"{EXPORT}:own:{actor.user.pk}")


def start_export(*, actor: Actor, person: Person) -> Job:
    """Begin the export of everything kept about a person, texts that name them too; the one under way where there is one."""
    params = {"person": person.pk, "mentions": True}
    return _start(actor, params, f"{EXPORT}:{person.pk}:{actor.user.pk if actor.user else 0}")


def _start(actor: Actor, params: dict[str, Any], key: str) -> Job:
    """One export at a time for a person and who asks; a finished one makes room for the next."""
    with transaction.atomic():
        Job.objects.filter(unique_key=key).exclude(state__in=_LIVE).update(unique_key=None)
        return enqueue(kind=EXPORT, params=params, actor=actor, unique_key=key)


def open_erasure(person: Person) -> PersonErasure | None:
    """The erasure that waits for its second step, or is being done."""
    states = [PersonErasure.State.ASKED, PersonErasure.State.CONFIRMED]
    return PersonErasure.objects.filter(person=person, state__in=states).first()


def takes_second_step(erasure: PersonErasure) -> bool:
    """Whether the erasure can be confirmed or withdrawn: it waits, or its job was stopped or failed and changed nothing."""
    if erasure.state == PersonErasure.State.ASKED:
        return True
    working = Job.objects.filter(kind=ERASE, params__erasure=erasure.pk, state__in=_LIVE)
    return erasure.state == PersonErasure.State.CONFIRMED and not working.exists()


def ask_erasure(*, actor: Actor, person: Person, reason: str) -> PersonErasure:
    """The first step. Raises ValidationError: no reason, one's own row, erased or asked for already."""
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason; it is kept with the erasure.")})
    if actor.user is not None and person.user_id == actor.user.pk:
        raise ValidationError(_("You cannot erase yourself."))
    if PersonErasure.objects.filter(person=person, state=PersonErasure.State.DONE).exists():
        raise ValidationError(_("This person is erased already."))
    if open_erasure(person) is not None:
        raise ValidationError(_("The erasure of this person is under way."))
    with transaction.atomic():
        row = PersonErasure.objects.create(
            person=person, reason=reason.strip()[:500], asked_by=actor.user, asked_at=timezone.now()
        )
        _note(actor, "privacy.ask", row)
    return row


def confirm_erasure(*, actor: Actor, erasure: PersonErasure, typed: str) -> Job:
    """The second step: the staff number typed; again where its job ended without erasing. Raises ValidationError on `typed`."""
    if typed.strip() != erasure.person.code:
        raise ValidationError({"typed": _("That is not the staff number of this person.")})
    with transaction.atomic():
        if not _moved(erasure, PersonErasure.State.CONFIRMED):
            raise ValidationError(_("The erasure of this person is under way."))
        key = f"{ERASE}:{erasure.pk}"
        Job.objects.filter(unique_key=key).exclude(state__in=_LIVE).update(unique_key=None)
        return enqueue(kind=ERASE, params={"erasure": erasure.pk}, actor=actor, unique_key=key)


def drop_erasure(*, actor: Actor, erasure: PersonErasure) -> bool:
    """Withdraw an erasure before its second step, or after its job ended without erasing; False where it is too late."""
    with transaction.atomic():
        if not _moved(erasure, PersonErasure.State.DROPPED):
            return False
        _note(actor, "privacy.drop", erasure)
    return True


def _moved(erasure: PersonErasure, state: str) -> bool:
    """Give the erasure the state unless it is being done, done or withdrawn."""
    row = PersonErasure.objects.select_for_update().get(pk=erasure.pk)
    if not takes_second_step(row):
        return False
    PersonErasure.objects.filter(pk=row.pk).update(state=state)
    return True


def _note(actor: Actor, action: str, row: Any) -> None:
    act = Act(action, Person._meta.label_lower, row.person_id, str(row.person), reason=row.reason)
    record(actor=actor, act=act)
