"""Values as Microsoft's XML writes them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from projects.calc.plan.document import Plan, Rate, Span
from projects.plan_exports.mspdi_names import ESTIMATED, UNITS

_RATE_PLACES = Decimal("0.000000000001")


def flag(value: bool) -> str:
    """1 or 0."""
    return "1" if value else "0"


def moment(value: datetime.datetime) -> str:
    """To the second."""
    return value.isoformat(timespec="seconds")


def minutes(value: float) -> str:
    """Working minutes as a period, such as PT8H0M0S."""
    whole = Decimal(repr(abs(value)))
    hours, rest = divmod(whole, 60)
    parts, seconds = divmod(rest * 60, 60)
    sign = "-" if value < 0 else ""
    return f"{sign}PT{int(hours)}H{int(parts)}M{_plain(seconds)}S"


def money(value: Decimal) -> str:
    """Costs stand in hundredths."""
    return _plain(value * 100)


def number(value: float | Decimal) -> str:
    """Without an exponent."""
    return _plain(value if isinstance(value, Decimal) else Decimal(repr(value)))


def share(percent: float) -> str:
    """Units stand as a factor: 50 percent is 0.5."""
    return _plain(Decimal(repr(percent)) / 100)


def hours_of(plan: Plan) -> dict[str, Decimal]:
    """Hours of the units that rates are shown in; an hour and a unit of material have one."""
    day, week = Decimal(plan.minutes_per_day) / 60, Decimal(plan.minutes_per_week) / 60
    month = day * Decimal(repr(plan.days_per_month))
    return {"m": 1 / Decimal(60), "d": day, "w": week, "mo": month, "y": week * 52}


def hourly(rate: Rate, hours: Mapping[str, Decimal]) -> Decimal:
    """The rate per hour, to twelve places."""
    return (rate.amount / (hours.get(rate.per) or Decimal(1))).quantize(_RATE_PLACES)


def tenths(value: float) -> str:
    """Tenths of a minute."""
    return str(round(value * 10))


def unit(span: Span) -> str:
    """The number of the unit; years, which the schema does not know, are months."""
    code = UNITS.get(span.unit, UNITS["emo"] if span.unit.startswith("e") else UNITS["mo"])
    return str(code + ESTIMATED if span.estimated else code)


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


FIELD_VALUES: dict[str, Callable[[Any], str]] = {
    "text": str,
    "number": number,
    "money": money,
    "date": moment,
    "flag": flag,
    "duration": lambda span: minutes(span.minutes),
}
