"""Creating, changing and deleting records: one transaction, full validation, history, audit.

App services call these and add their own rules around them; nothing else writes a record.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, plain, record, record_many
from pmo.core.calendars.queries import org_today
from pmo.core.history.models import version_of
from pmo.core.history.services import close_versions, write_versions
from pmo.core.records.models import Record
from pmo.core.records.written import tell_written

R = TypeVar("R", bound=Record)


class StaleRecord(Exception):
    """Somebody else changed the row after it was read. `current` is the row as it stands now."""

    def __init__(self, current: Any) -> None:
        super().__init__(_("This record was changed by somebody else in the meantime."))
        self.current = current


class StillNeededError(ValidationError):
    """A record that others hang on is not deleted. `url` lists those, `link` says so in words."""

    def __init__(self, message: Any, *, url: str, link: Any) -> None:
        super().__init__(message, code="still_needed")
        self.url, self.link = url, link


def label_of(row: models.Model) -> str:
    """`projects.milestone` for a Milestone."""
    return str(row._meta.label_lower)


def project_of(row: Record) -> int | None:
    """The id of the project the row belongs to, for the audit trail."""
    field = type(row).audit_project
    value: int | None = getattr(row, field) if field else None
    return value


def act_on(row: Record, action: str, changes: dict[str, Any], reason: str) -> Act:
    """The audit act for a row."""
    return Act(
        action=action,
        model=label_of(row),
        object_id=row.pk,
        object_label=str(row),
        project_id=project_of(row),
        changes=changes,
        reason=reason,
    )


def create_record(*, actor: Actor, row: R, reason: str = "", day: datetime.date | None = None) -> R:
    """Save a new row. `day` dates its first version (today by default). Raises ValidationError by field."""
    coded = _hold_code([row])
    row.full_clean()
    with _rival_told(row), transaction.atomic():
        row.save(force_insert=True)
        _give_codes(type(row), coded)
        write_versions(model=type(row), rows=[row], day=day or org_today(), new=True)
        changes = {
            f.attname: [None, plain(getattr(row, f.attname))]
            for f in _told(row)
            if getattr(row, f.attname) not in (None, "")
        }
        record(actor=actor, act=act_on(row, "create", changes, reason))
        tell_written([row])
    return row


@contextmanager
def _rival_told(row: Record) -> Iterator[None]:
    """Somebody took the same unique values between the check and the write: say so as the check would have."""
    try:
        yield
    except IntegrityError:
        row.full_clean()
        raise


def _hold_code(rows: Sequence[Record]) -> list[Any]:
    """Give rows without a code a unique place-holder until their id is known; returns those rows."""
    waiting: list[Any] = [row for row in rows if row.code_pattern and not getattr(row, "code", "")]
    for row in waiting:
        row.code = row.uid.hex[:32]
    return waiting


def _give_codes(model: type[Record], rows: Sequence[Any]) -> None:
    manager: Any = model._base_manager
    for row in rows:
        row.code = model.code_pattern.format(row.pk)
    if len(rows) == 1:
        manager.filter(pk=rows[0].pk).update(code=rows[0].code)
    elif rows:
        manager.bulk_update(rows, ["code"], batch_size=200)


def _told(row: models.Model) -> list[Any]:
    hidden = {"id", "uid", "version", "created_at", "updated_at", "deleted_at"}
    return [f for f in row._meta.concrete_fields if f.name not in hidden]


def update_record(
    *,
    actor: Actor,
    row: R,
    values: dict[str, Any],
    expected_version: int | None = None,
    reason: str = "",
    action: str = "update",
    day: datetime.date | None = None,
) -> R:
    """Set the fields that differ. Nothing differs: nothing is written.

    `expected_version` is the version the user saw; another one in the table raises StaleRecord and writes nothing.
    Raises ValidationError by field, ValueError for a day before one on which the record's history already says something:
    the current row must not take values of the past (`records.bulk.update_many` writes those into history only).
    """
    changes = _apply(row, values)
    if expected_version is not None and not _is_current(row, expected_version):
        raise StaleRecord(_fresh(row))
    if not changes:
        return row
    row.full_clean()
    if day is not None:
        _refuse_past(row, day)
    with _rival_told(row), transaction.atomic():
        _save_fields(row, list(changes), expected_version)
        write_versions(model=type(row), rows=[row], day=day or org_today())
        record(actor=actor, act=act_on(row, action, changes, reason))
        tell_written([row], fields=changes)
    return row


def _refuse_past(row: Record, day: datetime.date) -> None:
    table: Any = version_of(type(row))
    if table is not None and table.objects.filter(row_id=row.pk, valid_from__gt=day).exists():
        raise ValueError(f"{label_of(row)} {row.pk} has history after {day}; update_record cannot change its past")


def _apply(row: models.Model, values: dict[str, Any]) -> dict[str, list[Any]]:
    changes: dict[str, list[Any]] = {}
    for name, value in values.items():
        field: Any = row._meta.get_field(name)
        old = getattr(row, field.attname)
        setattr(row, name, value)
        new = getattr(row, field.attname)
        if old != new:
            changes[field.attname] = [plain(old), plain(new)]
    return changes


def _fresh(row: models.Model) -> Any:
    return type(row)._base_manager.get(pk=row.pk)


def _is_current(row: models.Model, version: int) -> bool:
    return type(row)._base_manager.filter(pk=row.pk, version=version).exists()


def _save_fields(row: Any, attnames: Sequence[str], expected_version: int | None) -> None:
    """A conditional UPDATE of just these columns: works as a lock on every database, with no row lock held."""
    version = expected_version if expected_version is not None else row.version
    now = timezone.now()
    stored = {name: getattr(row, name) for name in attnames}
    rows = type(row)._base_manager.filter(pk=row.pk, version=version)
    if not rows.update(**stored, version=version + 1, updated_at=now):
        raise StaleRecord(_fresh(row))
    row.version, row.updated_at = version + 1, now


def note_change(
    *,
    actor: Actor,
    row: Record,
    changes: dict[str, Any],
    expected_version: int | None = None,
    reason: str = "",
    fresh: bool = False,
) -> None:
    """Say that what is kept beside the row changed: a new version of the row, and an entry of its history.

    `fresh`: the row was made in this transaction and keeps its first version. Raises StaleRecord.
    """
    with transaction.atomic():
        if not fresh:
            _save_fields(row, [], expected_version)
        record(actor=actor, act=act_on(row, "update", changes, reason))


def delete_record(
    *,
    actor: Actor,
    row: Record,
    expected_version: int | None = None,
    reason: str = "",
    day: datetime.date | None = None,
) -> None:
    """Move the row to the trash; past days keep it."""
    with transaction.atomic():
        row.deleted_at = timezone.now()
        _save_fields(row, ["deleted_at"], expected_version)
        close_versions(model=type(row), ids=[row.pk], day=day or org_today())
        record(actor=actor, act=act_on(row, "delete", {}, reason))
        tell_written([row], gone=True)


def restore_record(*, actor: Actor, row: Record, reason: str = "") -> None:
    """Take the row out of the trash. Raises ValidationError where its code is taken meanwhile."""
    row.deleted_at = None
    row.full_clean()
    with transaction.atomic():
        _save_fields(row, ["deleted_at"], None)
        write_versions(model=type(row), rows=[row], day=org_today())
        record(actor=actor, act=act_on(row, "restore", {}, reason))
        tell_written([row])


def create_many(*, actor: Actor, rows: Sequence[R], reason: str = "", day: datetime.date | None = None) -> list[R]:
    """Save many valid rows of one model in a constant number of statements per 500; one audit entry each.

    The caller has run full_clean on each row. Returns the rows with their ids.
    """
    if not rows:
        return []
    model = type(rows[0])
    with transaction.atomic():
        coded = _hold_code(rows)
        saved = model._base_manager.bulk_create(rows, batch_size=500)
        _give_codes(model, coded)
        if version_of(model) is not None:
            write_versions(model=model, rows=saved, day=day or org_today(), new=True)
        record_many(actor=actor, acts=[act_on(row, "create", {}, reason) for row in saved])
        tell_written(saved)
    return list(saved)
