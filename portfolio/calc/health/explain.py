"""Why a project has its score: codes and numbers only, to be put into a sentence in the reader's language elsewhere.

The explanation is rendered from a snapshot's inputs and model version, never stored. Points are given twice: `points`
exact, and `shown_points` with one decimal such that 100 less all shown points is exactly the score shown, so that a
waterfall on a page adds up for somebody who checks it with a pencil.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from portfolio.calc.health.bands import band_of
from portfolio.calc.health.codes import DIMENSIONS, GREY, RED
from portfolio.calc.health.engine import CAP_TWO_RED, HealthResult, compute_one, missing_names
from portfolio.calc.health.model import HealthModelSpec, MeasureSpec

RULE_CAP_ONE_RED = "cap_one_red"
RULE_CAP_TWO_RED = "cap_two_red"
RULE_STALE = "stale"
RULE_MISSING = "missing_dimensions"
RULE_NOT_ENOUGH = "not_enough_data"
RULE_NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class MeasureItem:
    """One measure with data. Its thresholds are the worst value that is green and the worst that is not red.

    A threshold is None if the measure cannot reach that colour. `band` is a band code, `unit` as in
    `codes.MeasureInfo`.
    """

    dimension: str
    measure: str
    unit: str
    direction: str
    value: float
    score: float
    band: int
    green_threshold: float | None
    red_threshold: float | None
    points: float
    shown_points: float = 0.0


@dataclass(frozen=True, slots=True)
class RuleItem:
    """One rule that applied: its code, the points it took, the dimensions concerned and the model's limit.

    `limit` is the cap for a cap, the penalty for `stale`, the share of weight needed for `not_enough_data`.
    """

    rule: str
    points: float = 0.0
    dimensions: tuple[str, ...] = ()
    limit: float | None = None
    shown_points: float = 0.0


@dataclass(frozen=True, slots=True)
class DimensionItem:
    """One dimension: score (None if missing), band code, share of the weight with data, points its measures took."""

    dimension: str
    score: float | None
    band: int
    weight_share: float
    points: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the score is what it is; measures with the most points lost first. `shown` is None for a grey project."""

    model_version: int
    driver: str
    shown: float | None
    raw: float | None
    band: int
    stale: bool
    weight_share: float
    dimensions: tuple[DimensionItem, ...]
    measures: tuple[MeasureItem, ...]
    rules: tuple[RuleItem, ...]

    def waterfall(self) -> tuple[tuple[str, float], ...]:
        """Return (measure or rule code, shown points) of all that took points; 100 less all of them is `shown`."""
        measures = [(item.measure, item.shown_points) for item in self.measures if item.shown_points]
        rules = [(item.rule, item.shown_points) for item in self.rules if item.shown_points]
        return (*measures, *rules)


def explain(
    model: HealthModelSpec, measures: Mapping[str, float | None], *, driver: str = "", stale: bool | None = None
) -> Explanation:
    """Explain one project from its stored inputs: the arguments are those of `engine.compute_one`."""
    result = compute_one(model, measures, driver=driver, stale=stale)
    items = _measure_items(model, measures, result)
    rules = _rule_items(model, result)
    grey = int(result.band[0]) == GREY
    if not grey:
        items, rules = _with_shown_points(items, rules, float(result.shown[0]))
    return Explanation(
        model_version=model.version,
        driver=driver,
        shown=None if grey else float(result.shown[0]),
        raw=None if grey else float(result.raw[0]),
        band=int(result.band[0]),
        stale=bool(result.stale[0]),
        weight_share=float(result.weight_share[0]),
        dimensions=_dimension_items(model, result, driver),
        measures=tuple(sorted(items, key=lambda item: (-item.points, item.measure))),
        rules=tuple(rules),
    )


def _measure_items(
    model: HealthModelSpec, measures: Mapping[str, float | None], result: HealthResult
) -> list[MeasureItem]:
    items = []
    for row, spec in enumerate(model.measures):
        value, score = measures.get(spec.code), float(result.measure_scores[0, row])
        if value is not None and not math.isnan(score):
            items.append(_measure_item(model, spec, float(value), score, float(result.points_lost[0, row])))
    return items


def _measure_item(model: HealthModelSpec, spec: MeasureSpec, value: float, score: float, points: float) -> MeasureItem:
    return MeasureItem(
        dimension=spec.dimension,
        measure=spec.code,
        unit=spec.unit,
        direction=spec.direction,
        value=value,
        score=score,
        band=int(band_of(score, green_from=model.green_from, amber_from=model.amber_from)),
        green_threshold=spec.value_at(model.green_from),
        red_threshold=spec.value_at(model.amber_from),
        points=points,
    )


def _dimension_items(model: HealthModelSpec, result: HealthResult, driver: str) -> tuple[DimensionItem, ...]:
    weights = model.weights_for(driver)
    missing = missing_names(int(result.missing[0]))
    used = sum(weight for code, weight in weights.items() if code not in missing)
    points = dict.fromkeys(DIMENSIONS, 0.0)
    for row, spec in enumerate(model.measures):
        points[spec.dimension] += float(result.points_lost[0, row])
    items = []
    for index, code in enumerate(DIMENSIONS):
        score = float(result.dimension_scores[0, index])
        share = 0.0 if code in missing or used <= 0 else weights[code] / used
        band = int(result.dimension_bands[0, index])
        items.append(DimensionItem(code, None if math.isnan(score) else score, band, share, points[code]))
    return tuple(items)


def _rule_items(model: HealthModelSpec, result: HealthResult) -> list[RuleItem]:
    rules = []
    reds = tuple(code for index, code in enumerate(DIMENSIONS) if result.dimension_bands[0, index] == RED)
    cap, cap_points = int(result.cap_rule[0]), float(result.cap_points[0])
    if cap == CAP_TWO_RED:
        rules.append(RuleItem(RULE_CAP_TWO_RED, cap_points, reds, model.cap_two_red))
    elif cap:
        rules.append(RuleItem(RULE_CAP_ONE_RED, cap_points, reds, model.cap_one_red))
    if result.stale[0]:
        rules.append(RuleItem(RULE_STALE, float(result.stale_points[0]), limit=model.stale_penalty))
    missing = missing_names(int(result.missing[0]))
    if result.weight_share[0] == 0:
        rules.append(RuleItem(RULE_NO_DATA, dimensions=missing))
    elif result.band[0] == GREY:
        rules.append(RuleItem(RULE_NOT_ENOUGH, dimensions=missing, limit=model.min_weight_share))
    elif missing:
        rules.append(RuleItem(RULE_MISSING, dimensions=missing))
    return rules


def _with_shown_points(
    items: list[MeasureItem], rules: list[RuleItem], shown: float
) -> tuple[list[MeasureItem], list[RuleItem]]:
    points = [item.points for item in items] + [rule.points for rule in rules]
    tenths = largest_remainder([value * 10 for value in points], 1000 - round(shown * 10))
    shown_points = [value / 10 for value in tenths]
    return (
        [replace(item, shown_points=value) for item, value in zip(items, shown_points, strict=False)],
        [replace(rule, shown_points=value) for rule, value in zip(rules, shown_points[len(items) :], strict=True)],
    )


def largest_remainder(values: list[float], total: int) -> list[int]:
    """Round non-negative values to whole numbers that add up to `total` (Hamilton's method of largest remainders).

    `total` is the sum of the values, rounded. Ties go to the earlier value.
    """
    floors = [math.floor(value + 1e-9) for value in values]
    left = total - sum(floors)
    by_remainder = sorted(range(len(values)), key=lambda index: (floors[index] - values[index], index))
    for index in by_remainder[:left]:
        floors[index] += 1
    return floors
