"""The pages of jobs."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pmo.core.audit.actor import SYSTEM, Actor, actor_of
from pmo.core.jobs import queries
from pmo.core.jobs.api import Job, JobContext, JobFailed, Outcome, enqueue, run_job_now
from pmo.core.messages.models import Notification
from pmo.core.messages.queries import unread
from tests.jobs.conftest import count_to

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def job(kind: Any, actor: Actor) -> Job:
    return enqueue(kind=kind(count_to(4), label="Count slowly"), params={}, actor=actor)


def running(job: Job, **values: Any) -> Job:
    now = timezone.now()
    Job.objects.filter(pk=job.pk).update(state="running", started_at=now, heartbeat_at=now, **values)
    job.refresh_from_db()
    return job


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, job: Job) -> str:
    return reverse(name, args=[job.uid])


class TestWhoSeesWhat:
    def test_own_jobs_others_none_keepers_all(self, job: Job, manager: Any, stranger: Any, analyst: Any) -> None:
        for user, seen in ((manager, True), (stranger, False), (analyst, True)):
            client = signed_in(user)
            assert ("Count slowly" in client.get(reverse("job-list")).text) is seen
            for name in ("job-detail", "job-json"):
                assert client.get(url(name, job)).status_code == (200 if seen else 404)
            for name in ("job-cancel", "job-retry"):
                assert client.post(url(name, job)).status_code == (302 if seen else 404)

    def test_an_auditor_sees_but_does_not_stop(self, job: Job, db: None) -> None:
        from pmo.core.access.roles import Role
        from tests.jobs.conftest import make_user

        client = signed_in(make_user("auditor", Role.AUDITOR))
        page = client.get(url("job-detail", job))
        assert page.status_code == 200
        assert url("job-cancel", job) not in page.text
        assert url("job-cancel", job) not in client.get(reverse("job-list")).text
        assert client.post(url("job-cancel", job)).status_code == 403
        job.refresh_from_db()
        assert job.state == "queued"

    def test_the_owner_is_named_in_the_reader_s_language(self, job: Job, manager: Any, analyst: Any) -> None:
        person = manager.person
        type(person).objects.filter(pk=person.pk).update(name_zh="周启明")
        client = signed_in(analyst)
        for code, name in (("zh-hans", "周启明"), ("en", "Manager")):
            client.cookies["bw_language"] = code
            assert name in client.get(url("job-detail", job)).text
            assert name in client.get(reverse("job-list")).text

    def test_nobody_without_a_sign_in(self, job: Job) -> None:
        assert Client().get(reverse("job-list")).status_code == 302
        assert Client().get(url("job-json", job)).status_code == 302

    @pytest.mark.parametrize("name", ["job-cancel", "job-retry"])
    def test_looking_changes_nothing(self, job: Job, manager: Any, name: str) -> None:
        assert signed_in(manager).get(url(name, job)).status_code == 405


class TestProgress:
    @pytest.mark.usefixtures("english")
    def test_percent_and_time_left_from_the_rate(self, job: Job) -> None:
        running(job, done=25, total=100)
        now = job.started_at + datetime.timedelta(seconds=50)
        assert queries.percent(job) == 25
        assert queries.eta_seconds(job, now) == pytest.approx(150)
        assert queries.job_row(job, now).eta == "2 min 30 s"

    @pytest.mark.parametrize(
        ("done", "total", "percent"), [(0, 0, None), (0, 9, 0), (8, 9, 88), (9, 9, 100), (12, 9, 100)]
    )
    def test_percent_never_lies(self, job: Job, done: int, total: int, percent: int | None) -> None:
        running(job, done=done, total=total)
        assert queries.percent(job) == percent
        if done in {0, 12}:
            assert queries.eta_seconds(job, timezone.now()) is None

    def test_a_live_job_asks_for_itself_again_and_an_ended_one_stops(self, job: Job, manager: Any) -> None:
        client = signed_in(manager)
        running(job, done=1, total=4, message="step 1")
        part = client.get(url("job-detail", job), headers=HTMX)
        assert "<html" not in part.text
        assert 'hx-trigger="every 1s"' in part.text and "25" in part.text and "step 1" in part.text
        assert "HX-Trigger" not in part.headers
        Job.objects.update(state="done", done=4, finished_at=timezone.now())
        part = client.get(url("job-detail", job), headers=HTMX)
        assert "hx-trigger" not in part.text
        assert json.loads(part.headers["HX-Trigger"]) == {"bw:say": "Count slowly: Done"}
        assert 'hx-swap-oob="true"' in part.text

    def test_the_same_address_gives_the_whole_page(self, job: Job, manager: Any) -> None:
        client = signed_in(manager)
        page = client.get(url("job-detail", job))
        assert (
            "<html" in page.text
            and "HX-Request" in page.headers["Vary"]
            and page.headers["Cache-Control"] == "no-store"
        )
        for extra in ({"HX-Boosted": "true"}, {"HX-History-Restore-Request": "true"}):
            assert "<html" in client.get(url("job-detail", job), headers=HTMX | extra).text

    def test_the_list_renews_itself_only_while_something_lives(self, job: Job, manager: Any) -> None:
        client = signed_in(manager)
        assert "hx-trigger" in client.get(reverse("job-list"), headers=HTMX).text
        run_job_now(job.pk)
        assert "hx-trigger" not in client.get(reverse("job-list"), headers=HTMX).text

    def test_the_json_twin(self, job: Job, manager: Any) -> None:
        run_job_now(job.pk)
        data = signed_in(manager).get(url("job-json", job)).json()
        assert (data["state"], data["percent"], data["result"]) == ("done", 100, {"steps": 4})
        assert (data["uid"], data["attempts"], data["error"]) == (str(job.uid), 1, "")


class TestOutcome:
    def test_the_kind_says_what_came_out_and_where_it_is(self, kind: Any, actor: Actor, manager: Any) -> None:
        name = kind(
            lambda ctx: {"rows": 7}, describe=lambda result: Outcome(f"{result['rows']} rows imported", "/r/risks/")
        )
        job = run_job_now(enqueue(kind=name, params={}, actor=actor).pk)
        page = signed_in(manager).get(url("job-detail", job)).text
        assert "7 rows imported" in page and 'href="/r/risks/"' in page

    def test_a_refusal_is_told_in_words(self, kind: Any, actor: Actor, manager: Any) -> None:
        def run(ctx: JobContext) -> None:
            raise JobFailed("The file <b> has no header row.")

        job = run_job_now(enqueue(kind=kind(run), params={}, actor=actor).pk)
        page = signed_in(manager).get(url("job-detail", job)).text
        assert "The file &lt;b&gt; has no header row." in page and url("job-retry", job) in page

    def test_an_unexpected_error_shows_its_text_to_keepers_only(self, job: Job, manager: Any, analyst: Any) -> None:
        Job.objects.update(state="dead", error="IntegrityError: secret detail", attempts=3)
        assert "secret detail" not in signed_in(manager).get(url("job-detail", job)).text
        assert "secret detail" not in signed_in(manager).get(url("job-json", job)).text
        assert "3 times" in signed_in(manager).get(url("job-detail", job)).text
        assert "secret detail" in signed_in(analyst).get(url("job-detail", job)).text


class TestActs:
    def test_stop_and_try_again(self, job: Job, manager: Any) -> None:
        client = signed_in(manager)
        assert client.post(url("job-cancel", job)).headers["Location"] == url("job-detail", job)
        job.refresh_from_db()
        assert job.state == "cancelled"
        client.post(url("job-retry", job))
        job.refresh_from_db()
        assert job.state == "queued"

    def test_a_taken_key_is_explained(self, kind: Any, actor: Actor, manager: Any) -> None:
        name = kind()
        first = enqueue(kind=name, params={}, actor=actor, unique_key="k")
        client = signed_in(manager)
        client.post(url("job-cancel", first))
        enqueue(kind=name, params={}, actor=actor, unique_key="k")
        page = client.post(url("job-retry", first), follow=True).text
        assert "Another run for the same date or file" in page


class TestNotices:
    def test_the_bell_counts_until_the_job_is_opened(self, job: Job, manager: Any) -> None:
        client = signed_in(manager)
        run_job_now(job.pk)
        assert unread(manager).count() == 1
        assert "Count slowly" in client.get(reverse("notifications")).text
        assert unread(manager).count() == 1
        client.get(url("job-detail", job))
        assert unread(manager).count() == 0

    def test_somebody_else_s_look_does_not_count(self, job: Job, manager: Any, analyst: Any) -> None:
        run_job_now(job.pk)
        signed_in(analyst).get(url("job-detail", job))
        assert unread(manager).count() == 1

    def test_all_at_once(self, job: Job, manager: Any) -> None:
        run_job_now(job.pk)
        signed_in(manager).post(reverse("notifications-seen"))
        assert Notification.objects.get().read_at is not None


def test_the_list_costs_the_same_for_three_jobs_and_for_thirty(
    kind: Any, analyst: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    name, client = kind(), signed_in(analyst)

    def add(count: int) -> None:
        for _ in range(count):
            enqueue(kind=name, params={}, actor=SYSTEM)
            enqueue(kind=name, params={}, actor=actor_of(analyst))

    add(2)
    client.get(reverse("job-list"))
    with django_assert_max_num_queries(30) as few:
        client.get(reverse("job-list"))
    add(15)
    with django_assert_num_queries(len(few.captured_queries)):
        client.get(reverse("job-list"))


def test_both_languages(job: Job, manager: Any) -> None:
    client = signed_in(manager)
    for code, word in (("en", "Background jobs"), ("zh-hans", "zh-hans")):
        client.cookies["bw_language"] = code
        assert word in client.get(reverse("job-list")).text
