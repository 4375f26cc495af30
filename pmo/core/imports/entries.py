"""Ways in for files that are no tables: apps name them here, the page of imports offers them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pmo.core.access.api import has_any
from pmo.core.features.api import is_on


@dataclass(frozen=True)
class Entry:
    """A card: what can be imported, one sentence about it, where it begins, the permission that opens it, its switch."""

    label: Any
    text: Any
    url_name: str
    permission: str
    feature: str = ""


_entries: dict[str, Entry] = {}


def register_entry(entry: Entry) -> None:
    """Offer it on the page of imports."""
    _entries[entry.url_name] = entry


def entries_for(user: Any) -> list[Entry]:
    """What the user may begin."""
    return [
        one for one in _entries.values() if has_any(user, one.permission) and (not one.feature or is_on(one.feature))
    ]
