"""The demo's logins, told by the app that makes the demo; the kernel only prints them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Logins = Callable[[], list[tuple[Any, str, str, str]]]

_sources: list[Logins] = []


def register_demo_logins(source: Logins) -> None:
    """Say how to list (role, user name, password, person) of the demo logins; texts in the active language."""
    if source not in _sources:
        _sources.append(source)


def demo_logins() -> list[tuple[Any, str, str, str]]:
    """All demo logins whose users exist in this database with their published password unchanged or not."""
    from pmo.core.people.models import User

    rows = [row for source in _sources for row in source()]
    known = set(
        User.objects.filter(username__in=[row[1] for row in rows], is_active=True).values_list("username", flat=True)
    )
    return [row for row in rows if row[1] in known]
