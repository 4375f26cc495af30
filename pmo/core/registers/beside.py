"""Fields of a register whose values are kept outside its model: what forms, services, history and API ask of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Protocol


class Beside(Protocol):
    """The fields by name, and their values by row. Values are those of the forms: dates, decimals, records, codes."""

    def has(self, name: str) -> bool:
        """Whether the name is one of these fields."""

    def form_field(self, name: str) -> Any:
        """The field of a form."""

    def defaults(self, names: Collection[str]) -> dict[str, Any]:
        """What a new row begins with, as a form takes it."""

    def values(self, ids: Sequence[int], names: Collection[str]) -> dict[int, dict[str, Any]]:
        """What the rows hold, as a form takes it (records by id); one statement. Every id and name is there."""

    def differs(self, name: str, old: Any, new: Any) -> bool:
        """Whether a value of a form says something else than what is held."""

    def write(
        self, *, actor: Any, row: Any, values: dict[str, Any], expected_version: int | None, reason: str, fresh: bool
    ) -> Any:
        """Save the values that differ, with history and audit. Raises ValidationError by name and StaleRecord."""

    def fits(self, name: str, value: Any) -> str:
        """What is expected instead of a JSON value of the wrong type; "" where it is of the right one."""

    def importing(self) -> Sequence[tuple[Any, Any]]:
        """The field and the part of an import for each of them."""

    def entries_of(self, pk: int) -> tuple[str, dict[int, str]]:
        """The audit label of single values, and the field by the id of each value that the row holds."""

    def entry_pair(self, name: str, changes: dict[str, Any], label: str) -> list[Any]:
        """What an audit entry of a single value says: [old, new], as the row's own entries say it."""

    def past_column(self, name: str) -> Any:
        """The column of a field that may be out of use by now, for history; None for an unknown one."""


def is_beside(register: Any, name: str) -> bool:
    """Whether a name of the register is a field kept outside its model."""
    return register.beside is not None and register.beside.has(name)
