"""Contracts: who may take one from a project, so that only the PMO sees it from then on. Suppliers: who is still needed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import holds_everywhere
from pmo.core.audit.actor import Actor
from pmo.core.records.services import StillNeededError, delete_record, update_record
from projects.access import ADD_CONTRACT
from projects.models import Contract, Supplier

_NAMED = 5
_OPEN = (Contract.State.DRAFT, Contract.State.ACTIVE)


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


def delete_supplier(*, actor: Actor, row: Supplier, expected_version: int | None = None, reason: str = "") -> None:
    """Move a supplier to the trash. Raises StillNeededError while contracts with it are drafted or active."""
    rows = Contract.objects.filter(supplier=row, state__in=_OPEN)
    count = rows.count()
    if count:
        raise StillNeededError(_still_under_contract(actor, row, rows, count), url=_open_url(row), link=_("Contracts"))
    delete_record(actor=actor, row=row, expected_version=expected_version, reason=reason)


def _still_under_contract(actor: Actor, row: Supplier, rows: Any, count: int) -> str:
    """The contracts by code and title, the first few of those that the actor may see."""
    seen = rows if actor.is_system else rows.visible_to(actor.user)
    named = gettext(", ").join(f"{one.code} {one.title}" for one in seen.order_by("code")[:_NAMED])
    shown = min(_NAMED, seen.count())
    if count > shown:
        named = gettext("%(parts)s and %(n)s more") % {"parts": named, "n": count - shown}
    text = ngettext(
        "“%(name)s” still has %(n)s contract that is not closed: %(contracts)s. Close it or give it to another supplier first.",
        "“%(name)s” still has %(n)s contracts that are not closed: %(contracts)s. Close them or give them to another supplier first.",
        count,
    )
    return text % {"name": row, "n": count, "contracts": named}


def _open_url(row: Supplier) -> str:
    states = "&".join(f"state={state.value}" for state in _OPEN)
    return f"{reverse('register-list', kwargs={'key': 'contracts'})}?supplier={row.pk}&{states}"
