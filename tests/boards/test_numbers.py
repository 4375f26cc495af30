"""Every number of every tile equals a recount of the rows it leads to: today and on a past date, for three readers."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from portfolio.boards.declaration import Look, all_tiles
from portfolio.boards.page import may_have
from portfolio.queries.scope import Kind, Scope
from tests.boards.conftest import PAST, TODAY
from tests.boards.recount import recount, same

pytestmark = pytest.mark.django_db
READERS = ("pmo", "manager", "owner")


def look_for(peopled: Any, reader: str, past: bool, scope: Scope | None = None) -> Look:
    user = type(peopled.readers[reader]).objects.get(pk=peopled.readers[reader].pk)
    everything = Scope(Kind.ALL, 0, "", "All")
    return Look(user, scope or everything, TODAY, "en", "CNY", PAST if past else None)


def numbers_of(look: Look) -> dict[str, list[Any]]:
    """Per tile the numbers it declares for the look."""
    found = {}
    with translation.override("en"):
        for tile in all_tiles():
            if may_have(tile, look.user) and not (tile.today_only and look.past):
                data = tile.data(look)
                found[tile.key] = list(data.numbers) if data else []
    return found


# Each reader on one of the days in every run, on both in the long one.
_PAIRS = [(reader, past) for reader in READERS for past in (False, True)]
_OTHER = {("owner", False), ("manager", True)}


@pytest.mark.parametrize(
    ("reader", "past"),
    [pytest.param(*pair, marks=pytest.mark.long if pair in _OTHER else ()) for pair in _PAIRS],
    ids=[f"{reader}-{'past' if past else 'today'}" for reader, past in _PAIRS],
)
def test_every_number_of_every_tile_equals_the_rows_behind_it(peopled: Any, reader: str, past: bool) -> None:
    checked = 0
    answers: dict[str, Any] = {}
    for scope in (None, Scope(Kind.PORTFOLIO, peopled.group.pk, peopled.group.code, "Group")):
        for key, numbers in numbers_of(look_for(peopled, reader, past, scope)).items():
            for number in numbers:
                again = recount(peopled.clients[reader], number, answers)
                assert same(number, again), (reader, key, number.key, number.value, again, number.url)
                checked += 1
    assert checked > 40
