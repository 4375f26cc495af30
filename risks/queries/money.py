"""Exposure in money: sums by currency, their worth in the base currency, and the order of risks by worth."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, ExpressionWrapper, F, Max, QuerySet, Value, When

from pmo.core.calendars.queries import organisation
from pmo.core.history.queries import as_of
from pmo.core.money.models import ExchangeRate
from pmo.core.money.queries import rates_on


@dataclass(frozen=True)
class Exposure:
    """Sums by currency, largest worth first, and their total in the base currency.

    `total` leaves out the currencies in `missing`, which have no rate. `rates_of` is the day of the oldest rate used,
    None where everything is in the base currency.
    """

    base: str
    by_currency: list[tuple[str, Decimal]]
    total: Decimal
    missing: list[str]
    rates_of: datetime.date | None


def total_exposure(sums: Mapping[str, Decimal], day: datetime.date, rates: Mapping[str, Decimal]) -> Exposure:
    """Put the sums by currency into the base currency at the rates. At most two queries."""
    base = organisation().base_currency
    known = {currency: amount * rates[currency] for currency, amount in sums.items() if currency in rates}
    missing = sorted(set(sums) - set(known))
    order = sorted(sums, key=lambda currency: (-known.get(currency, Decimal(0)), currency))
    used = [currency for currency in known if currency != base]
    return Exposure(
        base=base,
        by_currency=[(currency, sums[currency]) for currency in order],
        total=sum(known.values(), Decimal(0)),
        missing=missing,
        rates_of=_rates_day(used, day) if used else None,
    )


def _rates_day(currencies: list[str], day: datetime.date) -> datetime.date | None:
    rows = as_of(ExchangeRate, day).filter(
        kind=ExchangeRate.Kind.CLOSING, valid_from_date__lte=day, currency__in=currencies
    )
    newest = [last for _currency, last in rows.order_by().values_list("currency").annotate(last=Max("valid_from_date"))]
    return min(newest, default=None)


def by_worth(rows: QuerySet[Any], field: str, rates: Mapping[str, Decimal]) -> QuerySet[Any]:
    """The risks with an exposure in `field` that has a rate, the largest in the base currency first (`worth`)."""
    money = DecimalField(max_digits=30, decimal_places=2)
    cases = [
        When(currency=currency, then=ExpressionWrapper(F(field) * Value(rate), output_field=money))
        for currency, rate in sorted(rates.items())
    ]
    worth = Case(*cases, default=None, output_field=money)
    found: QuerySet[Any] = (
        rows.filter(**{f"{field}__gt": 0}).annotate(worth=worth).filter(worth__isnull=False).order_by("-worth", "pk")
    )
    return found


def closing_rates(day: datetime.date) -> dict[str, Decimal]:
    """Closing rates of the day. Two queries."""
    return rates_on(day)
