"""Which dates a night computes, the job around it, and what is kept."""

import datetime
import zoneinfo

import pytest
from django.utils import timezone

from pmo.core.access.decisions import Refused
from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.jobs.api import Job, cancel, enqueue, run_job_now
from pmo.core.people.models import Person, RoleGrant, User
from portfolio.models import HealthSnapshot, RollupSnapshot
from portfolio.services.health import nightly
from portfolio.services.health.recompute import recompute
from portfolio.services.health.retention import thin
from portfolio.tasks import describe
from tests.health import build

pytestmark = pytest.mark.django_db

ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")
NIGHT = datetime.date(2024, 11, 20)


@pytest.fixture
def project():
    day = datetime.date(2024, 1, 1)
    build.organisation(day=day)
    return build.project("Line 3", portfolio=build.portfolio("Grid", day=day), day=day)


def at(hour, minute=0, day=21):
    return datetime.datetime(2024, 11, day, hour, minute, tzinfo=ZONE)


def started(text):
    return [job.params["date"] for job in nightly.start_night(text)]


def test_the_run_of_the_night_computes_the_day_that_is_over(project):
    assert nightly.date_due(at(1, 59)) is None
    assert nightly.date_due(at(2, 0)) == "2024-11-20"
    assert nightly.date_due(at(23, 59)) == "2024-11-20"


def test_the_first_night_computes_one_date_and_later_ones_make_up_for_missed_nights(project):
    assert started("2024-11-10") == ["2024-11-10"]
    assert started("2024-11-10") == []
    assert started("2024-11-13") == ["2024-11-11", "2024-11-12", "2024-11-13"]
    Job.objects.filter(params__date="2024-11-12").update(state="dead", unique_key=None)
    assert started("2024-11-14") == ["2024-11-12", "2024-11-14"]


def test_at_most_fourteen_dates_are_made_up_for(project):
    started("2024-06-01")
    dates = started("2024-11-20")
    assert (len(dates), dates[0], dates[-1]) == (14, "2024-11-07", "2024-11-20")


def test_without_a_project_there_is_nothing_to_do():
    build.organisation()
    assert started("2024-11-10") == []


def test_the_job_computes_reports_and_says_where_to_look(project):
    (job,) = nightly.start_night("2024-11-20")
    job = run_job_now(job.pk)
    assert (job.state, job.done, job.total) == ("done", 1, 1)
    assert job.result["projects"] == job.result["snapshots"] == 1
    assert job.result["thinned"] == 0
    assert HealthSnapshot.objects.filter(date=NIGHT, project=project).exists()
    assert describe(job.result).url == "/r/health/?date=2024-11-20"


def test_a_job_for_a_date_to_come_fails_with_a_sentence(project):
    tomorrow = (timezone.now() + datetime.timedelta(days=2)).date()
    job = run_job_now(enqueue(kind=nightly.KIND, params={"date": tomorrow.isoformat()}, actor=SYSTEM).pk)
    assert job.state == "failed"
    assert tomorrow.isoformat() in job.error


def test_a_cancelled_job_keeps_whole_chunks_and_a_new_run_finishes(project, monkeypatch):
    for number in range(5):
        build.project(f"Line {number}", day=datetime.date(2024, 1, 1))
    job = enqueue(kind=nightly.KIND, params={"date": "2024-11-20", "chunk": 2}, actor=SYSTEM)
    from portfolio.services.health import recompute as module

    real, calls = module._one_chunk, []

    def one_chunk(*arguments):
        calls.append(1)
        if len(calls) == 2:
            cancel(actor=SYSTEM, job=job)
        return real(*arguments)

    monkeypatch.setattr(module, "_one_chunk", one_chunk)
    assert run_job_now(job.pk).state == "cancelled"
    assert HealthSnapshot.objects.filter(date=NIGHT).count() in {2, 4}
    assert not RollupSnapshot.objects.exists()
    recompute(actor=SYSTEM, day=NIGHT)
    assert HealthSnapshot.objects.filter(date=NIGHT).count() == 6


def user_with(role, name):
    user = User.objects.create_user(name, password="x")
    person = Person.objects.create(code=name, name_en=name, user=user)
    if role:
        RoleGrant.objects.create(person=person, role=role)
    return user


def test_only_the_pmo_starts_a_run_and_a_second_click_finds_the_first(project):
    with pytest.raises(Refused):
        nightly.request_recompute(actor=actor_of(user_with(None, "guest")), day=NIGHT)
    actor = actor_of(user_with(Role.PMO_ANALYST, "analyst"))
    first = nightly.request_recompute(actor=actor, day=NIGHT)
    assert nightly.request_recompute(actor=actor, day=NIGHT).pk == first.pk
    assert nightly.request_recompute(actor=actor, day=NIGHT, project_ids=[project.pk]).pk != first.pk
    run_job_now(first.pk)
    assert nightly.request_recompute(actor=actor, day=NIGHT).pk != first.pk


def snapshot_days(row):
    return [
        day.isoformat()
        for day in HealthSnapshot.objects.filter(project=row).order_by("date").values_list("date", flat=True)
    ]


def days(first, count):
    start = datetime.date.fromisoformat(first)
    return [start + datetime.timedelta(days=number) for number in range(count)]


def test_after_ninety_days_the_last_snapshot_of_each_week_stays(project):
    """Sundays are 2024-08-04, -11 and -18. On 2024-11-10 the edge is 08-12: only the weeks up to Sunday 08-11 are old."""
    from pmo.core.records.services import update_record

    closing = build.project("Closing", day=datetime.date(2024, 1, 1))
    update_record(actor=SYSTEM, row=closing, values={"status": "closed"}, day=datetime.date(2024, 8, 7))
    for day in days("2024-08-01", 20):
        recompute(actor=SYSTEM, day=day)
    removed = thin(day=datetime.date(2024, 11, 10))
    kept = ["2024-08-04", "2024-08-11", *(day.isoformat() for day in days("2024-08-12", 9))]
    assert snapshot_days(project) == kept
    assert snapshot_days(closing) == ["2024-08-04", "2024-08-07"]
    totals = RollupSnapshot.objects.filter(kind="all").order_by("date").values_list("date", flat=True)
    assert [day.isoformat() for day in totals] == kept
    # 9 days of the project and of two roll-ups, 5 of the closing one (08-01 to 03 and 08-05, 06)
    assert removed == 9 * 3 + 5
    assert thin(day=datetime.date(2024, 11, 10)) == 0


def test_what_is_kept_is_not_changed_and_older_dates_recomputed_on_demand_stay(project):
    for day in days("2024-06-03", 3):
        recompute(actor=SYSTEM, day=day)
    for day in days("2024-08-05", 7):
        recompute(actor=SYSTEM, day=day)
    sunday = build.snapshots(datetime.date(2024, 8, 11)), build.rollups(datetime.date(2024, 8, 11))
    thin(day=datetime.date(2024, 11, 10))
    assert snapshot_days(project) == ["2024-06-03", "2024-06-04", "2024-06-05", "2024-08-11"]
    assert (build.snapshots(datetime.date(2024, 8, 11)), build.rollups(datetime.date(2024, 8, 11))) == sunday
