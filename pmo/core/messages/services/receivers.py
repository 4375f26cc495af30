"""What an outcome means for the webhook or chat group: a good one forgets failures, too many in a row switch it off."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.services import Act, record
from pmo.core.messages.channels.outcome import End, Outcome
from pmo.core.messages.models import ChatGroup, MessageDelivery, Webhook
from pmo.core.messages.queries import holders_of
from pmo.core.messages.services.notifying import notify

PERMISSION = "core.webhook.change"


def note_outcome(row: MessageDelivery, outcome: Outcome) -> None:
    """Count failures of the receiver; let its other deliveries wait as long as this one."""
    target = row.webhook or row.chat
    if target is None or outcome.end is End.DROPPED:
        return
    rows: Any = type(target).objects.filter(pk=target.pk)
    if outcome.end is End.SENT:
        rows.exclude(failures=0).update(failures=0)
        return
    rows.update(failures=F("failures") + 1)
    _let_others_wait(row)
    if outcome.status == 410:
        switch_off(target, "gone")
    elif rows.filter(failures__gte=settings.WEBHOOK_MAX_FAILURES).exists():
        switch_off(target, "failures")


def _let_others_wait(row: MessageDelivery) -> None:
    """An address that just failed is not asked again at once for everything else that is waiting."""
    again = MessageDelivery.objects.filter(pk=row.pk).values_list("next_at", flat=True).first()
    mine = Q(webhook=row.webhook) if row.webhook is not None else Q(chat=row.chat)
    others = MessageDelivery.objects.filter(mine, state=MessageDelivery.State.WAITING, next_at__lt=again)
    others.update(next_at=again)


@transaction.atomic
def switch_off(target: Webhook | ChatGroup, reason: str) -> bool:
    """Stop telling the receiver, and tell those who look after it; False where it was off already."""
    rows: Any = type(target).objects.filter(pk=target.pk, active=True)
    if not rows.update(active=False, disabled_at=timezone.now(), version=F("version") + 1):
        return False
    target.refresh_from_db()
    label = target._meta.label_lower
    record(
        actor=SYSTEM,
        act=Act("switch off", label, target.pk, str(target), changes={"active": [True, False]}, reason=reason),
    )
    notify(
        event="channel.disabled",
        recipients=holders_of(PERMISSION),
        params={"name": target.name, "count": target.failures},
        url=reverse("webhook" if isinstance(target, Webhook) else "chat-group", args=[target.pk]),
    )
    return True
