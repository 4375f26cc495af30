"""Reading notifications. They belong to their user: no audit."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from pmo.core.messages.models import Notification
from pmo.core.messages.queries import unread


def mark_read(*, user: Any, ids: list[int]) -> int:
    """The user has read these; returns how many were new. Those of others stay as they are."""
    return unread(user).filter(pk__in=ids).update(read_at=timezone.now())


def mark_unread(*, user: Any, pk: int) -> int:
    """Keep one for later."""
    return Notification.objects.filter(user_id=user.pk, pk=pk).update(read_at=None)


def mark_all_read(*, user: Any, event: str = "") -> int:
    """The user has seen all of them, or all of one kind."""
    rows = unread(user)
    if event:
        rows = rows.filter(event=event)
    return rows.update(read_at=timezone.now())


def mark_read_about(*, user: Any, about: models.Model) -> int:
    """The user looked at the row itself: what was told about it is read."""
    rows = unread(user).filter(about_model=about._meta.label_lower, about_id=about.pk)
    return rows.update(read_at=timezone.now())


def forget_about(*, about: models.Model) -> int:
    """Take back what was told of a row, for everybody: it is no longer so."""
    _all, by_model = Notification.objects.filter(about_model=about._meta.label_lower, about_id=about.pk).delete()
    return int(by_model.get("core.Notification", 0))
