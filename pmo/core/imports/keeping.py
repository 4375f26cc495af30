"""Columns that no field takes can be kept: whoever knows how to add a field to a register says so here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from pmo.core.access.decisions import Decision
from pmo.core.audit.actor import Actor
from pmo.core.imports.looks import Look


class Keeper(Protocol):
    """Makes fields for columns of a file."""

    def takes(self, register: str) -> bool:
        """Whether fields can be added to the register."""
        ...

    def decision(self, user: Any) -> Decision:
        """May the user add fields?"""
        ...

    def kinds(self) -> Sequence[tuple[str, Any]]:
        """The types of field there are: (key, name)."""
        ...

    def refined(self, looks: Sequence[Look]) -> list[Look]:
        """What a look at the records of the house adds to the guesses: names of people. A statement at most."""
        ...

    def make(self, *, actor: Actor, register: str, name: str, kind: str, look: Look) -> str:
        """Add the field; gives its import key. Raises ValidationError or Refused."""
        ...


_keepers: list[Keeper] = []


def keep_with(keeper: Keeper) -> None:
    """Say who makes the fields; called from the wiring."""
    _keepers[:] = [keeper]


def keeper_of(register: str) -> Keeper | None:
    """Who makes fields for the register, None where it takes none."""
    return next((keeper for keeper in _keepers if keeper.takes(register)), None)
