"""What the rooms beside the registry add to the demo, a module each.

A module has `in_world(world, book)`, called once after people, portfolios and objectives are in the book, and
`on_project(run)`, called for every project that is not silent. Random numbers come from a generator of the room's own
(`room_rng`), so that a room changes nothing in what the others draw.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

from portfolio.demo.rooms import (
    boards,
    custom_fields,
    knowledge,
    lists,
    projects,
    reporting,
    resources,
    risks,
    suppliers,
)

ROOMS: tuple[Any, ...] = (
    projects,
    resources,
    risks,
    knowledge,
    reporting,
    custom_fields,
    lists,
    boards,
    suppliers,
)


def room_rng(seed: int, room: str, code: str = "") -> np.random.Generator:
    """The random numbers of a room for a project, or for the world without a code."""
    return np.random.default_rng([seed, zlib.crc32(room.encode()), zlib.crc32(code.encode())])
