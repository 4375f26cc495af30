"""Calendar feeds as iCalendar (RFC 5545): whole days only, so that no time zone can shift a date."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration, vText

from pmo.core.messages.calendar_sources import Entry, all_sources
from pmo.core.messages.models import CalendarFeed

BACK = datetime.timedelta(days=90)
AHEAD = datetime.timedelta(days=550)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_REFRESH = datetime.timedelta(hours=4)
_EPOCH = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


def entries_of(feed: CalendarFeed, today: datetime.date) -> list[Entry]:
    """What the feed shows: its kinds, of what its user may see now, from a quarter back to a year and a half ahead."""
    found: list[Entry] = []
    for source in all_sources():
        if source.key in feed.kinds:
            found += source.fetch(feed.user, today - BACK, today + AHEAD)
    return sorted(found, key=lambda entry: (entry.day, entry.uid))


def feed_text(feed: CalendarFeed, today: datetime.date) -> bytes:
    """The calendar in the feed's language. The same rows give the same bytes, so that its digest serves as ETag."""
    with translation.override(feed.language):
        calendar = Calendar()
        calendar.add("prodid", "-//Bellwether//Calendar//EN")
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", _text(f"{_('Bellwether')} {feed.name}"))
        calendar.add("refresh-interval", vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
        for event in _events(entries_of(feed, today)):
            calendar.add_component(event)
        text: bytes = calendar.to_ical()
        return text


def _text(words: str) -> Any:
    """A text as RFC 5545 allows it: escaped, lines ended alike, no control characters."""
    return vText(_CONTROL.sub("", "\n".join(str(words).splitlines())))


def etag_of(text: bytes) -> str:
    """The ETag of a calendar."""
    return f'"{hashlib.sha256(text).hexdigest()[:32]}"'


def _events(entries: Iterable[Entry]) -> Iterable[Any]:
    domain = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.uid}@{domain}")
        event.add("dtstamp", (entry.changed_at or _EPOCH).astimezone(datetime.UTC).replace(microsecond=0))
        event.add("dtstart", entry.day)
        event.add("dtend", (entry.last or entry.day) + datetime.timedelta(days=1))
        event.add("summary", _text(entry.title))
        if entry.note:
            event.add("description", _text(entry.note))
        if entry.url:
            event.add("url", settings.PUBLIC_URL + entry.url)
        event.add("transp", "TRANSPARENT")
        yield event
