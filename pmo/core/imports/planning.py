"""What each row of a file would do to the records: the same plan for the preview and for the commit.

Nothing here writes. Records that are still to be created have negative ids; the commit puts real ones in their place.
Rows are planned date by date, oldest first, in chunks: a record that an earlier date creates is found by the rows of a
later one, and a row is compared with what stands on its own date.
"""

from __future__ import annotations

import copy
import datetime
import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pmo.core.imports.apply import MappedRow
from pmo.core.imports.directories import Planned
from pmo.core.imports.fields import Target
from pmo.core.imports.known import RecordIndex
from pmo.core.imports.mapping import Mapping as ColumnMapping
from pmo.core.imports.matching import Exact, Near
from pmo.core.imports.messages import Message, shorten
from pmo.core.imports.parts import DROP, ChunkPlan, Operation, Part, RowDraft, Standing, Values
from pmo.core.imports.references import References
from pmo.core.imports.standing import standing_of
from pmo.core.imports.targets import ImportTarget
from pmo.core.imports.validity import valid_record

NEW, SKIP = "new", "skip"


class Planner:
    """Plans the rows of one file. `remember` keeps what earlier dates would have written, for a preview that writes nothing."""

    def __init__(
        self,
        target: ImportTarget,
        fields: Target,
        mapping: ColumnMapping,
        *,
        decisions: Mapping[str, Any],
        today: datetime.date,
        remember: bool,
        without: Iterable[int] = (),
    ) -> None:
        self.target, self.fields, self.mapping = target, fields, mapping
        self.decisions, self.today, self.remember = decisions, today, remember
        self._serial = itertools.count(-1, -1)
        self.index = self._make_index(without)
        self.references = self._make_references()
        # What earlier dates of a preview would have written, by part, owner and where.
        self._memory: dict[tuple[str, int, tuple[Any, ...]], tuple[datetime.date, Any]] = {}
        self._columns = {key: source.title for key, source in mapping.fields.items()}
        # Which record each row creates, for rows that are said to mean the same one.
        self.created_by: dict[int, int] = {}
        # New records become findable when the next date begins: rows of one date are different records.
        self._new: list[tuple[int, str, list[str]]] = []
        self._fresh: list[tuple[int, RowDraft]] = []

    def _make_index(self, without: Iterable[int]) -> RecordIndex:
        return RecordIndex(self.target, without=frozenset(without))

    def _make_references(self) -> References:
        return References(self.target, self.mapping, self._next_id)

    def _next_id(self) -> int:
        return next(self._serial)

    # -- matching ---------------------------------------------------------------------------------

    def match_day(self, rows: Sequence[MappedRow], day: datetime.date) -> list[RowDraft]:
        """Say for all rows of one date which record each means. Rows that mean no single record are refused."""
        self._remember_new()
        drafts = [self.draft(row, day) for row in rows]
        hit: dict[int, int] = {}
        for draft in drafts:
            if day > self.today:
                draft.refuse_row(Message("snapshot_in_future", {"date": day.isoformat()}))
                continue
            self._match(draft)
            if draft.refused or not draft.main_id:
                continue
            earlier = hit.setdefault(draft.main_id, draft.row.number)
            if earlier != draft.row.number:
                draft.refuse_row(Message("same_record_twice", {"earlier": earlier}))
        return drafts

    def draft(self, row: MappedRow, day: datetime.date) -> RowDraft:
        """A row at the beginning of its way."""
        return RowDraft(row, day, columns=self._columns, identity=(self.fields.code, *self.fields.names))

    def _match(self, draft: RowDraft) -> None:
        """Set the id of the record that the row means; 0 for a new one."""
        policy = self.mapping.match
        if policy.by == ("code",) and not draft.code:
            draft.refuse_row(Message("code_missing"))
            return
        match = draft.match = self.index.match(draft.code, draft.name, policy)
        if isinstance(match, Exact):
            draft.main_id = match.id
        elif isinstance(match, Near):
            self._decide(draft, match)

    def _decide(self, draft: RowDraft, match: Near[int]) -> None:
        """The user's answer; without one a similar name is a new record, and one of several same names is nobody's."""
        answer = self.decisions.get(str(draft.row.number), NEW if match.why == "similar" else "")
        if answer == SKIP:
            draft.refuse_row(Message("left_out"))
            return
        if answer == NEW:
            return
        chosen = self._answered(str(answer))
        if chosen in {pk for pk, _score in match.candidates}:
            draft.main_id = chosen
        elif match.why == "several":
            params = {"value": shorten(draft.name), "count": len(match.candidates)}
            draft.refuse_row(Message("several_same_name", params))

    def _answered(self, answer: str) -> int:
        """The record an answer names: its id, or the file's row that creates it."""
        if answer.startswith("row:"):
            number = answer.removeprefix("row:")
            return self.created_by.get(int(number), 0) if number.isdecimal() else 0
        return int(answer) if answer.isdecimal() else 0

    # -- planning ---------------------------------------------------------------------------------

    def plan(self, day: datetime.date, drafts: Sequence[RowDraft]) -> ChunkPlan:
        """Compare the rows with what stands on their date and say what to write."""
        self._keep_fresh()
        living = [draft for draft in drafts if not draft.refused]
        for part in self.target.all_parts:
            active = [draft for draft in living if not draft.refused]
            self._plan_part(part, active, day)
        for draft in living:
            if draft.refused:
                draft.operations.clear()
            elif "main" in draft.stood:
                self.index.add(draft.main_id, _held_code(draft), draft.names)
            else:
                self._fresh.append((draft.main_id, draft))
        return ChunkPlan(day, list(drafts))

    def _plan_part(self, part: Part, drafts: Sequence[RowDraft], day: datetime.date) -> None:
        standing = self._stand(part, {draft.main_id for draft in drafts if draft.main_id}, day)
        for draft in drafts:
            stood = standing.get(draft.main_id)
            if stood is not None:
                draft.stood[part.key] = stood.row
        for draft in drafts:
            if part.resolve is not None:
                part.resolve(draft, self.references)
            self._plan_record(part, draft, standing.get(draft.main_id))

    def _stand(self, part: Part, owners: set[int], day: datetime.date) -> dict[int, Standing]:
        """What is on file, overlaid with what earlier dates of a preview would have written."""
        found = standing_of(part, [pk for pk in owners if pk > 0], day)
        if not self.remember:
            return found
        where = tuple(sorted(part.where(day).items()))
        for owner in owners:
            kept = self._memory.get((part.key, owner, where))
            if kept is None:
                continue
            on_file = found.get(owner)
            since = on_file.covering.valid_from if on_file is not None and on_file.covering is not None else None
            if since is None or since <= kept[0]:
                if kept[1] is None:
                    found.pop(owner, None)
                else:
                    history_only = on_file is not None and on_file.history_only
                    found[owner] = Standing(copy.copy(kept[1]), history_only=history_only)
        return found

    def _plan_record(self, part: Part, draft: RowDraft, stood: Standing | None) -> None:
        """Find the operation of one part of one row, refusing cells until the record would be valid."""
        old = stood.row if stood is not None else None
        values = part.values(draft, old)
        if values is DROP:
            if stood is not None:
                self._add(Operation("delete", part, draft, stood.row, {}, stood))
            return
        if not isinstance(values, dict):
            return
        if old is None and part.owner and not values:
            return
        if stood is None and not part.owner:
            draft.main_id = self._next_id()
        given = bool(values)
        if old is not None:
            values = _differing(old, values)
        candidate, values = self._valid(part, draft, old, values)
        if candidate is None:
            return
        draft.wanted[part.key] = values
        if stood is None:
            self._plan_new(part, draft, candidate, values)
            return
        changes = {name: [getattr(stood.row, name), value] for name, value in values.items()}
        if changes or stood.begins_later and (given or not part.owner):
            self._add(Operation("update", part, draft, stood.row, values, stood, changes), candidate)

    def _valid(self, part: Part, draft: RowDraft, old: Any, values: Values) -> tuple[Any, Values]:
        """The record as it would be; a code that another record has is refused before the database would."""
        code = values.get("code") if not part.owner else None
        if code and self.index.owner_of(code) not in (None, draft.main_id):
            values = {name: value for name, value in values.items() if name != "code"}
            draft.refuse(part.source("code", draft), Message("code_taken", {"value": shorten(code)}))
        if old is not None and not values:
            return copy.copy(old), values
        candidate, values = valid_record(part, draft, old, values)
        if candidate is not None and not part.owner and values.get("code"):
            self.index.hold(values["code"], draft.main_id)
        return candidate, values

    def _plan_new(self, part: Part, draft: RowDraft, candidate: Any, values: Values) -> None:
        if not part.owner:
            self.created_by[draft.row.number] = draft.main_id
        changes = {name: [None, value] for name, value in values.items() if value not in (None, "")}
        self._add(Operation("create", part, draft, candidate, values, None, changes), candidate)

    def _add(self, operation: Operation, after: Any = None) -> None:
        operation.draft.operations.append(operation)
        if self.remember:
            where = tuple(sorted(operation.part.where(operation.draft.day).items()))
            self._memory[operation.part.key, operation.draft.main_id, where] = (operation.draft.day, after)

    # -- what was written -------------------------------------------------------------------------

    def settle(self, ids: dict[int, int]) -> None:
        """Real ids of the records that the commit created."""
        self.references.settle(ids)
        codes = []
        for planned, draft in self._fresh:
            draft.main_id = self.created_by[draft.row.number] = ids[planned]
            code = draft.wanted["main"].get("code")
            if code:
                codes.append((code, draft.main_id))
        self.index.settle(codes)
        self._keep_fresh()

    def planned(self, pk: int) -> Planned | None:
        """What is to be created under a negative id."""
        return self.references.planned(pk)

    def note_created(self, pk: int, row: MappedRow) -> None:
        """A record that an earlier attempt created for this date; it is found from the next date on."""
        draft = self.draft(row, self.today)
        self._new.append((pk, draft.code, draft.names))

    def _keep_fresh(self) -> None:
        self._new.extend((draft.main_id, _held_code(draft), draft.names) for _planned, draft in self._fresh)
        self._fresh.clear()

    def _remember_new(self) -> None:
        """A new date begins: the records that the date before created can be found from now on."""
        self._keep_fresh()
        for pk, code, names in self._new:
            self.index.add(pk, code, names)
        self._new.clear()


def _held_code(draft: RowDraft) -> str:
    """The code that the row gives its record; a refused one does not count."""
    return str(draft.wanted.get("main", {}).get("code", ""))


def _differing(row: Any, values: Values) -> Values:
    return {name: value for name, value in values.items() if getattr(row, name) != value}
