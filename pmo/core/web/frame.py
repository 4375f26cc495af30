"""What the frame of a page reads: the figures beside the entries, unread notices and favourites, in one statement."""

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


def frame_of(request: HttpRequest) -> Frame:
    """Everything for the signed-in user of the request. One query beside those of the user's roles."""
    shown = nav.shown_items(request)
    asked = nav.counts_of(request, (item for item, _url in shown))
    unread = nav.unread_rows(request)
    if unread is not None:
        asked |= {_UNREAD: unread}
    numbers: dict[str, int | None] = {key: found for key, found in asked.items() if isinstance(found, int)}
    counted, favourites = _read(request, {key: rows for key, rows in asked.items() if not isinstance(rows, int)})
    numbers |= {key: number or None for key, number in counted.items()}
    return Frame(nav.groups_of(request, shown, numbers), numbers.get(_UNREAD) or 0, favourites)


def _read(request: HttpRequest, counted: Mapping[str, QuerySet]) -> tuple[dict[str, int], list[Kept]]:
    mine = favourites_of(request.user).order_by()
    rows = mine.values_list(_text(_FAVOURITE), "order", "title", "url")
    numbers: dict[str, int] = {}
    found: list[tuple[int, str, str]] = []
    for kind, number, title, url in rows.union(*(_counted(key, part) for key, part in counted.items()), all=True):
        if kind == _FAVOURITE:
            found.append((number, title, url))
        else:
            numbers[kind.removeprefix("n:")] = number
    here = request.get_full_path()
    return numbers, [Kept(title, url, url == here) for _order, title, url in sorted(found)]


def _counted(key: str, rows: QuerySet) -> Any:
    """One row: whose count it is, and the count."""
    named = rows.order_by().select_related(None).values(frame_key=_text(f"n:{key}"))
    return named.annotate(number=Count("pk"), none=_text(""), nothing=_text("")).values_list(
        F("frame_key"), "number", "none", "nothing"
    )


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())
