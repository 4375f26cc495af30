"""Writing decision rights: proposals may change, what is in force only ends."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from pmo.core.decision_rights.models import DecisionRight
from pmo.core.money.models import Currency
from pmo.core.records.bulk import update_many
from pmo.core.records.services import create_record, delete_record, update_record


def propose_right(
    *, actor: Actor, row: DecisionRight, reason: str = "", day: datetime.date | None = None
) -> DecisionRight:
    """Save a line that gives no right yet. Raises ValidationError by field."""
    _check_currency(row.currency)
    row.in_force_from = row.in_force_until = None
    return create_record(actor=actor, row=row, reason=reason, day=day)


def change_proposal(
    *,
    actor: Actor,
    row: DecisionRight,
    values: dict[str, Any],
    expected_version: int | None = None,
    reason: str = "",
) -> DecisionRight:
    """Change a proposed line. Raises ValidationError for one that has been in force."""
    _check_proposal(row)
    _check_currency(values.get("currency", row.currency))
    return update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)


def drop_proposal(*, actor: Actor, row: DecisionRight, reason: str = "") -> None:
    """Move a proposed line to the trash. Raises ValidationError for one that has been in force."""
    _check_proposal(row)
    delete_record(actor=actor, row=row, reason=reason)


def put_in_force(*, actor: Actor, rows: Sequence[DecisionRight], day: datetime.date, reason: str = "") -> None:
    """The lines give rights from the day on."""
    update_many(actor=actor, changes=[(row, {"in_force_from": day}) for row in rows], day=org_today(), reason=reason)


def end_rights(*, actor: Actor, rows: Sequence[DecisionRight], day: datetime.date, reason: str = "") -> None:
    """The lines give no right from the day on."""
    update_many(actor=actor, changes=[(row, {"in_force_until": day}) for row in rows], day=org_today(), reason=reason)


def _check_proposal(row: DecisionRight) -> None:
    if row.in_force_from is not None:
        raise ValidationError(_("This decision right has been in force and stays on file; revise the charter instead."))


def _check_currency(code: str) -> None:
    if not Currency.objects.filter(code=code).exists():
        raise ValidationError({"currency": _("%(code)s is not one of the currencies.") % {"code": code}})
