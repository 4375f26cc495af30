"""Plans the rows of a file for a register: found by its key, valued by its form fields, allowed as in its forms."""

from __future__ import annotations

import copy
import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from pmo.core.calendars.queries import organisation
from pmo.core.imports.amounts import Money
from pmo.core.imports.apply import MappedRow
from pmo.core.imports.matching import Exact
from pmo.core.imports.messages import Message, shorten
from pmo.core.imports.parts import ChunkPlan, Operation, Part, RowDraft, Standing, Values
from pmo.core.imports.planning import Planner
from pmo.core.imports.register_access import RowAccess
from pmo.core.imports.register_fields import CURRENCY, PROJECT, Spec, comparable, converted, kind_of
from pmo.core.imports.register_fixed import fixed_messages, without_fixed
from pmo.core.imports.register_keys import Taken, unique_sets
from pmo.core.imports.register_names import RegisterNames
from pmo.core.imports.register_target import RegisterTarget
from pmo.core.imports.validity import valid_record
from pmo.core.imports.values import parse_text
from pmo.core.registers.declaration import BASE_CURRENCY


class _Index:
    """Names of planned rows; everything else is found by the key."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}

    def add(self, pk: int, code: str, names: Sequence[str]) -> None:
        if pk < 0:
            self._names[pk] = next(iter(names), "") or code

    def name_of(self, pk: int) -> str:
        return self._names.get(pk, "")


class RegisterPlanner(Planner):
    """See `Planner`. `owner` is the user whose rights count, None for the system."""

    target: RegisterTarget
    index: Any
    references: Any

    def __init__(self, *args: Any, owner: Any = None, without: Iterable[int] = (), **kwargs: Any) -> None:
        self.owner, self._without = owner, frozenset(without)
        super().__init__(*args, **kwargs)
        target = self.target
        self.specs = {key: target.specs[key] for key in self.mapping.fields if key in target.specs}
        self._beside = {part.key for part in target.parts} & set(self.mapping.fields)
        self.by_key = bool(target.key_fields) and self.mapping.match.by != ("new",)
        self.access = RowAccess(target.model, self.owner)
        self._key = Taken(target.model, target.key_fields) if self.by_key else None
        self._same: Taken | None = None
        self._unique = [Taken(target.model, names) for names in unique_sets(target.model)]
        self._related: dict[tuple[Any, int], Any] = {}
        self._seen: dict[tuple[Any, ...], int] = {}

    def _make_index(self, without: Iterable[int]) -> Any:
        return _Index()

    def _make_references(self) -> Any:
        return RegisterNames(self.target.declared, self.owner)

    def draft(self, row: MappedRow, day: datetime.date) -> RowDraft:
        """See `Planner.draft`."""
        return RowDraft(row, day, columns=self._columns, identity=self.target.identity, dress=self._dress)

    # -- matching ---------------------------------------------------------------------------------

    def _match(self, draft: RowDraft) -> None:
        """The row that holds the key, else a new one; without a key the same row may stand already."""
        named = any(self.target.specs[name].target is not None for name in self.target.key_fields)
        if named and PROJECT in self.specs and PROJECT not in self.target.key_fields:
            # What the key names may have the same name in other projects.
            self._reference(draft, self.specs[PROJECT], None)
        if self._key is not None:
            self._match_key(draft, self._key)
        elif not self.target.key_fields:
            self._match_same(draft)

    def _match_key(self, draft: RowDraft, taken: Taken) -> None:
        values = []
        for name in self.target.key_fields:
            value = self._key_value(draft, self.target.specs[name])
            if draft.refused:
                return
            if value == "" and name == self.target.code and self.target.model.code_pattern:
                return
            values.append(value)
        key = taken.key(values)
        earlier = self._seen.setdefault(key, draft.row.number)
        if earlier != draft.row.number:
            draft.refuse_row(Message("repeated_key", {"value": shorten(self._said(draft)), "earlier": earlier}))
            return
        owners = [pk for pk in taken.owners(values) if pk not in self._without]
        if len(owners) > 1:
            draft.refuse_row(Message("several_same_key", {"count": len(owners), "value": shorten(self._said(draft))}))
        elif owners:
            draft.main_id, draft.match = owners[0], Exact(owners[0], "code")
        elif any(not self.target.specs[name].writable for name in self.target.key_fields):
            draft.refuse_row(Message("no_row_with_key", {"value": shorten(self._said(draft))}))

    def _key_value(self, draft: RowDraft, spec: Spec) -> Any:
        """One value of the key; a row that leaves a needed one empty is refused."""
        if draft.get(spec.key) is None:
            if not spec.model_field.null and not spec.model_field.blank:
                label = draft.columns.get(spec.key, "") or str(spec.bound.label)
                draft.refuse(spec.key, Message("required_missing", {"field": label}), whole_row=True)
            return spec.blank()
        if spec.target is None:
            return converted(spec, draft.get(spec.key))
        found = self._reference(draft, spec, None)
        if found is None:
            draft.refusals[-1] = _of_whole_row(draft.refusals[-1])
        return found

    def _said(self, draft: RowDraft) -> str:
        return " ".join(draft.row.raw.get(name, "") for name in self.target.key_fields).strip()

    def _match_same(self, draft: RowDraft) -> None:
        """A register without a key: a row that stands already with all the file's values is not made twice."""
        specs = [spec for spec in self.specs.values() if spec.writable and not spec.pair]
        if self._same is None:
            self._same = Taken(self.target.model, [spec.key for spec in specs])
        for spec in specs:
            if spec.target is not None and draft.get(spec.key) is not None:
                self._reference(draft, spec, None)
        values = self._values(draft, None)
        owners = self._same.owners([values.get(spec.column, spec.blank()) for spec in specs])
        if owners and not draft.refusals and owners[0] not in self._without:
            draft.main_id, draft.match = owners[0], Exact(owners[0], "code")

    # -- references -------------------------------------------------------------------------------

    def _reference(self, draft: RowDraft, spec: Spec, old: Any) -> int | None:
        if spec.key not in draft.ids and draft.get(spec.key) is not None:
            present = getattr(old, spec.column) if old is not None else None
            found = self.references.find(draft, spec, present, self._project(draft, spec, old))
            if found is not None:
                draft.ids[spec.key] = found
        found_id: int | None = draft.ids.get(spec.key)
        return found_id

    def _project(self, draft: RowDraft, spec: Spec, old: Any) -> Any:
        """The project of the row, within which codes of what it names are unique."""
        if spec.key == PROJECT or PROJECT not in self.target.specs:
            return None
        found = draft.ids.get(PROJECT)
        return found if found is not None else getattr(old, "project_id", None)

    def _dress(self, row: Any) -> None:
        """Give a row the records it points to, read once per chunk, so that its own rules need no statement."""
        if not isinstance(row, self.target.model):
            return
        for field in self.target.relations:
            value = getattr(row, field.attname)
            if isinstance(value, int) and value < 0:
                setattr(row, field.attname, None)
            elif value is not None and (found := self._related.get((field.related_model, value))) is not None:
                setattr(row, field.name, found)

    def _load_related(self, drafts: Sequence[RowDraft]) -> None:
        wanted: defaultdict[Any, set[int]] = defaultdict(set)
        for draft in drafts:
            stood = draft.stood.get("main")
            for field in self.target.relations:
                ids: set[Any] = {draft.ids.get(field.name), getattr(stood, field.attname, None)}
                wanted[field.related_model] |= {pk for pk in ids if isinstance(pk, int) and pk > 0}
        for model, ids in wanted.items():
            missing = [pk for pk in ids if (model, pk) not in self._related]
            for start in range(0, len(missing), 500):
                found = model._base_manager.in_bulk(missing[start : start + 500])
                self._related |= {(model, pk): row for pk, row in found.items()}

    # -- planning ---------------------------------------------------------------------------------

    def plan(self, day: datetime.date, drafts: Sequence[RowDraft]) -> ChunkPlan:
        """See `Planner.plan`."""
        self._related.clear()
        for draft in drafts:
            if not draft.refused:
                self._plan_draft_ready(draft)
        self.access.load(draft.main_id for draft in drafts)
        self._plan_part(self.target.main, [draft for draft in drafts if not draft.refused], day)
        for part in self.target.parts:
            self._plan_beside(part, [draft for draft in drafts if not draft.refused], day)
        for draft in drafts:
            if draft.refused:
                draft.operations.clear()
            elif "main" not in draft.stood:
                self._fresh.append((draft.main_id, draft))
        return ChunkPlan(day, list(drafts))

    def _plan_draft_ready(self, draft: RowDraft) -> None:
        if self.mapping.blanks == "clear":
            refused = {one.field for one in draft.row.problems}
            draft.cleared = frozenset(
                key
                for key in self.specs
                if key not in draft.row.values and key not in refused and not self.specs[key].pair
            ) | {key for key in self._beside if key not in draft.row.values and key not in refused}

    def _plan_part(self, part: Part, drafts: Sequence[RowDraft], day: datetime.date) -> None:
        standing = self._stand(part, {draft.main_id for draft in drafts if draft.main_id}, day)
        self._fixed = fixed_messages(self.target.declared, [one.row for one in standing.values()])
        for draft in drafts:
            stood = standing.get(draft.main_id)
            old = stood.row if stood is not None else None
            if old is not None:
                draft.stood[part.key] = old
            scoped = sorted(self.specs.values(), key=lambda spec: spec.key != PROJECT)
            for spec in scoped:
                if spec.target not in {None, part.model} and spec.writable:
                    self._reference(draft, spec, old)
        self._load_related(drafts)
        # Rows may name rows above them, which are known once those are planned.
        own = [spec for spec in self.specs.values() if spec.target is part.model and spec.writable]
        for draft in drafts:
            for spec in own:
                self._reference(draft, spec, draft.stood.get(part.key))
            if not draft.refused:
                self._plan_record(part, draft, standing.get(draft.main_id))

    def _plan_beside(self, part: Part, drafts: Sequence[RowDraft], day: datetime.date) -> None:
        """A field kept outside the model: its own record hangs on the row, and needs the right to change that."""
        standing = self._stand(part, {draft.main_id for draft in drafts if draft.main_id}, day)
        for draft in drafts:
            stood = standing.get(draft.main_id)
            old = stood.row if stood is not None else None
            if part.resolve is not None:
                part.resolve(draft, self.references)
            values = part.values(draft, old)
            if not isinstance(values, dict) or draft.refused:
                self._miss(part, draft)
                continue
            if any((getattr(old, name) if old is not None else None) != value for name, value in values.items()):
                refused = self._closed(part, draft)
                if refused is not None:
                    draft.refuse(part.key, refused)
                else:
                    super()._plan_record(part, draft, stood)

    def _miss(self, part: Part, draft: RowDraft) -> None:
        """A new row without a value that every row needs goes nowhere."""
        one = self.target.field(part.key)
        if one is not None and one.needed and draft.main_id < 0 and draft.get(part.key) is None and not draft.refused:
            label = draft.columns.get(part.key, "") or str(one.label)
            draft.refuse(part.key, Message("required_missing", {"field": label}), whole_row=True)

    def _closed(self, part: Part, draft: RowDraft) -> Message | None:
        """Why the value may not be written: the row is not the owner's to change, or the field has a right of its own."""
        stood = draft.stood.get("main")
        row = stood or next((one.row for one in draft.operations if not one.part.owner), None)
        refused = self.access.change(stood) if stood is not None else None
        if refused is None and part.key in self.target.protected and row is not None:
            refused = self.access.holds(self.target.protected[part.key], row)
        return refused

    def _plan_record(self, part: Part, draft: RowDraft, stood: Standing | None) -> None:
        old = stood.row if stood is not None else None
        if old is not None and not self.access.sees(old.pk):
            draft.refuse_row(Message("code_taken", {"value": shorten(self._said(draft))}))
            return
        if old is not None:
            self._dress(old)
        values = self._values(draft, old)
        if old is None:
            draft.main_id = self._next_id()
        else:
            values = self._without_hidden(part, draft, old, values)
            values = {name: value for name, value in values.items() if getattr(old, name) != value}
            values = without_fixed(self.target.declared, self._fixed, draft, part.source, values)
        candidate, values = self._allowed(part, draft, old, values)
        if candidate is None or draft.refused:
            return
        draft.wanted[part.key] = values
        if stood is None:
            self.index.add(draft.main_id, draft.code, [str(candidate)])
            for spec in self.specs.values():
                if spec.target is part.model:
                    self.references.plan(spec, candidate, draft.main_id)
            self._plan_new(part, draft, candidate, values)
            return
        changes = {name: [getattr(stood.row, name), value] for name, value in values.items()}
        if changes:
            self._add(Operation("update", part, draft, stood.row, values, stood, changes), candidate)

    def _without_hidden(self, part: Part, draft: RowDraft, old: Any, values: Values) -> Values:
        """Leave out what the owner may not see before it is compared: "unchanged" would tell that a guess is right."""
        hidden = set()
        for column, permission in self.target.protected_columns.items():
            if column in values and (refused := self.access.holds(permission, old)):
                hidden.add(column)
                if part.source(column, draft) not in draft.cleared:
                    draft.refuse(part.source(column, draft), refused)
        return {name: value for name, value in values.items() if name not in hidden}

    def _allowed(self, part: Part, draft: RowDraft, old: Any, values: Values) -> tuple[Any, Values]:
        """The record as it would be, once cells that are invalid or forbidden are refused; None where the row is."""
        if old is not None and not values:
            return copy.copy(old), values
        refused = self.access.change(old) if old is not None else None
        if refused is not None:
            draft.refuse_row(refused)
            return None, {}
        candidate, values = valid_record(part, draft, old, values)
        if candidate is None:
            return None, {}
        refused = self._may_stand(candidate, old, values)
        if refused is not None:
            draft.refuse_row(refused)
            return None, {}
        for column, permission in self.target.protected_columns.items():
            if column in values and (refused := self.access.holds(permission, old if old is not None else candidate)):
                draft.refuse(part.source(column, draft), refused)
                return self._allowed(part, draft, old, {name: v for name, v in values.items() if name != column})
        return self._unrepeated(part, draft, old, candidate, values)

    def _may_stand(self, candidate: Any, old: Any, values: Values) -> Message | None:
        """A new row, or one that moves to another project (portfolio, unit), needs the right to add there."""
        scope = self.target.scope
        if old is None:
            return self.access.add(candidate)
        if scope and scope in values:
            moved = self.target.model(**{scope: values[scope]})
            self._dress(moved)
            return self.access.add(moved)
        return None

    def _unrepeated(self, part: Part, draft: RowDraft, old: Any, candidate: Any, values: Values) -> tuple[Any, Values]:
        """What another row holds alone is refused before the database would."""
        for taken in self._unique:
            columns = [f.attname for f in taken.fields]
            touched = [name for name in columns if name in values]
            if (old is None or touched) and taken.rival(candidate, draft.main_id):
                message = taken.message(candidate)
                if old is None or not touched:
                    draft.refuse(part.source((touched or columns)[-1], draft), message, whole_row=True)
                    return None, {}
                draft.refuse(part.source(touched[-1], draft), message)
                return self._allowed(part, draft, old, {name: v for name, v in values.items() if name != touched[-1]})
        for taken in self._unique:
            taken.hold(candidate, draft.main_id)
        return candidate, values

    # -- values -----------------------------------------------------------------------------------

    def _values(self, draft: RowDraft, old: Any) -> Values:
        """The columns that the row sets; what says the same in other white space is left."""
        values: Values = {}
        for key, spec in self.specs.items():
            if not spec.writable:
                continue
            if key in draft.cleared:
                if old is not None:
                    values[spec.column] = spec.blank()
            elif spec.pair:
                values |= self._either(draft, spec, old, values)
            elif spec.target is not None:
                if key in draft.ids:
                    values[spec.column] = draft.ids[key]
            elif draft.get(key) is not None:
                values[spec.column] = self._value(draft, spec, old)
        self._settle_currency(draft, old, values)
        return {name: value for name, value in values.items() if value is not None or name in self._clearable(draft)}

    def _clearable(self, draft: RowDraft) -> set[str]:
        return {self.specs[key].column for key in draft.cleared if key in self.specs}

    def _value(self, draft: RowDraft, spec: Spec, old: Any) -> Any:
        value = draft.get(spec.key)
        if old is not None and isinstance(value, str) and kind_of(spec) == "text":
            present = getattr(old, spec.column)
            if isinstance(present, str) and parse_text(present, multiline=True) == parse_text(value, multiline=True):
                return present
            if (
                isinstance(present, str)
                and comparable(present) == comparable(value)
                and " ".join(present.split()) == " ".join(value.split())
            ):
                return present
        return converted(spec, value)

    def _either(self, draft: RowDraft, spec: Spec, old: Any, values: Values) -> Values:
        """A name in one of the two languages: what stands in either already is left, a new one goes by its characters."""
        text = draft.get(spec.key)
        if text is None or spec.pair is None:
            return {}
        present = [" ".join(str(getattr(old, column) or "").split()) for column in spec.pair] if old is not None else []
        if text in present:
            return {}
        chinese = any("\u3400" <= letter <= "\u9fff" for letter in text)
        column = spec.pair[0 if chinese else 1]
        return {} if draft.get(column) is not None else {column: text}

    def _settle_currency(self, draft: RowDraft, old: Any, values: Values) -> None:
        """Amounts are kept in the row's own currency; another one is refused, never converted."""
        for spec in self.specs.values():
            money = draft.get(spec.key)
            if not isinstance(money, Money) or not money.currency or spec.column not in values:
                continue
            kept = self._currency(draft, spec, old, values)
            if kept is None and spec.bound.currency_path == CURRENCY and CURRENCY in self.target.specs:
                values[CURRENCY] = money.currency
            elif kept is not None and kept != money.currency:
                del values[spec.column]
                draft.refuse(spec.key, Message("currency_differs", {"given": money.currency, "kept": kept}))

    def _currency(self, draft: RowDraft, spec: Spec, old: Any, values: Values) -> str | None:
        """The currency in which the column is kept; None where the row is new and does not say."""
        path = spec.bound.currency_path
        if path == BASE_CURRENCY or not path:
            return str(self.references_once("base", lambda: organisation().base_currency))
        if path in values:
            return str(values[path])
        first, *rest = path.split("__")
        if not rest:
            return str(getattr(old, first)) if old is not None else None
        held: Any = getattr(old, f"{first}_id", None)
        row = self._related.get((self.target.model._meta.get_field(first).related_model, draft.ids.get(first, held)))
        for name in rest:
            row = getattr(row, name, None)
        return None if row is None else str(row)

    def references_once(self, key: str, read: Any) -> Any:
        """What `read` gives, read once for the file."""
        if not hasattr(self, "_once"):
            self._once: dict[str, Any] = {}
        if key not in self._once:
            self._once[key] = read()
        return self._once[key]

    # -- what was written -------------------------------------------------------------------------

    def settle(self, ids: dict[int, int]) -> None:
        """Real ids of the rows that the commit created; those that a service refused have none."""
        self.references.settle(ids)
        for taken in self._unique:
            taken.settle(ids)
        for planned, draft in self._fresh:
            if planned in ids:
                draft.main_id = self.created_by[draft.row.number] = ids[planned]
        self._fresh.clear()

    def note_created(self, pk: int, row: MappedRow) -> None:
        """Rows of an earlier attempt are on file already."""

    def related(self, model: Any, pk: int) -> Any:
        """A record that rows of the chunk point to."""
        return self._related.get((model, pk))

    def words(self) -> dict[str, list[list[Any]]]:
        """Texts of references that mean nothing yet, with counts, for the page of meanings."""
        return {
            key: [[text, count, ""] for text, count in found.most_common()]
            for key, found in self.references.unknown.items()
        }

    def offers(self) -> dict[str, list[list[str]]]:
        """What such a text may be said to mean: (what to read instead, what is shown)."""
        return {
            key: [[value, label] for value, label in found.items()] for key, found in self.references.offers.items()
        }


def _of_whole_row(refusal: Any) -> Any:
    from dataclasses import replace

    return replace(refusal, whole_row=True)
