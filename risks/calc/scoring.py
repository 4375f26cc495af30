"""Score, exposure and zone of a risk: the one definition that register, matrix and health use."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

STEPS = 5
GREEN, AMBER, RED = "green", "amber", "red"
LETTERS = {"G": GREEN, "A": AMBER, "R": RED}
_CENT = Decimal("0.01")


def overall_impact(impacts: Iterable[int | None]) -> int | None:
    """The worst of the impact steps (1 to 5) on time, cost, scope and quality; None where none is assessed."""
    known = [step for step in impacts if step is not None]
    return max(known) if known else None


def score(probability: int | None, impact: int | None) -> int | None:
    """Probability step times impact step, 1 to 25; None while one of them is missing."""
    if probability is None or impact is None:
        return None
    return probability * impact


def exposure(percent: Decimal | None, money: Decimal | None) -> Decimal | None:
    """Expected money: percent (0 to 100) of the cost if it happens, to the cent, half up; None while one is missing."""
    if percent is None or money is None:
        return None
    return (Decimal(percent) * Decimal(money) / 100).quantize(_CENT, rounding=ROUND_HALF_UP)


def cell_place(probability: int, impact: int) -> int:
    """Where the cell stands in the 25 letters of a matrix: probability 1 first, in it impact 1 first."""
    return (probability - 1) * STEPS + impact - 1


def zone(cells: str, probability: int | None, impact: int | None) -> str:
    """The colour of a cell of a matrix of 25 letters G, A, R; "" while the risk is not assessed."""
    if probability is None or impact is None:
        return ""
    return LETTERS[cells[cell_place(probability, impact)]]


def cells_of(cells: str, colour: str) -> dict[int, list[int]]:
    """The cells of a colour: probability step to its impact steps."""
    letter = next(letter for letter, name in LETTERS.items() if name == colour)
    steps = range(1, STEPS + 1)
    rows = {p: [i for i in steps if cells[cell_place(p, i)] == letter] for p in steps}
    return {p: impacts for p, impacts in rows.items() if impacts}
