"""What an outcome means for the webhook or chat group: a good one forgets failures, too many in a row switch it off."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.services import Act, record
from pmo.core.messages.channels.outcome import End, Outcome
from pmo.core.messages.models import ChatGroup, MessageDelivery, Webhook
from pmo.core.messages.packing import each_language
from pmo.core.messages.queries import holders_of
from pmo.core.messages.sealing import opens
from pmo.core.messages.services.notifying import notify

PERMISSION = "core.webhook.change"
Receiver = Webhook | ChatGroup


def is_readable(row: Receiver) -> bool:
    """Whether the receiver's secret can still be opened; if not, somebody has to enter it again."""
    return opens(row.secret if isinstance(row, Webhook) else row.address)


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
    if outcome.sealed:
        switch_off(target, "sealed")
    elif outcome.status == 410:
        switch_off(target, "gone")
    elif rows.filter(failures__gte=settings.WEBHOOK_MAX_FAILURES).exists():
        switch_off(target, "failures")


def _let_others_wait(row: MessageDelivery) -> None:
    """An address that just failed is not asked again at once for everything else that is waiting."""
    again = MessageDelivery.objects.filter(pk=row.pk).values_list("next_at", flat=True).first()
    mine = Q(webhook=row.webhook) if row.webhook is not None else Q(chat=row.chat)
    others = MessageDelivery.objects.filter(mine, state=MessageDelivery.State.WAITING, next_at__lt=again)
    others.update(next_at=again)


def _why(target: Receiver, reason: str) -> str:
    """What the keepers read, in the active language."""
    if reason == "sealed":
        return _("its secret can no longer be read, enter it again")
    if reason == "gone":
        return _("the other side says that the address is no longer in use (410)")
    number = target.failures
    return ngettext("%(count)s failure in a row", "%(count)s failures in a row", number) % {"count": number}


@transaction.atomic
def switch_off(target: Receiver, reason: str) -> bool:
    """Stop telling the receiver ("failures", "gone", "sealed"), and tell who looks after it; False where it was off already."""
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
        params={"name": target.name, "count": target.failures, "reason": each_language(lambda: _why(target, reason))},
        url=reverse("webhook" if isinstance(target, Webhook) else "chat-group", args=[target.pk]),
    )
    return True
