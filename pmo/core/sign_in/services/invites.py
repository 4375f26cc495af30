"""Invitations: sent, sent again, revoked, accepted once."""

from __future__ import annotations

import datetime
import hashlib
import re
import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import holds_everywhere
from pmo.core.access.roles import Role
from pmo.core.audit.actor import Actor, actor_of
from pmo.core.audit.services import Act, record
from pmo.core.messages.channels.mail import nobody_receives
from pmo.core.people.models import OrgUnit, Person, RoleGrant, User
from pmo.core.people.services import create_grant, create_person
from pmo.core.records.services import update_record
from pmo.core.sign_in.models import ExternalIdentity, Invite
from pmo.core.sign_in.services import mails

KEEP = "core.user.change"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _until() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=settings.SIGN_IN.invite_days)


def invite(
    *, actor: Actor, email: str, name: str, roles: list[str], unit: OrgUnit | None, language: str
) -> tuple[Invite, str]:
    """Invite somebody, by mail where a mail server is set up; returns the row and the token, which is kept nowhere. Raises ValidationError by field.

    A person with this address who has no login yet is the one who will get it.
    """
    email = email.strip()
    people = list(Person.objects.filter(email__iexact=email).select_related("user")[:2])
    if any(person.user_id for person in people) or User.objects.filter(email__iexact=email).exists():
        raise ValidationError({"email": _("Somebody with this e-mail address has a login already.")})
    if len(people) > 1:
        raise ValidationError({"email": _("Several people have this e-mail address; correct it first.")})
    if _open().filter(email__iexact=email).exists():
        raise ValidationError({"email": _("There is an invitation to this address already: send it again.")})
    token = secrets.token_urlsafe(32)
    row = Invite(
        email=email,
        person=people[0] if people else None,
        name=name,
        roles=sorted(set(roles)),
        unit=unit,
        language=language,
        digest=_digest(token),
        expires_at=_until(),
        created_by=actor.user,
    )
    row.full_clean()
    with transaction.atomic():
        row.save(force_insert=True)
        _send(row, token)
        _audit(actor, row, "invite", {"roles": [None, row.roles], "unit": [None, unit.pk if unit else None]})
    return row, token


def _open() -> Any:
    return Invite.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())


def check_unit(row: Invite) -> None:
    """Roles for a unit are not given where the unit is no longer there. Raises ValidationError."""
    if row.unit is not None and row.unit.deleted_at is not None:
        raise ValidationError(
            _("This invitation is for the unit %(unit)s, which is no longer there. Ask for another invitation."),
            params={"unit": row.unit},
        )


def send_again(*, actor: Actor, row: Invite) -> str:
    """Another link by mail; the earlier one no longer works. Returns the token. Raises ValidationError for one that is over."""
    check_unit(row)
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        rows = Invite.objects.filter(pk=row.pk, accepted_at=None, revoked_at=None)
        if not rows.update(digest=_digest(token), expires_at=_until(), sent=row.sent + 1, created_by=actor.user):
            raise ValidationError(_("This invitation was accepted or revoked."))
        row.refresh_from_db()
        _send(row, token)
        _audit(actor, row, "invite_again", {})
    return token


def _send(row: Invite, token: str) -> None:
    """By mail; where no mail server is set up the link is handed over by whoever invites."""
    if not nobody_receives():
        mails.queue_invite(row, token)


def link(token: str) -> str:
    """The address that the invited person opens, on this site; the site's name is `PUBLIC_URL`."""
    return reverse("invite-accept", kwargs={"token": token})


def revoke(*, actor: Actor, row: Invite) -> None:
    """The link no longer works."""
    with transaction.atomic():
        rows = Invite.objects.filter(pk=row.pk, accepted_at=None, revoked_at=None)
        if rows.update(revoked_at=timezone.now()):
            _audit(actor, row, "revoke", {})


def find(token: str) -> Invite | None:
    """The invitation of a token that still works, and whose sender still may invite."""
    rows = _open().select_related("person", "unit", "created_by__person")
    row: Invite | None = rows.filter(digest=_digest(token)).first()
    sender = row.created_by if row else None
    if row is None or sender is None or not sender.is_active or not holds_everywhere(sender, KEEP):
        return None
    return row


def accept(
    *, row: Invite, name: str, username: str, password: str | None, identity: tuple[str, str] | None = None
) -> User:
    """Make the account of an invitation, with a password or for an identity of another system. Raises ValidationError by field."""
    check_unit(row)
    user = User(username=username, email=row.email, language=row.language)
    if password is not None:
        validate_password(password, user)
    user.set_password(password) if password is not None else user.set_unusable_password()
    user.password_changed_at = timezone.now()
    user.full_clean(exclude=["password"])
    with transaction.atomic():
        taken = Invite.objects.filter(pk=row.pk, digest=row.digest, accepted_at=None, revoked_at=None)
        if not taken.update(accepted_at=timezone.now()):
            raise ValidationError(_("This invitation was used already."))
        user.save(force_insert=True)
        Invite.objects.filter(pk=row.pk).update(user=user)
        actor = actor_of(row.created_by)
        person = _person(actor, row, name, user)
        for role in row.roles:
            held = RoleGrant.objects.filter(person=person, role=role, unit=row.unit).exists()
            if not held:
                create_grant(actor=actor, row=RoleGrant(person=person, role=Role(role), unit=row.unit), reason="invite")
        if identity is not None:
            source, subject = identity
            ExternalIdentity.objects.create(user=user, source=source, subject=subject, last_used_at=timezone.now())
        changes = {"person": [None, person.pk], "invite": [None, row.pk]}
        record(actor=actor_of(user), act=Act("invite_accept", "core.user", user.pk, user.username, changes=changes))
    return user


def _person(actor: Actor, row: Invite, name: str, user: User) -> Person:
    if row.person is not None and row.person.user_id is None:
        update_record(actor=actor, row=row.person, values={"user": user})
        return row.person
    chinese = bool(re.search(r"[㐀-鿿]", name))
    person = Person(
        code=free_code("NEW"),
        name_zh=name if chinese else "",
        name_en="" if chinese else name,
        email=row.email,
        unit=row.unit,
        user=user,
    )
    return create_person(actor=actor, row=person, reason="invite")


def free_code(prefix: str) -> str:
    """A staff number that is not taken; the PMO puts the real one in."""
    number = Person.all_objects.filter(code__startswith=f"{prefix}-").count() + 1
    while Person.all_objects.filter(code=f"{prefix}-{number:04d}").exists():
        number += 1
    return f"{prefix}-{number:04d}"


def _audit(actor: Actor, row: Invite, act: str, changes: dict[str, Any]) -> None:
    record(actor=actor, act=Act(act, "core.invite", row.pk, row.email, changes=changes))
