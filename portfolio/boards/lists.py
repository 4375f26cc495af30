"""Tiles that are short readings of a register: the number of a tile is the total of its list, today and on a past day."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Count, Window
from django.http import QueryDict
from django.urls import reverse

from pmo.core.access.api import has_any, permission_of
from pmo.core.registers.declaration import UnknownRegisterError, get_register
from pmo.core.registers.queries import filtered, ordered
from pmo.core.registers.state import read_state
from portfolio.boards.declaration import Look, Number, TileData, past_key
from portfolio.registers.past import KEYS
from portfolio.views.homes.cards import SHOWN, TOTAL, Card, Filled, Line, Reader, fill
from projects.models import Project


class Then:
    """A version row that reads like the record: its id, and the rows it names as they are called now."""

    def __init__(self, row: Any, named: Mapping[str, Mapping[int, Any]]) -> None:
        self._row, self._named = row, named
        self.pk = row.row_id

    def __getattr__(self, name: str) -> Any:
        if name in self._named:
            return self._named[name].get(getattr(self._row, f"{name}_id"))
        return getattr(self._row, name)


def reader_of(look: Look) -> Reader:
    """The reader of a card on the day of the look."""
    reader = Reader(look.user, look.on, look.lang)
    reader.__dict__["health_day"] = look.day
    return reader


def card_data(card: Card, *, scoped: bool = False) -> Callable[[Look], TileData | None]:
    """The data of a tile that shows the first rows of a card's list; `scoped` keeps to the scope of the board."""

    def data(look: Look) -> TileData | None:
        asked = _within(card, look) if scoped else card
        found = _filled(asked, look)
        if found is None:
            return None
        number = Number("total", card.title, found.total, found.url, bad=card.urgent and found.total > 0)
        return TileData(
            lead=found.said,
            numbers=[number],
            lines=found.lines,
            empty=card.empty,
            more=found.url,
            export=export_of(found.url),
        )

    return data


def rows_in(url: str, user: Any) -> int:
    """How many rows the list of an address has for the user, by the list's own reading. One statement."""
    path, _mark, query = url.partition("?")
    declared = get_register(path.strip("/").split("/")[-1])
    return int(filtered(read_state(declared, user, QueryDict(query), [declared.primary.field])).order_by().count())


def export_of(url: str) -> str:
    """The workbook of the list an address shows."""
    path, _mark, query = url.partition("?")
    return f"{path}export.xlsx" + (f"?{query}" if query else "")


def _within(card: Card, look: Look) -> Card:
    def query(reader: Reader) -> str | None:
        own = card.query(reader)
        if own is None:
            return None
        return "&".join(part for part in (own, look.scope.query) if part)

    return dataclasses.replace(card, query=query)


def _filled(card: Card, look: Look) -> Filled | None:
    """The card on the look's day; nothing is offered to be done on a past one."""
    if not look.past:
        return fill(card, reader_of(look))
    if card.register in KEYS:
        return _filled_then(card, look)
    found = fill(card, reader_of(look))
    lines = [] if found is None else [dataclasses.replace(line, action="", action_url="") for line in found.lines]
    return None if found is None else dataclasses.replace(found, lines=lines)


def _filled_then(card: Card, look: Look) -> Filled | None:
    """The card of a past day, read from the register of versions. Three statements and one for each kind of row named."""
    reader = reader_of(look)
    query, declared = card.query(reader), get_register(past_key(card.register))
    if query is None or not may_open(card.register, look.user):
        return None
    asked = "&".join(part for part in (f"as_of={look.on}", query) if part)
    params = QueryDict(asked, mutable=True)
    if card.sort:
        params["sort"] = card.sort
    state = read_state(declared, look.user, params, [declared.primary.field])
    rows = list(ordered(state, filtered(state)).annotate(**{TOTAL: Window(Count("pk"))})[:SHOWN])
    named = named_rows(card.register, rows)
    alive = set(
        get_register(card.register)
        .model._default_manager.filter(pk__in=[row.row_id for row in rows])
        .values_list("pk", flat=True)
    )
    lines = [_line(card, Then(row, named), reader, row.row_id in alive) for row in rows]
    url = reverse("register-list", kwargs={"key": declared.key}) + f"?{asked}"
    return Filled(card, getattr(rows[0], TOTAL) if rows else 0, lines, url)


def _line(card: Card, row: Any, reader: Reader, alive: bool) -> Line:
    """What the line says without what one could do about it: that day is over."""
    made = card.line(row, reader)
    return dataclasses.replace(made, action="", action_url="", url=made.url if alive else "")


def named_rows(register: str, rows: list[Any]) -> dict[str, dict[int, Any]]:
    """The rows that the foreign keys name, those in the trash too. One statement for each key."""
    found: dict[str, dict[int, Any]] = {}
    for field in get_register(register).model._meta.concrete_fields:
        if field.is_relation and field.name in {"project", "owner", "decider"}:
            ids = {getattr(row, field.attname) for row in rows} - {None}
            model: Any = field.related_model
            source = model.all_objects.select_related("pm" if model is Project else "unit")
            found[field.name] = {row.pk: row for row in source.filter(pk__in=ids)}
    return found


def may_open(register: str, user: Any) -> bool:
    """Whether the list of the register opens for the user."""
    try:
        declared = get_register(register)
    except UnknownRegisterError:
        return False
    return declared.visible is not None or has_any(user, permission_of(declared.model, "view"))
