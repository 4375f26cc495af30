"""Hostile and damaged plan files, several at once over HTTP, while web and worker serve everybody else.

Starts the product as `make run` does. A project manager uploads entities, bombs, depth, cut ends and the damaged files of
`bench.plan_fuzz` (`BENCH_FILES` of them, 60 without it, a thousand and more; `BENCH_SEED` draws others), four at once; what gives a plan is imported.
Somebody else asks for /healthz and a project's page all the time. Afterwards a good file has to come in.

Figures: `refused`, `imported` and `wrong` uploads (no word why, or no end), `answers` of the pages and those that were `not_200`,
`restarted` processes, `web_mb`, `worker_mb` and `reader_mb` (the most that one process of each kind ever held), `web_grown_mb`
(from the first uploads to the last), `half_imported` (plans without a whole version, versions or tasks of refused files),
`crashed` reads, `left_behind` (readers, folders and jobs), `good_refused`.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from bench import siege
from bench.processes import Readers, family, held, same
from bench.product import Product
from bench.run import Goal, Outcome

FILES, SEED = int(os.environ.get("BENCH_FILES", "60")), int(os.environ.get("BENCH_SEED", "20261122"))
USER = "manager"
SECONDS_A_FILE = 60.0
GOOD = Path(__file__).resolve().parents[1] / "tests" / "plan_files" / "fixtures" / "office.xml"
GOALS = [
    *(Goal(name, 0) for name in ("wrong", "not_200", "restarted", "half_imported", "crashed", "left_behind")),
    Goal("good_refused", 0),
    Goal("web_mb", 800),
    Goal("worker_mb", 800),
    Goal("reader_mb", 2600),
    Goal("web_grown_mb", 200),
]


def run() -> Outcome:
    """Lay siege to the product and count what became of it."""
    from bench.plan_hostile import hostile, mutants

    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as unpacked:
        with Product(TMPDIR=unpacked) as product:
            files = [*hostile(Path(folder)), *mutants(Path(folder), FILES, SEED)]
            ready = product.step("bench.plan_siege", "fill", str(len(files) + 1))
            uploads = [
                siege.Upload(project, path.name, path) for project, path in zip(ready["projects"], files, strict=False)
            ]
            figures = _besieged(product, ready, uploads)
            good = siege.Upload(ready["projects"][-1], GOOD.name, GOOD)
            (fate,) = siege.attack(product.address, USER, ready["password"], [good])
            figures["good_refused"] = float(fate.state != siege.IMPORTED)
            found = product.step("bench.plan_siege", "check")
            figures |= {name: found[name] for name in ("half_imported", "crashed")}
            figures["left_behind"] += found["jobs_left"]
        figures["left_behind"] += len(list(Path(unpacked).glob("plan-*")))
    return Outcome(figures, GOALS)


def _besieged(product: Product, ready: dict[str, Any], uploads: list[siege.Upload]) -> dict[str, float]:
    """The figures of the attack itself."""
    password, first = ready["password"], ready["projects"][0]
    parts = family(product.pid)
    web = next(one for one in parts if "gunicorn" in " ".join(one.cmdline()))
    worker = next(one for one in parts if "celery" in " ".join(one.cmdline()))
    lasting = [*parts, *family(web.pid)]
    pages = ["/healthz", f"/r/projects/{first}/"]
    with Readers(worker) as readers, siege.Watch(product.address, USER, password, pages) as watch:
        siege.hang_up(product.address, first)
        begin = uploads[:20]
        fates = siege.attack(product.address, USER, password, begin)
        early = max(held(one.pid).now for one in family(web.pid))
        most = SECONDS_A_FILE * len(uploads)
        fates += siege.attack(product.address, USER, password, uploads[20:], most_seconds=most)
        late = max(held(one.pid).now for one in family(web.pid))
    states = Counter(fate.state for fate in fates)
    wrong = [fate for fate in fates if fate.state in (siege.UNWORDED, siege.SILENT) or not fate.words]
    for fate in wrong[:20]:
        print(f"plan_siege: {fate.upload.name}: {fate.state} {fate.words}", file=sys.stderr)
    refusals = Counter(re.sub(r"\d+", "n", fate.words) for fate in fates if fate.state == siege.REFUSED)
    for line, count in refusals.most_common():
        print(f"plan_siege: {count:>4} × {line[:160]}", file=sys.stderr)
    return {
        "uploads": float(len(fates)),
        **{state: float(states[state]) for state in (siege.REFUSED, siege.IMPORTED, siege.READ, siege.CHOOSING)},
        "wrong": float(len(wrong)),
        "answers": float(len(watch.answers)),
        "not_200": float(len(watch.wrong)),
        "slowest_answer_s": round(watch.slowest, 2),
        "restarted": float(not same(lasting)),
        "readers": float(len(readers.seen)),
        "reader_mb": readers.most,
        "web_mb": max(held(one.pid).most for one in family(web.pid)),
        "worker_mb": max(held(one.pid).most for one in family(worker.pid)),
        "web_grown_mb": round(max(0.0, late - early), 1),
        "left_behind": float(len(readers.left())),
    }


def fill(projects: int) -> dict[str, Any]:
    """A manager with that many projects."""
    from pmo.core.access.roles import Role
    from tests import factories

    factories.organisation()
    user = factories.user(username=USER)
    made = [factories.project(visibility="private", pm=user.person) for _number in range(projects)]
    for project in made:
        factories.member(project, user, Role.PROJECT_MANAGER)
    return {"password": factories.PASSWORD, "projects": [project.pk for project in made]}


def check() -> dict[str, float]:
    """Projects with anything but one whole version of what their file's report counted, or nothing; reads that crashed."""
    from pmo.core.jobs.api import Job
    from projects.models.plan import PlanFile, PlanTask, PlanVersion

    half, crashed = 0, 0
    for file in PlanFile.objects.all():
        versions = PlanVersion.objects.filter(project=file.project_id)
        tasks = PlanTask.objects.filter(plan__project=file.project_id).count()
        done = file.state == PlanFile.State.COMMITTED
        wanted = (1, file.report["counts"]["tasks"]) if done else (0, 0)
        half += (versions.count(), tasks) != wanted
        crashed += file.error.get("code") in ("crashed", "interrupted")
    half += PlanVersion.objects.exclude(project__in=PlanFile.objects.values("project")).count()
    jobs = Job.objects.filter(kind__startswith="projects.", state__in=["queued", "running"]).count()
    return {"half_imported": float(half), "crashed": float(crashed), "jobs_left": float(jobs)}


if __name__ == "__main__":
    import django

    django.setup()
    step, *values = sys.argv[1:]
    print(json.dumps(fill(int(values[0])) if step == "fill" else check()))
