"""The letters of the table, and what a row of it says."""

from __future__ import annotations

from dataclasses import dataclass

ROLES = "ANCEORPTSUX"
INSIDE = "ANCEORPTSU"


@dataclass(frozen=True)
class Rights:
    """Letters that may view a row, add one, change it, delete it; `lists` may open the list (it shows visible rows only)."""

    view: str
    add: str = ""
    change: str = ""
    delete: str = ""
    lists: str = ""

    @property
    def opens(self) -> str:
        return self.lists or self.view
