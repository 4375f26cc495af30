"""What the resources room registers with the kernel and with the registry below it."""

from __future__ import annotations


def wire() -> None:
    """Permissions, scope providers, registers."""
    from pmo.core.access import scopes
    from resources import access, events, metrics, registers
    from resources.queries import calendar_entries

    access.declare_roles()
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
