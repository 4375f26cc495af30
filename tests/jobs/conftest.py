"""People and kinds of job for these tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pmo.core.access.roles import Role
from pmo.core.audit.actor import Actor, actor_of
from pmo.core.jobs import kinds
from pmo.core.jobs.api import JobContext, job_kind
from pmo.core.people.models import Person, RoleGrant, User


def make_user(name: str, role: Role | None = None, *, language: str = "en") -> User:
    user = User.objects.create_user(name, password="x", language=language)
    person = Person.objects.create(code=name, name_en=name.title(), user=user)
    if role is not None:
        RoleGrant.objects.create(person=person, role=role)
    return user


@pytest.fixture
def analyst(db: None) -> User:
    """Looks after jobs."""
    return make_user("analyst", Role.PMO_ANALYST)


@pytest.fixture
def manager(db: None) -> User:
    return make_user("manager", Role.PROJECT_MANAGER)


@pytest.fixture
def stranger(db: None) -> User:
    return make_user("stranger", Role.TEAM_MEMBER)


@pytest.fixture
def actor(manager: User) -> Actor:
    return actor_of(manager)


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Declare kinds that are gone after the test: `kind(run, name="test.work", **options)` returns the name."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))

    def declare(run: Any = None, name: str = "test.work", **options: Any) -> str:
        job_kind(name, label=options.pop("label", "Test work"), **options)(run or (lambda ctx: {"ok": True}))
        return name

    return declare


def count_to(steps: int) -> Any:
    """Work that tells its progress and returns how far it came."""

    def run(ctx: JobContext) -> dict[str, Any]:
        for step in range(1, steps + 1):
            ctx.progress(step, steps, f"step {step}")
        return {"steps": steps}

    return run
