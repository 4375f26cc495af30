"""Exchange rates of two years: weekly closing, monthly average and yearly budget rates, drawn from the seed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

import numpy as np

CURRENCIES: tuple[tuple[str, str, str], ...] = (
    ("CNY", "人民币", "Chinese yuan"),
    ("USD", "美元", "US dollar"),
    ("EUR", "欧元", "Euro"),
    ("SAR", "沙特里亚尔", "Saudi riyal"),
    ("GBP", "英镑", "Pound sterling"),
)
BASE = "CNY"
BUDGET_RATES: dict[str, float] = {"CNY": 1.0, "USD": 7.15, "EUR": 7.75, "SAR": 1.906, "GBP": 9.10}
SOURCE = "演示数据，随机生成"
_SAR_PER_USD = 3.75  # the riyal is pegged
_WEEKLY_NOISE = {"USD": 0.004, "EUR": 0.007, "GBP": 0.007}
_PULL = 0.05  # share of the way back to the budget rate each week


class Rate(NamedTuple):
    """Units of the base currency for one unit of `currency` from `day` on."""

    currency: str
    kind: str
    day: datetime.date
    rate: Decimal


def rate_rows(rng: np.random.Generator, first: datetime.date, today: datetime.date) -> Iterator[Rate]:
    """All rates known today, the first closing rates on the Friday before `first`."""
    friday = first - datetime.timedelta(days=(first.weekday() - 4) % 7 or 7)
    fridays = [friday + datetime.timedelta(weeks=week) for week in range((today - friday).days // 7 + 1)]
    closing = _paths(rng, len(fridays))
    for currency, path in closing.items():
        for day, value in zip(fridays, path, strict=True):
            yield Rate(currency, "closing", day, _rounded(value))
        yield from _averages(currency, fridays, path, today)
        for year in range(first.year, today.year + 1):
            yield Rate(currency, "budget", datetime.date(year, 1, 1), _rounded(BUDGET_RATES[currency]))


def _paths(rng: np.random.Generator, weeks: int) -> dict[str, np.ndarray]:
    paths = {}
    for currency, noise in _WEEKLY_NOISE.items():
        steps = rng.normal(0.0, noise, weeks)
        level, values = 0.0, []
        for step in steps:
            level += step - _PULL * level
            values.append(BUDGET_RATES[currency] * float(np.exp(level)))
        paths[currency] = np.array(values)
    paths["SAR"] = paths["USD"] / _SAR_PER_USD
    return paths


def _averages(currency: str, fridays: list[datetime.date], path: np.ndarray, today: datetime.date) -> Iterator[Rate]:
    months: dict[datetime.date, list[float]] = {}
    for day, value in zip(fridays, path, strict=True):
        months.setdefault(day.replace(day=1), []).append(float(value))
    for month, values in months.items():
        if (month.year, month.month) < (today.year, today.month):
            yield Rate(currency, "average", month, _rounded(float(np.mean(values))))


def _rounded(value: float) -> Decimal:
    return Decimal(f"{value:.6f}")
