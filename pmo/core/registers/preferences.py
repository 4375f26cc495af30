"""A user's columns and page size for a register."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pmo.core.registers.declaration import Register
from pmo.core.registers.models import RegisterPreference
from pmo.core.registers.state import DEFAULT_PAGE_SIZE, PAGE_SIZES


def preference(*, user: Any, register: Register) -> RegisterPreference:
    """What the user keeps for the register; unsaved defaults where there is nothing."""
    kept = RegisterPreference.objects.filter(user=user, register=register.key).first()
    return kept or RegisterPreference(user=user, register=register.key, page_size=DEFAULT_PAGE_SIZE)


def keep_columns(*, user: Any, register: Register, columns: Sequence[str]) -> None:
    """Keep the columns, in order; none: back to the default. Unknown names are left out."""
    known = {column.field for column in register.all_columns}
    chosen = [name for name in dict.fromkeys(columns) if name in known]
    RegisterPreference.objects.update_or_create(user=user, register=register.key, defaults={"columns": chosen})


def keep_numbered(*, user: Any, register: Register, numbered: bool) -> None:
    """Keep whether the rows are numbered."""
    RegisterPreference.objects.update_or_create(user=user, register=register.key, defaults={"numbered": numbered})


def keep_page_size(*, user: Any, register: Register, size: int) -> None:
    """Keep the page size; one that is not offered is ignored."""
    if size in PAGE_SIZES:
        RegisterPreference.objects.update_or_create(user=user, register=register.key, defaults={"page_size": size})
