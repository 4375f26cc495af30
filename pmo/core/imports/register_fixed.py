"""Fields of rows that nobody edits in the register because their values come from elsewhere, as messages of an import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils import translation

from pmo.core.imports.messages import Message
from pmo.core.imports.parts import RowDraft, Values
from pmo.core.registers.declaration import Register

FixedMessages = Mapping[int, Mapping[str, Message]]


def fixed_messages(register: Register, rows: Sequence[Any]) -> FixedMessages:
    """{row id: {field: why it is refused}}, told in every language."""
    if register.fixed is None or not rows:
        return {}
    texts: dict[int, dict[str, dict[str, str]]] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for pk, fields in register.fixed(rows).items():
                for name, one in fields.items():
                    texts.setdefault(pk, {}).setdefault(name, {})[code] = one.refusal
    return {
        pk: {name: Message("not_accepted", {"detail": said}) for name, said in named.items()}
        for pk, named in texts.items()
    }


def without_fixed(register: Register, fixed: FixedMessages, draft: RowDraft, source: Any, values: Values) -> Values:
    """The values that may be written; the others are refused by their cell, or left where only an empty cell would clear them."""
    reasons = fixed.get(draft.main_id, {})
    if not reasons:
        return values
    kept: Values = {}
    for column, value in values.items():
        reason = reasons.get(register.model._meta.get_field(column).name)
        if reason is None:
            kept[column] = value
        elif source(column, draft) not in draft.cleared:
            draft.refuse(source(column, draft), reason)
    return kept
