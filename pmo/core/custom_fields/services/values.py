"""Writing the values of a record: typed, dated, in one act of the record's own history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from pmo.core.custom_fields.definitions import Definition
from pmo.core.custom_fields.models import CustomField, CustomValue
from pmo.core.custom_fields.values import COLUMNS, shown, stored
from pmo.core.history.services import write_versions
from pmo.core.records.models import Record
from pmo.core.records.services import note_change

_VALUE_COLUMNS = sorted(set(COLUMNS.values()))


def write_values(
    *,
    actor: Actor,
    row: Record,
    values: Mapping[Definition, Any],
    expected_version: int | None = None,
    reason: str = "",
    fresh: bool = False,
) -> Record:
    """Save the values (as forms clean them) that differ; the record gets a new version and one entry of its history.

    `fresh`: the record was made in this transaction. Raises ValidationError by field name where a value that may not
    stand twice stands already, StaleRecord where somebody else changed the record.
    """
    with transaction.atomic():
        held = {
            value.field_id: value
            for value in CustomValue.objects.filter(record_id=row.pk, field_id__in=[one.pk for one in values])
        }
        made: list[CustomValue] = []
        changed: list[CustomValue] = []
        told: dict[str, Any] = {}
        for one, value in values.items():
            new = stored(one, value)
            known = held.get(one.pk)
            old = getattr(known, COLUMNS[one.kind]) if known is not None else None
            if old == new:
                continue
            told[one.name] = [shown(one, old), shown(one, new)]
            place = known or CustomValue(field_id=one.pk, record_id=row.pk)
            setattr(place, COLUMNS[one.kind], new)
            (changed if known is not None else made).append(place)
        if not told:
            return row
        check_unique(row.pk, {one: stored(one, value) for one, value in values.items() if one.name in told})
        _save(made, changed)
        note_change(actor=actor, row=row, changes=told, expected_version=expected_version, reason=reason, fresh=fresh)
    return row


def _save(made: list[CustomValue], changed: list[CustomValue]) -> None:
    CustomValue.objects.bulk_create(made)
    now = timezone.now()
    for value in changed:
        value.version, value.updated_at = value.version + 1, now
    if changed:
        CustomValue.objects.bulk_update(
            changed, [*(name.removesuffix("_id") for name in _VALUE_COLUMNS), "version", "updated_at"]
        )
    write_versions(model=CustomValue, rows=[*made, *changed], day=org_today())


def check_unique(pk: int | None, values: Mapping[Definition, Any]) -> None:
    """Refuse values that may not stand twice and stand in another living record; writers of the field wait for each other."""
    wanted = {one: kept for one, kept in values.items() if one.unique and kept is not None}
    errors: dict[str, Any] = {}
    if wanted:
        list(CustomField.objects.select_for_update().filter(pk__in=[one.pk for one in wanted]).order_by("pk"))
    for one, kept in wanted.items():
        rivals = CustomValue.objects.filter(field_id=one.pk, **{COLUMNS[one.kind]: kept}).exclude(record_id=pk)
        if any_alive(one, rivals):
            errors[one.name] = [_("Another record has this value already.")]
    if errors:
        raise ValidationError(errors)


def any_alive(one: Definition, rivals: Any) -> bool:
    """Whether a value belongs to a record that is not in the trash."""
    from pmo.core.registers.declaration import declared_register

    model: Any = declared_register(one.register).model
    return bool(model._base_manager.filter(pk__in=rivals.values("record_id"), deleted_at__isnull=True).exists())
