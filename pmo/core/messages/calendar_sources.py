"""What a calendar feed can show: apps register sources of dated entries."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Entry:
    """A whole day, or several: `last` is the last day itself. `uid` is the same in every version of the entry."""

    uid: str
    day: datetime.date
    title: str
    last: datetime.date | None = None
    note: str = ""
    url: str = ""
    changed_at: datetime.datetime | None = None


Fetch = Callable[[Any, datetime.date, datetime.date], Iterable[Entry]]


@dataclass(frozen=True)
class CalendarSource:
    """`fetch(user, first, last)` gives the entries that the user may see and that concern them, in the active language."""

    key: str
    label: Text
    fetch: Fetch


_sources: dict[str, CalendarSource] = {}


def register_calendar_source(*sources: CalendarSource) -> None:
    """Let feeds show these; call it from the app's wiring."""
    for source in sources:
        _sources[source.key] = source


def all_sources() -> list[CalendarSource]:
    """In the order they were registered."""
    return list(_sources.values())
