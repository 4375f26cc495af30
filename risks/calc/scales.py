"""Ready-made matrices: a common 5x5, the PMBOK Guide's probability and impact matrix, MIL-STD-882E as far as it maps.

Cells are 25 letters (G, A, R), probability 1 first and in it impact 1 first, as in `scoring.cell_place`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from risks.calc.scoring import STEPS

Label = tuple[str, str]  # Chinese, English
_RANGE = range(1, STEPS + 1)


@dataclass(frozen=True)
class Scale:
    """A ready-made matrix: names, cells, the five steps with their labels, and where it comes from."""

    key: str
    name_zh: str
    name_en: str
    cells: str
    percents: tuple[float, ...]
    probabilities: tuple[Label, ...]
    impacts: tuple[Label, ...]
    source_zh: str
    source_en: str

    def values(self) -> dict[str, object]:
        """The fields of a matrix record that takes this scale over."""
        return {
            "name_zh": self.name_zh,
            "name_en": self.name_en,
            "cells": self.cells,
            "probability_steps": [
                {"zh": zh, "en": en, "percent": percent}
                for (zh, en), percent in zip(self.probabilities, self.percents, strict=True)
            ],
            "impact_steps": [{"zh": zh, "en": en} for zh, en in self.impacts],
        }


# Common practice for a 5x5: the product of the steps, red from 15, amber from 8.
COMMON_RED, COMMON_AMBER = 15, 8
COMMON_CELLS = "".join(
    "R" if p * i >= COMMON_RED else "A" if p * i >= COMMON_AMBER else "G" for p in _RANGE for i in _RANGE
)

# PMBOK Guide, probability and impact matrix: the values printed there; the thresholds are the common split.
PMBOK_PROBABILITIES = (Decimal("0.1"), Decimal("0.3"), Decimal("0.5"), Decimal("0.7"), Decimal("0.9"))
PMBOK_IMPACTS = (Decimal("0.05"), Decimal("0.1"), Decimal("0.2"), Decimal("0.4"), Decimal("0.8"))
PMBOK_HIGH, PMBOK_MODERATE = Decimal("0.18"), Decimal("0.06")


def pmbok_product(probability: int, impact: int) -> Decimal:
    """The figure printed in the cell: the product of the two values, half up to two decimals."""
    product = PMBOK_PROBABILITIES[probability - 1] * PMBOK_IMPACTS[impact - 1]
    return product.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _pmbok_letter(probability: int, impact: int) -> str:
    product = pmbok_product(probability, impact)
    return "R" if product >= PMBOK_HIGH else "A" if product >= PMBOK_MODERATE else "G"


PMBOK_CELLS = "".join(_pmbok_letter(p, i) for p in _RANGE for i in _RANGE)

# MIL-STD-882E, table III: rows A (frequent) to E (improbable), columns 1 (catastrophic) to 4 (negligible).
MIL_MATRIX = {
    "A": ("High", "High", "Serious", "Medium"),
    "B": ("High", "High", "Serious", "Medium"),
    "C": ("High", "Serious", "Medium", "Low"),
    "D": ("Serious", "Medium", "Medium", "Low"),
    "E": ("Medium", "Medium", "Medium", "Low"),
}
# High and serious risks are accepted above the programme manager: red. F (eliminated) has no cell.
MIL_LETTERS = {"High": "R", "Serious": "R", "Medium": "A", "Low": "G"}
# The standard has four severities: its negligible stands for our two lowest steps.
MIL_SEVERITY = {5: 1, 4: 2, 3: 3, 2: 4, 1: 4}
MIL_PROBABILITY = {5: "A", 4: "B", 3: "C", 2: "D", 1: "E"}


def _mil_letter(probability: int, impact: int) -> str:
    level = MIL_MATRIX[MIL_PROBABILITY[probability]][MIL_SEVERITY[impact] - 1]
    return MIL_LETTERS[level]


MIL_CELLS = "".join(_mil_letter(p, i) for p in _RANGE for i in _RANGE)

COMMON = Scale(
    key="common",
    name_zh="通用 5×5 矩阵",
    name_en="Common 5×5 matrix",
    cells=COMMON_CELLS,
    percents=(10, 30, 50, 70, 90),
    probabilities=(
        ("极低", "Rare"),
        ("较低", "Unlikely"),
        ("中等", "Possible"),
        ("较高", "Likely"),
        ("极高", "Almost certain"),
    ),
    impacts=(("轻微", "Negligible"), ("较小", "Minor"), ("中等", "Moderate"), ("重大", "Major"), ("严重", "Severe")),
    source_zh="概率等级 × 影响等级：15 及以上为红区，8–14 为黄区，其余为绿区。",
    source_en="Probability step times impact step: red from 15, amber from 8 to 14, else green.",
)

PMBOK = Scale(
    key="pmbok",
    name_zh="PMBOK 概率影响矩阵",
    name_en="PMBOK probability and impact matrix",
    cells=PMBOK_CELLS,
    percents=(10, 30, 50, 70, 90),
    probabilities=(
        ("很低 0.1", "Very low 0.1"),
        ("低 0.3", "Low 0.3"),
        ("中等 0.5", "Moderate 0.5"),
        ("高 0.7", "High 0.7"),
        ("很高 0.9", "Very high 0.9"),
    ),
    impacts=(
        ("很低 0.05", "Very low 0.05"),
        ("低 0.1", "Low 0.1"),
        ("中等 0.2", "Moderate 0.2"),
        ("高 0.4", "High 0.4"),
        ("很高 0.8", "Very high 0.8"),
    ),
    source_zh="《PMBOK 指南》：概率值 × 影响值，0.18 及以上为红区，0.06–0.14 为黄区，0.05 及以下为绿区。",
    source_en="PMBOK Guide: probability times impact value, red from 0.18, amber from 0.06 to 0.14, green up to 0.05.",
)

MIL_STD = Scale(
    key="mil-std-882e",
    name_zh="MIL-STD-882E 矩阵",
    name_en="MIL-STD-882E matrix",
    cells=MIL_CELLS,
    # The middle of the published band, in percent: above 10, 1 to 10, 0.1 to 1, 0.0001 to 0.1, below 0.0001.
    percents=(0, 0.05, 0.55, 5.5, 55),
    probabilities=(
        ("E 极不可能", "E Improbable"),
        ("D 罕见", "D Remote"),
        ("C 偶尔", "C Occasional"),
        ("B 很可能", "B Probable"),
        ("A 频繁", "A Frequent"),
    ),
    impacts=(
        ("IV 可忽略（下限）", "4 Negligible, lower half"),
        ("IV 可忽略", "4 Negligible"),
        ("III 轻度", "3 Marginal"),
        ("II 严重", "2 Critical"),
        ("I 灾难性", "1 Catastrophic"),
    ),
    source_zh="MIL-STD-882E 表 I–III：“高”与“严重”为红区，“中”为黄区，“低”为绿区；标准只有四级严重性，“可忽略”占最低两级。",
    source_en=(
        "MIL-STD-882E tables I to III: high and serious are red, medium is amber, low is green. "
        "The standard has four severities, so negligible fills the two lowest steps."
    ),
)

SCALES = {scale.key: scale for scale in (COMMON, PMBOK, MIL_STD)}
