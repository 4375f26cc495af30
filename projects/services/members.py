"""Members of a project: who may give which role."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import holds_everywhere
from pmo.core.access.roles import Role
from pmo.core.audit.actor import Actor
from pmo.core.records.services import create_record, restore_record, update_record
from projects.models import ProjectMember

GIVEN_BY_MANAGER = (Role.PROJECT_MANAGER, Role.COORDINATOR, Role.TEAM_MEMBER, Role.SPONSOR)
_GRANT = "core.rolegrant.add"


def check_role(*, actor: Actor, role: str, allowed: Iterable[Role]) -> None:
    """Raise ValidationError for a role the actor may not give: nobody makes himself more than he is.

    Who may grant roles in the organisation gives any; everybody else the `allowed` ones.
    """
    if actor.is_system or role in set(allowed) or holds_everywhere(actor.user, _GRANT):
        return
    names = ", ".join(str(Role(value).label) for value in allowed)
    raise ValidationError({"role": _("You may give these roles here: %(roles)s.") % {"roles": names}})


def create_member(*, actor: Actor, row: ProjectMember, reason: str = "") -> ProjectMember:
    """Give somebody a role in a project. Raises ValidationError for one the actor may not give."""
    check_role(actor=actor, role=row.role, allowed=GIVEN_BY_MANAGER)
    return create_record(actor=actor, row=row, reason=reason)


def update_member(
    *, actor: Actor, row: ProjectMember, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> ProjectMember:
    """Change a membership; the role it ends with must be one the actor may give."""
    check_role(actor=actor, role=values.get("role", row.role), allowed=GIVEN_BY_MANAGER)
    return update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)


def restore_member(*, actor: Actor, row: ProjectMember, reason: str = "") -> None:
    """Take a membership out of the trash, with the rule of giving it anew."""
    check_role(actor=actor, role=row.role, allowed=GIVEN_BY_MANAGER)
    restore_record(actor=actor, row=row, reason=reason)
