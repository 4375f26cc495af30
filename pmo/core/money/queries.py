"""Exchange rates for a day."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from pmo.core.calendars.queries import organisation_as_of
from pmo.core.history.queries import as_of
from pmo.core.money.models import ExchangeRate


def rates_on(day: datetime.date, kind: str = ExchangeRate.Kind.CLOSING, settings: Any = None) -> dict[str, Decimal]:
    """Base-currency units per unit of each currency: the last rate of the kind valid on the day, as known that day.

    The base currency is 1. A currency without a rate on or before the day is absent: its money is n/a, never 1:1.
    `settings` are the organisation's of that day, where they have been read already.
    """
    rows = as_of(ExchangeRate, day).filter(kind=kind, valid_from_date__lte=day)
    rates = dict(rows.order_by("currency", "valid_from_date").values_list("currency", "rate"))
    rates[(settings or organisation_as_of(day)).base_currency] = Decimal(1)
    return rates
