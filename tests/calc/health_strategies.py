"""Random valid health inputs for the property tests."""

import numpy as np
from hypothesis import strategies as st

from portfolio.calc.health import DRIVERS, HealthModelSpec, default_model

MODEL: HealthModelSpec = default_model()


def measure_values(code: str) -> st.SearchStrategy[float | None]:
    """Values from a little outside the thresholds of the measure, the thresholds themselves, or no data."""
    points = MODEL.measure(code).points
    low, high = points[0][0], points[-1][0]
    span = high - low
    return st.one_of(
        st.none(),
        st.sampled_from([value for value, _ in points]),
        st.floats(low - 0.2 * span, high + 0.2 * span, allow_nan=False),
    )


projects = st.fixed_dictionaries({spec.code: measure_values(spec.code) for spec in MODEL.measures})
drivers = st.sampled_from(("", *DRIVERS))
portfolios = st.lists(st.tuples(projects, drivers, st.booleans()), min_size=1, max_size=12)


def to_arrays(rows: list[tuple[dict[str, float | None], str, bool]]) -> dict[str, np.ndarray]:
    """Turn rows of measures into the arrays the engine takes."""
    return {spec.code: np.array([row[0][spec.code] for row in rows], dtype=np.float64) for spec in MODEL.measures}
