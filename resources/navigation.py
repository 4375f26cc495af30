"""The pages of the resource pool in the side bar, before its registers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.web.nav import NavItem, register_nav
from resources.access import POOL


def declare() -> None:
    """Capacity and the equipment grid."""
    register_nav(
        NavItem("resource-capacity", _("Capacity and load"), "resource-capacity", "bars", "resources", 10, POOL)
    )
    register_nav(
        NavItem(
            "equipment-grid",
            _("Equipment calendar"),
            "equipment-grid",
            "calendar",
            "resources",
            20,
            "resources.equipment.view",
        )
    )
