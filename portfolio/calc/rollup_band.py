"""The rule of the worst critical project, for colours."""

from __future__ import annotations

from collections.abc import Iterable

_RANK = {"red": 1, "amber": 2, "green": 3}


def held_by(band: str, critical: Iterable[str]) -> str:
    """The colour of a group: `band`, or that of the worst critical project where it is worse. Grey says nothing."""
    coloured = [colour for colour in critical if colour in _RANK]
    if band not in _RANK or not coloured:
        return band
    return min((band, *coloured), key=_RANK.__getitem__)
