"""Claiming, running and settling a job."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from pmo.core.audit.actor import SYSTEM, Actor
from pmo.core.jobs import services
from pmo.core.jobs.api import Job, JobCancelled, JobContext, JobFailed, LostClaim, enqueue, run_job_now
from pmo.core.jobs.models import JobAttempt, JobOutbox
from pmo.core.jobs.pulse import Pulse
from pmo.core.messages.models import Notification
from tests.jobs.conftest import count_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(kind: Any, actor: Actor) -> Job:
    return enqueue(kind=kind(count_to(4)), params={"a": 1}, actor=actor)


def claimed(job: Job, worker: str = "elsewhere:1:1") -> Job:
    found = services.claim(job.pk, worker=worker)
    assert found is not None
    return found


def silence(job: Job, seconds: int = 3600) -> None:
    """The worker's heartbeat stopped some time ago."""
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - datetime.timedelta(seconds=seconds))


class TestDone:
    def test_result_progress_log_and_notice_are_written(self, job: Job, manager: Any) -> None:
        done = run_job_now(job.pk)
        assert (done.state, done.result, done.done, done.total, done.message) == ("done", {"steps": 4}, 4, 4, "step 4")
        assert done.finished_at is not None and done.claim is None
        assert [(row.number, row.outcome) for row in done.log.all()] == [(1, "done")]
        assert [(row.user_id, row.read_at) for row in Notification.objects.all()] == [(manager.pk, None)]
        assert not JobOutbox.objects.exists()

    def test_a_second_message_does_nothing(self, job: Job) -> None:
        run_job_now(job.pk)
        again = run_job_now(job.pk)
        assert (again.state, again.attempts, JobAttempt.objects.count()) == ("done", 1, 1)

    def test_the_work_sees_its_parameters_actor_and_language(self, kind: Any, stranger: Any) -> None:
        stranger.language = "zh-hans"
        stranger.save(update_fields=["language"])
        seen: dict[str, Any] = {}

        def run(ctx: JobContext) -> dict[str, Any]:
            seen.update(params=ctx.params, user=ctx.actor.user, name=ctx.actor.name, job=ctx.job_id)
            return {"yes": gettext("Yes"), "lazy": str(gettext_lazy("Monday"))}

        job = enqueue(kind=kind(run), params={"x": [1]}, actor=Actor(user=stranger, name="陌生人"))
        assert run_job_now(job.pk).result == {"yes": "是", "lazy": "周一"}
        assert seen == {"params": {"x": [1]}, "user": stranger, "name": "陌生人", "job": job.pk}

    def test_the_system_acts_as_the_system(self, kind: Any) -> None:
        seen: list[Any] = []
        run_job_now(enqueue(kind=kind(lambda ctx: seen.append(ctx.actor)), params={}, actor=SYSTEM).pk)
        assert seen == [SYSTEM]
        assert not Notification.objects.exists()


class TestFailure:
    def test_an_expected_failure_is_told_and_not_tried_again(self, kind: Any, actor: Actor) -> None:
        def run(ctx: JobContext) -> None:
            raise JobFailed(gettext_lazy("Monday"))

        job = run_job_now(enqueue(kind=kind(run), params={}, actor=actor, unique_key="k").pk)
        assert (job.state, job.error, job.unique_key, job.asked_key) == ("failed", "Monday", None, "k")
        assert not JobOutbox.objects.exists()
        assert Notification.objects.count() == 1

    def test_what_fails_for_the_system_is_told_to_the_keepers(self, kind: Any, analyst: Any, stranger: Any) -> None:
        def run(ctx: JobContext) -> None:
            raise JobFailed("no rate for 2026-11-24")

        assert run_job_now(enqueue(kind=kind(run), params={}, actor=SYSTEM).pk).state == "failed"
        assert [row.user for row in Notification.objects.all()] == [analyst]

    def test_an_unexpected_error_is_logged_and_tried_again_with_growing_waits(
        self, kind: Any, actor: Actor, settings: Any, caplog: Any
    ) -> None:
        settings.JOB_RETRY_SECONDS = 10

        def run(ctx: JobContext) -> None:
            raise ZeroDivisionError("first line\nsecond line")

        job = enqueue(kind=kind(run), params={}, actor=actor)
        waits = []
        with time_machine.travel(timezone.now(), tick=False):
            for _ in range(2):
                with pytest.raises(ZeroDivisionError):
                    run_job_now(job.pk)
                job.refresh_from_db()
                assert (job.state, job.error) == ("queued", "ZeroDivisionError: first line")
                waits.append((JobOutbox.objects.get().deliver_after - timezone.now()).total_seconds())
        assert waits == [10, 20]
        assert "Traceback" in caplog.text

    def test_attempts_are_bounded_and_the_keepers_are_told(
        self, kind: Any, actor: Actor, analyst: Any, stranger: Any
    ) -> None:
        ran: list[int] = []

        def run(ctx: JobContext) -> None:
            ran.append(ctx.attempt)
            raise ZeroDivisionError

        job = enqueue(kind=kind(run, max_attempts=3), params={}, actor=actor, unique_key="k")
        for _ in range(5):
            found = services.claim(job.pk, worker="w")
            if found is not None:
                services.run_claimed(found, threaded=False)
        job.refresh_from_db()
        assert (job.state, ran, job.unique_key) == ("dead", [1, 2, 3], None)
        assert [row.outcome for row in job.log.all()] == ["error"] * 3
        assert set(Notification.objects.values_list("user__username", flat=True)) == {"manager", "analyst"}
        assert not JobOutbox.objects.exists()

    def test_a_result_that_is_not_json_counts_as_an_error(self, kind: Any, actor: Actor) -> None:
        job = enqueue(kind=kind(lambda ctx: {"share": float("nan")}), params={}, actor=actor)
        with pytest.raises(ValueError, match="not JSON compliant"):
            run_job_now(job.pk)
        job.refresh_from_db()
        assert (job.state, job.result) == ("queued", None)

    def test_a_kind_whose_code_is_gone_is_given_up(self, kind: Any, actor: Actor) -> None:
        job = enqueue(kind=kind(), params={}, actor=actor)
        Job.objects.update(kind="gone", max_attempts=1)
        services.run_claimed(claimed(job), threaded=False)
        job.refresh_from_db()
        assert job.state == "dead"

    def test_a_worker_told_to_stop_hands_the_job_back_uncounted(self, kind: Any, actor: Actor) -> None:
        def run(ctx: JobContext) -> None:
            raise SystemExit

        job = enqueue(kind=kind(run), params={}, actor=actor)
        with pytest.raises(SystemExit):
            run_job_now(job.pk)
        job.refresh_from_db()
        assert (job.state, job.attempts) == ("queued", 0)
        assert JobOutbox.objects.filter(job=job, deliver_after__lte=timezone.now()).exists()


class TestClaim:
    def test_only_one_worker_gets_the_job(self, job: Job) -> None:
        assert services.claim(job.pk, worker="a") is not None
        assert services.claim(job.pk, worker="b") is None

    def test_a_job_of_a_silent_worker_can_be_claimed(self, job: Job, settings: Any) -> None:
        first = claimed(job)
        silence(job, settings.JOB_LOST_SECONDS - 5)
        assert services.claim(job.pk, worker="b") is None
        silence(job, settings.JOB_LOST_SECONDS + 5)
        second = claimed(job, "b:1:1")
        assert second.claim != first.claim
        assert [row.outcome for row in job.log.all()] == ["lost", "running"]

    def test_the_loser_cannot_write_progress_or_result(self, kind: Any, actor: Actor) -> None:
        job = enqueue(kind=kind(), params={}, actor=actor)
        first = claimed(job)
        assert first.claim is not None
        silence(job)
        second = claimed(job, "b:1:1")
        pulse = Pulse(job.pk, first.claim)
        pulse.write()
        assert pulse.lost
        with pytest.raises(LostClaim):
            pulse.check()
        assert not services.claims.end(
            first, state=Job.State.DONE, outcome=JobAttempt.Outcome.DONE, result={"by": "first"}
        )
        assert not services.claims.put_back(first, outcome=JobAttempt.Outcome.ERROR)
        job.refresh_from_db()
        assert (job.state, job.claim, job.result) == ("running", second.claim, None)

    def test_without_the_claim_in_the_condition_the_loser_would_write(self, kind: Any, actor: Actor) -> None:
        """The negative control: the same takeover, with an update by id alone."""
        job = enqueue(kind=kind(), params={}, actor=actor)
        claimed(job)
        silence(job)
        claimed(job, "b:1:1")
        assert Job.objects.filter(pk=job.pk, state="running").update(state="done", result={"by": "first"}) == 1

    def test_a_loser_that_runs_on_is_stopped_and_writes_nothing(self, kind: Any, actor: Actor) -> None:
        def run(ctx: JobContext) -> dict[str, Any]:
            if ctx.attempt == 1:
                silence(job)
                claimed(job, "b:1:1")
            ctx.check_cancelled()
            return {"attempt": ctx.attempt}

        job = enqueue(kind=kind(run), params={}, actor=actor)
        services.run_claimed(claimed(job), threaded=False)
        job.refresh_from_db()
        assert (job.state, job.worker, job.result, job.attempts) == ("running", "b:1:1", None, 2)


class TestCancel:
    def test_a_waiting_job_is_cancelled_at_once(self, job: Job, actor: Actor) -> None:
        assert services.cancel(actor=actor, job=job)
        job.refresh_from_db()
        assert (job.state, job.unique_key) == ("cancelled", None)
        assert services.claim(job.pk, worker="w") is None
        assert not Notification.objects.exists()

    def test_a_running_job_stops_at_its_next_step(self, kind: Any, actor: Actor) -> None:
        steps: list[int] = []

        def run(ctx: JobContext) -> None:
            for step in range(5):
                ctx.progress(step, 5)
                steps.append(step)
                if step == 2:
                    assert services.cancel(actor=actor, job=job)

        job = enqueue(kind=kind(run), params={}, actor=actor, unique_key="k")
        assert run_job_now(job.pk).state == "cancelled"
        assert steps == [0, 1, 2]
        assert Job.objects.get().unique_key is None
        assert [row.outcome for row in job.log.all()] == ["cancelled"]

    def test_work_without_steps_can_ask(self, kind: Any, actor: Actor) -> None:
        def run(ctx: JobContext) -> None:
            ctx.check_cancelled()
            services.cancel(actor=actor, job=job)
            with pytest.raises(JobCancelled):
                ctx.check_cancelled()
            raise JobCancelled

        job = enqueue(kind=kind(run), params={}, actor=actor)
        assert run_job_now(job.pk).state == "cancelled"

    def test_an_ended_job_stays_as_it_is(self, job: Job, actor: Actor) -> None:
        run_job_now(job.pk)
        assert not services.cancel(actor=actor, job=job)
        assert Job.objects.get().state == "done"


def test_progress_is_written_at_most_twice_a_second(kind: Any, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    writes: list[float] = []
    monkeypatch.setattr("pmo.core.jobs.pulse.time.monotonic", lambda: clock[0])
    write = Pulse.write
    monkeypatch.setattr(Pulse, "write", lambda self: (writes.append(clock[0]), write(self)))

    def run(ctx: JobContext) -> None:
        for step in range(1000):
            clock[0] += 0.01
            ctx.progress(step, 1000)

    run_job_now(enqueue(kind=kind(run), params={}, actor=actor).pk)
    assert 15 <= len(writes) <= 20
    gaps = [later - earlier for earlier, later in zip(writes, writes[1:], strict=False)]
    assert min(gaps) >= 0.5 - 1e-6
