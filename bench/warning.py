"""How much early warnings are worth: precision, recall, F1 and weeks of lead time, beside two naive rules.

Seeded history: demo companies of three seeds, none of them used in fitting (`bench.warning_fit`), each with 200 projects and
104 weeks, seeded into a database of its own. The warnings judged are those the nightly computation stored week by week; what
the simulator hides is nowhere in that database. `warner_*`: ours; `trend_*`: the last week's change goes on; `same_*`: the colour
stays as it is, which never warns; `all_*`: everybody is warned of. `worst_*` is the mean F1 over the three colours of a
forecast of the worst colour within the horizon. Goals: the F1 of the better naive rule over ours, the largest of all
horizons, stays below 1; the same for the colours.

UK ratings: yearly assessments of real projects (`bench.uk_ratings`). From one or two yearly ratings the warner says nothing: it
needs four weeks of computed health. Shown is what simple rules get out of them, learnt on 2018-2019 and tried on 2019-2020.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np

from bench.run import Goal, Outcome
from bench.uk_ratings import RATINGS, WORDS
from bench.warning_cases import LAST_DAY, company

TEST = (1, 2, 3)
WEEKS = 104
NAIVE = ("trend", "same")
GOALS = [Goal("naive_over_warner_f1", 0.99), Goal("naive_over_warner_worst", 0.99)]


def run() -> Outcome:
    """Seed the companies one after the other, judge each in a process of its own, add up."""
    found = [_judged(seed) for seed in TEST]
    figures: dict[str, float] = {}
    for horizon in found[0]:
        pooled = {rule: _pooled([company[horizon][rule] for company in found]) for rule in found[0][horizon]}
        figures |= _figures(horizon, pooled)
    horizons = list(found[0])
    figures["naive_over_warner_f1"] = max(_ratio(figures, "f1", horizon) for horizon in horizons)
    figures["naive_over_warner_worst"] = max(_ratio(figures, "worst", horizon) for horizon in horizons)
    return Outcome(figures | uk_figures(), GOALS)


def _judged(seed: int) -> dict[str, dict[str, Any]]:
    with company(seed) as environment:
        line = subprocess.run(
            [sys.executable, "-m", "bench.warning"], env=environment, check=True, stdout=subprocess.PIPE
        ).stdout
    found: dict[str, dict[str, Any]] = json.loads(line)
    return found


def judge_stored() -> dict[str, dict[str, Any]]:
    """In the process of its own: the verdicts on the stored warnings, by horizon and rule."""
    import django

    django.setup()
    from portfolio.queries.warning_history import HORIZONS, history, verdicts

    past = history(LAST_DAY, WEEKS + 1)
    found: dict[str, dict[str, Any]] = {}
    for horizon in HORIZONS:
        found[str(horizon)] = {
            name: {
                "cases": one.cases,
                "worse": one.worse,
                "warnings": one.warnings,
                "right": one.right,
                "changes": one.changes,
                "foreseen": one.foreseen,
                "leads": list(one.leads),
                "worst": one.worst_f1,
            }
            for name, one in verdicts(past, horizon).items()
        }
    return found


def _pooled(parts: list[dict[str, Any]]) -> dict[str, Any]:
    names = ("cases", "worse", "warnings", "right", "changes", "foreseen")
    total: dict[str, Any] = {name: sum(part[name] for part in parts) for name in names}
    total["leads"] = [lead for part in parts for lead in part["leads"]]
    total["worst"] = float(np.mean([part["worst"] for part in parts]))
    return total


def _figures(horizon: str, pooled: dict[str, dict[str, Any]]) -> dict[str, float]:
    figures: dict[str, float] = {}
    ours = pooled["warner"]
    figures[f"cases_{horizon}w"] = ours["cases"]
    figures[f"worse_share_{horizon}w"] = round(ours["worse"] / ours["cases"], 3)
    figures[f"all_f1_{horizon}w"] = round(2 * ours["worse"] / (ours["cases"] + ours["worse"]), 3)
    for name, one in pooled.items():
        if one["warnings"]:
            figures[f"{name}_precision_{horizon}w"] = round(one["right"] / one["warnings"], 3)
        figures[f"{name}_recall_{horizon}w"] = round(one["right"] / one["worse"], 3)
        figures[f"{name}_f1_{horizon}w"] = round(2 * one["right"] / (one["warnings"] + one["worse"]), 3)
        figures[f"{name}_foreseen_{horizon}w"] = round(one["foreseen"] / one["changes"], 3)
        figures[f"{name}_worst_{horizon}w"] = round(one["worst"], 3)
        if one["leads"]:
            figures[f"{name}_lead_weeks_{horizon}w"] = float(np.median(one["leads"]))
    return figures


def _ratio(figures: dict[str, float], what: str, horizon: str) -> float:
    naive = max(figures[f"{rule}_{what}_{horizon}w"] for rule in NAIVE)
    return round(naive / figures[f"warner_{what}_{horizon}w"], 3)


Pair = tuple[int, int]


def uk_figures() -> dict[str, float]:
    """What rules say of the next year's rating: worse or not. Learnt on 2018-2019, tried on 2019-2020."""
    rank = {word: place for place, word in enumerate(WORDS)}
    known = [tuple(rank.get(word) for word in path) for path in RATINGS for _n in range(RATINGS[path])]
    learn = [(a, b) for a, b, _c in known if a is not None and b is not None]
    tried = [(a, b, c) for a, b, c in known if b is not None and c is not None]
    level = sum(b < a for a, b in learn) / len(learn)
    risky = {place for place in range(len(WORDS)) if _share_worse(learn, place) > level}
    worse = [c < b for _a, b, c in tried]
    rules = {
        "rating": [b in risky for _a, b, _c in tried],
        "trend": [a is not None and b < a for a, b, _c in tried],
        "same": [False for _row in tried],
        "all": [True for _row in tried],
    }
    figures = {
        "uk_pairs_2018_2019": float(len(learn)),
        "uk_pairs_2019_2020": float(len(tried)),
        "uk_worse_share": round(sum(worse) / len(worse), 3),
        "uk_same_rating_share": round(sum(c == b for _a, b, c in tried) / len(tried), 3),
    }
    for name, said in rules.items():
        right = sum(one and came for one, came in zip(said, worse, strict=True))
        if any(said):
            figures[f"uk_{name}_precision"] = round(right / sum(said), 3)
        figures[f"uk_{name}_recall"] = round(right / sum(worse), 3)
        figures[f"uk_{name}_f1"] = round(2 * right / (sum(said) + sum(worse)), 3)
    return figures


def _share_worse(pairs: list[Pair], place: int) -> float:
    here = [(a, b) for a, b in pairs if a == place]
    return sum(b < a for a, b in here) / len(here) if here else 0.0


if __name__ == "__main__":
    sys.stdout.write(json.dumps(judge_stored()) + "\n")
