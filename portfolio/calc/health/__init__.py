"""Project health: the model, the engine, roll-up, explanation, alternative models and early warning.

Plain Python and NumPy. Start with `model.HealthModelSpec`, `defaults.default_model` and `engine.compute`.
"""

from portfolio.calc.health.codes import AMBER, BAND_CODES, DIMENSIONS, DRIVERS, GREEN, GREY, MEASURES, RED
from portfolio.calc.health.defaults import default_model
from portfolio.calc.health.engine import HealthResult, compute, compute_one, missing_names
from portfolio.calc.health.model import HealthModelSpec, MeasureSpec
from portfolio.calc.health.serialise import ModelFormatError
from portfolio.calc.health.validation import ModelError

__all__ = [
    "AMBER",
    "BAND_CODES",
    "DIMENSIONS",
    "DRIVERS",
    "GREEN",
    "GREY",
    "MEASURES",
    "RED",
    "HealthModelSpec",
    "HealthResult",
    "MeasureSpec",
    "ModelError",
    "ModelFormatError",
    "compute",
    "compute_one",
    "default_model",
    "missing_names",
]
