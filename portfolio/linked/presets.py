"""The sets of linked tables that the product knows."""

from __future__ import annotations

from portfolio.linked.declaration import LinkedTables
from portfolio.linked.us_federal import US_FEDERAL

PRESETS: tuple[LinkedTables, ...] = (US_FEDERAL,)


def preset(key: str) -> LinkedTables:
    """The set of a key; raises KeyError."""
    return {one.key: one for one in PRESETS}[key]
