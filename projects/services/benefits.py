"""Benefits and their periods: a line is in the currency of its benefit."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pmo.core.audit.actor import Actor
from pmo.core.records.services import create_record, update_record
from projects.models import Benefit, BenefitLine


def create_benefit(*, actor: Actor, row: Benefit, reason: str = "") -> Benefit:
    """Save a benefit; money without a currency is in the project's."""
    if not row.monetary:
        row.currency = ""
    elif not row.currency and row.project_id:
        row.currency = row.project.currency
    return create_record(actor=actor, row=row, reason=reason)


def update_benefit(
    *, actor: Actor, row: Benefit, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> Benefit:
    """Change a benefit. Raises ValidationError for another currency or way of counting while it has periods."""
    filled = dict(values)
    if not filled.get("monetary", row.monetary):
        filled["currency"] = ""
    fixed = ("project", "monetary", "currency", "manner")
    changed = [name for name in fixed if name in filled and filled[name] != getattr(row, name)]
    if changed and BenefitLine.objects.filter(benefit=row).exists():
        raise ValidationError({changed[0]: _("This benefit has periods already; delete them first.")})
    return update_record(actor=actor, row=row, values=filled, expected_version=expected_version, reason=reason)


def create_line(*, actor: Actor, row: BenefitLine, reason: str = "") -> BenefitLine:
    """Save a period of a benefit."""
    benefit = getattr(row, "benefit", None)
    row.currency = benefit.currency if benefit is not None else ""
    return create_record(actor=actor, row=row, reason=reason)


def update_line(
    *, actor: Actor, row: BenefitLine, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> BenefitLine:
    """Change a period: its currency follows the benefit."""
    benefit = values.get("benefit", row.benefit)
    filled = {**values, "currency": benefit.currency}
    return update_record(actor=actor, row=row, values=filled, expected_version=expected_version, reason=reason)
