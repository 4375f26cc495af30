"""Answers to "may I": yes, or no with the reason a person can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied


@dataclass(frozen=True)
class Decision:
    """`allowed`, and where it is not, why (translated lazily)."""

    allowed: bool
    reason: Any = ""

    def __bool__(self) -> bool:
        return self.allowed

    def or_raise(self) -> None:
        """Raise PermissionDenied with the reason unless allowed."""
        if not self.allowed:
            raise Refused(self.reason)


class Refused(PermissionDenied):
    """Visible but not allowed: 403 with the reason."""

    def __init__(self, reason: Any) -> None:
        super().__init__(reason)
        self.reason = reason


YES = Decision(True)
