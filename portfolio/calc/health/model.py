"""The versioned health model: measures, thresholds, weights, caps and bands, as plain frozen data.

A project's health is a weighted score of named measures, the multi-criteria form that project and portfolio tools
publish (OpenText PPM "Health Weights", Sciforma "Project Health Score"), with piecewise-linear thresholds in place of
three steps, and caps so that one very bad dimension cannot hide behind good ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from portfolio.calc.health.codes import DIMENSIONS, Direction
from portfolio.calc.health.validation import ModelError, find_errors


@dataclass(frozen=True, slots=True)
class MeasureSpec:
    """One measure and how its value becomes a score.

    `points` are (value, score) pairs with rising values, joined by straight lines; outside them the end score holds.
    With `direction` "higher" scores rise with the value, with "lower" they fall. `weight` counts inside the dimension;
    0 switches the measure off.
    """

    code: str
    dimension: str
    direction: Direction
    points: tuple[tuple[float, float], ...]
    weight: float = 1.0
    unit: str = ""

    def value_at(self, score: float) -> float | None:
        """Return the worst value that still earns `score`, or None if every value or no value earns it."""
        worst_first = self.points if self.direction == "higher" else tuple(reversed(self.points))
        if not worst_first[0][1] < score <= worst_first[-1][1]:
            return None
        (low_value, low), (high_value, high) = next(pair for pair in pairwise(worst_first) if pair[1][1] >= score)
        return low_value + (score - low) / (high - low) * (high_value - low_value)


@dataclass(frozen=True, slots=True)
class HealthModelSpec:
    """All rules of the health computation. Mappings are read-only by agreement.

    - `dimension_weights`: weight of each of the eight dimensions (any positive scale); 0 leaves a dimension out.
    - `driver_shifts`: per delivery driver, factors on dimension weights; a dimension not named keeps factor 1.
    - `green_from`, `amber_from`: a shown score at or above is green, amber; below `amber_from` is red.
    - `cap_one_red`, `cap_two_red`: highest score with one, with two or more red dimensions.
    - `stale_after_cycles`, `stale_penalty`: reporting cycles until a figure is stale, and the points that costs.
    - `min_weight_share`: share (0..1) of the total weight that must have data, else the project is grey.
    """

    version: int
    dimension_weights: Mapping[str, float]
    driver_shifts: Mapping[str, Mapping[str, float]]
    measures: tuple[MeasureSpec, ...]
    green_from: float = 75.0
    amber_from: float = 55.0
    cap_one_red: float = 74.9
    cap_two_red: float = 54.9
    stale_after_cycles: float = 1.5
    stale_penalty: float = 10.0
    min_weight_share: float = 0.15

    def measure(self, code: str) -> MeasureSpec:
        """Return the measure with this code; KeyError if the model has none."""
        for spec in self.measures:
            if spec.code == code:
                return spec
        raise KeyError(code)

    def weights_for(self, driver: str = "") -> dict[str, float]:
        """Return the dimension weights of a project with this delivery driver (unknown or empty: unshifted)."""
        shifts = self.driver_shifts.get(driver, {})
        return {code: self.dimension_weights.get(code, 0.0) * shifts.get(code, 1.0) for code in DIMENSIONS}

    def validate(self) -> list[ModelError]:
        """Return everything that is wrong with the model, empty if it can be used."""
        return find_errors(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the model as JSON types; `serialise.model_from_dict` reads it back."""
        from portfolio.calc.health.serialise import model_to_dict

        return model_to_dict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "HealthModelSpec":
        """Read a model from JSON types; `ModelFormatError` names every field of the wrong type."""
        from portfolio.calc.health.serialise import model_from_dict

        return model_from_dict(data)
