"""Addresses of calendar feeds: made, shown once, kept as a hash, revoked."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, record
from pmo.core.messages.calendar_sources import all_sources
from pmo.core.messages.models import CalendarFeed, Language

MOST = 20
_USE_STEP = datetime.timedelta(minutes=5)


def create_feed(*, actor: Actor, name: str, language: str, kinds: list[str]) -> tuple[CalendarFeed, str]:
    """A new feed of the acting user and its token, which is kept nowhere. Raises ValidationError by field."""
    known = [source.key for source in all_sources()]
    if not kinds or set(kinds) - set(known):
        raise ValidationError({"kinds": _("Choose what the calendar shows.")})
    if feeds_of(actor.user).filter(revoked_at__isnull=True).count() >= MOST:
        raise ValidationError(_("You have %(count)s calendars already; revoke one first.") % {"count": MOST})
    token = secrets.token_urlsafe(32)
    row = CalendarFeed(
        user=actor.user,
        name=name.strip(),
        language=Language(language),
        kinds=[key for key in known if key in kinds],
        prefix=token[:6],
        digest=_digest(token),
    )
    row.full_clean()
    with transaction.atomic():
        row.save(force_insert=True)
        record(
            actor=actor, act=Act("create", "core.calendarfeed", row.pk, row.name, changes={"kinds": [None, row.kinds]})
        )
    return row, token


def revoke_feed(*, actor: Actor, row: CalendarFeed) -> None:
    """End a feed at once; a second time changes nothing."""
    with transaction.atomic():
        if CalendarFeed.objects.filter(pk=row.pk, revoked_at__isnull=True).update(revoked_at=timezone.now()):
            record(actor=actor, act=Act("revoke", "core.calendarfeed", row.pk, row.name))


def find_feed(token: str) -> CalendarFeed | None:
    """The feed in force with this token, None for an unknown or revoked one or one of an inactive user."""
    rows = CalendarFeed.objects.filter(digest=_digest(token), revoked_at__isnull=True, user__is_active=True)
    return rows.select_related("user__person").first()


def note_use(feed: CalendarFeed) -> None:
    """Remember that the feed was read, at most once in five minutes."""
    now = timezone.now()
    if feed.last_used_at is None or now - feed.last_used_at > _USE_STEP:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_used_at=now)


def feeds_of(user: Any) -> Any:
    """The user's feeds, newest first."""
    return CalendarFeed.objects.filter(user=user)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
