"""What the resources room registers with the kernel and with the registry below it."""

from __future__ import annotations


def wire() -> None:
    """Permissions, scope providers, registers."""
    from pmo.core.access import scopes
    from pmo.core.jobs.api import register_daily
    from resources import access, events, metrics, personal, registers
    from resources.queries import calendar_entries
    from resources.services import telling

    access.declare_roles()
    personal.declare()
    events.declare()
    calendar_entries.declare()
    scopes.register_provider("pool", access.pool_unit_ids)
    scopes.register_provider("project", access.project_ids)
    registers.declare()
    metrics.declare()

    from resources import navigation
    from resources.views import tabs

    navigation.declare()
    tabs.contribute()
    register_daily(telling.NAME, telling.certificate_day, telling.tell_certificates)
