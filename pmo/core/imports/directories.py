"""Finding what references name, and planning what is to be created for names that are not known."""

from __future__ import annotations

import datetime
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pmo.core.imports.parts import Directory


@dataclass(frozen=True, slots=True)
class Planned:
    """A record that will be created for a name; its id is negative until then."""

    kind: str
    id: int
    name: str
    scope: Any
    day: datetime.date
    row: int


def reference_key(text: str) -> str:
    """A name for comparing: width, case and spaces do not matter."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class Entries:
    """The records of one directory by code and by name, read once."""

    def __init__(self, directory: Directory, next_id: Callable[[], int]) -> None:
        self.directory = directory
        self._next_id = next_id
        self._codes: dict[str, int] = {}
        self._names: defaultdict[str, set[int]] = defaultdict(set)
        self._also: defaultdict[str, set[int]] = defaultdict(set)
        self._scopes: dict[int, Any] = {}
        # Records whose scope is itself still to be created.
        self._loose: set[int] = set()
        self.planned: dict[int, Planned] = {}
        columns = [*directory.names, *directory.also, *([directory.scope] if directory.scope else [])]
        for pk, code, *rest in directory.model._default_manager.order_by("pk").values_list(
            "pk", directory.code, *columns
        ):
            scope = rest.pop() if directory.scope else None
            self._add(pk, code, rest[: len(directory.names)], scope)
            for text in filter(None, rest[len(directory.names) :]):
                self._also[reference_key(text)].add(pk)

    def _add(self, pk: int, code: str, names: Iterable[str], scope: Any) -> None:
        if code:
            self._codes.setdefault(reference_key(code), pk)
        for name in names:
            if name:
                self._names[reference_key(name)].add(pk)
        self._scopes[pk] = scope

    def scope_of(self, pk: int) -> Any:
        """The scope of a record, None where it has none."""
        return self._scopes.get(pk)

    def find(self, text: str, scope: Any = None) -> list[int]:
        """Ids of the records with this code or, failing that, this name, or what else means them; within a scope if one is given."""
        key = reference_key(text)
        pk = self._codes.get(key)
        if pk is not None and (scope is None or self._scopes.get(pk) == scope):
            return [pk]
        meant = self._names.get(key) or self._also.get(key) or set()
        return sorted(one for one in meant if scope is None or self._scopes.get(one) == scope)

    def plan(self, name: str, scope: Any, day: datetime.date, row: int) -> int:
        """Remember that a record of this name is to be created; returns its negative id."""
        pk = self._next_id()
        self.planned[pk] = Planned(self.directory.kind, pk, name, scope, day, row)
        self._add(pk, "", [name], scope)
        if isinstance(scope, int) and scope < 0:
            self._loose.add(pk)
        return pk

    def settle(self, ids: dict[int, int]) -> None:
        """Put the ids of created records in the place of planned ones; scopes too."""
        for pk in [pk for pk in self.planned if pk in ids]:
            key = reference_key(self.planned.pop(pk).name)
            self._names[key].discard(pk)
            self._names[key].add(ids[pk])
            self._scopes[ids[pk]] = self._scopes.pop(pk)
            if pk in self._loose:
                self._loose.discard(pk)
                self._loose.add(ids[pk])
        for pk in [pk for pk in self._loose if self._scopes[pk] in ids]:
            self._scopes[pk] = ids[self._scopes[pk]]
            self._loose.discard(pk)
