"""Starting jobs: outbox, keys, permissions, audit."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from pmo.core.access.decisions import Refused
from pmo.core.audit.actor import SYSTEM, Actor
from pmo.core.audit.models import AuditEntry
from pmo.core.jobs.api import Job, UnknownKind, enqueue, job_kind, run_job_now
from pmo.core.jobs.models import JobOutbox
from pmo.core.jobs.services import cancel

pytestmark = pytest.mark.django_db


def test_the_job_and_its_delivery_are_written_together(kind: Any, actor: Actor) -> None:
    job = enqueue(kind=kind(), params={"month": "2026-11"}, actor=actor)
    assert (job.state, job.params, job.owner, job.language) == ("queued", {"month": "2026-11"}, actor.user, "en")
    assert JobOutbox.objects.get().job_id == job.pk


def test_a_rolled_back_request_leaves_no_job(kind: Any, actor: Actor, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as callbacks, pytest.raises(RuntimeError), transaction.atomic():
        enqueue(kind=kind(), params={}, actor=actor)
        raise RuntimeError
    assert not Job.objects.exists()
    assert not JobOutbox.objects.exists()
    assert callbacks == []


def test_the_commit_delivers(kind: Any, actor: Actor, django_capture_on_commit_callbacks: Any) -> None:
    seen: list[Any] = []
    name = kind(lambda ctx: seen.append(ctx.actor.name))
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue(kind=name, params={}, actor=actor)
        assert seen == [], "the work began before the commit"
    job.refresh_from_db()
    assert (job.state, seen) == ("done", [actor.name])
    assert not JobOutbox.objects.exists()


def test_an_unknown_kind_is_refused(actor: Actor) -> None:
    with pytest.raises(UnknownKind):
        enqueue(kind="no.such", params={}, actor=actor)


def test_parameters_must_be_json(kind: Any, actor: Actor) -> None:
    with pytest.raises(TypeError):
        enqueue(kind=kind(), params={"what": object()}, actor=actor)


def test_the_kind_asks_for_its_permission(kind: Any, actor: Actor, analyst: Any) -> None:
    name = kind(permission="core.job.change")
    with pytest.raises(Refused):
        enqueue(kind=name, params={}, actor=actor)
    assert not Job.objects.exists()
    assert enqueue(kind=name, params={}, actor=Actor(user=analyst, name="A")).pk
    assert enqueue(kind=name, params={}, actor=SYSTEM).owner is None


def test_two_functions_cannot_share_a_name(kind: Any) -> None:
    name = kind()
    with pytest.raises(ValueError, match="declared twice"):
        job_kind(name, label="Other")(test_two_functions_cannot_share_a_name)  # type: ignore[arg-type]


def test_users_leave_an_audit_entry_and_the_system_does_not(kind: Any, actor: Actor) -> None:
    name = kind()
    job = enqueue(kind=name, params={}, actor=actor)
    enqueue(kind=name, params={}, actor=SYSTEM)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.model, entry.object_id, entry.actor) == ("job.start", "core.job", job.pk, actor.user)


class TestUniqueKey:
    def test_a_live_or_done_job_is_returned_instead_of_a_second(self, kind: Any, actor: Actor) -> None:
        name = kind()
        first = enqueue(kind=name, params={}, actor=actor, unique_key="night 2026-11-24")
        assert enqueue(kind=name, params={}, actor=actor, unique_key="night 2026-11-24").pk == first.pk
        assert run_job_now(first.pk).state == "done"
        assert enqueue(kind=name, params={}, actor=SYSTEM, unique_key="night 2026-11-24").pk == first.pk
        assert AuditEntry.objects.filter(action="job.start").count() == 1

    def test_other_keys_and_no_key_do_not_collide(self, kind: Any, actor: Actor) -> None:
        name = kind()
        keys = ["a", "b", None, None]
        assert len({enqueue(kind=name, params={}, actor=actor, unique_key=key).pk for key in keys}) == 4

    def test_a_cancelled_job_frees_its_key(self, kind: Any, actor: Actor) -> None:
        name = kind()
        first = enqueue(kind=name, params={}, actor=actor, unique_key="a")
        assert cancel(actor=actor, job=first)
        second = enqueue(kind=name, params={}, actor=actor, unique_key="a")
        assert second.pk != first.pk

    def test_a_race_for_the_key_is_decided_by_the_database(
        self, kind: Any, actor: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The other insert commits between this one's look and its own insert."""
        name = kind()
        queryset = type(Job.objects.all())
        first = queryset.first

        def look(self: Any) -> Any:
            monkeypatch.setattr(queryset, "first", first)
            found = first(self)
            Job.objects.create(kind=name, unique_key="a", message="the winner")
            return found

        monkeypatch.setattr(queryset, "first", look)
        job = enqueue(kind=name, params={}, actor=actor, unique_key="a")
        assert (job.message, Job.objects.count()) == ("the winner", 1)
