"""The health of a group counted again from the rows of its projects, written the plain way."""

from __future__ import annotations

import datetime
from typing import Any

from pmo.core.history.queries import as_of
from portfolio.models import PortfolioItem

CEILINGS = {"red": 54.9, "amber": 74.9, "green": 100.0}


def budget(row: dict[str, Any]) -> float:
    """The budget of a row of health; nothing where it is unknown."""
    value = row.get("bac")
    return 0.0 if value is None else float(value["amount"] if isinstance(value, dict) else value)


def health_index(rows: list[dict[str, Any]]) -> float | None:
    """The budget-weighted mean of the coloured projects' health, never greener than the worst critical project."""
    coloured = [row for row in rows if row["band"] != "grey"]
    if not coloured:
        return None
    weights = [budget(row) for row in coloured]
    weights = weights if any(weights) else [1.0] * len(coloured)
    mean = sum(weight * row["overall"] for weight, row in zip(weights, coloured, strict=True)) / sum(weights)
    day = datetime.date.fromisoformat(coloured[0]["date"])
    critical = set(as_of(PortfolioItem, day).filter(critical=True).values_list("project_id", flat=True))
    grave = [row for row in coloured if row["project"] in critical]
    return min(mean, CEILINGS[min(grave, key=lambda row: float(row["overall"]))["band"]]) if grave else mean
