"""Everything that can be wrong with a health model, as named errors."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from portfolio.calc.health.bands import SHOWN_STEP, round_shown
from portfolio.calc.health.codes import DIMENSION_INDEX, DIMENSIONS

if TYPE_CHECKING:
    from portfolio.calc.health.model import HealthModelSpec, MeasureSpec


@dataclass(frozen=True, slots=True)
class ModelError:
    """One error: the `field` (dotted path), its `value`, a stable `code`, and what is `expected` in symbols."""

    field: str
    value: object
    code: str
    expected: str


def find_errors(model: "HealthModelSpec") -> list[ModelError]:
    """Return all errors of the model, in the order of its fields."""
    errors = [*_general_errors(model), *_weight_errors(model), *_shift_errors(model)]
    seen: set[str] = set()
    for spec in model.measures:
        errors.extend(_measure_errors(model, spec))
        if spec.code in seen:
            errors.append(ModelError(f"measures.{spec.code}.code", spec.code, "duplicate", "unique"))
        seen.add(spec.code)
    errors.extend(_band_errors(model))
    if not errors:
        errors.extend(_coverage_errors(model))
    return errors


def _is_negative(value: float) -> bool:
    return not math.isfinite(value) or value < 0


def _general_errors(model: "HealthModelSpec") -> Iterator[ModelError]:
    if model.version < 1:
        yield ModelError("version", model.version, "out_of_range", ">= 1")
    if not (math.isfinite(model.stale_after_cycles) and model.stale_after_cycles > 0):
        yield ModelError("stale_after_cycles", model.stale_after_cycles, "out_of_range", "> 0")
    if not 0 <= model.stale_penalty <= 100:
        yield ModelError("stale_penalty", model.stale_penalty, "out_of_range", "0..100")
    if not 0 < model.min_weight_share <= 1:
        yield ModelError("min_weight_share", model.min_weight_share, "out_of_range", "> 0, <= 1")


def _weight_errors(model: "HealthModelSpec") -> Iterator[ModelError]:
    measured = {spec.dimension for spec in model.measures if spec.weight > 0}
    for code, weight in model.dimension_weights.items():
        field = f"dimension_weights.{code}"
        if code not in DIMENSION_INDEX:
            yield ModelError(field, weight, "unknown_dimension", ", ".join(DIMENSIONS))
        elif _is_negative(weight):
            yield ModelError(field, weight, "out_of_range", ">= 0")
        elif weight > 0 and code not in measured:
            yield ModelError(field, weight, "no_measure", "0, or a measure with weight > 0")
    if not any(weight > 0 for weight in model.dimension_weights.values()):
        yield ModelError("dimension_weights", dict(model.dimension_weights), "all_zero", "at least one weight > 0")


def _shift_errors(model: "HealthModelSpec") -> Iterator[ModelError]:
    for driver, shifts in model.driver_shifts.items():
        for code, factor in shifts.items():
            field = f"driver_shifts.{driver}.{code}"
            if code not in DIMENSION_INDEX:
                yield ModelError(field, factor, "unknown_dimension", ", ".join(DIMENSIONS))
            elif _is_negative(factor):
                yield ModelError(field, factor, "out_of_range", ">= 0")
        if not any(weight > 0 for weight in model.weights_for(driver).values()):
            yield ModelError(f"driver_shifts.{driver}", dict(shifts), "all_zero", "at least one weight > 0")


def _measure_errors(model: "HealthModelSpec", spec: "MeasureSpec") -> Iterator[ModelError]:
    field = f"measures.{spec.code}"
    if not spec.code:
        yield ModelError(f"{field}.code", spec.code, "required", "a code")
    if spec.dimension not in DIMENSION_INDEX:
        yield ModelError(f"{field}.dimension", spec.dimension, "unknown_dimension", ", ".join(DIMENSIONS))
    if spec.direction not in ("higher", "lower"):
        yield ModelError(f"{field}.direction", spec.direction, "unknown_direction", "higher, lower")
    if _is_negative(spec.weight):
        yield ModelError(f"{field}.weight", spec.weight, "out_of_range", ">= 0")
    yield from _point_errors(model, spec, f"{field}.points")


def _point_errors(model: "HealthModelSpec", spec: "MeasureSpec", field: str) -> Iterator[ModelError]:
    if len(spec.points) < 2:
        yield ModelError(field, spec.points, "too_few", ">= 2")
        return
    for position, (value, score) in enumerate(spec.points):
        if not math.isfinite(value):
            yield ModelError(f"{field}.{position}.value", value, "not_finite", "a number")
        if not 0 <= score <= 100:
            yield ModelError(f"{field}.{position}.score", score, "out_of_range", "0..100")
    rising = spec.direction == "higher"
    for position, ((value, score), (next_value, next_score)) in enumerate(pairwise(spec.points), start=1):
        if not next_value > value:
            yield ModelError(f"{field}.{position}.value", next_value, "not_increasing", f"> {value:g}")
        if (next_score < score) if rising else (next_score > score):
            expected = f">= {score:g}" if rising else f"<= {score:g}"
            yield ModelError(f"{field}.{position}.score", next_score, "wrong_direction", expected)
    best = max(score for _, score in spec.points)
    if best < model.green_from:
        yield ModelError(field, best, "never_green", f">= {model.green_from:g}")


def _band_errors(model: "HealthModelSpec") -> Iterator[ModelError]:
    for name in ("green_from", "amber_from", "cap_one_red", "cap_two_red"):
        value: float = getattr(model, name)
        if not 0 <= value <= 100:
            yield ModelError(name, value, "out_of_range", "0..100")
        elif abs(value - float(round_shown(value))) > 1e-9:
            yield ModelError(name, value, "too_fine", f"a multiple of {SHOWN_STEP:g}")
    if not 0 < model.amber_from < model.green_from:
        yield ModelError("amber_from", model.amber_from, "out_of_range", f"> 0, < {model.green_from:g}")
    if not model.cap_one_red < model.green_from:
        yield ModelError("cap_one_red", model.cap_one_red, "out_of_range", f"< {model.green_from:g}")
    if not model.cap_two_red < model.amber_from:
        yield ModelError("cap_two_red", model.cap_two_red, "out_of_range", f"< {model.amber_from:g}")
    if model.cap_two_red > model.cap_one_red:
        yield ModelError("cap_two_red", model.cap_two_red, "out_of_range", f"<= {model.cap_one_red:g}")


def _coverage_errors(model: "HealthModelSpec") -> Iterator[ModelError]:
    """Reporting on time says nothing about the work itself, so governance alone must never give a colour."""
    for driver in ("", *model.driver_shifts):
        weights = model.weights_for(driver)
        share = weights["governance"] / sum(weights.values())
        if share >= model.min_weight_share:
            yield ModelError("min_weight_share", model.min_weight_share, "governance_alone", f"> {share:.4g}")
            return
