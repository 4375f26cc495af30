"""Seeding a demo company into a database of its own, and the features of its weeks as the nightly run sees them.

Every seed draws its own variants; the forty stories of the demo are the same for every seed, so they are left out where
coefficients are fitted.
"""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

LAST_DAY = datetime.date(2026, 11, 20)
PROJECTS = 200


@contextmanager
def company(seed: int) -> Iterator[dict[str, str]]:
    """A seeded company on SQLite in a folder that is thrown away; gives the environment to work in."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{Path(folder) / 'company.sqlite3'}",
            "BELLWETHER_VAR": folder,
        }
        environment.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
        numbers = ["--projects", str(PROJECTS), "--seed", str(seed), "--today", LAST_DAY.isoformat()]
        _manage(environment, "migrate", "--run-syncdb", "-v", "0")
        _manage(environment, "seed_demo", *numbers, "--json")
        yield environment


def _manage(environment: dict[str, str], *words: str) -> None:
    subprocess.run([sys.executable, "manage.py", *words], env=environment, check=True, stdout=subprocess.DEVNULL)


def gather(path: str) -> None:
    """In a process of its own: write features (projects, weeks, features) by horizon, colours and scores to a file."""
    import django

    django.setup()
    weeks = list(_weeks())
    ids = np.array(sorted({pk for week in weeks for pk in week["ids"].tolist()}))
    found: dict[str, Any] = {"stories": _is_story(ids), "band": np.zeros((len(ids), len(weeks)), dtype=np.int8)}
    for column, week in enumerate(weeks):
        rows = np.searchsorted(ids, week["ids"])
        found["band"][rows, column] = week["band"]
        for horizon, values in week["features"].items():
            name = f"features_{horizon}"
            if name not in found:
                found[name] = np.full((len(ids), len(weeks), values.shape[1]), np.nan, dtype=np.float32)
            found[name][rows, column] = values
    np.savez_compressed(path, **found)


def _weeks() -> Iterator[dict[str, Any]]:
    from portfolio.calc.health import compute
    from portfolio.calc.warning.ahead import look_ahead
    from portfolio.calc.warning.chance import HORIZONS
    from portfolio.calc.warning.features import features
    from portfolio.models import RollupSnapshot
    from portfolio.queries.health_chunk import chunks, qualifying_ids
    from portfolio.queries.health_models import model_in_force, spec_of
    from portfolio.queries.measures import day_facts, read_measures
    from portfolio.queries.outlook import state_of

    rows = RollupSnapshot.objects.filter(kind=RollupSnapshot.Kind.ALL).order_by("date")
    for day in rows.values_list("date", flat=True):
        if day.isoweekday() != 7:
            continue
        spec = spec_of(model_in_force(day))
        ids = qualifying_ids(day)
        for chunk in chunks(ids, max(len(ids), 1), whole=True):
            measures = read_measures(chunk, day_facts(day))
            result = compute(spec, measures.measures, drivers=measures.driver, size=chunk.ids.size)
            state = state_of(chunk, measures, result, day)
            ahead = look_ahead(spec, state)
            values = {horizon: features(spec, state, ahead, horizon) for horizon in HORIZONS}
            yield {"ids": chunk.ids, "band": result.band, "features": values}


def _is_story(ids: Any) -> Any:
    from portfolio.demo.stories import STORIES
    from projects.models import Project

    codes = {spec.code for spec in STORIES}
    stories = set(Project.objects.filter(code__in=codes).values_list("pk", flat=True))
    return np.array([pk in stories for pk in ids.tolist()])


if __name__ == "__main__":
    gather(sys.argv[1])
