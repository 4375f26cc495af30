"""What the risk room registers with the kernel and with the project registry."""

from __future__ import annotations


def wire() -> None:
    """Permissions, registers, navigation, tabs."""
    from pmo.core.jobs.api import register_daily
    from projects.queries.report_sections import register_section
    from risks import access, events, metrics, navigation, personal, registers
    from risks.queries.report_section import report_risks
    from risks.services import project_online, telling
    from risks.views import tabs

    access.declare_roles()
    personal.declare()
    events.declare()
    registers.declare()
    metrics.declare()
    navigation.declare()
    tabs.contribute()
    register_daily(telling.NAME, telling.review_day, telling.tell_reviews)
    register_section("risks", 10, report_risks)
    project_online.register()
