"""Real plan files read against the values that their programs stored, and a plan of 10,000 tasks against the clock.

Reads every file of `plans/` and `multiproject/mpsplib/` in the folder of published data (`BENCH_DATA`, or `shared/data` beside the
repository) the way the product does, a process each, and compares every value of tasks, links with lag, calendars, resources and
assignments with `expected/`; XML and GanttProject files are also counted directly. Without the folder only the large plan is read.

Figures: `value_differences` and `count_differences` (none allowed, a difference that the fidelity report names is not one),
`slowest_s` of the real files, `read_10000_s` for a generated MSPDI file of 10,000 tasks.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
django.setup()

from bench.plans_compare import differences  # noqa: E402
from bench.plans_counted import direct_counts  # noqa: E402
from bench.plans_made import write_mspdi  # noqa: E402
from bench.run import Goal, Outcome  # noqa: E402
from projects.calc.plan.document import Plan  # noqa: E402
from projects.plan_files.reading import read_plan  # noqa: E402

FOLDER = Path(os.environ.get("BENCH_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
PLANS = ("plans", "multiproject/mpsplib")
ENDINGS = (".mpp", ".xml", ".xer", ".mpx", ".gan")
TASKS = 10_000
GOALS = [Goal("value_differences", 0), Goal("count_differences", 0), Goal("slowest_s", 10), Goal("read_10000_s", 20)]


def run() -> Outcome:
    """Compare all files there are, then read the large one."""
    figures = {"files": 0.0, "value_differences": 0.0, "count_differences": 0.0, "slowest_s": 0.0}
    files = plan_files()
    if not files:
        print(f"plans: no files in {FOLDER}; only the made one is read", file=sys.stderr)
    for path in files:
        start = time.perf_counter()
        plan = read_plan(path, name=path.name)
        figures["slowest_s"] = max(figures["slowest_s"], round(time.perf_counter() - start, 2))
        figures["files"] += 1
        figures["value_differences"] += _reported(path, differences(plan, expected_of(path)))
        figures["count_differences"] += _reported(path, uncounted(path, plan))
    figures["read_10000_s"] = _large()
    return Outcome(figures, GOALS)


def plan_files() -> list[Path]:
    """The real files there are, sorted by folder and name."""
    return [one for part in PLANS for one in sorted((FOLDER / part).glob("*")) if one.suffix in ENDINGS]


def expected_of(path: Path) -> Path:
    """Where the values lie that the program of the file stored."""
    name = path.name.rpartition(".")
    return path.parent / "expected" / f"{name[0]}__{name[2]}.json"


def _reported(path: Path, found: list[str]) -> int:
    for line in found[:20]:
        print(f"plans: {path.name}: {line}", file=sys.stderr)
    return len(found)


def uncounted(path: Path, plan: Plan, *, project: int = 0) -> list[str]:
    """Differences to the file's own count, or that of one of its projects by place, that no remark names."""
    counts, named, held = plan.counts(), left_out(plan), direct_counts(path, project=project)
    return [
        f"{area}: {held[area]} in the file, {counts[area]} read"
        for area in held
        if held[area] != counts[area] and held[area] != counts[area] + named.get(area, 0)
    ]


def left_out(plan: Plan) -> dict[str, int]:
    """How many rows of an area the remarks name as not taken over."""
    named: dict[str, int] = {}
    for one in (*plan.kept, *plan.lost):
        if one.code in NAMING:
            named[one.area] = named.get(one.area, 0) + one.count
    return named


NAMING = (
    "external_links",
    "placeholder_assignments",
    "placeholder_resources",
    "blank_rows",
    "without_task",
    "not_read",
)


def _large() -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "large.xml")
        write_mspdi(path, TASKS)
        start = time.perf_counter()
        plan = read_plan(path, name=path.name)
        seconds = round(time.perf_counter() - start, 2)
    if len(plan.tasks) != TASKS:
        raise RuntimeError(f"{len(plan.tasks)} tasks read")
    return seconds
