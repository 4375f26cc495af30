"""Signed links that work without a sign-in: leaving a mail behind with one click."""

from __future__ import annotations

from django.core import signing

_SALT = "bellwether.messages.unsubscribe"


def unsubscribe_token(user_id: int, event: str) -> str:
    """A token that switches mail about an event (or "*", the digest) off for a user; it does nothing else and never expires."""
    return signing.dumps([user_id, event], salt=_SALT)


def read_unsubscribe(token: str) -> tuple[int, str] | None:
    """The user's id and the event of a token; None where it was not signed here."""
    try:
        user_id, event = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(user_id), str(event)
