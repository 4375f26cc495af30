"""Gathering what waits for a digest: one mail per user and day, at the hour they chose by their own clock."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction

from pmo.core.calendars.queries import organisation_zone
from pmo.core.messages.calc import digest_day
from pmo.core.messages.models import Channel, DigestDay, MessageDelivery, MessageHours, Notification
from pmo.core.messages.preferences import chunks, hours_of, zone_of
from pmo.core.people.models import User

DIGEST = "digest"
_MOST = 500


def make_due_digests(now: datetime.datetime) -> int:
    """Queue the digests whose hour has come; returns how many. Nobody gets an empty one, or two on a day."""
    waiting = Notification.objects.filter(for_digest=True)
    ids = list(waiting.order_by("user_id").values_list("user_id", flat=True).distinct())
    if not ids:
        return 0
    zone, usual, made = organisation_zone(), MessageHours(), 0
    for part in chunks(ids):
        hours = hours_of(part)
        for user in User.objects.filter(pk__in=part):
            hour = hours.get(user.pk, usual).digest_hour
            day = digest_day(now, zone_of(user, zone), hour)
            if day is not None:
                made += _make(user, day, now)
    return made


@transaction.atomic
def _make(user: Any, day: datetime.date, now: datetime.datetime) -> int:
    _row, first = DigestDay.objects.get_or_create(user=user, day=day)
    if not first:
        return 0
    rows = Notification.objects.filter(user=user, for_digest=True)
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:_MOST])
    Notification.objects.filter(pk__in=ids).update(for_digest=False)
    MessageDelivery.objects.create(
        channel=Channel.DIGEST,
        once=f"digest:{user.pk}:{day.isoformat()}",
        event=DIGEST,
        user=user,
        payload={"ids": ids},
        next_at=now,
        created_at=now,
    )
    return 1
