"""How rows of a register are told apart: the fields of its key, and every unique combination that a new row must not repeat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import models

from pmo.core.imports.messages import Message
from pmo.core.imports.register_fields import comparable
from pmo.core.imports.texts import in_all_languages
from pmo.core.registers.declaration import Register


def key_of_register(register: Register) -> tuple[str, ...]:
    """The fields that together mean one row: those of the first unique constraint, else the code; none where neither is."""
    sets = unique_sets(register.model)
    whole = [names for names in sets if len(names) > 1 or names[0] == register.code_field]
    if whole or sets:
        return (whole or sets)[0]
    has_code = any(f.name == register.code_field for f in register.model._meta.concrete_fields)
    return (register.code_field,) if has_code else ()


def unique_sets(model: type[models.Model]) -> list[tuple[str, ...]]:
    """Fields of each unique constraint of the living, then single unique fields; conditions beside the trash are left out."""
    found = []
    for one in model._meta.constraints:
        if isinstance(one, models.UniqueConstraint) and one.fields and one.condition in _WHILE_ALIVE:
            found.append(tuple(one.fields))
    found += [
        (f.name,)
        for f in model._meta.concrete_fields
        if f.unique and not f.primary_key and f.name not in {"uid", *(names[0] for names in found if len(names) == 1)}
    ]
    return found


_WHILE_ALIVE = (None, models.Q(deleted_at__isnull=True))


class Taken:
    """Which living row holds a combination of values; read once. Rows of the file that are planned are added."""

    def __init__(self, model: Any, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.fields = [model._meta.get_field(name) for name in names]
        self._columns = [f.attname for f in self.fields]
        self._owners: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)
        for pk, *values in model._default_manager.order_by("pk").values_list("pk", *self._columns):
            self._owners[self.key(values)].append(pk)

    def key(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """The combination as it is compared."""
        return tuple(comparable(value) for value in values)

    def owners(self, values: Sequence[Any]) -> list[int]:
        """Ids of the rows that hold the values."""
        return self._owners.get(self.key(values), [])

    def rival(self, row: Any, own: int) -> bool:
        """Whether another row holds what this one would. Empty values repeat freely, as in the database."""
        values = [getattr(row, column) for column in self._columns]
        if any(
            value is None or (value == "" and row.code_pattern and f.name == "code")
            for f, value in zip(self.fields, values, strict=True)
        ):
            return False
        return any(pk != own for pk in self.owners(values))

    def hold(self, row: Any, own: int) -> None:
        """A planned row takes its values."""
        owners = self._owners[self.key([getattr(row, column) for column in self._columns])]
        if own not in owners:
            owners.append(own)

    def settle(self, ids: dict[int, int]) -> None:
        """Real ids of the rows that were created."""
        for owners in self._owners.values():
            if owners and owners[-1] < 0:
                owners[:] = [ids.get(pk, pk) for pk in owners]

    def message(self, row: Any) -> Message:
        """The model's own sentence about the repeated combination, in every language."""
        texts = in_all_languages(lambda: " ".join(row.unique_error_message(type(row), self.names).messages))
        return Message("not_accepted", {"detail": texts})
