"""What takes seconds for a plan of ten thousand tasks is worked out once while somebody leafs through it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

from projects.models.plan import PlanFile

SECONDS = 900
_MOST = 50_000

Found = TypeVar("Found")


def remembered(file: PlanFile, name: str, make: Callable[[], Found], size: Callable[[Found], int]) -> Found:
    """What `make` gives, kept for a while under the file as it was read last; what is long (`size`) is not kept."""
    key = f"plan-file:{file.uid}:{file.job_id}:{name}"
    kept: Found | None = cache.get(key)
    if kept is not None:
        return kept
    made = make()
    if size(made) <= _MOST:
        cache.set(key, made, SECONDS)
    return made
