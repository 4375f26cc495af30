"""Outline editing of a plan of 5,000 tasks: what the server takes for every keystroke, on SQLite and PostgreSQL.

The plan has rows on four levels, linked one to the next; its second half is one branch of 2,000 rows beside another. It is made in a process
of its own; the operations go through `pmo.wsgi.application` as a web server calls it, in a fresh process, at random rows and at the first,
where most rows follow. The time is that until the last byte of the answer; what the process does after it, before it takes the
next request, is `after_ms`.

- `slowest_ms`: the slowest single keystroke of all, branches of 2,000 rows among them; `p50_ms`, `p95_ms`: those of the slowest kind of keystroke;
- `cpu_p50_ms`: CPU of the process for the median keystroke; `statements`: the most of any operation;
- `form_ms`: the slowest of what is no keystroke: 500 rows put in from the page that shows what they would become, and undoing that;
- `times_floor`: the median of a kind / one bare UPDATE of as many rows, the largest.

Figures of PostgreSQL end with `_pg`; every kind's own figures go to standard error. `BENCH_TIMES=10` measures fewer operations.
"""

from __future__ import annotations

import io
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlencode

from bench.postgres import cluster
from bench.run import Goal, Outcome

ROWS, TIMES = 5000, int(os.environ.get("BENCH_TIMES", "40"))
BIG, SCREEN, PASTED = 2000, 20, 500
GOALS = [Goal("slowest_ms", 100.0), Goal("slowest_ms_pg", 100.0)]
_FORM = "form: "
_TOKEN = "b" * 32


def run() -> Outcome:
    """Both databases, the plan and the operations each in a process of their own."""
    figures: dict[str, float] = {}
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        servers = stack.enter_context(cluster("bench_wbs"))
        for ending, url in (("", f"sqlite:///{folder}/wbs.sqlite3"), ("_pg", servers["bench_wbs"])):
            session = _step("make", url, folder, "")
            measured = json.loads(_step("measure", url, folder, session))
            _show(url.split(":")[0], measured)
            figures |= {f"{name}{ending}": value for name, value in _summed(measured).items()}
    return Outcome(figures, GOALS)


def _step(what: str, url: str, folder: str, session: str) -> str:
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "BELLWETHER_VAR": folder,
        "DJANGO_SETTINGS_MODULE": "pmo.settings",
        "ALLOWED_HOSTS": "testserver",
        "SESSION": session,
    }
    command = [sys.executable, "-W", "ignore", "-c", f"from bench.wbs import {what}; {what}()"]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.splitlines()[-1]


def _summed(kinds: dict[str, dict[str, float]]) -> dict[str, float]:
    keys = {name: one for name, one in kinds.items() if not name.startswith(_FORM)}
    form = {name: one for name, one in kinds.items() if name.startswith(_FORM)}
    return {
        "slowest_ms": max(one["max"] for one in keys.values()),
        "p50_ms": max(one["p50"] for one in keys.values()),
        "p95_ms": max(one["p95"] for one in keys.values()),
        "cpu_p50_ms": round(statistics.median(one["cpu"] for one in keys.values()), 1),
        "after_ms": max(one["after"] for one in kinds.values()),
        "statements": max(one["statements"] for one in kinds.values()),
        "form_ms": max(one["max"] for one in form.values()),
        "times_floor": max(one["times_floor"] for one in kinds.values()),
    }


def _show(what: str, kinds: dict[str, dict[str, float]]) -> None:
    for name, one in kinds.items():
        told = ", ".join(f"{key} {value:g}" for key, value in one.items())
        print(f"bench: wbs: {what}: {name}: {told}", file=sys.stderr)


# -- the plan --------------------------------------------------------------------------------------


def make() -> None:
    """A published project with a draft, and somebody signed in who may edit it; prints the session's cookie."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    call_command("migrate", verbosity=0)
    from pmo.core.access.roles import Role
    from pmo.core.audit.actor import SYSTEM
    from projects.models.plan import PlanTask, PlanVersion, TaskLink
    from projects.services.plans import editing
    from tests import factories

    factories.organisation()
    project, user = factories.project(name_en="Large"), factories.user(Role.PMO_ADMIN, username="bench")
    plan = PlanVersion.objects.create(project=project, number=1, title="Large")
    tasks = PlanTask.objects.bulk_create(_tasks(plan), batch_size=500)
    _set_parents(tasks)
    leaves = [task for task in tasks if not task.summary]
    pairs = zip(leaves, leaves[1:], strict=False)
    TaskLink.objects.bulk_create((TaskLink(plan=plan, predecessor=a, successor=b) for a, b in pairs), batch_size=500)
    editing.open_codes(actor=SYSTEM, plan=plan)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    client.force_login(user, backend="pmo.core.people.backend.PersonBackend")
    print(client.cookies["bw_session"].value)


def _level(index: int) -> int:
    """Branches of 250 on the top level, then two of `BIG`; below them branches of 50 and 10."""
    branch = index % 250 == 0 if index < ROWS - 2 * BIG else (ROWS - index) % BIG == 0
    return 1 if branch else 2 if index % 50 == 0 else 3 if index % 10 == 0 else 4


def _tasks(plan: Any) -> list[Any]:
    import datetime

    from projects.models.plan import PlanTask

    start = datetime.datetime(2026, 1, 5, 8, tzinfo=datetime.UTC)
    levels = [_level(index) for index in range(ROWS)]
    found = []
    for index, (level, below) in enumerate(zip(levels, [*levels[1:], 1], strict=True)):
        begin = start + datetime.timedelta(days=index // 20)
        found.append(
            PlanTask(
                plan=plan,
                position=(index + 1) * 1024,
                level=level,
                summary=below > level,
                name=f"Task {index}",
                duration=960.0,
                starts_at=begin,
                finishes_at=begin + datetime.timedelta(days=1, hours=9),
                percent_complete=float(index % 100),
            )
        )
    return found


def _set_parents(tasks: list[Any]) -> None:
    from projects.calc.plan.outline import Outline
    from projects.models.plan import PlanTask

    outline = Outline(tuple(task.pk for task in tasks), tuple(task.level for task in tasks))
    children: dict[int, list[int]] = {}
    for key, parent in zip(outline.ids, outline.parents, strict=True):
        if parent is not None:
            children.setdefault(parent, []).append(key)
    for parent, keys in children.items():
        PlanTask.objects.filter(pk__in=keys).update(parent_id=parent)


# -- the operations --------------------------------------------------------------------------------


class Bench:
    """Sends operations and keeps what the server took over each kind."""

    def __init__(self, application: Any, plan: Any, session: str) -> None:
        self.application, self.plan = application, plan
        self.cookie = f"bw_session={session}; bw_csrf={_TOKEN}"
        self.place = f"/projects/{plan.project_id}/plan/edit"
        self.rng = random.Random(5)
        self.kinds: dict[str, list[dict[str, float]]] = {}

    def rows(self, level: int | None = None) -> list[int]:
        """Ids in order, of one level if asked."""
        from projects.models.plan import PlanTask

        found = PlanTask.objects.filter(plan=self.plan).order_by("position")
        return list((found.filter(level=level) if level else found).values_list("pk", flat=True))

    def send(self, kind: str, page: str = "act", **sent: Any) -> None:
        """One operation as the browser sends it; one that is refused (no row above to indent below) does not count."""
        from django.db import connection

        body = urlencode({**sent, "csrfmiddlewaretoken": _TOKEN}).encode()
        status, statements = [0], [0]

        def start(line: str, _headers: Any, _error: Any = None) -> None:
            status[0] = int(line[:3])

        def count(execute: Any, *rest: Any) -> Any:
            statements[0] += 1
            return execute(*rest)

        with connection.execute_wrapper(count):
            begin, busy = time.perf_counter(), time.process_time()
            answer = self.application(self._environ(page, body), start)
            content = b"".join(answer)
            taken, busy = (time.perf_counter() - begin) * 1000, (time.process_time() - busy) * 1000
            answer.close()
        after = (time.perf_counter() - begin) * 1000 - taken
        if status[0] not in {200, 302, 422}:
            raise SystemExit(f"bench: {kind or sent} answered {status[0]}")
        if kind and status[0] != 422:
            found = {"ms": taken, "cpu": busy, "after": after, "statements": statements[0], "bytes": len(content)}
            self.kinds.setdefault(kind, []).append(found)

    def _environ(self, page: str, body: bytes) -> dict[str, Any]:
        from wsgiref.util import setup_testing_defaults

        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": f"{self.place}/{page}/",
            "HTTP_HOST": "testserver",
            "SERVER_NAME": "testserver",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_ACCEPT": "application/json",
            "HTTP_COOKIE": self.cookie,
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(body),
        }
        setup_testing_defaults(environ)
        return environ


def measure() -> None:
    """Every operation, in a process that has just started as a web process does; prints the figures of each kind."""
    import logging

    from pmo.wsgi import application

    logging.disable(logging.WARNING)
    from projects.models.plan import PlanVersion

    bench = Bench(application, PlanVersion.objects.get(state="draft"), os.environ["SESSION"])
    bench.send("", act="below", row=bench.rows()[-1])
    top = bench.rows(1)
    for _step in range(max(TIMES // 8, 3)):
        _branches(bench, top[1], top[-2])
    for step in range(TIMES):
        _keystrokes(bench, step)
    print(json.dumps(_figures(bench)))


def _keystrokes(bench: Bench, step: int) -> None:
    rng, number = bench.rng, step % 90 + 1
    leaves, all_rows = bench.rows(4), bench.rows()
    typed = {"name": f"Renamed {number}", "duration": f"{number}d", "start": "2026-02-03", "percent": str(number)}
    for field, text in {**typed, "predecessors": str(rng.randrange(1, 200))}.items():
        bench.send(f"type {field}", act="edit", row=rng.choice(leaves), field=field, value=text)
    bench.send("insert above", act="above", row=rng.choice(all_rows))
    bench.send("insert at the top", act="above", row=all_rows[0])
    bench.send("undo", act="undo")
    bench.send("redo", act="redo")
    bench.send("", act="undo")
    bench.send("add below", act="below", row=rng.choice(all_rows))
    for act in ("indent", "outdent", "up", "down"):
        bench.send(f"{act} a task", act=act, row=rng.choice(leaves))
    branch = rng.choice(bench.rows(2))
    for act in ("up", "down", "indent", "outdent"):
        bench.send(f"{act} a branch of 50", act=act, row=branch)
    bench.send(f"paste {SCREEN} rows", act="paste", row=rng.choice(leaves), value=_table(SCREEN))
    bench.send(f"undo: paste {SCREEN} rows", act="undo")
    bench.send("delete a task", act="delete", row=rng.choice(leaves))
    bench.send("undo a delete", act="undo")
    bench.send("delete a branch of 50", act="delete", row=rng.choice(bench.rows(2)))
    bench.send("undo of a branch of 50", act="undo")


def _branches(bench: Bench, small: int, big: int) -> None:
    """A branch of 250 and one of thousands, and a pasted table; each is undone."""
    bench.send("move a branch of 250", act="down", row=small)
    bench.send("indent a branch of 250", act="indent", row=small)
    bench.send("", act="undo")
    bench.send("", act="undo")
    bench.send("delete a branch of 250", act="delete", row=small)
    bench.send("", act="undo")
    for act in ("down", "indent", "delete"):
        bench.send(f"{act} a branch of {BIG}", act=act, row=big)
        bench.send(f"undo: {act} a branch of {BIG}", act="undo")
    bench.send(f"{_FORM}paste {PASTED} rows", "paste", row=small, value=_table(PASTED), insert="1")
    bench.send(f"{_FORM}undo: paste {PASTED} rows", act="undo")


def _table(rows: int) -> str:
    """As a spreadsheet gives it: a summary row and nine below it, again and again."""
    return "\n".join(f"{'  ' * (row % 10 > 0)}Pasted {row}\t{row % 9 + 1}d" for row in range(rows))


def _figures(bench: Bench) -> dict[str, dict[str, float]]:
    found = {}
    for kind, taken in bench.kinds.items():
        times = sorted(one["ms"] for one in taken)
        rows = BIG if str(BIG) in kind else PASTED if str(PASTED) in kind else 250 if "250" in kind else 50
        middle = statistics.median(times)
        found[kind] = {
            "n": len(times),
            "p50": round(middle, 1),
            "p95": round(times[min(len(times) - 1, int(len(times) * 0.95))], 1),
            "max": round(times[-1], 1),
            "cpu": round(statistics.median(one["cpu"] for one in taken), 1),
            "after": round(max(one["after"] for one in taken), 1),
            "statements": max(one["statements"] for one in taken),
            "bytes": max(one["bytes"] for one in taken),
            "times_floor": round(middle / _floor(rows if "branch" in kind or "rows" in kind else 1), 1),
        }
    return found


_floors: dict[int, float] = {}


def _floor(rows: int) -> float:
    """Milliseconds of one bare UPDATE of as many rows as the operation must touch at least."""
    from django.db import connection, transaction

    if rows not in _floors:
        taken = []
        for step in range(9):
            begin = time.perf_counter()
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE projects_plantask SET priority = %s WHERE id IN"
                    " (SELECT id FROM projects_plantask ORDER BY id LIMIT %s)",
                    [500 + step % 2, rows],
                )
            taken.append((time.perf_counter() - begin) * 1000)
        _floors[rows] = statistics.median(taken)
    return _floors[rows]
