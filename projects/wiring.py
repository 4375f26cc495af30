"""What the project registry registers with the kernel."""

from __future__ import annotations


def wire() -> None:
    """Permissions, scope providers, registers."""
    from pmo.core.access import grants, scopes
    from projects import access, events, personal, registers
    from projects.imports import target
    from projects.queries import calendar_entries
    from projects.queries.report_document.lists import register_lists

    access.declare_roles()
    personal.declare()
    access.declare_extra_roles()
    access.declare_plan_roles()
    events.declare()
    calendar_entries.declare()
    scopes.register_provider("project", access.project_ids)
    grants.register_role_query(access.roles_in_projects)
    registers.declare()
    target.register()
    register_lists()

    from projects import tasks  # noqa: F401 declares the kinds of job
    from projects.views import extras, tabs

    tabs.contribute()
    extras.contribute()
