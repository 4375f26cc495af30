"""The office in the side bar."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from pmo.core.web.nav import NavItem, register_nav


def declare() -> None:
    """The PMO's own page stands before its lists."""
    register_nav(NavItem("office", gettext_lazy("PMO profile"), "office", "home", "office", 10, "office.pmounit.view"))
