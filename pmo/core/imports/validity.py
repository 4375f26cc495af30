"""Making a record valid by refusing as few cells as possible, each with the model's own reason."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from pmo.core.imports.messages import Message
from pmo.core.imports.parts import Part, RowDraft, Values
from pmo.core.imports.texts import refused_by


def valid_record(part: Part, draft: RowDraft, old: Any, values: Values) -> tuple[Any, Values]:
    """An instance with the values that are left once every cell that makes it invalid has been refused.

    None and nothing where the record cannot be made valid: then all its cells are refused, or the row, if it is the main one.
    """
    values = dict(values)
    for _attempt in range(len(values) + 1):
        candidate = _with_values(part, draft, old, values)
        problems = _problems(candidate)
        if not problems:
            return candidate, values
        culprit = _culprit(part, draft, old, values, problems)
        if culprit is None:
            _refuse_all(part, draft, values, next(iter(problems.values())))
            return None, {}
        name, reason = culprit
        del values[name]
        _refuse_cell(part, draft, name, reason)
    return None, {}


def check_row(row: Any) -> None:
    """The model's own validation, without what would ask the database. Raises ValidationError by field."""
    relations = {f.name for f in row._meta.concrete_fields if f.is_relation}
    errors: dict[str, Any] = {}
    for check in (lambda: row.clean_fields(exclude=relations), row.clean):
        try:
            check()
        except ValidationError as error:
            errors = error.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def _problems(row: Any) -> dict[str, Message]:
    return refused_by(lambda: check_row(row))


def _with_values(part: Part, draft: RowDraft, old: Any, values: Values) -> Any:
    row = part.model(**part.where(draft.day), **part.blanks(draft)) if old is None else copy.copy(old)
    for name, value in values.items():
        setattr(row, name, value)
    if draft.dress is not None:
        draft.dress(row)
    return row


def _culprit(
    part: Part, draft: RowDraft, old: Any, values: Values, problems: Mapping[str, Message]
) -> tuple[str, Message] | None:
    """The value to give up: the one the validation names, else the first one without which it would be content."""
    for name, reason in problems.items():
        if name in values and name in part.sources:
            return name, reason
    reason = next(iter(problems.values()))
    for name in values:
        rest = {key: value for key, value in values.items() if key != name}
        if name in part.sources and not _problems(_with_values(part, draft, old, rest)):
            return name, reason
    return None


def _refuse_all(part: Part, draft: RowDraft, values: Values, reason: Message) -> None:
    if not part.owner:
        draft.refuse_row(reason)
        return
    for key in dict.fromkeys(part.source(name, draft) for name in values):
        if key and draft.get(key) is not None:
            draft.refuse(key, reason)


def _refuse_cell(part: Part, draft: RowDraft, column: str, reason: Message) -> None:
    key = part.source(column, draft)
    draft.refuse(key if draft.get(key) is not None or key in draft.cleared else draft.identity_field, reason)
