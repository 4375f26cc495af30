"""The 25 cells of a matrix with their counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from risks.calc.scoring import STEPS, zone
from risks.models import RiskMatrix
from risks.wording import GAIN_WORDS, STAGE_FIELDS, ZONE_WORDS

Counts = Mapping[tuple[int | None, int | None], int]


@dataclass(frozen=True)
class GridCell:
    """One cell: its steps, product, colour, the word of the colour, how many risks, and where they are listed."""

    probability: int
    impact: int
    score: int
    zone: str
    word: Any
    count: int
    url: str


@dataclass(frozen=True)
class GridRow:
    """The cells of one step of probability."""

    step: int
    label: str
    percent: Any
    cells: list[GridCell]


@dataclass(frozen=True)
class Grid:
    """A matrix: the highest probability first; `zones` counts by colour, `unassessed` risks that lack a step."""

    rows: list[GridRow]
    columns: list[tuple[int, str]]
    zones: dict[str, int]
    assessed: int
    unassessed: int


def stage_counts(rows: QuerySet[Any], stage: str) -> dict[tuple[int | None, int | None], int]:
    """Number of risks by steps of probability and impact at a stage of assessment. One query."""
    fields = STAGE_FIELDS[stage]
    return {
        (chance, effect): number
        for chance, effect, number in rows.order_by().values_list(*fields).annotate(number=Count("pk"))
    }


def build_grid(counts: Counts, matrix: RiskMatrix, link: Callable[[int, int], str], *, gains: bool = False) -> Grid:
    """The cells with colours, words (`gains`: of opportunities) and the addresses `link(probability, impact)` gives."""
    words = dict(GAIN_WORDS if gains else ZONE_WORDS)
    zones = {colour: 0 for colour, _word in ZONE_WORDS}
    labels, impacts = matrix.probability_labels(), matrix.impact_labels()
    rows = []
    for chance in range(STEPS, 0, -1):
        cells = []
        for effect in range(1, STEPS + 1):
            colour, number = zone(matrix.cells, chance, effect), counts.get((chance, effect), 0)
            zones[colour] += number
            url = link(chance, effect) if number else ""
            cells.append(GridCell(chance, effect, chance * effect, colour, words[colour], number, url))
        rows.append(GridRow(chance, labels[chance - 1], matrix.probability_steps[chance - 1]["percent"], cells))
    assessed = sum(zones.values())
    columns = list(enumerate(impacts, start=1))
    return Grid(rows, columns, zones, assessed, sum(counts.values()) - assessed)
