"""A project, and exports of Project Online read and imported into it as the pages do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from pmo.core.access.roles import Role
from pmo.core.audit.actor import Actor, actor_of
from pmo.core.people.models import User
from projects.models import Project
from projects.models.plan import PlanFile
from projects.plan_files.limits import Limits
from projects.plan_files.project_online import plans
from projects.services.plans import files, shelf, working
from tests import factories
from tests.plan_registers.build import PROJECT, zipped

Load = Callable[..., PlanFile]


@pytest.fixture(autouse=True)
def english(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Messages in English; uploaded files of these tests."""
    settings.MEDIA_ROOT = tmp_path / "media"
    with translation.override("en"):
        yield


@pytest.fixture
def project(db: None) -> Project:
    """A project in euros; Li Wei is known here."""
    factories.organisation()
    factories.person(name_en="Wei Li", name_zh="李伟", email="liwei@example.com")
    return factories.project(name_en="Harbour", currency="EUR")


@pytest.fixture
def manager(project: Project) -> User:
    """Who manages the project."""
    user = factories.user()
    factories.member(project, user, Role.PROJECT_MANAGER)
    return user


@pytest.fixture
def actor(manager: User) -> Actor:
    """The manager, acting."""
    return actor_of(manager)


@pytest.fixture
def load(project: Project, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> Load:
    """`load(sets)`: a file that was uploaded and read; the reader is asked in this process."""

    def read(path: Path, **_more: Any) -> Any:
        return plans.read(path, Limits(), PROJECT)

    monkeypatch.setattr(working.reading, "projects_of", lambda path, name: [])
    monkeypatch.setattr(working.reading, "read_plan", read)

    def made(sets: dict[str, Any], name: str = "export.zip") -> PlanFile:
        upload = SimpleUploadedFile(name, zipped(sets))
        file = files.take_file(actor=actor, project=project, upload=upload, filename=name)
        assert file.job_id is not None
        return working.read_file(actor=actor, file_id=file.pk, job_id=file.job_id, progress=lambda *_: None)

    return made


@pytest.fixture
def commit(actor: Actor) -> Callable[..., PlanFile]:
    """`commit(file)`: import it, published at once unless said otherwise."""

    def done(file: PlanFile, *, publish: bool = True) -> PlanFile:
        job = files.start_commit(actor=actor, file=file, publish=publish)
        working.commit_file(
            actor=actor,
            file_id=file.pk,
            job_id=job.pk,
            publish=publish,
            reason="",
            expected_number=None,
            progress=lambda *_: None,
        )
        file.refresh_from_db()
        return file

    return done


def plan_of(file: PlanFile) -> Any:
    """What was read of the file."""
    return shelf.kept_plan(file)
