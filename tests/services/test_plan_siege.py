"""Hostile plan files, several at once, over HTTP: web and worker stay, nobody else notices, and nothing is half imported."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db.models import Count, Q

from bench import siege
from bench.plan_hostile import hostile, mutants
from bench.processes import Readers, family, held, same
from pmo.core.access.roles import Role
from pmo.core.jobs.api import Job
from projects.models import Project
from projects.models.plan import PlanFile, PlanTask, PlanVersion
from tests import factories
from tests.plan_files.conftest import FIXTURES
from tests.services.harness import RedisServer, Worker, wait_until
from tests.services.web import Web

MUTANTS, SEED = 12, 20261122
# Generous: what is looked for is memory that grows with every file, or a reader that is not held to its limit.
MOST_OF_A_SERVER, MOST_OF_A_READER = 800.0, 2600.0
USER = "manager"


@pytest.fixture
def projects(database_url: str) -> list[Project]:
    """A project for each file, all led by one manager, whose password the web process can check."""
    factories.organisation()
    user = factories.user(username=USER)
    user.password = Argon2PasswordHasher().encode(factories.PASSWORD, "a-salt-of-the-test")
    user.save(update_fields=["password"])
    made = [factories.project(visibility="private", pm=user.person) for _number in range(MUTANTS + 20)]
    for project in made:
        factories.member(project, user, Role.PROJECT_MANAGER)
    return made


@pytest.fixture
def servers(
    database_url: str, redis: RedisServer, worker: Callable[..., Worker], tmp_path: Path
) -> Iterator[tuple[Web, Worker]]:
    """Web and worker on one storage, with a folder of their own for what they unpack."""
    (tmp_path / "temporary").mkdir()
    places = {"MEDIA_ROOT": str(tmp_path / "media"), "TMPDIR": str(tmp_path / "temporary")}
    # A worker that is slow under load is not a lost one.
    env = {**places, "IMPORT_MAX_UPLOAD_MB": "1", "JOB_LOST_SECONDS": "300"}
    with Web(database_url=database_url, redis_url=redis.url, env=env) as web:
        yield web, worker(concurrency=2, env=env)


def test_web_and_worker_live_through_a_siege_of_hostile_plan_files(
    servers: tuple[Web, Worker], projects: list[Project], tmp_path: Path
) -> None:
    web, worker = servers
    before = [*family(web.pid), *family(worker.pid)]
    pages = ["/healthz", f"/r/projects/{projects[0].pk}/"]
    visitor = siege.Visitor(web.address, USER, factories.PASSWORD)
    assert [visitor.get(path)[0] for path in pages] == [200, 200]

    with Readers(psutil.Process(worker.pid)) as readers, _watch(web, pages) as watch:
        siege.hang_up(web.address, projects[0].pk)
        files = [*hostile(tmp_path), *mutants(tmp_path, MUTANTS, SEED), _too_large(tmp_path)]
        uploads = [siege.Upload(projects[n].pk, path.name, path) for n, path in enumerate(files)]
        fates = siege.attack(web.address, USER, factories.PASSWORD, uploads)

    told = {fate.upload.name: (fate.state, fate.words) for fate in fates}
    assert watch.answers and watch.wrong == []
    assert same(before) and family(web.pid) + family(worker.pid) == before
    ended = {siege.REFUSED, siege.IMPORTED, siege.READ, siege.CHOOSING}
    assert {name: end for name, end in told.items() if end[0] not in ended or not end[1]} == {}
    made = {path.name for path in files if not path.name.startswith("mutant")}
    assert {name: told[name] for name in made if told[name][0] != siege.REFUSED} == {}
    assert {siege.REFUSED, siege.IMPORTED} <= {state for state, _words in told.values()}
    for fate in fates:
        if fate.page and fate.state == siege.REFUSED:
            assert visitor.post(f"{fate.page}commit/", {"take": "publish", "against": "0"})[0] == 302
    wait_until(_jobs_have_ended, seconds=120, what="all jobs have ended", every=0.3)
    wait_until(lambda: not readers.left(), seconds=120, what="readers have ended", every=0.3)
    _nothing_is_half_imported()
    assert list((tmp_path / "temporary").glob("plan-*")) == []
    sizes = {f"{process.pid} {process.name()}": held(process.pid) for process in before}
    readings = f"{len(readers.seen)} readers, the largest {readers.most:.0f} MB"
    pages_seen = f"{len(watch.answers)} pages while {len(fates)} files came in, the slowest after {watch.slowest:.1f} s"
    sys.stdout.write(f"{sizes}\n{readings}; {pages_seen}\n{Counter(state for state, _words in told.values())}\n")
    assert all(one.most < MOST_OF_A_SERVER for one in sizes.values()), sizes
    assert 0 < readers.most < MOST_OF_A_READER

    good = siege.Upload(projects[-1].pk, "office.xml", FIXTURES / "office.xml")
    (fate,) = siege.attack(web.address, USER, factories.PASSWORD, [good])
    assert fate.state == siege.IMPORTED, fate
    assert PlanTask.objects.filter(plan__project=projects[-1]).count() == _counted(PlanFile.objects.latest("pk"))


def _watch(web: Web, pages: list[str]) -> siege.Watch:
    return siege.Watch(web.address, USER, factories.PASSWORD, pages)


def _too_large(folder: Path) -> Path:
    path = folder / "too-large.mpp"
    path.write_bytes(b"x" * 1_200_000)
    return path


def _counted(file: PlanFile) -> Any:
    return file.report["counts"]["tasks"]


def _nothing_is_half_imported() -> None:
    """A project has one whole version of what its file's report counted, or nothing."""
    whole = Count("versions", filter=Q(versions__state=PlanVersion.State.PUBLISHED))
    rows = list(PlanFile.objects.annotate(whole=whole, all=Count("versions")).order_by("pk"))
    for file in rows:
        tasks = PlanTask.objects.filter(plan__project=file.project_id).count()
        imported = file.state == PlanFile.State.COMMITTED
        wanted = (1, 1, _counted(file)) if imported else (0, 0, 0)
        assert (file.whole, file.all, tasks) == wanted, (file.filename, file.state, file.error)
        assert file.error.get("code") not in ("crashed", "interrupted"), (file.filename, file.error)
    assert PlanVersion.objects.count() == sum(one.state == PlanFile.State.COMMITTED for one in rows)


def _jobs_have_ended() -> bool:
    return not Job.objects.filter(state__in=["queued", "running"]).exists()
