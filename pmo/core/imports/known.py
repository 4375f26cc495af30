"""The records that rows may mean: what exists now, under the names and codes it has had, and what the import adds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pmo.core.history.models import version_of
from pmo.core.imports.mapping import MatchPolicy
from pmo.core.imports.matching import Index, Match
from pmo.core.imports.targets import ImportTarget


class RecordIndex:
    """Finds the main record of a row. `without` leaves records out that the same import has just created."""

    def __init__(self, target: ImportTarget, *, without: frozenset[int] = frozenset()) -> None:
        self._index: Index[int] = Index()
        self._owners: dict[str, int] = {}
        self._planned: dict[int, str] = {}
        model: Any = target.model
        self._has_code = any(f.name == "code" for f in model._meta.concrete_fields)
        columns = ["code", *target.names] if self._has_code else list(target.names)
        alive = model._default_manager
        current = list(alive.order_by("pk").values_list("pk", *columns))
        for pk, *texts in current:
            if self._has_code:
                self._owners[_key(texts[0])] = pk
            if pk not in without:
                self._note(model, pk, texts)
        table: Any = version_of(model)
        if table is not None:
            living = alive.order_by().values("pk")
            past = table.objects.filter(row_id__in=living).order_by("row_id").values_list("row_id", *columns).distinct()
            known = {tuple(row) for row in current}
            for pk, *texts in past:
                if pk not in without and (pk, *texts) not in known:
                    self._note(model, pk, texts)

    def _note(self, model: Any, pk: int, texts: Sequence[str]) -> None:
        code, names = (texts[0], texts[1:]) if self._has_code else ("", texts)
        own = bool(model.code_pattern) and code == model.code_pattern.format(pk)
        self._index.add(pk, code, [name for name in names if name], own_code=own)

    def match(self, code: str, name: str, policy: MatchPolicy) -> Match[int]:
        """Which record a code and a name mean."""
        return self._index.match(code, name, by=policy.by, near=policy.near)

    def add(self, pk: int, code: str, names: Sequence[str]) -> None:
        """Make a record findable under a code and names of the file."""
        self._index.add(pk, code, names)
        if pk < 0 and names:
            self._planned[pk] = names[0]

    def name_of(self, pk: int) -> str:
        """The name of a planned record."""
        return self._planned.get(pk, "")

    def owner_of(self, code: str) -> int | None:
        """Which record has the code now, or will have it after the rows planned so far."""
        return self._owners.get(_key(code))

    def hold(self, code: str, pk: int) -> None:
        """Say that a planned record takes the code."""
        self._owners[_key(code)] = pk

    def settle(self, codes: Sequence[tuple[str, int]]) -> None:
        """Real ids of created records by code."""
        for code, pk in codes:
            self._owners[_key(code)] = pk


def _key(code: str) -> str:
    return " ".join(code.casefold().split())
