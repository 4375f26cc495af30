"""Which risk matrix a portfolio uses."""

from __future__ import annotations

from pmo.core.registers.values import is_id
from portfolio.models import Portfolio


def portfolio_matrix(values: list[str]) -> int | None:
    """The matrix of the one portfolio the address names; None where it names several, or the portfolio has none. One query."""
    if len(values) != 1 or not is_id(values[0]):
        return None
    found: int | None = Portfolio.objects.filter(pk=int(values[0])).values_list("risk_matrix_id", flat=True).first()
    return found
