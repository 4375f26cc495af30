"""Writing lookup tables and their values: keys stay, nothing is deleted."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.custom_fields import stamp
from pmo.core.custom_fields.models import LookupTable, LookupValue
from pmo.core.records.services import create_record, update_record

Row = LookupTable | LookupValue
MOST = 500


def create_lookup(*, actor: Actor, row: Any, reason: str = "") -> Any:
    """Add a table or a value. Raises ValidationError by field."""
    _check(row)
    if isinstance(row, LookupValue) and LookupValue.objects.filter(table_id=row.table_id).count() >= MOST:
        raise ValidationError({"table": _("A lookup table has at most %(most)s values.") % {"most": MOST}})
    with transaction.atomic():
        made = create_record(actor=actor, row=row, reason=reason)
        stamp.renew()
    return made


def update_lookup(
    *, actor: Actor, row: Any, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> Any:
    """Change a table or a value; its key and table stay. Raises ValidationError by field."""
    for name in ("code", "table"):
        if name in values and values[name] != getattr(row, name):
            raise ValidationError({name: _("The key stays: addresses, formulas and other systems use it.")})
    with transaction.atomic():
        saved = update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)
        _check(saved)
        stamp.renew()
    return saved


def _check(row: Row) -> None:
    if not (row.name_zh or row.name_en):
        raise ValidationError({"name_zh": _("Give it a name in at least one language.")})
