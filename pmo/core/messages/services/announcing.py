"""Telling webhooks and chat groups: one delivery for each that asked for the event."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from pmo.core.audit.actor import Actor
from pmo.core.features.api import off_keys
from pmo.core.features.declaration import CHATS, WEBHOOKS
from pmo.core.messages.events import EventKind
from pmo.core.messages.models import Channel, ChatGroup, MessageDelivery, Webhook
from pmo.core.messages.packing import each_language, outside, unpack_all
from pmo.core.messages.scopes import holds


def announce_packed(
    *,
    kind: EventKind,
    params: dict[str, Any],
    url: str,
    about: models.Model | None,
    key: str,
    actor: Actor | None = None,
    only_scoped: bool = False,
) -> int:
    """Write the deliveries for every webhook and chat group that wants the event; returns how many. In the caller's transaction."""
    if kind.internal:
        return 0
    model = "" if about is None else str(about._meta.label_lower)
    pk = None if about is None else about.pk
    told = _living(only_scoped)
    hooks = [row for row in told[Webhook] if wants(row.events, kind.key)]
    groups = [
        row
        for row in told[ChatGroup]
        if wants(row.events, kind.key)
        and (row.scope_kind or not only_scoped)
        and holds(row.scope_kind, row.scope_id, model, pk)
    ]
    if not hooks and not groups:
        return 0
    payload = {
        "event": kind.key,
        "at": timezone.now().isoformat(),
        "label": outside(each_language(lambda: str(kind.label))),
        "text": outside(each_language(lambda: str(kind.sentence) % unpack_all(params))),
        "params": {name: outside(value) for name, value in params.items()},
        "url": absolute(url),
        "about": {"model": model, "id": pk} if about is not None else None,
        "actor": "" if actor is None else actor.name,
    }
    asked: list[Webhook | ChatGroup] = [*hooks, *groups]
    rows = [_delivery(row, kind.key, key, payload) for row in asked]
    MessageDelivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _living(only_scoped: bool) -> dict[Any, list[Any]]:
    """Webhooks and groups that are active, none of a kind that is switched off in this installation."""
    hooks = [] if only_scoped else list(Webhook.objects.filter(active=True))
    groups = list(ChatGroup.objects.filter(active=True))
    off = off_keys() if hooks or groups else frozenset()
    return {Webhook: [] if WEBHOOKS in off else hooks, ChatGroup: [] if CHATS in off else groups}


def _delivery(row: Webhook | ChatGroup, event: str, key: str, payload: dict[str, Any]) -> MessageDelivery:
    now = timezone.now()
    channel = Channel.WEBHOOK if isinstance(row, Webhook) else Channel.CHAT
    return MessageDelivery(
        channel=channel,
        once=f"{channel.value}:{row.pk}:{event}:{key}",
        event=event,
        webhook=row if isinstance(row, Webhook) else None,
        chat=row if isinstance(row, ChatGroup) else None,
        payload=payload,
        next_at=now,
        created_at=now,
    )


def wants(events: list[str], key: str) -> bool:
    """Whether a list of chosen events has this one; an empty list has all."""
    return not events or key in events


def absolute(url: str) -> str:
    """The address for somebody outside the site; "" stays ""."""
    return f"{settings.PUBLIC_URL}{url}" if url else ""
