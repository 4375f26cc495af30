"""Trying again, by a person."""

from __future__ import annotations

from typing import Any

import pytest

from pmo.core.access.decisions import Refused
from pmo.core.audit.actor import Actor, actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.jobs import services
from pmo.core.jobs.api import Job, JobContext, JobFailed, KeyTaken, enqueue, run_job_now
from pmo.core.messages.models import Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(kind: Any, actor: Actor) -> Job:
    def run(ctx: JobContext) -> dict[str, bool]:
        if not AuditEntry.objects.filter(action="job.retry").exists():
            raise JobFailed("not yet")
        return {"ok": True}

    return run_job_now(enqueue(kind=kind(run), params={}, actor=actor, unique_key="k").pk)


def test_a_failed_job_runs_again_with_its_key_and_its_log(failed: Job, actor: Actor) -> None:
    assert services.retry(actor=actor, job=failed)
    queued = Job.objects.get()
    assert (queued.state, queued.unique_key, queued.attempts, queued.error) == ("queued", "k", 0, "")
    assert not Notification.objects.exists()
    assert run_job_now(failed.pk).state == "done"
    assert [row.outcome for row in failed.log.all()] == ["failed", "done"]


def test_its_key_may_be_taken_meanwhile(failed: Job, kind: Any, actor: Actor) -> None:
    other = enqueue(kind=kind(name="test.other"), params={}, actor=actor, unique_key="k")
    with pytest.raises(KeyTaken):
        services.retry(actor=actor, job=failed)
    failed.refresh_from_db()
    assert (failed.state, Job.objects.get(unique_key="k")) == ("failed", other)


def test_only_ended_jobs_are_repeated(kind: Any, actor: Actor) -> None:
    job = enqueue(kind=kind(), params={}, actor=actor)
    assert not services.retry(actor=actor, job=job)
    run_job_now(job.pk)
    assert not services.retry(actor=actor, job=job)
    assert not AuditEntry.objects.filter(action="job.retry").exists()


def test_owner_and_keepers_may_others_may_not(failed: Job, analyst: Any, stranger: Any) -> None:
    with pytest.raises(Refused):
        services.retry(actor=actor_of(stranger), job=failed)
    with pytest.raises(Refused):
        services.cancel(actor=actor_of(stranger), job=failed)
    assert services.retry(actor=actor_of(analyst), job=failed)


def test_the_kind_s_permission_is_asked_again(kind: Any, actor: Actor, analyst: Any) -> None:
    name = kind(permission="core.job.change")
    job = enqueue(kind=name, params={}, actor=actor_of(analyst))
    services.cancel(actor=actor_of(analyst), job=job)
    Job.objects.update(owner=actor.user)
    job.refresh_from_db()
    with pytest.raises(Refused):
        services.retry(actor=actor, job=job)


def test_cancel_and_retry_are_in_the_audit_trail(failed: Job, actor: Actor) -> None:
    services.retry(actor=actor, job=failed)
    services.cancel(actor=actor, job=failed)
    acts = (
        AuditEntry.objects.filter(model="core.job", object_id=failed.pk).order_by("id").values_list("action", flat=True)
    )
    assert list(acts) == ["job.start", "job.retry", "job.cancel"]
