"""What another system says of a person, whatever its protocol."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Claims:
    """`subject` is the system's own name of the person; `email_verified`: the system, or the administrator for it, vouches for the address.

    `groups` are those that the system named: a group it does not name is one that the person is not in.
    """

    source: str
    subject: str
    email: str = ""
    email_verified: bool = False
    name: str = ""
    username: str = ""
    groups: frozenset[str] = frozenset()


class NotLetIn(Exception):
    """The system knows the person, Bellwether does not let them in; the text says why."""

    def __init__(self, reason: object) -> None:
        super().__init__(str(reason))
        self.reason = reason
