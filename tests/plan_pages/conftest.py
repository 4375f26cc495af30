"""A project with its people, and a reader that gives small plans."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.jobs.api import run_job_now
from projects.models import Project
from projects.models.plan import PlanFile
from projects.plan_files import reading
from tests import factories
from tests.conftest import UserClient, client_of
from tests.plan_pages.build import FakeReader, upload


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> None:
    """Uploaded files of these tests."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> FakeReader:
    """The reader that the jobs ask."""
    fake = FakeReader()
    monkeypatch.setattr(reading, "projects_of", fake.projects_of)
    monkeypatch.setattr(reading, "read_plan", fake.read_plan)
    return fake


@pytest.fixture
def project(db: None) -> Project:
    """A private project."""
    factories.organisation()
    return factories.project(visibility="private", name_en="Crane")


@pytest.fixture
def manager(project: Project) -> UserClient:
    """The project manager's browser."""
    return _with_role(project, Role.PROJECT_MANAGER)


@pytest.fixture
def member(project: Project) -> UserClient:
    """The browser of somebody who sees the project."""
    return _with_role(project, Role.TEAM_MEMBER)


@pytest.fixture
def coordinator(project: Project) -> UserClient:
    """The browser of somebody who imports plans but sees no money."""
    return _with_role(project, Role.COORDINATOR)


def _with_role(project: Project, role: Role) -> UserClient:
    user = factories.user()
    factories.member(project, user, role)
    return client_of(user)


@pytest.fixture
def address(project: Project) -> Callable[..., str]:
    """`address("plan-file", file)`: a page of the project's plan import."""

    def found(name: str, file: PlanFile | None = None) -> str:
        kwargs: dict[str, Any] = {"pk": project.pk}
        return reverse(name, kwargs=kwargs | ({"file": file.pk} if file is not None else {}))

    return found


@pytest.fixture
def uploaded(manager: UserClient, address: Callable[..., str], reader: FakeReader) -> PlanFile:
    """A file that the manager uploaded and a worker has read."""
    manager.post(address("plan-import"), {"file": upload()})
    return work(PlanFile.objects.get())


def work(file: PlanFile) -> PlanFile:
    """Let a worker do the file's job; returns the file as it stands then."""
    file.refresh_from_db()
    assert file.job_id is not None
    run_job_now(file.job_id)
    file.refresh_from_db()
    return file
