"""What rooms above the portfolio add to the demo: they register here, because the demo must not import them.

A room is a function `(world, book)`, called once after the world is in the database; it adds rows to the book.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portfolio.demo.track import Book
    from portfolio.demo.world import World

RoomAbove = Callable[["World", "Book"], None]

_rooms: list[RoomAbove] = []


def register_room_above(room: RoomAbove) -> None:
    """Add a room's part of the demo."""
    if room not in _rooms:
        _rooms.append(room)


def rooms_above() -> list[RoomAbove]:
    """The rooms in the order in which they registered."""
    return list(_rooms)
