"""Keeping matrices: one of them is the default."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.records.services import create_record, delete_record, update_record
from risks.calc.scales import COMMON, SCALES
from risks.models import RiskMatrix


def create_matrix(*, actor: Actor, row: RiskMatrix, reason: str = "", day: datetime.date | None = None) -> RiskMatrix:
    """Create the matrix; a new default takes the place of the old one."""
    with transaction.atomic():
        if row.is_default:
            _step_back(actor, None, day)
        return create_record(actor=actor, row=row, reason=reason, day=day)


def update_matrix(
    *,
    actor: Actor,
    row: RiskMatrix,
    values: dict[str, Any],
    expected_version: int | None = None,
    reason: str = "",
    day: datetime.date | None = None,
) -> RiskMatrix:
    """Change the matrix. The default is changed by making another one the default, never by taking it away."""
    if row.is_default and values.get("is_default") is False:
        raise ValidationError(
            {"is_default": _("One matrix must be the default. Make another one the default instead.")}
        )
    with transaction.atomic():
        if values.get("is_default") and not row.is_default:
            _step_back(actor, row.pk, day)
        return update_record(
            actor=actor, row=row, values=values, expected_version=expected_version, reason=reason, day=day
        )


def delete_matrix(*, actor: Actor, row: RiskMatrix, expected_version: int | None = None, reason: str = "") -> None:
    """Move a matrix to the trash; the default stays."""
    if row.is_default:
        raise ValidationError(_("The default matrix cannot be deleted. Make another one the default first."))
    delete_record(actor=actor, row=row, expected_version=expected_version, reason=reason)


def _step_back(actor: Actor, keep: int | None, day: datetime.date | None) -> None:
    old = RiskMatrix.objects.filter(is_default=True).exclude(pk=keep).first()
    if old is not None:
        update_record(actor=actor, row=old, values={"is_default": False}, day=day)


def load_scale(*, actor: Actor, key: str, day: datetime.date | None = None, default: bool = False) -> RiskMatrix:
    """Create a matrix from a ready-made scale. Raises ValidationError for an unknown key."""
    scale = SCALES.get(key)
    if scale is None:
        raise ValidationError(_("There is no ready-made matrix of this name."))
    return create_matrix(actor=actor, row=RiskMatrix(**scale.values(), is_default=default), day=day)


def ensure_default_matrix(*, actor: Actor, day: datetime.date | None = None) -> RiskMatrix:
    """The default matrix; the common 5x5 is created where there is none."""
    found = RiskMatrix.objects.filter(is_default=True).first()
    return found or load_scale(actor=actor, key=COMMON.key, day=day, default=True)
