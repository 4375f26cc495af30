"""The nightly recompute against the physical floor, on PostgreSQL with default settings.

For 1,000 and 10,000 projects with two years of history (see `bench.seed`), medians of five taken in turns:

- ours: the time `manage.py recompute` reports for the last day, in a process of its own, the day's results removed before;
- floor: COPY to the client of the raw rows of the day, and COPY of the results into an empty table with the same indexes.

`time_ratio` is ours / floor, the larger of the two sizes, `growth` is ours at 10,000 / ours at 1,000, `memory_mb` the largest resident size of
the recompute process.
"""

from __future__ import annotations

import datetime
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

from bench.postgres import cluster
from bench.run import Goal, Outcome

SMALL, LARGE, ROUNDS = 1_000, 10_000, 5
SIZES = (SMALL, LARGE)
GOALS = [Goal("time_ratio", 4.0), Goal("growth", 12.0), Goal("memory_mb", 400.0)]


def run() -> Outcome:
    """Seed a database per size, then measure both sizes in turns, so that the machine's other load weighs on all alike."""
    measured: dict[int, dict[str, list[float]]] = {size: {"ours": [], "floor": [], "memory_mb": []} for size in SIZES}
    names = {size: f"bench_{size}" for size in SIZES}
    with cluster(*names.values()) as urls:
        for size, name in names.items():
            _step(urls[name], "seed", size)
        for _round in range(ROUNDS):
            for size, name in names.items():
                for figure, value in _step(urls[name], "measure", size).items():
                    measured[size][figure].append(value)
    return Outcome(_figures(measured), GOALS)


def _figures(measured: dict[int, dict[str, list[float]]]) -> dict[str, float]:
    figures: dict[str, float] = {}
    for size, found in measured.items():
        ours, floor = statistics.median(found["ours"]), statistics.median(found["floor"])
        figures[f"ours_s_{size}"], figures[f"floor_s_{size}"] = round(ours, 3), round(floor, 3)
        figures[f"time_ratio_{size}"] = round(ours / floor, 2)
    figures["time_ratio"] = max(figures[f"time_ratio_{size}"] for size in SIZES)
    figures["growth"] = round(figures[f"ours_s_{LARGE}"] / figures[f"ours_s_{SMALL}"], 2)
    figures["memory_mb"] = round(max(measured[LARGE]["memory_mb"]), 1)
    return figures


def _step(url: str, what: str, size: int) -> dict[str, float]:
    """Do a step in a process of its own on the database; returns what it measured."""
    with tempfile.TemporaryDirectory() as var:
        environment = {**os.environ, "DATABASE_URL": url, "BELLWETHER_VAR": var}
        environment.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
        command = [sys.executable, "-m", "bench.recompute", what, str(size)]
        line = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout
    found: dict[str, float] = json.loads(line)
    return found


def step(what: str, size: int) -> dict[str, float]:
    """In the process of its own: fill the empty database, or measure ours and the floor once."""
    import django

    django.setup()
    from django.core.management import call_command

    from bench.seed import seed
    from pmo.core.calendars.queries import org_today

    if what == "seed":
        call_command("migrate", verbosity=0, run_syncdb=True)
        seed(size, org_today() - datetime.timedelta(days=1))
        return {}
    day = org_today() - datetime.timedelta(days=1)
    _forget(day)
    seconds, memory = _recompute(day, size)
    return {"ours": seconds, "floor": _floor(day, size), "memory_mb": memory}


def _forget(day: datetime.date) -> None:
    from portfolio.models import HealthSnapshot, RollupSnapshot

    HealthSnapshot.objects.filter(date=day).delete()
    RollupSnapshot.objects.filter(date=day).delete()


def _recompute(day: datetime.date, size: int) -> tuple[float, float]:
    """Seconds and peak memory in MB of the command in a process of its own."""
    command = [sys.executable, "manage.py", "recompute", "--date", day.isoformat(), "--json"]
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out)
        _pid, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"bench: recompute ended with status {os.waitstatus_to_exitcode(status)}")
        out.seek(0)
        result = json.load(out)
    if result["snapshots"] != size:
        raise SystemExit(f"bench: {result['snapshots']} snapshots instead of {size}")
    return float(result["seconds"]), usage.ru_maxrss / 1024


def _floor(day: datetime.date, size: int) -> float:
    """Seconds to move the same rows with COPY and nothing else."""
    from django.db import connection

    results = io.BytesIO()
    table = "portfolio_healthsnapshot"
    columns = _columns(table)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY (SELECT {columns} FROM {table} WHERE date = '{day}') TO STDOUT", results)
        cursor.execute("DROP TABLE IF EXISTS floor_results")
        cursor.execute(f"CREATE TABLE floor_results (LIKE {table} INCLUDING ALL)")
        started = time.monotonic()
        rows = _Counter()
        for query in _raw_rows(day):
            cursor.copy_expert(f"COPY ({query}) TO STDOUT", rows)
        results.seek(0)
        cursor.copy_expert(f"COPY floor_results ({columns}) FROM STDIN", results)
        seconds = time.monotonic() - started
        cursor.execute("SELECT count(*) FROM floor_results")
        if cursor.fetchone()[0] != size or not rows.size:
            raise SystemExit("bench: the floor moved the wrong rows")
    return seconds


class _Counter:
    """Takes what COPY sends and keeps only its size."""

    size = 0

    def write(self, data: bytes) -> int:
        """Count the bytes."""
        self.size += len(data)
        return len(data)


def _columns(table: str) -> str:
    from django.apps import apps

    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    return ", ".join(field.column for field in model._meta.concrete_fields if field.name != "id")


def _raw_rows(day: datetime.date) -> list[str]:
    """The rows of the day health is made of, and of them only the columns it needs."""
    alive = f"valid_from <= '{day}' AND (valid_to IS NULL OR valid_to > '{day}')"

    def select(names: str, table: str, more: str) -> str:
        return f"SELECT {names} FROM {table} WHERE {alive}{more}"

    return [
        select(
            "row_id, status, delivery_driver, currency, planned_start, actual_start, planned_finish, forecast_finish, "
            "actual_finish, forecast_cost, contingency_reserve",
            "projects_projectversion",
            "",
        ),
        select(
            "row_id, project_id, weight, is_key, baseline_date, forecast_date, actual_date",
            "projects_milestoneversion",
            "",
        ),
        select("project_id, amount, currency", "projects_budgetlineversion", ""),
        select("project_id, amount, currency", "projects_costlineversion", f" AND booked_on <= '{day}'"),
        select(
            "row_id, project_id, published_on, period_end, declared, reviewed",
            "projects_statusreportversion",
            f" AND state = 'published' AND published_on <= '{day}'",
        ),
        select("project_id, state, due_on", "projects_actionversion", ""),
        select("project_id, state, due_on", "projects_issueversion", ""),
        select("project_id, state, needed_by", "projects_decisionversion", ""),
        select("project_id, portfolio_id, critical", "portfolio_portfolioitemversion", ""),
        select("project_id, kind, status, probability, impact, exposure, currency", "risks_riskversion", ""),
        select(
            "project_id, person_id, starts_on, ends_on, percent",
            "resources_allocationversion",
            f" AND state = 'committed' AND ends_on > '{day}'",
        ),
        select("person_id, availability, pool_from, pool_until", "resources_poolmemberversion", ""),
        select("project_id, severity, state, due_on", "projects_qualityfindingversion", f" AND found_on <= '{day}'"),
        select("project_id, state, due_on, open_defects", "projects_deliverableversion", ""),
        select(
            "row_id, project_id, monetary, currency, manner, direction, anchor, starts_on, offset_months, baseline, planned_total",
            "projects_benefitversion",
            "",
        ),
        select("benefit_id, period, planned, actual", "projects_benefitlineversion", f" AND period <= '{day}'"),
        select("project_id, state, in_force, effective_on", "projects_projectcharterversion", ""),
    ]


if __name__ == "__main__":
    print(json.dumps(step(sys.argv[1], int(sys.argv[2]))))
