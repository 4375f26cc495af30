"""Figures read from a list query: without the zeros that a database puts behind them."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.db.models import DecimalField

from pmo.core.custom_fields.values import trimmed

# A result from here on is shown as not known.
LARGEST_RESULT = Decimal(10) ** 24
_PLACES = Decimal("1e-10")
_LARGE = Decimal("1e17")


class FigureField(DecimalField):
    """A decimal of a computed column; no table has one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 40, "decimal_places": 10, **kwargs})

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """At most ten decimals, none of them a zero at the end; nothing for a figure too large to be shown."""
        if not isinstance(value, Decimal):
            return value
        if not value.is_finite() or abs(value) >= LARGEST_RESULT:
            return None
        return trimmed(value.quantize(_PLACES, rounding=ROUND_HALF_EVEN) if abs(value) < _LARGE else value)
