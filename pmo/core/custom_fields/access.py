"""Who sees and edits single custom fields: a permission named after the roles that hold it, so that it never means anything else."""

from __future__ import annotations

from collections.abc import Iterable

from pmo.core.access.roles import WHOLE_PMO, Role, allow
from pmo.core.custom_fields.models import ROLES


def held_by(roles: Iterable[str]) -> str | None:
    """The permission that just these roles (and the PMO administrator) hold; None for none named: everybody."""
    named = sorted({role for role in roles if role in ROLES} | {Role.PMO_ADMIN.value})
    if named == [Role.PMO_ADMIN.value] and not list(roles):
        return None
    permission = f"core.held_by_{'_and_'.join(named)}.use"
    allow(named, permission)
    return permission


def declare_roles() -> None:
    """The PMO administrator defines (and holds everything); the rest of the PMO looks."""
    for model in ("customfield", "lookuptable", "lookupvalue"):
        allow(WHOLE_PMO, f"core.{model}.view")
