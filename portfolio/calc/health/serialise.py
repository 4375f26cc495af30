"""Health models to and from JSON types, strict about types so that an edited or imported model fails by name."""

from collections.abc import Mapping
from typing import Any, cast

from portfolio.calc.health.codes import Direction
from portfolio.calc.health.model import HealthModelSpec, MeasureSpec
from portfolio.calc.health.validation import ModelError

_NUMBERS = (
    "green_from",
    "amber_from",
    "cap_one_red",
    "cap_two_red",
    "stale_after_cycles",
    "stale_penalty",
    "min_weight_share",
)


class ModelFormatError(ValueError):
    """The data is not a health model; `errors` names every field that is missing or of the wrong type."""

    def __init__(self, errors: list[ModelError]) -> None:
        super().__init__("; ".join(f"{error.field}: {error.expected}, not {error.value!r}" for error in errors))
        self.errors = errors


def model_to_dict(model: HealthModelSpec) -> dict[str, Any]:
    """Return the model as dictionaries, lists, strings and numbers."""
    return {
        "version": model.version,
        "dimension_weights": dict(model.dimension_weights),
        "driver_shifts": {driver: dict(shifts) for driver, shifts in model.driver_shifts.items()},
        "measures": [
            {
                "code": spec.code,
                "dimension": spec.dimension,
                "direction": spec.direction,
                "points": [list(point) for point in spec.points],
                "weight": spec.weight,
                "unit": spec.unit,
            }
            for spec in model.measures
        ],
        **{name: getattr(model, name) for name in _NUMBERS},
    }


def model_from_dict(data: Mapping[str, Any]) -> HealthModelSpec:
    """Read a model from JSON types. Unknown keys are refused: a misspelt field must not fall back to a default.

    Raises `ModelFormatError`. The values themselves are judged by `HealthModelSpec.validate`.
    """
    reader = _Reader()
    known = {"version", "dimension_weights", "driver_shifts", "measures", *_NUMBERS}
    reader.refuse_unknown(data, known, "")
    numbers = {name: reader.number(data[name], name) for name in _NUMBERS if name in data}
    shifts = reader.mapping(data.get("driver_shifts", {}), "driver_shifts")
    model = HealthModelSpec(
        version=reader.integer(data.get("version"), "version"),
        dimension_weights=reader.numbers(data.get("dimension_weights"), "dimension_weights"),
        driver_shifts={str(key): reader.numbers(value, f"driver_shifts.{key}") for key, value in shifts.items()},
        measures=tuple(
            _measure(reader, item, f"measures.{position}")
            for position, item in enumerate(reader.sequence(data.get("measures"), "measures"))
        ),
        **numbers,
    )
    if reader.errors:
        raise ModelFormatError(reader.errors)
    return model


def _measure(reader: "_Reader", item: object, field: str) -> MeasureSpec:
    data = reader.mapping(item, field)
    reader.refuse_unknown(data, {"code", "dimension", "direction", "points", "weight", "unit"}, f"{field}.")
    return MeasureSpec(
        code=reader.text(data.get("code"), f"{field}.code"),
        dimension=reader.text(data.get("dimension"), f"{field}.dimension"),
        # validate() judges the word; here it only has to be one
        direction=cast(Direction, reader.text(data.get("direction"), f"{field}.direction")),
        points=tuple(
            reader.point(point, f"{field}.points.{position}")
            for position, point in enumerate(reader.sequence(data.get("points"), f"{field}.points"))
        ),
        weight=reader.number(data.get("weight", 1.0), f"{field}.weight"),
        unit=reader.text(data.get("unit", ""), f"{field}.unit"),
    )


class _Reader:
    """Reads typed values and collects what did not fit, so that one pass names every error."""

    def __init__(self) -> None:
        self.errors: list[ModelError] = []

    def _refuse(self, field: str, value: object, expected: str) -> None:
        self.errors.append(ModelError(field, value, "wrong_type", expected))

    def refuse_unknown(self, data: Mapping[str, Any], known: set[str], prefix: str) -> None:
        for key in data:
            if key not in known:
                self.errors.append(ModelError(f"{prefix}{key}", data[key], "unknown_field", "no such field"))

    def number(self, value: object, field: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._refuse(field, value, "a number")
            return 0.0
        return float(value)

    def integer(self, value: object, field: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            self._refuse(field, value, "a whole number")
            return 0
        return value

    def text(self, value: object, field: str) -> str:
        if not isinstance(value, str):
            self._refuse(field, value, "text")
            return ""
        return value

    def mapping(self, value: object, field: str) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            self._refuse(field, value, "an object")
            return {}
        return value

    def sequence(self, value: object, field: str) -> list[Any] | tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            self._refuse(field, value, "a list")
            return []
        return value

    def numbers(self, value: object, field: str) -> dict[str, float]:
        return {str(key): self.number(item, f"{field}.{key}") for key, item in self.mapping(value, field).items()}

    def point(self, value: object, field: str) -> tuple[float, float]:
        pair = self.sequence(value, field)
        if len(pair) != 2:
            self._refuse(field, value, "[value, score]")
            return (0.0, 0.0)
        return (self.number(pair[0], f"{field}.0"), self.number(pair[1], f"{field}.1"))
