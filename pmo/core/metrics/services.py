"""Writing the metric catalogue: what code declares follows the code, the rest belongs to the PMO."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from pmo.core.metrics.declaration import MetricSpec, all_declared, declared
from pmo.core.metrics.models import MetricDefinition
from pmo.core.records.bulk import update_many
from pmo.core.records.services import create_many, create_record, delete_record, update_record

# What the PMO may change on a metric that the product computes.
FREE = frozenset({"owner", "green", "red", "target", "notes"})
_TEXTS = ("name", "meaning", "formula", "rules")


def sync_metrics(*, actor: Actor, day: datetime.date | None = None) -> tuple[int, int]:
    """Bring the table in line with the declarations; returns how many rows were added and changed.

    Thresholds, target, owner and notes are the PMO's and never overwritten. A metric that no code declares any more
    becomes an ordinary one that can be deleted. Running it twice changes nothing. Constant number of statements.
    What differs holds from `day` on, today without one.
    """
    day = day or org_today()
    with transaction.atomic():
        rows = {row.code: row for row in MetricDefinition.objects.all()}
        specs = {spec.code: spec for spec in all_declared()}
        added = [_new(spec) for code, spec in specs.items() if code not in rows]
        create_many(actor=actor, rows=added, day=day)
        changes: list[tuple[Any, dict[str, Any]]] = [
            (rows[code], _declared_values(spec)) for code, spec in specs.items() if code in rows
        ]
        changes += [
            (row, {"shipped": False, "calculated_in": ""})
            for code, row in rows.items()
            if row.shipped and code not in specs
        ]
        changed = update_many(actor=actor, changes=changes, day=day)
    return len(added), len(changed)


def _new(spec: MetricSpec) -> MetricDefinition:
    row = as_declared(spec)
    row.full_clean()
    return row


def as_declared(spec: MetricSpec) -> MetricDefinition:
    """The definition as the code declares it, not saved."""
    return MetricDefinition(
        code=spec.code, green=_decimal(spec.green), red=_decimal(spec.red), **_declared_values(spec)
    )


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _declared_values(spec: MetricSpec) -> dict[str, Any]:
    values: dict[str, Any] = {
        "unit": spec.unit,
        "direction": spec.direction,
        "nature": MetricDefinition.Nature.DERIVED.value if spec.derived else MetricDefinition.Nature.ATOMIC.value,
        "frequency": spec.frequency,
        "source": spec.source,
        "calculated_in": spec.calculated_in,
        "shipped": True,
    }
    for suffix, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            values |= {f"{name}_{suffix}": str(getattr(spec, name)) for name in _TEXTS}
    return values


def create_metric(*, actor: Actor, row: MetricDefinition, reason: str = "") -> MetricDefinition:
    """Add a metric of the PMO's own. Raises ValidationError by field."""
    _check(row, {})
    return create_record(actor=actor, row=row, reason=reason)


def update_metric(
    *,
    actor: Actor,
    row: MetricDefinition,
    values: dict[str, Any],
    expected_version: int | None = None,
    reason: str = "",
) -> MetricDefinition:
    """Change a metric; of a computed one only owner, thresholds, target and notes. Raises ValidationError by field."""
    if row.shipped:
        _check_shipped(row, values)
    _check(row, values)
    return update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)


def _check_shipped(row: MetricDefinition, values: dict[str, Any]) -> None:
    fixed = [name for name, value in values.items() if name not in FREE and value != getattr(row, name)]
    if fixed:
        message = _("The product computes this metric; its definition cannot be changed here.")
        raise ValidationError({name: message for name in fixed})
    spec = declared(row.code)
    if spec is not None and spec.limits is not None:
        message = _("The thresholds of this metric are set where it is computed; its page says where.")
        moved = [name for name in ("green", "red") if name in values and values[name] != getattr(row, name)]
        if moved:
            raise ValidationError({name: message for name in moved})


def _check(row: MetricDefinition, values: dict[str, Any]) -> None:
    names = [values.get(name, getattr(row, name)) for name in ("name_zh", "name_en")]
    if not any(names):
        raise ValidationError({"name_zh": _("Give a name in Chinese or in English.")})
    green, red = (values.get(name, getattr(row, name)) for name in ("green", "red"))
    direction = values.get("direction", row.direction)
    if green is None or red is None or direction == MetricDefinition.Direction.NONE:
        return
    wrong = green < red if direction == MetricDefinition.Direction.HIGHER else green > red
    if wrong:
        raise ValidationError({"red": _("Green has to be better than red in the metric's direction.")})


def delete_metric(
    *, actor: Actor, row: MetricDefinition, expected_version: int | None = None, reason: str = ""
) -> None:
    """Move a metric of the PMO's own to the trash. Raises ValidationError for one that the product computes."""
    if row.shipped:
        raise ValidationError(_("The product computes this metric and shows it on its pages; it stays."))
    delete_record(actor=actor, row=row, expected_version=expected_version, reason=reason)
