"""Doing one thing with many rows: each under a savepoint of its own, those that refuse are named, one batch of audit entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pmo.core.access.decisions import Refused
from pmo.core.audit.services import batched
from pmo.core.records.services import StaleRecord
from pmo.core.registers.declaration import Register
from pmo.core.registers.fields import UnknownFieldError, bind
from pmo.core.registers.services import FieldRefusedError

Refusal = dict[str, Any]
MOST_NAMED = 1000


class RowRefusedError(Exception):
    """The row is left as it is, for this reason."""

    def __init__(self, reason: Any) -> None:
        super().__init__(reason)
        self.reason = reason


REFUSALS = (RowRefusedError, ValidationError, FieldRefusedError, Refused, StaleRecord)


def refusal(pk: int, label: str, reason: Any) -> Refusal:
    """A row that was left alone, for the result page."""
    return {"id": pk, "label": label[:300], "reason": str(reason)[:500]}


def reason_of(register: Register, error: Exception) -> str:
    """Why a service refused, in one line that names the fields."""
    if isinstance(error, ValidationError):
        return _validation(register, error)
    if isinstance(error, FieldRefusedError):
        return _named(register, error.field, str(error.reason))
    if isinstance(error, StaleRecord):
        return _("Somebody changed it at the same moment.")
    return str(getattr(error, "reason", error))


def _validation(register: Register, error: ValidationError) -> str:
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    parts = []
    for name, errors in error.error_dict.items():
        text = " ".join(message for item in errors for message in item.messages)
        parts.append(_named(register, name, text))
    return " ".join(parts)


def _named(register: Register, name: str, text: str) -> str:
    try:
        label = bind(register, name).label
    except (UnknownFieldError, FieldDoesNotExist):
        return text
    return f"{label}{pgettext('label', ': ')}{text}"


def plain_rows(register: Register, ids: Iterable[int]) -> list[Any]:
    """The rows, those in the trash too, as services take them, in the order of the ids."""
    wanted = list(ids)
    rows = register.model._base_manager.select_related(*register.select_related).in_bulk(wanted)
    return [rows[pk] for pk in wanted if pk in rows]


def with_each(register: Register, rows: Iterable[Any], act: Callable[[Any], bool], refused: list[Refusal]) -> list[Any]:
    """Call `act` with each row; returns those for which it said that it changed something.

    What a row's service refuses is undone for that row alone and added to `refused`. Call it inside a transaction.
    """
    changed = []
    with batched() as batch:
        for row in rows:
            place, label = batch.place(), str(row)
            try:
                with transaction.atomic():
                    if act(row):
                        changed.append(row)
            except REFUSALS as error:
                batch.back_to(place)
                refused.append(refusal(row.pk, label, reason_of(register, error)))
    return changed
