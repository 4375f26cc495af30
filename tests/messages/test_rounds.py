"""What wakes the deliveries: the tick and every worker's timer; jobs tell through notifications."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from celery import current_app
from django.core import mail
from django.utils import timezone, translation

from pmo.core.access.roles import Role
from pmo.core.audit.actor import actor_of
from pmo.core.jobs import tasks as job_tasks
from pmo.core.jobs.api import JobContext, JobFailed, enqueue, run_job_now
from pmo.core.jobs.models import Job
from pmo.core.messages import tasks
from pmo.core.messages.models import MessageDelivery, Notification
from pmo.core.messages.queries import shown_rows, unread
from pmo.core.messages.services.delivering import lanes_due
from tests import factories
from tests.conftest import client_of
from tests.jobs.conftest import kind  # noqa: F401 - a fixture
from tests.messages.conftest import reader, tell

pytestmark = pytest.mark.django_db


class TestRounds:
    def test_the_tick_delivers_what_is_due(self) -> None:
        tell(reader())
        job_tasks.tick()
        assert len(mail.outbox) == 1
        job_tasks.tick()
        assert len(mail.outbox) == 1

    def test_nothing_is_published_while_nothing_is_due(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(current_app, "signature", lambda *_args: pytest.fail("published"))
        tasks.wake()
        later = timezone.now() + datetime.timedelta(hours=1)
        tell(reader())
        MessageDelivery.objects.update(next_at=later)
        tasks.wake()
        assert [lane.name for lane in lanes_due(later)] == ["mail"]

    def test_a_broker_that_is_down_is_asked_again_later(self, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
        class Down:
            def apply_async(self, **_options: Any) -> None:
                raise ConnectionRefusedError("no broker")

        tell(reader())
        with monkeypatch.context() as patch:
            patch.setattr(current_app, "signature", lambda *_args: Down())
            tasks.wake()
        assert "the broker does not answer" in caplog.text and mail.outbox == []
        tasks.wake()
        assert len(mail.outbox) == 1

    def test_the_task_is_known_to_the_worker(self) -> None:
        assert tasks.DELIVER_TASK in current_app.tasks


class TestJobs:
    def test_owner_and_keepers_hear_of_a_job_in_their_language(self, kind: Any) -> None:  # noqa: F811
        def run(ctx: JobContext) -> None:
            raise JobFailed("The file has no header row.")

        owner, keeper = factories.user(), factories.user(Role.PMO_ANALYST)
        name = kind(run, label="Import")
        run_job_now(enqueue(kind=name, params={}, actor=actor_of(owner)).pk)
        with translation.override("en"):
            (shown,) = shown_rows(owner, Notification.objects.filter(user=owner))
        assert shown.text == "Import: Failed" and shown.visible
        assert not Notification.objects.filter(user=keeper).exists()

    def test_opening_the_job_reads_it_and_a_repetition_tells_again(self, kind: Any) -> None:  # noqa: F811
        owner = factories.user()
        fails = [True, False]

        def run(ctx: JobContext) -> None:
            if fails.pop(0):
                raise JobFailed("not yet")

        job = enqueue(kind=kind(run), params={}, actor=actor_of(owner))
        run_job_now(job.pk)
        browser = client_of(owner)
        row = Notification.objects.get()
        assert browser.get(f"/notifications/{row.uid}/open").headers["Location"] == f"/jobs/{job.uid}/"
        browser.post(f"/jobs/{job.uid}/retry")
        assert not Notification.objects.exists()
        run_job_now(job.pk)
        assert unread(owner).count() == 1
        assert browser.get(f"/jobs/{job.uid}/").status_code == 200
        assert unread(owner).count() == 0

    def test_somebody_else_s_job_shows_nothing(self, kind: Any) -> None:  # noqa: F811
        owner, other = factories.user(), factories.user()
        run_job_now(enqueue(kind=kind(label="Secret import"), params={}, actor=actor_of(owner)).pk)
        row = Notification.objects.get()
        Notification.objects.filter(pk=row.pk).update(user=other)
        assert Job.objects.count() == 1
        assert "Secret import" not in client_of(other).get("/notifications").text
