"""Members of a portfolio: who may give which role."""

from __future__ import annotations

from typing import Any

from pmo.core.access.roles import Role
from pmo.core.audit.actor import Actor
from pmo.core.records.services import create_record, restore_record, update_record
from portfolio.models import PortfolioMember
from projects.services.members import check_role

GIVEN_BY_OWNER = (
    Role.PORTFOLIO_OWNER,
    Role.EXECUTIVE,
    Role.SPONSOR,
    Role.PROJECT_MANAGER,
    Role.COORDINATOR,
    Role.RESOURCE_MANAGER,
    Role.TEAM_MEMBER,
)


def create_member(*, actor: Actor, row: PortfolioMember, reason: str = "") -> PortfolioMember:
    """Give somebody a role in a portfolio. Raises ValidationError for one the actor may not give."""
    check_role(actor=actor, role=row.role, allowed=GIVEN_BY_OWNER)
    return create_record(actor=actor, row=row, reason=reason)


def update_member(
    *, actor: Actor, row: PortfolioMember, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> PortfolioMember:
    """Change a membership; the role it ends with must be one the actor may give."""
    check_role(actor=actor, role=values.get("role", row.role), allowed=GIVEN_BY_OWNER)
    return update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)


def restore_member(*, actor: Actor, row: PortfolioMember, reason: str = "") -> None:
    """Take a membership out of the trash, with the rule of giving it anew."""
    check_role(actor=actor, role=row.role, allowed=GIVEN_BY_OWNER)
    restore_record(actor=actor, row=row, reason=reason)
