"""Where the headline figures turn green and red: the metric catalogue, where the PMO sets it, with its history."""

from __future__ import annotations

import datetime

from pmo.core.metrics.queries import thresholds_on
from portfolio.calc.indicators import LIMITS, Limits

# The metric whose thresholds colour a headline figure.
METRICS = {
    "forecast": "PF-FORECAST",
    "cpi": "PF-CPI",
    "milestones": "PF-MILESTONES",
    "reports": "PF-REPORTS",
    "watermelons": "PF-WATERMELONS",
    "off_track": "PF-OFFTRACK-SHARE",
}


def limits_on(day: datetime.date) -> dict[str, Limits]:
    """The limits of each headline figure as they stood on the day; the product's own where none are set. One query."""
    found = thresholds_on(day, METRICS.values())
    limits = dict(LIMITS)
    for key, code in METRICS.items():
        green, red = found.get(code, (None, None))
        if green is not None and red is not None:
            limits[key] = Limits(green, red, higher=LIMITS[key].higher)
    return limits
