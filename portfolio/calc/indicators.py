"""Headline indicators of a portfolio: one definition each, with the limits of their colours.

Every function takes plain sums (money in one currency, counts) and returns None where there is nothing to divide by:
"n/a" is a value and never 0. Ratios are sums divided, never averages of ratios (PMI, Practice Standard for EVM).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Where an indicator turns green and where red; `higher` says whether more is better."""

    green: float
    red: float
    higher: bool = True

    def band(self, value: float | None) -> str:
        """green, amber or red; grey for None."""
        if value is None:
            return "grey"
        if self.higher:
            return "green" if value >= self.green else "red" if value < self.red else "amber"
        return "green" if value <= self.green else "red" if value > self.red else "amber"


LIMITS = {
    "forecast": Limits(3.0, 10.0, higher=False),
    "cpi": Limits(0.97, 0.90),
    "milestones": Limits(85.0, 70.0),
    "reports": Limits(90.0, 75.0),
    "watermelons": Limits(10.0, 20.0, higher=False),
    "off_track": Limits(0.0, 15.0, higher=False),
}


def share(part: float | None, whole: float | None) -> float | None:
    """100 * part / whole in per cent; None without a whole."""
    if part is None or not whole:
        return None
    return 100.0 * float(part) / float(whole)


def over_budget(forecast: float | None, budget: float | None) -> float | None:
    """(forecast - budget) / budget in per cent; a saving is negative."""
    if forecast is None or not budget:
        return None
    return 100.0 * (float(forecast) - float(budget)) / float(budget)


def ratio(numerator: float | None, denominator: float | None) -> float | None:
    """numerator / denominator; None without a denominator."""
    if numerator is None or not denominator:
        return None
    return float(numerator) / float(denominator)
