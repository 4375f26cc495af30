"""What pages cost: statements and CPU of a request, against the same queries and one plain template loop, on PostgreSQL.

For 1,000 and 10,000 projects (see `bench.seed`) with half a year of weekly health. As PMO administrator and as an executive
who is a member of one portfolio: scorecard, PMO dashboard with its heat map, the project list with 100 rows and its twin in
the API, the page of a project, the capacity heat map. CPU is the median of `process_time` of fifteen requests after three.

- baseline: a view that runs the same queries of the same rows as Django objects and writes the same cells in one template
  loop inside the same frame; no links but one a row, no colours, drawings, menus, filters or explanations;
- `ratio`: CPU of a page / CPU of its baseline, the largest; the API has none;
- `queries`: the most of any page; `list_queries`: the most of a list; `drift`: pages whose count differs between the sizes.

`BENCH_SIZES=1000` measures one size only. `BENCH_URL_1000=postgresql://…` keeps a database of one's own, seeded when empty.
"""

from __future__ import annotations

import datetime
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from bench.postgres import cluster
from bench.run import Goal, Outcome

SIZES = tuple(int(size) for size in os.environ.get("BENCH_SIZES", "1000,10000").split(","))
ROUNDS, WARM_UP, WEEKS = 15, 3, 26
GOALS = [
    Goal("ratio", 2.0),
    Goal("queries", 20),
    Goal("list_queries", 12),
    Goal("list_ms", 60.0),
    Goal("drift", 0),
]
PAGES = {
    "scorecard": "/scorecard/",
    "dashboard": "/dashboard/",
    "list": "/r/projects/?page_size=100",
    "api": "/api/v1/projects/?page_size=100",
    "project": "/r/projects/1/",
    "capacity": "/resources/capacity/",
}
LISTS = {"list", "api"}
USERS = ("admin", "executive")


def run() -> Outcome:
    """Seed a database per size where there is none, and measure each in a process of its own."""
    kept = {size: os.environ.get(f"BENCH_URL_{size}", "") for size in SIZES}
    measured: dict[int, dict[str, float]] = {}
    with ExitStack() as stack:
        missing = [size for size in SIZES if not kept[size]]
        if missing:
            urls = stack.enter_context(cluster(*(f"bench_{size}" for size in missing)))
            kept |= {size: urls[f"bench_{size}"] for size in missing}
        for size in SIZES:
            _step(kept[size], "seed", size)
            measured[size] = _step(kept[size], "measure", size)
    return Outcome(_figures(measured), GOALS)


def _figures(measured: dict[int, dict[str, float]]) -> dict[str, float]:
    figures = {f"{name}_{size}": value for size, found in measured.items() for name, value in found.items()}

    def most(ending: str, only: set[str] | None = None) -> float:
        return max(
            value
            for found in measured.values()
            for name, value in found.items()
            if name.endswith(ending) and (only is None or name.split("_")[0] in only)
        )

    counts = [
        {name: value for name, value in found.items() if name.endswith("_queries")} for found in measured.values()
    ]
    figures["ratio"] = most("_ratio")
    figures["queries"] = most("_queries")
    figures["list_queries"] = most("_queries", LISTS)
    figures["list_ms"] = most("_ms", LISTS)
    figures["drift"] = sum(len(set(values)) > 1 for values in zip(*(c.values() for c in counts), strict=True))
    return figures


def _step(url: str, what: str, size: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as var:
        environment = {**os.environ, "DATABASE_URL": url, "BELLWETHER_VAR": var}
        environment.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
        command = [sys.executable, "-W", "ignore", "-m", "bench.pages", what, str(size)]
        line = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout
    found: dict[str, float] = json.loads(line)
    return found


def step(what: str, size: int) -> dict[str, float]:
    """In the process of its own: fill the database where it is empty, or measure every page once for each person."""
    import django

    django.setup()
    return _seed(size) if what == "seed" else _measure()


def _seed(size: int) -> dict[str, float]:
    from django.core.management import call_command
    from django.db import connection

    from bench.seed import seed
    from pmo.core.audit.actor import SYSTEM
    from pmo.core.calendars.queries import org_today
    from portfolio.services.health.recompute import recompute

    if "portfolio_healthsnapshot" in connection.introspection.table_names():
        return {}
    call_command("migrate", verbosity=0, run_syncdb=True)
    day = org_today() - datetime.timedelta(days=1)
    seed(size, day)
    recompute(actor=SYSTEM, day=day)
    with connection.cursor() as cursor:
        for table in ("portfolio_healthsnapshot", "portfolio_rollupsnapshot"):
            _repeat(cursor, table)
        cursor.execute("VACUUM ANALYZE")
    _people()
    return {}


def _repeat(cursor: Any, table: str) -> None:
    """The day's rows again for each of the weeks before, a little healthier."""
    from django.apps import apps

    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    names = [field.column for field in model._meta.concrete_fields if field.name != "id"]
    chosen = {"date": "date - 7 * week", "overall": "LEAST(100, overall + week * 0.4)"}
    columns, values = ", ".join(names), ", ".join(chosen.get(name, name) for name in names)
    cursor.execute(
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table}, generate_series(1, {WEEKS}) AS week ORDER BY week"
    )


def _people() -> None:
    from pmo.core.access.roles import Role
    from pmo.core.people.models import Person, RoleGrant, User
    from portfolio.models import PortfolioMember

    for name in USERS:
        user = User.objects.create_user(username=name, language="en")
        Person.objects.create(code=name, name_en=name.title(), user=user)
    RoleGrant.objects.create(person=Person.objects.get(code="admin"), role=Role.PMO_ADMIN)
    PortfolioMember.objects.create(portfolio_id=1, person=Person.objects.get(code="executive"), role=Role.EXECUTIVE)


def _measure() -> dict[str, float]:
    import logging

    from django.conf import settings
    from django.test import Client, override_settings

    from pmo.core.people.models import User

    logging.disable(logging.CRITICAL)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    found: dict[str, float] = {}
    with override_settings(ALLOWED_HOSTS=["*"], STORAGES={**settings.STORAGES, "staticfiles": plain}):
        for name in USERS:
            client = Client()
            client.force_login(User.objects.get(username=name))
            client.cookies["bw_language"] = "en"
            for page, url in PAGES.items():
                if client.get(url).status_code == 200:
                    found |= {f"{page}_{name}_{key}": value for key, value in _page(client, page, url, name).items()}
    return found


def _page(client: Any, page: str, url: str, name: str) -> dict[str, float]:
    """Statements and CPU of the page, and of its baseline, taken in turns."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from bench.pages_baseline import BASELINES

    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    figures = {"queries": float(len(captured.captured_queries))}
    takers: list[Callable[[], Any]] = [lambda: client.get(url)]
    if page in BASELINES:
        takers.append(lambda: BASELINES[page](name, url))
    spent = _spent(takers)
    figures["ms"] = round(spent[0] * 1000, 1)
    if len(spent) > 1:
        figures["baseline_ms"] = round(spent[1] * 1000, 1)
        figures["ratio"] = round(spent[0] / spent[1], 2)
    return figures


def _spent(takers: list[Callable[[], Any]]) -> list[float]:
    times: list[list[float]] = [[] for _taker in takers]
    for turn in range(WARM_UP + ROUNDS):
        for place, taker in enumerate(takers):
            started = time.process_time()
            taker()
            if turn >= WARM_UP:
                times[place].append(time.process_time() - started)
    return [statistics.median(taken) for taken in times]


if __name__ == "__main__":
    print(json.dumps(step(sys.argv[1], int(sys.argv[2]))))
