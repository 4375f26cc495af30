"""What the portfolio room registers with the kernel and with the rooms below it."""

from __future__ import annotations

import importlib


def wire() -> None:
    """Permissions, scope providers, registers, contributed columns, navigation."""
    from pmo.core.access import grants, scopes
    from pmo.core.ops.metrics.sources import register_gauge
    from portfolio import (
        access,
        administration,
        events,
        linked_wiring,
        metrics,
        navigation,
        personal,
        registers,
        upkeep_wiring,
    )
    from portfolio.boards import wiring as boards
    from portfolio.imports import parts
    from portfolio.queries import calendar_entries, message_scopes
    from portfolio.queries.snapshot_age import snapshot_age

    access.declare_roles()
    access.declare_function_roles()
    personal.declare()
    register_gauge("bellwether_health_snapshot_age_days", "Since the last computed health", snapshot_age)
    events.declare()
    calendar_entries.declare()
    message_scopes.declare()
    scopes.register_provider("portfolio", access.portfolio_ids)
    scopes.register_provider("project", access.project_ids)
    grants.register_role_query(access.roles_in_portfolios)
    _wire_reporting()
    registers.declare()
    navigation.declare()
    metrics.declare()
    parts.contribute()
    boards.wire()
    upkeep_wiring.wire()
    linked_wiring.wire()
    administration.declare()
    _wire_project_pages()
    _wire_structure_pages()
    _wire_function_pages()
    _wire_health()


def _wire_project_pages() -> None:
    """What the pages of projects show of the portfolio, and where the rooms below ask it."""
    from django.utils.translation import gettext_lazy as _

    from pmo.core.ops.demo import register_demo_logins
    from pmo.core.registers.declaration import Tab, contribute_head, contribute_tabs
    from portfolio.demo.logins import demo_logins
    from portfolio.queries.computed import computed_health
    from portfolio.queries.risk_matrix import portfolio_matrix
    from portfolio.report_evidence import report_evidence
    from portfolio.views.project_overview import health_mark, overview
    from projects.queries.computed import set_computed_source
    from risks.queries.matrices import set_scope_matrix

    contribute_tabs(
        "projects",
        [Tab("summary", _("Overview"), view=overview, permission="projects.project.view", order=5, front=True)],
    )
    contribute_head("projects", health_mark)
    set_computed_source(computed_health, report_evidence)
    set_scope_matrix("portfolio", portfolio_matrix)
    register_demo_logins(demo_logins)


def _wire_health() -> None:
    """The nightly job (eager mode looks kinds up in the web process too), when it is due, and the tab that explains."""
    from django.utils.translation import gettext_lazy as _

    from pmo.core.jobs.api import register_daily
    from pmo.core.registers.declaration import Tab, contribute_tabs
    from portfolio.services.health import nightly
    from portfolio.views.health import health_tab

    contribute_tabs("projects", [Tab("health", _("Health"), view=health_tab, order=10)])
    importlib.import_module("portfolio.tasks")
    register_daily(nightly.KIND, nightly.date_due, nightly.start_night)


def _wire_reporting() -> None:
    """The reporting cycle: rights, who stands in for whom, and which period a project reports."""
    from pmo.core.access import grants, scopes
    from pmo.core.calendars.queries import org_today
    from pmo.core.jobs.api import register_daily
    from portfolio import access, reporting_events
    from portfolio.queries import reporting_delegates, reporting_rules
    from portfolio.services.reporting import nightly
    from projects.queries.reporting_cycle import set_behalf_source, set_period_source

    access.declare_reporting_roles()
    scopes.register_provider("project", access.delegated_project_ids)
    scopes.register_provider("report-delegation", access.delegation_ids)
    scopes.register_provider("rollup-report", access.rollup_report_ids)
    grants.register_role_query(access.roles_in_reporting)
    # Who stands in for whom changes with the day.
    grants.register_variation(org_today)
    set_period_source(reporting_rules.period_to_report)
    set_behalf_source(reporting_delegates.on_behalf_of)
    reporting_events.declare()
    register_daily(nightly.KIND, nightly.day_due, nightly.start)


def _wire_structure_pages() -> None:
    """The tabs that open portfolios and programmes."""
    from django.utils.translation import gettext_lazy as _

    from pmo.core.registers.declaration import Tab, contribute_tabs
    from portfolio.views.structure import portfolio_page, programme_page

    contribute_tabs(
        "portfolios",
        [
            Tab(
                "summary",
                _("Overview"),
                view=portfolio_page,
                permission="portfolio.portfolio.view",
                order=5,
                front=True,
            )
        ],
    )
    contribute_tabs(
        "programmes",
        [
            Tab(
                "summary",
                _("Overview"),
                view=programme_page,
                permission="portfolio.programme.view",
                order=5,
                front=True,
            )
        ],
    )


def _wire_function_pages() -> None:
    """The tabs of a programme with what it serves and what it uses, and the programmes on the page of a supplier."""
    from django.utils.translation import gettext_lazy as _

    from pmo.core.registers.declaration import Tab, contribute_tabs
    from portfolio.views.functions import functions_tab, programmes_tab, supply_tab

    seen = "portfolio.programme.view"
    contribute_tabs(
        "programmes",
        [
            Tab("functions", _("Functions and measures"), view=functions_tab, permission=seen, order=20),
            Tab("supply", _("Contracts and suppliers"), view=supply_tab, permission=seen, order=30),
        ],
    )
    relying = Tab("programmes", _("Programmes"), view=programmes_tab, permission="projects.supplier.view", order=10)
    contribute_tabs("suppliers", [relying])
