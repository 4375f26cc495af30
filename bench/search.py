"""One search over a million rows on PostgreSQL: how long it takes, and whether it finds the row a query was made from.

Three people ask a hundred queries each (`bench.search_queries`): a PMO administrator, who sees every row, an executive who is a
member of one portfolio of a hundred, and one who is a member of fifty; each is asked for rows that he sees. Measured is what the page of search does: find, count by
register, name the projects; warm, in one process, wall-clock, after one round that is thrown away.

- `p95_ms`, `p95_ms_member`, `p95_ms_half`: of a hundred queries; the goal is the largest.
- `miss` = 100 - recall@10 in per cent: the row is among the first ten; `recall_<kind>` by kind of query. A query does not always
  single out its row: a part of a title stands in up to seven hundred others, of which ten are as good or newer.
- `lost`: queries, in per cent, whose row is not even among the thousand that holding what was typed gives.
- `foreign`: rows given that the reader may not see.
- `ratio`: median of a query / median of reading as many entries by their primary key (the floor: what no index can save).
- `like_ms`: the same first Chinese queries by LIKE over the titles, without an index, for comparison.

`BENCH_ROWS=100000` makes fewer rows. `BENCH_URL_SEARCH=postgresql://…` keeps a database of one's own, filled when empty.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.postgres import cluster
from bench.run import Goal, Outcome

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
_CHUNK = 25_000
# Ending of the figures of each reader, and of how many portfolios he is a member; none: he sees all.
PEOPLE = {"admin": ("", 0), "executive": ("_member", 1), "half": ("_half", 50)}
GOALS = [
    Goal("p95_worst_ms", 100.0),
    Goal("miss", 10.0),
    Goal("miss_member", 10.0),
    *(Goal(f"{name}{ending}", 0) for name in ("lost", "foreign") for ending, _folders in PEOPLE.values()),
]


def run() -> Outcome:
    """Fill a database where there is none, and measure in a process of its own."""
    kept = os.environ.get("BENCH_URL_SEARCH", "")
    with ExitStack() as stack:
        url = kept or stack.enter_context(cluster("bench_search"))["bench_search"]
        filled = _step(url, "fill")
        measured = _step(url, "measure")
    return Outcome(filled | measured, GOALS)


def _step(url: str, what: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as var:
        environment = {**os.environ, "DATABASE_URL": url, "BELLWETHER_VAR": var}
        environment.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
        command = [sys.executable, "-W", "ignore", "-m", "bench.search", what]
        line = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout
    found: dict[str, float] = json.loads(line)
    return found


def fill() -> dict[str, float]:
    """Tables, projects, people, and the entries by COPY; the index over the tokens is made at the end."""
    from django.core.management import call_command
    from django.db import connection

    from pmo.core.search import ddl

    if "core_searchentry" in connection.introspection.table_names():
        return {"rows": float(ROWS)}
    call_command("migrate", verbosity=0, run_syncdb=True)
    _world()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {ddl.INDEX}")
        started = time.perf_counter()
        _copy(cursor)
        copied = time.perf_counter()
        cursor.execute("SET maintenance_work_mem = '512MB'")
        ddl.ensure()
        indexed = time.perf_counter()
        cursor.execute("VACUUM ANALYZE core_searchentry")
        cursor.execute("SELECT pg_relation_size(%s), pg_table_size('core_searchentry')", [ddl.INDEX])
        index, table = cursor.fetchone()
    _spellings()
    figures = {
        "copy_s": copied - started,
        "index_s": indexed - copied,
        "index_mb": index / 1e6,
        "table_mb": table / 1e6,
    }
    return {"rows": float(ROWS), **{name: round(value, 1) for name, value in figures.items()}}


def _world() -> None:
    from bench.search_rows import PER_PORTFOLIO, PROJECTS
    from pmo.core.access.roles import Role
    from pmo.core.calendars.models import Organisation
    from pmo.core.people.models import Person, RoleGrant, User
    from portfolio.models import Portfolio, PortfolioItem, PortfolioMember
    from projects.models import Project

    Organisation.objects.create(name_zh="基准集团", name_en="Bench Group")
    people = {}
    for name in PEOPLE:
        user = User.objects.create_user(username=name, language="en")
        people[name] = Person.objects.create(code=name, name_en=name.title(), user=user)
    RoleGrant.objects.create(person=people["admin"], role=Role.PMO_ADMIN)
    rows = [
        Project(pk=n, code=f"PRJ-{n:05d}", name_zh=f"项目{n}", name_en=f"Project {n}") for n in range(1, PROJECTS + 1)
    ]
    Project.objects.bulk_create(rows, batch_size=1000)
    folders = [
        Portfolio(pk=n, code=f"PF-{n}", name_en=f"Portfolio {n}") for n in range(1, PROJECTS // PER_PORTFOLIO + 1)
    ]
    Portfolio.objects.bulk_create(folders)
    placed = [PortfolioItem(project_id=row.pk, portfolio_id=(row.pk - 1) // PER_PORTFOLIO + 1) for row in rows]
    PortfolioItem.objects.bulk_create(placed, batch_size=1000)
    for name, (_ending, number) in PEOPLE.items():
        for folder in folders[:number]:
            PortfolioMember.objects.create(portfolio=folder, person=people[name], role=Role.EXECUTIVE)


def _copy(cursor: Any) -> None:
    """Two processes cut the words, this one copies."""
    from bench import search_rows

    columns = ", ".join(search_rows.COLUMNS)
    with tempfile.TemporaryDirectory() as folder, get_context("spawn").Pool(2) as pool:
        jobs = []
        for first in range(0, ROWS, _CHUNK):
            path = str(Path(folder) / f"{first}.tsv")
            jobs.append((path, pool.apply_async(search_rows.write, (path, first, min(first + _CHUNK, ROWS)))))
        for path, job in jobs:
            job.get()
            with open(path, encoding="utf-8") as file:
                cursor.copy_expert(f"COPY core_searchentry ({columns}) FROM STDIN", file)
            os.unlink(path)


def _spellings() -> None:
    from bench.search_rows import words
    from pmo.core.search.services import learn
    from pmo.core.search.tokens import can_be_spelt

    learn(word for word in words()[1] if can_be_spelt(word))


def measure() -> dict[str, float]:
    """Ask every query twice as each person; the second time counts."""
    from bench.search_queries import queries
    from bench.search_rows import PER_PORTFOLIO, PROJECTS
    from pmo.core.search.models import SearchEntry

    def read(number: int) -> tuple[str, str, str, list[str]]:
        values = SearchEntry.objects.values_list("code", "title_zh", "title_en", "pinyin").get(pk=number + 1)
        code, zh, en, pinyin = values
        return code, zh, en, pinyin.split("|")[0].split()

    figures: dict[str, float] = {}
    for name, (ending, folders) in PEOPLE.items():
        reach = folders * PER_PORTFOLIO or PROJECTS
        asked = queries(read, ROWS, seed=len(name), only=partial(_lies_within, reach))
        figures |= {f"{key}{ending}": value for key, value in _ask(name, asked, reach).items()}
    figures["p95_worst_ms"] = max(figures[f"p95_ms{ending}"] for ending, _folders in PEOPLE.values())
    figures |= _floor(figures["median_ms"])
    return figures


def _lies_within(reach: int, number: int) -> bool:
    from bench.search_rows import PROJECTS

    return number % PROJECTS < reach


def _ask(name: str, asked: list[Any], reach: int) -> dict[str, float]:
    times: list[tuple[float, Any]] = []
    hit: dict[str, list[bool]] = {}
    foreign = 0
    missed: list[Any] = []
    for turn in range(2):
        for query in asked:
            spent, entries, codes = _one(name, query.text)
            if turn:
                times.append((spent, query))
                hit.setdefault(query.kind, []).append(query.code in codes)
                missed += [] if query.code in codes else [query]
                foreign += sum((one.project_id or 0) > reach for one in entries)
    spent_ms = sorted(spent for spent, _query in times)
    if "--tell" in sys.argv:
        for spent, query in sorted(times, key=lambda pair: -pair[0])[:12]:
            print(f"{spent:8.1f} {query}", file=sys.stderr)
        for query in missed:
            print(f"{name} missed {query}", file=sys.stderr)
    everything = [one for found in hit.values() for one in found]
    recall = {f"recall_{kind}": round(100 * statistics.mean(found), 1) for kind, found in hit.items()}
    return {
        "median_ms": round(statistics.median(spent_ms), 1),
        "p95_ms": round(spent_ms[int(len(spent_ms) * 0.95) - 1], 1),
        "worst_ms": round(spent_ms[-1], 1),
        "miss": round(100 - 100 * statistics.mean(everything), 1),
        **recall,
        "lost": 100 * sum(not _is_given(name, query) for query in missed) / len(times),
        "foreign": float(foreign),
    }


def _one(name: str, text: str) -> tuple[float, list[Any], set[str]]:
    """Milliseconds of what the page does for one query, the entries found, the codes of the first ten."""
    from pmo.core.kept import keeping
    from pmo.core.people.models import User
    from pmo.core.search.hits import hits_of
    from pmo.core.search.queries import counts, find

    user = User.objects.select_related("person").get(username=name)
    started = time.perf_counter()
    with keeping():
        found = find(user, text)
        counts(user, found)
        hits = hits_of(user, found.entries[:20])
    return (time.perf_counter() - started) * 1000, found.entries, {one.code for one in hits[:10]}


def _is_given(name: str, query: Any) -> bool:
    """Whether the row is found at all, however far behind."""
    from pmo.core.people.models import User
    from pmo.core.search.queries import COUNTED, find

    user = User.objects.select_related("person").get(username=name)
    return query.code in {one.code for one in find(user, query.text, most=COUNTED).entries}


def _floor(median: float) -> dict[str, float]:
    """Reading two hundred entries by key, and a look at every title."""
    from django.db import connection

    from pmo.core.search.models import SearchEntry

    spent = []
    for turn in range(20):
        started = time.perf_counter()
        list(
            SearchEntry.objects.defer("tokens").filter(
                pk__in=range(turn * 40_000 % ROWS + 1, turn * 40_000 % ROWS + 201)
            )
        )
        spent.append((time.perf_counter() - started) * 1000)
    with connection.cursor() as cursor:
        started = time.perf_counter()
        cursor.execute(
            "SELECT count(*) FROM core_searchentry WHERE title_zh LIKE %s OR title_en LIKE %s", ["%风险%"] * 2
        )
        like = (time.perf_counter() - started) * 1000
    floor = statistics.median(spent)
    return {"floor_ms": round(floor, 2), "ratio": round(median / floor, 1), "like_ms": round(like, 1)}


def step(what: str) -> dict[str, float]:
    """In the process of its own."""
    import django

    django.setup()
    return fill() if what == "fill" else measure()


if __name__ == "__main__":
    print(json.dumps(step(sys.argv[1])))
