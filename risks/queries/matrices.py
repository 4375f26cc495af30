"""Which matrix holds, and the colours of a matrix as SQL."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.db.models import Case, CharField, Q, Value, When

from pmo.core.history.queries import as_of
from risks.calc.scales import COMMON
from risks.calc.scoring import AMBER, GREEN, RED, cells_of
from risks.models import RiskMatrix

ScopeMatrix = Callable[[list[str]], int | None]
_scopes: dict[str, ScopeMatrix] = {}


def set_scope_matrix(parameter: str, source: ScopeMatrix) -> None:
    """Let a room above say which matrix a page for one of its scopes uses.

    `source(values of the address parameter)` gives the id of a matrix, None for the default one.
    """
    _scopes[parameter] = source


def scope_matrix(values: dict[str, list[str]]) -> RiskMatrix:
    """The matrix of the scope that the address names, else the default one. At most two queries."""
    for parameter, source in _scopes.items():
        wanted = source(values[parameter]) if values.get(parameter) else None
        found: RiskMatrix | None = RiskMatrix.objects.filter(pk=wanted).first() if wanted else None
        if found is not None:
            return found
    return default_matrix()


def default_matrix() -> RiskMatrix:
    """The default matrix; an unsaved common 5x5 where the PMO has chosen none. One query."""
    found: RiskMatrix | None = RiskMatrix.objects.filter(is_default=True).first()
    return found or RiskMatrix(**COMMON.values())


def default_cells(day: datetime.date) -> str:
    """The 25 letters of the default matrix as it stood at the end of the day; the common ones without it. One query."""
    rows = as_of(RiskMatrix, day).filter(is_default=True).order_by("row_id")
    cells: str | None = rows.values_list("cells", flat=True).first()
    return cells or COMMON.cells


def zone_q(cells: str, colour: str, probability: str = "probability", impact: str = "impact") -> Q:
    """A filter that keeps rows whose cell has the colour, on the named step fields."""
    found = Q(pk__in=[])
    for step, impacts in cells_of(cells, colour).items():
        found |= Q(**{probability: step, f"{impact}__in": impacts})
    return found


def zone_case(cells: str, probability: str = "probability", impact: str = "impact") -> Case:
    """The colour of a row's cell as an SQL expression; null while the risk is not assessed."""
    colours = [When(zone_q(cells, name, probability, impact), then=Value(name)) for name in (RED, AMBER, GREEN)]
    return Case(*colours, default=None, output_field=CharField())
