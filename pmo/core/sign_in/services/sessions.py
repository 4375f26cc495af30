"""Ending sessions: one, or all but one."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, record
from pmo.core.sign_in.models import Session


def end_session(*, actor: Actor, row: Session) -> None:
    """End one session at once."""
    with transaction.atomic():
        user = row.user
        Session.objects.filter(pk=row.pk).delete()
        changes = {"device": [row.device, None], "address": [row.address, None]}
        record(
            actor=actor,
            act=Act("session_end", "core.user", row.user_id, user.username if user else "", changes=changes),
        )


def end_sessions(*, actor: Actor, user: Any, but: str | None = None, audited: bool = True) -> int:
    """End the user's sessions, all but the one with the key `but`; returns how many."""
    with transaction.atomic():
        rows = Session.objects.filter(user_id=user.pk)
        ended: int = (rows.exclude(pk=but) if but else rows).delete()[0]
        if ended and audited:
            changes = {"sessions": [ended, None]}
            record(actor=actor, act=Act("session_end", "core.user", user.pk, user.get_username(), changes=changes))
    return ended
