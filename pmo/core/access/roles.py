"""The ten roles, and which permissions each is made of.

A permission is `<app>.<model>.<action>` with the actions view, add, change, delete, or a named one such as
`projects.money.view`. Roles are fixed bundles in code: apps add their permissions from `AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    PMO_ADMIN = "pmo_admin", _("PMO administrator")
    PMO_ANALYST = "pmo_analyst", _("PMO analyst")
    COORDINATOR = "coordinator", _("Project coordinator")
    EXECUTIVE = "executive", _("Executive")
    PORTFOLIO_OWNER = "portfolio_owner", _("Portfolio owner")
    RESOURCE_MANAGER = "resource_manager", _("Resource manager")
    PROJECT_MANAGER = "project_manager", _("Project manager")
    TEAM_MEMBER = "team_member", _("Team member")
    SPONSOR = "sponsor", _("Sponsor")
    AUDITOR = "auditor", _("Auditor")


# What visibility alone gives (a project shown organisation-wide): held by no person, never granted.
READER = "reader"
# What owning a row gives (an article, a saved view): held by no person, never granted.
OWNER = "owner"
# What standing in for somebody gives (the reports of a project manager who is away): never granted.
DELEGATE = "delegate"

EVERYBODY = frozenset(Role.values) | {READER}
WHOLE_PMO = frozenset({Role.PMO_ADMIN, Role.PMO_ANALYST})

_bundles: dict[str, set[str]] = {role: set() for role in (*EVERYBODY, OWNER, DELEGATE)}


def allow(roles: Iterable[str], *permissions: str) -> None:
    """Add permissions to the bundles of the roles. Unknown roles raise KeyError."""
    for role in roles:
        _bundles[role].update(permissions)


def roles_holding(permission: str) -> frozenset[str]:
    """The roles whose bundle has the permission; the PMO administrator holds every one."""
    holders = {role for role, bundle in _bundles.items() if permission in bundle}
    return frozenset(holders | {Role.PMO_ADMIN.value})


def permissions_of(role: str) -> frozenset[str]:
    """The bundle of a role, for the page that explains roles."""
    return frozenset(_bundles[role])
