"""Keeping webhooks: the PMO administrator's business, each change with an audit entry, secrets never in it."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, record
from pmo.core.messages.events import all_events
from pmo.core.messages.models import Channel, ChatGroup, MessageDelivery, Webhook
from pmo.core.messages.safe_http import UnsafeAddress, check_url
from pmo.core.messages.sealing import seal
from pmo.core.messages.signing import new_secret

TEST = "test"
Receiver = Webhook | ChatGroup


def create_webhook(*, actor: Actor, name: str, url: str, events: list[str]) -> tuple[Webhook, str]:
    """A new webhook and its secret, which is shown this once. Raises ValidationError by field."""
    secret = new_secret()
    row = Webhook(
        name=name.strip(), url=url.strip(), events=checked_events(events), secret=seal(secret), created_by=actor.user
    )
    _check(row)
    with transaction.atomic():
        row.save(force_insert=True)
        audit(actor, row, "create", {"name": [None, row.name], "url": [None, row.url], "events": [None, row.events]})
    return row, secret


def update_webhook(*, actor: Actor, row: Webhook, name: str, url: str, events: list[str]) -> Webhook:
    """Change name, address, events. Raises ValidationError by field."""
    old = {"name": row.name, "url": row.url, "events": row.events}
    row.name, row.url, row.events = name.strip(), url.strip(), checked_events(events)
    _check(row)
    save_changed(actor, row, old)
    return row


def new_webhook_secret(*, actor: Actor, row: Webhook) -> str:
    """Another secret, shown this once; the old one is of no use from now on."""
    secret = new_secret()
    with transaction.atomic():
        Webhook.objects.filter(pk=row.pk).update(secret=seal(secret), version=F("version") + 1)
        audit(actor, row, "new secret", {})
    return secret


def switch(*, actor: Actor, row: Receiver, active: bool) -> bool:
    """Switch a receiver on (its failures are forgotten) or off; False where it is so already."""
    rows: Any = type(row).objects.filter(pk=row.pk, active=not active)
    with transaction.atomic():
        disabled = None if active else timezone.now()
        if not rows.update(active=active, failures=0, disabled_at=disabled, version=F("version") + 1):
            return False
        audit(actor, row, "switch on" if active else "switch off", {"active": [not active, active]})
    return True


def delete_receiver(*, actor: Actor, row: Receiver) -> None:
    """Remove a webhook or chat group with the log of its deliveries."""
    with transaction.atomic():
        audit(actor, row, "delete", {"name": [row.name, None]})
        row.delete()


def send_test(*, actor: Actor, row: Receiver) -> MessageDelivery:
    """Queue a delivery that says that it is a test."""
    from pmo.core.messages.packing import each_language, outside

    now = timezone.now()
    text = outside(each_language(lambda: str(_("This is a test from Bellwether."))))
    payload = {
        "event": TEST,
        "at": now.isoformat(),
        "label": text,
        "text": text,
        "params": {},
        "url": "",
        "about": None,
        "actor": actor.name,
    }
    return _queue(actor, row, TEST, payload, "test")


def redeliver(*, actor: Actor, delivery: MessageDelivery) -> MessageDelivery:
    """Queue the same content again as a delivery of its own. Raises ValidationError while the first is still on its way."""
    row = delivery.webhook or delivery.chat
    if row is None or delivery.state in {MessageDelivery.State.WAITING, MessageDelivery.State.SENDING}:
        raise ValidationError(_("This delivery is still on its way."))
    return _queue(actor, row, delivery.event, delivery.payload, "redeliver")


def _queue(actor: Actor, row: Receiver, event: str, payload: dict[str, Any], act: str) -> MessageDelivery:
    now, is_hook = timezone.now(), isinstance(row, Webhook)
    with transaction.atomic():
        made = MessageDelivery.objects.create(
            channel=Channel.WEBHOOK if is_hook else Channel.CHAT,
            once=f"{act}:{uuid.uuid4()}",
            event=event,
            webhook=row if isinstance(row, Webhook) else None,
            chat=row if isinstance(row, ChatGroup) else None,
            payload=payload,
            next_at=now,
            created_at=now,
        )
        audit(actor, row, act, {"event": [None, event]})
    return made


def save_changed(actor: Actor, row: Receiver, old: dict[str, Any]) -> None:
    """Write the fields that differ from `old`, with an audit entry; nothing where none does."""
    changes = {name: [value, getattr(row, name)] for name, value in old.items() if value != getattr(row, name)}
    if not changes:
        return
    with transaction.atomic():
        rows: Any = type(row).objects.filter(pk=row.pk)
        rows.update(**{name: getattr(row, name) for name in changes}, version=F("version") + 1)
        audit(actor, row, "update", changes)


def audit(actor: Actor, row: Receiver, action: str, changes: dict[str, Any]) -> None:
    """An entry for what a user did with a receiver."""
    record(actor=actor, act=Act(action, row._meta.label_lower, row.pk, str(row), changes=changes))


def _check(row: Webhook) -> None:
    row.full_clean()
    try:
        check_url(row.url)
    except UnsafeAddress as error:
        raise ValidationError({"url": error.message}) from error


def checked_events(events: list[str]) -> list[str]:
    """The chosen events, sorted; none chosen means all. Raises ValidationError for unknown ones."""
    known = {kind.key for kind in all_events() if not kind.internal}
    if set(events) - known:
        raise ValidationError({"events": _("There is no such kind of event.")})
    return sorted(set(events))
