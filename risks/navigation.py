"""The risk room in the side bar."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.web.nav import NavItem, register_nav
from risks.access import MATRIX_PAGE


def declare() -> None:
    """The matrix stands before the register."""
    register_nav(NavItem("risk-matrix", _("Risk matrix"), "risk-matrix", "grid", "risks", 10, MATRIX_PAGE))
