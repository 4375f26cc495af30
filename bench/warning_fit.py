"""`python -m bench.warning_fit`: fit the coefficients of the early warnings and write their table.

Fitted on the variants of the demo companies of `TRAIN`; `bench.warning` tests on companies of other seeds. Per horizon a
ridge-penalised logistic regression by Newton's method (iteratively reweighted least squares; Hastie, Tibshirani and
Friedman, The Elements of Statistical Learning, 2nd edition, 4.4) on standardised features; the level of a warning is the
chance at which F1 is highest on the same companies.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from bench.warning_cases import PROJECTS, company
from portfolio.calc.warning.chance import HORIZONS, Fit, chance
from portfolio.calc.warning.features import FEATURES
from portfolio.calc.warning.judge import worst_within

TRAIN = (101, 102, 103, 104, 105, 106)
RIDGE = 20.0
FROM_WEEK = 3
TABLE = Path(__file__).parent.parent / "portfolio" / "calc" / "warning" / "table.py"


def main() -> int:
    """Gather, fit, write."""
    companies = [_gathered(seed) for seed in TRAIN]
    fits = {horizon: fit(companies, horizon) for horizon in HORIZONS}
    TABLE.write_text(_source(fits), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(TABLE)], check=True)
    return 0


def _gathered(seed: int) -> dict[str, Any]:
    with company(seed) as environment, tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "cases.npz")
        subprocess.run([sys.executable, "-m", "bench.warning_cases", path], env=environment, check=True)
        with np.load(path) as found:
            return dict(found)


def fit(companies: list[dict[str, Any]], horizon: int) -> Fit:
    """The coefficients of one horizon from the cases of all companies."""
    parts = [_cases(found, horizon) for found in companies]
    values = np.concatenate([part[0] for part in parts]).astype(np.float64)
    worse = np.concatenate([part[1] for part in parts])
    mean, scale = values.mean(axis=0), values.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    weights = _newton((values - mean) / scale, worse.astype(np.float64))
    rounded = [tuple(round(float(x), 5) for x in row) for row in (mean, scale, weights[1:])]
    found = Fit(round(float(weights[0]), 5), 0.5, *rounded)
    return Fit(found.intercept, _level(chance(found, values), worse), *rounded)


def _cases(found: dict[str, Any], horizon: int) -> tuple[Any, Any]:
    band = found["band"]
    chosen = np.isin(band, (2, 3))
    chosen[:, -horizon:] = False
    chosen[:, :FROM_WEEK] = False
    chosen[found["stories"]] = False
    return found[f"features_{horizon}"][chosen], (worst_within(band, horizon) < band)[chosen]


def _newton(values: Any, worse: Any, rounds: int = 30) -> Any:
    design = np.column_stack([np.ones(len(values)), values])
    penalty = np.eye(design.shape[1]) * RIDGE
    penalty[0, 0] = 0.0
    weights = np.zeros(design.shape[1])
    for _round in range(rounds):
        likely = 1.0 / (1.0 + np.exp(-design @ weights))
        spread = np.maximum(likely * (1.0 - likely), 1e-6)
        slope = design.T @ (worse - likely) - penalty @ weights
        step = np.linalg.solve((design * spread[:, np.newaxis]).T @ design + penalty, slope)
        weights += step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def _level(likely: Any, worse: Any) -> float:
    """The chance from which to warn so that F1 is highest, in hundredths."""

    def f1(level: float) -> float:
        said = likely >= level
        return 2.0 * float((said & worse).sum()) / max(float(said.sum() + worse.sum()), 1.0)

    return max((step / 100 for step in range(10, 81)), key=f1)


def _source(fits: dict[int, Fit]) -> str:
    lines = [
        '"""The coefficients of the early warnings. Written by `python -m bench.warning_fit`; not edited by hand.',
        "",
        f"Fitted on the {PROJECTS - 40} variants of each of the demo companies with the seeds {', '.join(map(str, TRAIN))}:",
        "simulated projects, not real ones. What they are worth elsewhere the installation's own back-test says.",
        '"""',
        "",
        "from portfolio.calc.warning.chance import CoefficientTable, Fit",
        "",
        "# Features in this order:",
        *(f"# {', '.join(FEATURES[start : start + 6])}" for start in range(0, len(FEATURES), 6)),
        "TABLE = CoefficientTable(",
        "version=1,",
        f'fitted="simulated companies, seeds {TRAIN[0]} to {TRAIN[-1]}",',
        "fits={",
    ]
    for horizon, one in fits.items():
        lines.append(f"{horizon}: Fit(intercept={one.intercept}, level={one.level}, mean={one.mean},")
        lines.append(f"scale={one.scale}, weight={one.weight}),")
    return "\n".join([*lines, "},", ")", ""])


if __name__ == "__main__":
    sys.exit(main())
