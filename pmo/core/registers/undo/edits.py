"""Changing and deleting one row so that it can be taken back: the change and what undo needs in one transaction."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse

from pmo.core.audit.actor import Actor
from pmo.core.registers.declaration import Register
from pmo.core.registers.services import delete_row, update_row
from pmo.core.registers.undo.models import UndoEntry
from pmo.core.registers.undo.services import last_audit, remember_delete, remember_edit
from pmo.core.registers.undo.snapshots import snapshots


@transaction.atomic
def edit_remembered(
    *, register: Register, actor: Actor, row: Any, values: dict[str, Any], expected_version: int, reason: str = ""
) -> tuple[Any, UndoEntry | None]:
    """`update_row`, and what takes it back (None where nothing changed). Raises what `update_row` raises."""
    since, before = last_audit(), snapshots(register, [row])[row.pk]
    saved = update_row(
        register=register, actor=actor, row=row, values=values, expected_version=expected_version, reason=reason
    )
    return saved, remember_edit(actor=actor, register=register, before=before, row=saved, since=since)


@transaction.atomic
def delete_remembered(
    *, register: Register, actor: Actor, row: Any, expected_version: int | None, reason: str = ""
) -> UndoEntry | None:
    """`delete_row`, and what takes it back. Raises what `delete_row` raises."""
    since = last_audit()
    delete_row(register=register, actor=actor, row=row, expected_version=expected_version, reason=reason)
    return remember_delete(actor=actor, register=register, row=row, since=since)


def undo_url(entry: UndoEntry | None) -> str:
    """Where the button of a toast posts to; "" where there is nothing to take back."""
    return "" if entry is None else reverse("change-undo", kwargs={"uid": entry.uid})
