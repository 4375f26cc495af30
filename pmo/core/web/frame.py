"""What the frame of a page reads in one statement: figures beside entries, unread notices, favourites, the status line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, F, QuerySet, Value
from django.http import HttpRequest

from pmo.core.favourites.services import favourites_of
from pmo.core.web import nav

_FAVOURITE = "favourite"
_UNREAD = "unread"
_STATUS = "status"
# What `set_status_facts` must call its two texts.
_TEXTS = ("first_text", "second_text")
SHOWN = 20


@dataclass(frozen=True)
class Kept:
    """A favourite as the side bar draws it."""

    title: str
    url: str
    current: bool


@dataclass(frozen=True)
class Frame:
    """The groups of the side bar, the number of unread notices, and the favourites (the first twenty are drawn)."""

    groups: list[nav.NavGroup] = field(default_factory=list)
    unread: int = 0
    favourites: list[Kept] = field(default_factory=list)
    status: nav.StatusLine | None = None


def frame_of(request: HttpRequest) -> Frame:
    """Everything for the signed-in user of the request. One query beside those of the user's roles."""
    shown = nav.shown_items(request)
    asked = nav.counts_of(request, (item for item, _url in shown))
    unread = nav.unread_rows(request)
    if unread is not None:
        asked |= {_UNREAD: unread}
    numbers: dict[str, int | None] = {key: found for key, found in asked.items() if isinstance(found, int)}
    facts = _read(request, {key: rows for key, rows in asked.items() if not isinstance(rows, int)})
    numbers |= {key: number or None for key, number in facts.numbers.items()}
    status = nav.told_status(request, *facts.status) if facts.status else nav.status_line(request)
    return Frame(nav.groups_of(request, shown, numbers), numbers.get(_UNREAD) or 0, facts.favourites, status)


@dataclass
class _Facts:
    numbers: dict[str, int] = field(default_factory=dict)
    favourites: list[Kept] = field(default_factory=list)
    status: tuple[str, str] | None = None


def _read(request: HttpRequest, counted: Mapping[str, QuerySet]) -> _Facts:
    mine = favourites_of(request.user).order_by()
    parts = [_counted(key, part) for key, part in counted.items()]
    told = nav.status_facts(request)
    if told is not None:
        parts.append(
            told.annotate(frame_key=_text(_STATUS), number=Value(0)).values_list("frame_key", "number", *_TEXTS)
        )
    facts = _Facts()
    found: list[tuple[int, str, str]] = []
    rows = mine.values_list(_text(_FAVOURITE), "order", "title", "url").union(*parts, all=True)
    for kind, number, first, second in rows:
        if kind == _FAVOURITE:
            found.append((number, first, second))
        elif kind == _STATUS:
            facts.status = (first or "", second or "")
        else:
            facts.numbers[kind.removeprefix("n:")] = number
    here = request.get_full_path()
    facts.favourites = [Kept(title, url, url == here) for _order, title, url in sorted(found)]
    return facts


def _counted(key: str, rows: QuerySet) -> Any:
    """One row: whose count it is, and the count."""
    named = rows.order_by().select_related(None).values(frame_key=_text(f"n:{key}"))
    return named.annotate(number=Count("pk"), none=_text(""), nothing=_text("")).values_list(
        F("frame_key"), "number", "none", "nothing"
    )


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())
