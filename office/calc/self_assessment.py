"""Which type of PMO fits: a plain rule over twelve statements.

Each statement is answered 0 (does not apply) to 3 (applies fully) and speaks for one or two types with a weight. The score
of a type is 100 times the sum of weight times answer, divided by the most it could have reached. The highest score is
recommended; between equal scores the first in the order supportive, controlling, directive, strategic is taken, the one
that changes less. A lead of less than CLOSE points is a close call and says so. The rule is the product's own; it follows the descriptions of the types and is no published test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from office.calc.types import TYPES

MOST = 3
CLOSE = 8


@dataclass(frozen=True)
class Statement:
    """A statement and the types it speaks for: {type: weight}."""

    code: str
    weights: Mapping[str, int]


STATEMENTS: tuple[Statement, ...] = (
    Statement("experienced_teams", {"supportive": 3}),
    Statement("ask_for_help", {"supportive": 3}),
    Statement("line_decides", {"supportive": 2}),
    Statement("overruns", {"controlling": 3}),
    Statement("proof_needed", {"controlling": 3}),
    Statement("scarce_people", {"controlling": 2, "directive": 1}),
    Statement("too_many", {"strategic": 3, "controlling": 1}),
    Statement("strategy_unclear", {"strategic": 3}),
    Statement("top_table", {"strategic": 2}),
    Statement("no_managers", {"directive": 3}),
    Statement("few_large", {"directive": 2, "controlling": 1}),
    Statement("one_home", {"directive": 3}),
)
CODES = tuple(statement.code for statement in STATEMENTS)


@dataclass(frozen=True)
class Reason:
    """A statement that speaks for a type, with its answer and the points it gave (weight times answer)."""

    code: str
    answer: int
    points: int


@dataclass(frozen=True)
class Result:
    """scores: 0 to 100 for each type. lead: points over the next type. reasons: what spoke for the recommendation, most first."""

    scores: dict[str, int]
    recommended: str
    runner_up: str
    lead: int
    reasons: tuple[Reason, ...]

    @property
    def close(self) -> bool:
        """Whether the next type is nearly as good."""
        return self.lead < CLOSE


def assess(answers: Mapping[str, int]) -> Result:
    """Score the answers. Raises ValueError for a missing or unknown statement or an answer outside 0 to 3."""
    _check(answers)
    scores = {name: _score(name, answers) for name in TYPES}
    ranked = sorted(TYPES, key=lambda name: (-scores[name], TYPES.index(name)))
    best, second = ranked[0], ranked[1]
    return Result(scores, best, second, scores[best] - scores[second], _reasons(best, answers))


def _check(answers: Mapping[str, int]) -> None:
    if set(answers) != set(CODES):
        raise ValueError("every statement is answered once")
    wrong = [code for code, answer in answers.items() if not 0 <= answer <= MOST]
    if wrong:
        raise ValueError(f"answers lie between 0 and {MOST}: {', '.join(sorted(wrong))}")


def _score(name: str, answers: Mapping[str, int]) -> int:
    weights = {one.code: one.weights[name] for one in STATEMENTS if name in one.weights}
    reached = sum(weight * answers[code] for code, weight in weights.items())
    return round(100 * reached / (MOST * sum(weights.values())))


def _reasons(name: str, answers: Mapping[str, int]) -> tuple[Reason, ...]:
    found = [
        Reason(one.code, answers[one.code], one.weights[name] * answers[one.code])
        for one in STATEMENTS
        if name in one.weights and answers[one.code]
    ]
    return tuple(sorted(found, key=lambda reason: (-reason.points, CODES.index(reason.code))))
