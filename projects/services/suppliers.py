"""Contracts: who may take one from a project, so that only the PMO sees it from then on."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import holds_everywhere
from pmo.core.audit.actor import Actor
from pmo.core.records.services import update_record
from projects.access import ADD_CONTRACT
from projects.models import Contract


def update_contract(
    *,
    actor: Actor,
    row: Contract,
    values: dict[str, Any],
    expected_version: int | None = None,
    reason: str = "",
) -> Contract:
    """Change a contract. Raises ValidationError on `project` where somebody outside the PMO takes it from its project."""
    taken = "project" in values and values["project"] is None and row.project_id is not None
    if taken and actor.user is not None and not holds_everywhere(actor.user, ADD_CONTRACT):
        raise ValidationError({"project": _("Only the PMO keeps contracts without a project.")})
    return update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)
