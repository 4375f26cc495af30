"""Writing PMO units."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from office.models import PMOCharter, PMOUnit
from pmo.core.audit.actor import Actor
from pmo.core.records.services import delete_record


def delete_unit(*, actor: Actor, row: PMOUnit, expected_version: int | None = None, reason: str = "") -> None:
    """Move a PMO unit to the trash. Raises ValidationError while units lie below it or it has a charter."""
    below = PMOUnit.objects.filter(parent=row).count()
    charters = PMOCharter.objects.filter(unit=row).count()
    if below or charters:
        raise ValidationError(
            _("%(name)s still has %(units)s PMO units below it and %(charters)s charters.")
            % {"name": row, "units": below, "charters": charters}
        )
    delete_record(actor=actor, row=row, expected_version=expected_version, reason=reason)
