"""Figures of a Project Online risk on this room's scales.

There a risk has a probability in percent (kept as a share, 0.5, or as 50), an impact from 1 to 10, and an exposure that is
probability times impact. Source: "View and edit risks", Microsoft Office Project help; "EntityType: Risk (ProjectData service)".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from risks.calc.scoring import STEPS

HIGHEST_IMPACT = 10
_CENT = Decimal("0.01")
_NEAR = Decimal("0.0005")


def percent_factor(rows: Iterable[tuple[Decimal | None, Decimal | None, Decimal | None]]) -> int:
    """What makes percent of the probabilities of a file: 100 where they are shares, 1 where they are percent already.

    `rows` holds probability, impact and exposure. They are percent where one is above 1, or where an exposure is a hundredth of
    probability times impact.
    """
    for probability, impact, exposure in rows:
        if probability is None or probability <= 0:
            continue
        if probability > 1:
            return 1
        if impact and exposure and abs(exposure / (probability * impact) - _CENT) < _NEAR:
            return 1
    return 100


def percent_of(probability: Decimal | None, factor: int) -> Decimal | None:
    """The probability in percent, to two places."""
    return None if probability is None else (probability * factor).quantize(_CENT)


def step_of(percent: Decimal | None, percents: Sequence[Decimal]) -> int | None:
    """The step (1 to 5) of a matrix whose percent is nearest; the higher one in the middle between two."""
    if percent is None:
        return None
    distances = [abs(percent - one) for one in percents]
    nearest = min(distances)
    return max(step for step, distance in enumerate(distances, 1) if distance == nearest)


def impact_step(impact: Decimal | None) -> int | None:
    """1 to 10 as 1 to 5, two to a step; None for none and for a figure that is not on that scale."""
    if impact is None or not 1 <= impact <= HIGHEST_IMPACT:
        return None
    return -(-int(impact.to_integral_value(rounding="ROUND_HALF_UP")) * STEPS // HIGHEST_IMPACT)
