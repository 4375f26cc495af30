"""The portfolio room's entries in the side bar."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.web.nav import NavItem, register_nav
from portfolio.access import DASHBOARD, SCORECARD


def declare() -> None:
    """Scorecard, dashboard and own work stand before everything else."""
    register_nav(NavItem("scorecard", _("Executive scorecard"), "scorecard", "bars", "home", 10, SCORECARD))
    register_nav(NavItem("dashboard", _("Portfolio dashboard"), "dashboard", "grid", "home", 20, DASHBOARD))
    register_nav(NavItem("my-work", _("My work"), "my-work", "home", "home", 30))
