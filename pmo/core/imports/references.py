"""What references of rows mean: known records, or records to be created for names that nobody knows yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pmo.core.imports.directories import Entries, Planned
from pmo.core.imports.mapping import Mapping as ColumnMapping
from pmo.core.imports.messages import Message, shorten
from pmo.core.imports.parts import RowDraft
from pmo.core.imports.targets import ImportTarget
from pmo.core.imports.texts import in_all_languages, refused_by
from pmo.core.imports.validity import check_row


class References:
    """Implements `Lookup` for one file; directories are read when first asked for."""

    def __init__(self, target: ImportTarget, mapping: ColumnMapping, next_id: Callable[[], int]) -> None:
        self.target, self.mapping = target, mapping
        self._next_id = next_id
        self._entries: dict[str, Entries] = {}
        self._read_once: dict[str, Any] = {}

    def find(self, draft: RowDraft, key: str, kind: str, scope: Any = None) -> int | None:
        """See `Lookup.find`."""
        name = draft.get(key)
        if name is None:
            return None
        entries = self._directory(kind)
        found = entries.find(str(name), scope)
        if len(found) == 1:
            return found[0]
        reason = self._reason(key, str(name), entries, several=bool(found), scope=scope)
        if reason is not None:
            draft.refuse(key, reason)
            return None
        return entries.plan(str(name), scope, draft.day, draft.row.number)

    def _reason(self, key: str, name: str, entries: Entries, *, several: bool, scope: Any) -> Message | None:
        """Why the name means no single record and none may be created for it; None where one may."""
        source = self.mapping.fields.get(key)
        code = ""
        if several:
            code = "several_references"
        elif source is None or not source.create_parent:
            code = "no_such_reference"
        elif entries.directory.scope and scope is None:
            code = "reference_needs_scope"
        if code:
            register = in_all_languages(lambda: str(entries.directory.label))
            return Message(code, {"value": shorten(name), "register": register})
        return next(iter(refused_by(lambda: check_row(entries.directory.make(name))).values()), None)

    def known(self, draft: RowDraft, key: str, kind: str) -> int | None:
        """See `Lookup.known`."""
        name = draft.get(key)
        found = self._directory(kind).find(str(name)) if name is not None else []
        return found[0] if len(found) == 1 else None

    def scope_of(self, kind: str, pk: int) -> Any:
        """See `Lookup.scope_of`."""
        return self._directory(kind).scope_of(pk)

    def once(self, key: str, read: Callable[[], Any]) -> Any:
        """See `Lookup.once`."""
        if key not in self._read_once:
            self._read_once[key] = read()
        return self._read_once[key]

    def planned(self, pk: int) -> Planned | None:
        """What is to be created under a negative id."""
        return next((entries.planned[pk] for entries in self._entries.values() if pk in entries.planned), None)

    def settle(self, ids: dict[int, int]) -> None:
        """Real ids of the records that were created."""
        for entries in self._entries.values():
            entries.settle(ids)

    def _directory(self, kind: str) -> Entries:
        if kind not in self._entries:
            self._entries[kind] = Entries(self.target.directory(kind), self._next_id)
        return self._entries[kind]
