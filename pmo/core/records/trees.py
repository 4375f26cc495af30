"""Materialised paths such as /3/17/: a row's path ends with its own id, everything below it begins with it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo.core.audit.actor import Actor
from pmo.core.records.services import create_many, create_record, update_record

_LONGEST = 480


def path_below(parent: Any, pk: int) -> str:
    """The path of the row `pk` below `parent` (None: at the top)."""
    return f"{parent.path if parent else '/'}{pk}/"


def check_parent(row: Any) -> None:
    """Refuse a parent that lies at or below the row itself, or a tree that grows too deep. Raises ValidationError."""
    parent = row.parent
    if parent is None:
        return
    if row.pk and f"/{row.pk}/" in parent.path:
        raise ValidationError(
            {"parent": _("%(name)s lies below this record itself; choose another parent.") % {"name": parent}}
        )
    if len(parent.path) > _LONGEST:
        raise ValidationError({"parent": _("The tree is too deep below %(name)s.") % {"name": parent}})


def create_in_tree(*, actor: Actor, row: Any, reason: str = "", day: datetime.date | None = None) -> Any:
    """Create the row and give it its path."""
    check_parent(row)
    with transaction.atomic():
        create_record(actor=actor, row=row, reason=reason, day=day)
        row.path = path_below(row.parent, row.pk)
        type(row)._base_manager.filter(pk=row.pk).update(path=row.path)
        _write_path(row, day)
    return row


def _write_path(row: Any, day: datetime.date | None) -> None:
    from pmo.core.calendars.queries import org_today
    from pmo.core.history.services import write_versions

    write_versions(model=type(row), rows=[row], day=day or org_today())


def update_in_tree(
    *,
    actor: Actor,
    row: Any,
    values: dict[str, Any],
    expected_version: int | None = None,
    reason: str = "",
    day: datetime.date | None = None,
) -> Any:
    """Change the row; a new parent moves everything below it along."""
    old_path = row.path
    with transaction.atomic():
        if "parent" in values:
            row.parent = values["parent"]
            check_parent(row)
            row = type(row)._base_manager.get(pk=row.pk)
        update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason, day=day)
        new_path = path_below(row.parent, row.pk)
        if new_path != old_path:
            _move(row, old_path, new_path, day)
    return row


def _move(row: Any, old_path: str, new_path: str, day: datetime.date | None) -> None:
    from pmo.core.calendars.queries import org_today
    from pmo.core.history.services import write_versions

    model = type(row)
    below = list(model._base_manager.filter(path__startswith=old_path))
    for item in below:
        item.path = new_path + item.path[len(old_path) :]
    model._base_manager.bulk_update(below, ["path"], batch_size=200)
    alive = [item for item in below if item.deleted_at is None]
    write_versions(model=model, rows=alive, day=day or org_today())
    row.path = new_path


def create_many_in_tree(
    *, actor: Actor, rows: Sequence[Any], reason: str = "", day: datetime.date | None = None
) -> list[Any]:
    """Create many rows of one model whose parents exist already, with their paths, in a constant number of statements."""
    from pmo.core.calendars.queries import org_today
    from pmo.core.history.services import write_versions

    if not rows:
        return []
    for row in rows:
        check_parent(row)
    model = type(rows[0])
    with transaction.atomic():
        saved = create_many(actor=actor, rows=rows, reason=reason, day=day)
        for row in saved:
            row.path = path_below(row.parent, row.pk)
        model._base_manager.bulk_update(saved, ["path"], batch_size=200)
        write_versions(model=model, rows=saved, day=day or org_today())
    return saved
