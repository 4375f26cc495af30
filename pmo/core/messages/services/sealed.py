"""Sealing the receivers' secrets anew, so that an earlier SECRET_KEY can be dropped."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from pmo.core.audit.actor import Actor
from pmo.core.messages.models import ChatGroup, Webhook
from pmo.core.messages.sealing import CannotOpen, resealed
from pmo.core.messages.services.webhooks import audit

_SEALED: tuple[tuple[Any, str], ...] = ((Webhook, "secret"), (ChatGroup, "address"))


def reseal_all(*, actor: Actor) -> tuple[int, list[str]]:
    """Seal every secret that still opens with the present key; returns how many, and the names of those to be entered again.

    A secret that was changed meanwhile is left as it is: it is under the present key already.
    """
    done, lost = 0, []
    with transaction.atomic():
        for model, field in _SEALED:
            for row in model.objects.order_by("pk"):
                old = getattr(row, field)
                try:
                    new = resealed(old)
                except CannotOpen:
                    lost.append(row.name)
                    continue
                if model.objects.filter(pk=row.pk, **{field: old}).update(**{field: new}):
                    audit(actor, row, "reseal", {})
                    done += 1
    return done, lost
