"""Who acts: every service asks for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Actor:
    """A user in a request, or the system itself where no person acted."""

    user: Any  # pmo.core.people.models.User, or None for the system
    name: str
    request_id: str = ""

    @property
    def is_system(self) -> bool:
        return self.user is None


SYSTEM = Actor(user=None, name="system")


def actor_of(user: Any, request_id: str = "") -> Actor:
    """The actor for a signed-in user."""
    return Actor(user=user, name=user.get_full_name() or user.get_username(), request_id=request_id)


def request_actor(request: Any) -> Actor:
    """The actor of a request by a signed-in user."""
    return actor_of(request.user, getattr(request, "request_id", ""))
