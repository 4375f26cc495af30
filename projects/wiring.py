"""What the project registry registers with the kernel."""

from __future__ import annotations


def wire() -> None:
    """Permissions, scope providers, registers."""
    from pmo.core.access import grants, scopes
    from projects import access, events, personal, registers
    from projects.imports import target
    from projects.plan_exports import formats
    from projects.queries import calendar_entries
    from projects.queries.report_document.lists import register_lists
    from projects.registers import audit_filter

    access.declare_roles()
    personal.declare()
    access.declare_extra_roles()
    access.declare_plan_roles()
    access.declare_supplier_roles()
    events.declare()
    calendar_entries.declare()
    scopes.register_provider("project", access.project_ids)
    grants.register_role_query(access.roles_in_projects)
    registers.declare()
    audit_filter.contribute()
    target.register()
    register_lists()
    formats.register_readers()

    _wire_plan_files()
    from projects.views import extras, suppliers, tabs

    tabs.contribute()
    extras.contribute()
    suppliers.contribute()


def _wire_plan_files() -> None:
    """The kinds of job, and the way in on the page of imports."""
    from django.utils.translation import gettext_lazy as _

    from pmo.core.imports.entries import Entry, register_entry
    from projects import features, tasks  # noqa: F401 tasks declares the kinds of job
    from projects.access import IMPORT_PLAN
    from projects.services.plans import retaining
    from projects.services.plans.taking import issues

    issues.register()
    retaining.declare()
    features.declare()
    text = _("Plans of Microsoft Project, Primavera P6 and GanttProject, several at once: each file finds its project.")
    register_entry(Entry(_("Project plans"), text, "plan-import-many", IMPORT_PLAN, features.PLAN_IMPORT))
