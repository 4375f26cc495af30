"""What early warnings, data quality and adoption register: rights, lists, navigation, the nightly job."""

from __future__ import annotations

import importlib

from django.utils.translation import gettext_lazy as _


def wire() -> None:
    """Called by the room's wiring, after its scope providers."""
    from pmo.core.jobs.api import register_daily
    from pmo.core.registers.declaration import register
    from pmo.core.sign_in.services.entering import when_signed_in
    from pmo.core.web.nav import NavItem, register_nav
    from portfolio import access_upkeep
    from portfolio.registers.upkeep import EARLY_WARNINGS, PUT_OFF_GAPS
    from portfolio.services.upkeep import daily
    from portfolio.services.upkeep.use import note_day_of

    access_upkeep.declare_upkeep_roles()
    register(EARLY_WARNINGS)
    register(PUT_OFF_GAPS)
    items = (
        NavItem("warnings", _("Early warnings"), "warnings", "warning", "portfolio", 4, access_upkeep.WARNINGS),
        NavItem("data-quality", _("Data gaps"), "data-quality", "check", "office", 70, access_upkeep.GAPS),
        NavItem("adoption", _("Use and upkeep"), "adoption", "people", "office", 75, access_upkeep.ADOPTION),
    )
    for item in items:
        register_nav(item)
    importlib.import_module("portfolio.upkeep_tasks")
    register_daily(daily.KIND, daily.date_due, daily.start)
    when_signed_in(note_day_of)
