"""A plan of 10,000 tasks from a file into the database and out again, on SQLite and PostgreSQL.

The plan is the made one of `bench.plans_made`, with links, resources, assignments, baselines and a custom field. Wall-clock, one
process for each database:

- `read_s`: the file, as the product reads it; `import_s`: that and the commit, first import with all that belongs to it.
- `commit_s`, `again_s`: the first commit and a second one that finds every task again; `plan_of_s`: out of the database;
  `difference_s`: between two such plans; `mspdi_s`, `xlsx_s`, `csv_s`: the exports.
- `ratio`: the first commit / a bare `bulk_create` of the same rows, which no commit can beat.

Figures of PostgreSQL end with `_pg`. The goal of the product is 30 s for an import; it is held against the slower database.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.postgres import cluster
from bench.run import Goal, Outcome

TASKS = int(os.environ.get("BENCH_TASKS", "10000"))
GOALS = [
    *(Goal(f"import_s{ending}", 30.0) for ending in ("", "_pg")),
    *(Goal(f"ratio{ending}", 3.0) for ending in ("", "_pg")),
]


def run() -> Outcome:
    """Measure on both databases."""
    figures: dict[str, float] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = stack.enter_context(cluster("bench_plan_store"))
        for ending, url in (("", f"sqlite:///{folder}/plans.sqlite3"), ("_pg", servers["bench_plan_store"])):
            figures |= {f"{name}{ending}": value for name, value in _measured(url, folder).items()}
    return Outcome(figures, GOALS)


def _measured(url: str, folder: Path) -> dict[str, float]:
    environment = {**os.environ, "DATABASE_URL": url, "BELLWETHER_VAR": str(folder)}
    command = [sys.executable, "-c", "from bench.plan_store import measure; measure()"]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def measure() -> None:
    """In a process of its own: make the tables, measure, print one JSON line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        figures = _figures(Path(folder))
    print(json.dumps({name: round(value, 2) for name, value in figures.items()}))


def _figures(folder: Path) -> dict[str, float]:
    from bench.plans_made import write_mspdi
    from pmo.core.audit.actor import SYSTEM
    from projects.calc.plan.difference import difference
    from projects.models import Project
    from projects.plan_exports.formats import WRITERS
    from projects.plan_files.reading import read_plan
    from projects.queries.plans.stored import plan_of
    from projects.services.plans.storing import commit_plan

    path = folder / "large.xml"
    write_mspdi(path, TASKS)
    project = Project.objects.create(code="BENCH-1", name_zh="大型工程", name_en="Large works")
    figures: dict[str, float] = {}
    figures["read_s"], plan = _timed(lambda: read_plan(path, name=path.name))
    figures["commit_s"], version = _timed(lambda: commit_plan(actor=SYSTEM, project=project, plan=plan))
    figures["import_s"] = figures["read_s"] + figures["commit_s"]
    figures["bare_s"] = _bare(project, version)
    figures["ratio"] = figures["commit_s"] / figures["bare_s"]
    figures["again_s"], _version = _timed(lambda: commit_plan(actor=SYSTEM, project=project, plan=plan))
    figures["plan_of_s"], back = _timed(lambda: plan_of(version))
    figures["difference_s"], found = _timed(lambda: difference(plan, back))
    figures["different"] = sum(found.counts().values())
    for name, write in WRITERS.items():
        with (folder / name).open("wb") as stream:
            figures[f"{name}_s"], _remarks = _timed(lambda write=write, stream=stream: write(plan, stream))
    return figures


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def _bare(project: Any, version: Any) -> float:
    """Seconds of `bulk_create` alone for the rows of the version, made beforehand; they are taken away again."""
    from django.db import transaction

    from projects.models.plan import (
        Assignment,
        PlanCalendar,
        PlanResource,
        PlanTask,
        PlanVersion,
        TaskBaseline,
        TaskLink,
    )

    other = PlanVersion.objects.create(project=project, number=1_000, state=PlanVersion.State.DRAFT)
    spent = 0.0
    with transaction.atomic():
        for model in (PlanCalendar, PlanResource, PlanTask, TaskLink, Assignment, TaskBaseline):
            owner = "task__plan" if model is TaskBaseline else "plan"
            rows: list[Any] = list(model.objects.filter(**{owner: version}))
            for row in rows:
                row.pk, row._state.adding = None, True
                if model is TaskBaseline:
                    row.number += 11
                else:
                    row.plan = other
            spent += _timed(lambda model=model, rows=rows: model.objects.bulk_create(rows, batch_size=500))[0]
        transaction.set_rollback(True)
    other.delete()
    return spent
