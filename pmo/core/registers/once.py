"""A form sent twice makes one row: the form carries a token, and the token is kept with the row it made."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from pmo.core.registers.models import IdempotencyKey

FIELD = "form_token"
_KEPT = datetime.timedelta(days=7)
_LONGEST = 64


def new_token() -> str:
    """A token for an empty form."""
    return secrets.token_urlsafe(16)


def sent_token(sent: Any) -> str:
    """The token that came with a form, "" for none that could be one."""
    text = str(sent.get(FIELD, ""))
    return text if len(text) <= _LONGEST and text.isascii() and text.isprintable() else ""


def once(*, user: Any, token: str, purpose: str, work: Callable[[], Any]) -> Any:
    """The row that `work` makes; None where it makes none, or where the same form made one before (see `made_before`).

    Without a token the work just runs. Token and row commit together; a second request meanwhile waits for the first. What made nothing leaves the token free.
    """
    if not token:
        return work()
    with transaction.atomic():
        claimed = _claim(user, f"form:{token}", purpose)
        if claimed is None:
            return None
        row = work()
        if row is None:
            claimed.delete()
        else:
            IdempotencyKey.objects.filter(pk=claimed.pk).update(status=201, body={"row": row.pk})
    return row


def made_before(*, user: Any, token: str, purpose: str) -> int | None:
    """The id of the row that a form with this token made, None where it made none."""
    if not token:
        return None
    kept = IdempotencyKey.objects.filter(user=user, key=f"form:{token}", fingerprint=purpose).first()
    body: Any = kept.body if kept is not None else None
    return int(body["row"]) if body else None


def _claim(user: Any, key: str, purpose: str) -> IdempotencyKey | None:
    IdempotencyKey.objects.filter(user=user, created_at__lt=timezone.now() - _KEPT).delete()
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.create(user=user, key=key, fingerprint=purpose)
    except IntegrityError:
        return None
