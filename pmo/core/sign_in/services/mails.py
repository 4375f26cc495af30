"""Mails about accounts: queued in the outbox with a sealed link, written at the moment they are sent."""

from __future__ import annotations

import uuid
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo.core.messages.letters import Note, register_note
from pmo.core.messages.models import Channel, MessageDelivery
from pmo.core.messages.preferences import address_of
from pmo.core.messages.sealing import CannotOpen, open_sealed, seal
from pmo.core.sign_in.models import Invite

RESET = "account.reset"
INVITE = "account.invite"


def declare() -> None:
    """Make the two mails known to the outbox."""
    register_note(RESET, _reset_note)
    register_note(INVITE, _invite_note)


def _queue(event: str, path: str, **values: Any) -> None:
    now = timezone.now()
    payload = {"path": seal(path), **values.pop("payload", {})}
    MessageDelivery.objects.create(
        channel=Channel.EMAIL,
        once=f"{event}:{uuid.uuid4().hex}",
        event=event,
        payload=payload,
        next_at=now,
        created_at=now,
        **values,
    )


def queue_reset(user: Any) -> None:
    """A link that sets another password, once."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("password-reset", kwargs={"uid": uid, "token": default_token_generator.make_token(user)})
    _queue(RESET, path, user=user)


def queue_invite(invite: Invite, token: str) -> None:
    """A link that makes an account, once."""
    _queue(INVITE, reverse("invite-accept", kwargs={"token": token}), payload={"invite": invite.pk})


def _link(row: MessageDelivery) -> str | None:
    """The address of the link; None where it cannot be read any more."""
    try:
        return settings.PUBLIC_URL + open_sealed(row.payload["path"])
    except CannotOpen:
        return None


def _reset_note(row: MessageDelivery) -> Note | str:
    user, link = row.user, _link(row)
    if user is None or not user.is_active or not address_of(user) or link is None:
        return "no reader"
    with translation.override(user.language):
        minutes = settings.SIGN_IN.reset_minutes
        return Note(
            to=formataddr((str(getattr(user, "person", "") or user.username), address_of(user))),
            language=user.language,
            subject=_("Set a new password"),
            lines=[
                _("Somebody, probably you, asked for a new password for the login %(name)s.") % {"name": user.username},
                ngettext(
                    "The link works once and for %(number)s minute.",
                    "The link works once and for %(number)s minutes.",
                    minutes,
                )
                % {"number": minutes},
                _("If it was not you, do nothing: your password stays as it is."),
            ],
            link=link,
            action=_("Set a new password"),
        )


def _invite_note(row: MessageDelivery) -> Note | str:
    invite = Invite.objects.filter(pk=row.payload.get("invite")).select_related("created_by__person").first()
    link = _link(row)
    if invite is None or invite.accepted_at or invite.revoked_at or link is None:
        return "no longer wanted"
    with translation.override(invite.language):
        inviter = invite.created_by
        who = str(getattr(inviter, "person", "") or inviter) if inviter else _("The PMO")
        days = max((invite.expires_at - invite.created_at).days, 1)
        return Note(
            to=formataddr((invite.name, invite.email)),
            language=invite.language,
            subject=_("You are invited to Bellwether"),
            lines=[
                _("%(name)s invites you to Bellwether, where projects and portfolios are steered.") % {"name": who},
                ngettext(
                    "The link works once and for %(number)s day.", "The link works once and for %(number)s days.", days
                )
                % {"number": days},
            ],
            link=link,
            action=_("Set up your account"),
        )
