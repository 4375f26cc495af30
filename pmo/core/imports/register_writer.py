"""Writes the rows of a register: in bulk where it has no rules of its own, else one at a time by its services.

What a service refuses becomes a refused cell of the row; the rest of the row is written where it can stand without it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pmo.core.access.decisions import Refused
from pmo.core.imports.commit_writer import ChunkWriter, digests_of, versions_before, written_over
from pmo.core.imports.messages import Message
from pmo.core.imports.models import ImportChange
from pmo.core.imports.parts import Operation, Part
from pmo.core.imports.register_planning import RegisterPlanner
from pmo.core.imports.register_target import RegisterTarget
from pmo.core.imports.texts import in_all_languages, refused_by
from pmo.core.records.services import StaleRecord

Action = ImportChange.Action


class RegisterWriter(ChunkWriter):
    """See `ChunkWriter`."""

    target: RegisterTarget
    planner: RegisterPlanner

    def _write_part(self, part: Part, operations: Sequence[Operation], day: datetime.date, ids: dict[int, int]) -> None:
        # Changed rows may name created ones.
        self._ids = ids
        super()._write_part(part, operations, day, ids)

    def _create(self, part: Part, operations: Sequence[Operation], day: datetime.date, ids: dict[int, int]) -> None:
        if part.owner:
            super()._create(part, operations, day, ids)
            return
        if not self.target.one_by_one:
            try:
                with transaction.atomic():
                    super()._create(part, operations, day, ids)
                return
            except IntegrityError:
                # Somebody took a key while the chunk was planned: row by row says which.
                self._changes = [one for one in self._changes if one.action != Action.CREATE]
        for one in operations:
            one.row.pk = None
            self._create_one(one, day, ids)

    def _create_one(self, one: Operation, day: datetime.date, ids: dict[int, int]) -> None:
        if not self._point(one, ids):
            return
        for name, value in one.values.items():
            setattr(one.row, name, value)
        self._dress(one.row)
        saved: list[Any] = []
        dated = {"day": day} if self.target.dated else {}

        def write() -> None:
            saved.append(self.target.create(actor=self.actor, row=one.row, reason=self.reason, **dated))

        problems = self._refused(write)
        if problems:
            self._refuse_row(one, problems)
            return
        row = one.row = saved[-1] if saved[-1] is not None else one.row
        ids[one.draft.main_id] = row.pk
        digest = digests_of(one.part.model, [row.pk], day).get(row.pk, "")
        self._note(row, Action.CREATE, one.draft.row.number, row.pk, day, digest=digest)

    def _change(self, part: Part, operations: Sequence[Operation], day: datetime.date) -> None:
        if part.owner or not self.target.one_by_one:
            super()._change(part, operations, day)
            return
        past = [one for one in operations if one.standing is not None and one.standing.history_only]
        if past:
            super()._change(part, past, day)
        for one in operations:
            if one not in past:
                self._change_one(one, day)

    def _change_one(self, one: Operation, day: datetime.date) -> None:
        """Change one row; each refused cell is left out and the rest tried again."""
        before, history = written_over(one), versions_before(one)
        dated = {"day": day} if self.target.dated else {}
        while one.values:
            if not self._point(one, self._ids):
                return
            row: Any = one.part.model._base_manager.get(pk=one.row.pk)
            values = self._named(one.values)
            done: list[Any] = []

            def write(row: Any = row, values: dict[str, Any] = values, done: list[Any] = done) -> None:
                version = row.version
                update = self.target.update
                done.append(
                    update(
                        actor=self.actor, row=row, values=values, expected_version=version, reason=self.reason, **dated
                    )
                )

            problems = self._refused(write)
            if not problems:
                one.row = done[-1] if done[-1] is not None else row
                break
            if not self._drop(one, problems):
                return
        if not one.values:
            one.draft.operations.remove(one)
            return
        digest = digests_of(one.part.model, [one.row.pk], day).get(one.row.pk, "")
        self._note(
            one.row, Action.UPDATE, one.draft.row.number, one.draft.main_id, day,
            before=before, history=history, digest=digest, version=one.row.version,
        )  # fmt: skip

    def _refused(self, write: Callable[[], None]) -> dict[str, Message]:
        """What the service refuses, by field; in a savepoint, so that nothing of the row stays."""

        def tried() -> None:
            with transaction.atomic():
                write()

        try:
            return refused_by(tried, once=True)
        except Refused as error:
            reason = error.reason
            return {"__all__": Message("not_allowed", {"detail": in_all_languages(lambda: str(reason))})}
        except StaleRecord:
            return {"__all__": _told(lambda: _("This record was changed by somebody else in the meantime."))}
        except IntegrityError:
            return {"__all__": _told(lambda: _("Another record has this key already."))}

    def _drop(self, one: Operation, problems: dict[str, Message]) -> bool:
        """Leave out the cell that was refused; where none was named, the row. Says whether there is something to try again."""
        for name, reason in problems.items():
            column = self._column(one, name)
            if column in one.values:
                del one.values[column]
                one.changes.pop(column, None)
                one.draft.refuse(one.part.source(column, one.draft), reason)
                return True
        self._refuse_row(one, problems)
        return False

    def _refuse_row(self, one: Operation, problems: dict[str, Message]) -> None:
        name, reason = next(iter(problems.items()))
        key = one.part.source(self._column(one, name), one.draft) or one.draft.identity_field
        one.draft.refuse(key if key in one.draft.columns else one.draft.identity_field, reason, whole_row=True)

    def _column(self, one: Operation, name: str) -> str:
        names = {f.name: f.attname for f in one.part.model._meta.concrete_fields}
        return names.get(name, name)

    def _point(self, one: Operation, ids: dict[int, int]) -> bool:
        """Real ids of rows of the same chunk that this one names; False where such a row was refused."""
        for column in self._relations[one.part.key]:
            value = one.values.get(column)
            if not isinstance(value, int) or value > 0:
                continue
            if value not in ids:
                label = in_all_languages(lambda: str(self.target.label))
                params = {"value": self.planner.index.name_of(value), "register": label}
                one.draft.refuse(
                    one.part.source(column, one.draft), Message("no_such_reference", params), whole_row=True
                )
                return False
            one.values[column] = ids[value]
        return True

    def _named(self, values: dict[str, Any]) -> dict[str, Any]:
        """Values by field name with records in the place of ids, as forms hand them to services."""
        named: dict[str, Any] = {}
        for column, value in values.items():
            field: Any = self.target.model._meta.get_field(column)
            related = self._relations["main"].get(column)
            if related is not None and value is not None:
                value = self.planner.related(related, value) or related._base_manager.get(pk=value)
            named[field.name] = value
        return named

    def _dress(self, row: Any) -> None:
        for field in self.target.relations:
            value = getattr(row, field.attname)
            if value is not None and (found := self.planner.related(field.related_model, value)) is not None:
                setattr(row, field.name, found)


def _told(speak: Callable[[], str]) -> Message:
    return Message("not_accepted", {"detail": in_all_languages(speak)})
