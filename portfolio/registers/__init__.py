"""The registers of the portfolio room, and what it adds to those below."""

from pmo.core.registers.declaration import register
from portfolio.registers import health_changes, health_filter, home_filters, past, project_columns, reporting
from portfolio.registers.filters import contribute_scope_filters
from portfolio.registers.functions import (
    FUNCTIONS,
    MEASURES,
    PROGRAMME_CONTRACTS,
    PROGRAMME_FUNCTIONS,
    PROGRAMME_SUPPLIERS,
    contribute_supplier_columns,
)
from portfolio.registers.health import HEALTH, HEALTH_MODELS
from portfolio.registers.strategy import CONTRIBUTIONS, OBJECTIVES
from portfolio.registers.structure import (
    OVERRIDES,
    PORTFOLIO_ITEMS,
    PORTFOLIO_MEMBERS,
    PORTFOLIOS,
    PROGRAMME_ITEMS,
    PROGRAMMES,
)

ALL = (
    PORTFOLIOS,
    PROGRAMMES,
    PORTFOLIO_ITEMS,
    PROGRAMME_ITEMS,
    PORTFOLIO_MEMBERS,
    OVERRIDES,
    OBJECTIVES,
    CONTRIBUTIONS,
    HEALTH,
    HEALTH_MODELS,
    FUNCTIONS,
    MEASURES,
    PROGRAMME_FUNCTIONS,
    PROGRAMME_CONTRACTS,
    PROGRAMME_SUPPLIERS,
)


def declare() -> None:
    """Make all of them known."""
    for declared in (*ALL, *reporting.ALL):
        register(declared)
    contribute_scope_filters()
    home_filters.contribute()
    health_filter.contribute()
    health_changes.contribute()
    past.contribute()
    past.declare()
    project_columns.contribute()
    contribute_supplier_columns()
