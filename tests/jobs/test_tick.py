"""The tick, the daily entries and the worker's timer."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from celery import current_app
from celery.schedules import maybe_schedule
from django.conf import settings as django_settings
from django.db import DatabaseError
from django.utils import timezone

from pmo.core.audit.actor import SYSTEM, Actor
from pmo.core.audit.models import AuditEntry, AuditSeal
from pmo.core.calendars.models import Organisation
from pmo.core.jobs import daily, tasks, ticks, timer
from pmo.core.jobs.api import Job, enqueue, register_daily
from pmo.core.jobs.models import BeatTick, DailyStart
from tests.jobs.test_running import claimed, silence

pytestmark = pytest.mark.django_db


@pytest.fixture
def nightly(monkeypatch: pytest.MonkeyPatch, kind: Any) -> Iterator[list[str]]:
    """An entry that is due from 02:00 and enqueues a job; the list fills with the keys it started."""
    monkeypatch.setattr(daily, "_entries", {})
    name, started = kind(), []

    def start(key: str) -> None:
        started.append(key)
        enqueue(kind=name, params={"day": key}, actor=SYSTEM, unique_key=f"test {key}")

    def due(now: datetime.datetime) -> str | None:
        return now.date().isoformat() if now.hour >= 2 else None

    register_daily("test.nightly", due, start)
    return started


def test_an_entry_starts_once_a_day_by_the_organisation_s_clock(nightly: list[str]) -> None:
    Organisation.objects.create(name_zh="某", name_en="O", time_zone="Asia/Shanghai")
    for moment in (
        "2026-11-23T17:59Z",
        "2026-11-23T18:00Z",
        "2026-11-23T18:01Z",
        "2026-11-24T15:59Z",
        "2026-11-24T18:00Z",
    ):
        with time_machine.travel(moment, tick=False):
            tasks.tick()
    assert nightly == ["2026-11-24", "2026-11-25"]
    assert Job.objects.count() == 2


def test_a_failed_night_is_not_started_again_and_again(nightly: list[str]) -> None:
    with time_machine.travel("2026-11-24T06:00Z", tick=False):
        tasks.tick()
        Job.objects.update(state="dead", unique_key=None)
        tasks.tick()
    assert len(nightly) == 1


def test_two_ticks_at_once_start_one_run(nightly: list[str]) -> None:
    """Both found the entry due; the primary key lets one of them in."""
    assert daily.start_entry("test.nightly", "2026-11-24")
    assert not daily.start_entry("test.nightly", "2026-11-24")
    assert nightly == ["2026-11-24"]


def test_a_start_that_fails_is_tried_at_the_next_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "_entries", {})
    calls: list[str] = []

    def start(key: str) -> None:
        calls.append(key)
        if len(calls) == 1:
            raise ZeroDivisionError

    register_daily("test.fails", lambda now: "k", start)
    with pytest.raises(ZeroDivisionError):
        daily.start_entry("test.fails", "k")
    assert not DailyStart.objects.exists()
    assert daily.start_entry("test.fails", "k")


def test_a_constraint_broken_by_the_start_itself_is_not_hidden(monkeypatch: pytest.MonkeyPatch, kind: Any) -> None:
    monkeypatch.setattr(daily, "_entries", {})

    def start(key: str) -> None:
        for _ in range(2):
            Job.objects.create(kind=kind(), unique_key="same")

    register_daily("test.breaks", lambda now: "k", start)
    with pytest.raises(DatabaseError):
        daily.start_entry("test.breaks", "k")


def test_the_tick_delivers_reaps_and_seals(kind: Any, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "_entries", {})
    job = enqueue(kind=kind(), params={}, actor=actor)
    claimed(job)
    silence(job)
    AuditEntry.objects.update(at=timezone.now() - datetime.timedelta(hours=1))
    tasks.tick()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)
    assert AuditSeal.objects.count() == 1
    assert ticks.ages(timezone.now())["tick"] < 5


def test_the_beat_has_the_tick_as_its_only_entry() -> None:
    current_app.finalize()
    entries = list(current_app.conf.beat_schedule.values())
    assert [entry["task"] for entry in entries] == ["core.tick"]
    assert maybe_schedule(entries[0]["schedule"]).run_every.total_seconds() == django_settings.BEAT_TICK_SECONDS
    assert entries[0]["options"]["expires"] == django_settings.BEAT_TICK_SECONDS


def test_publishing_the_tick_proves_that_the_beat_lives() -> None:
    tasks.note_beat(sender="core.run_job")
    assert not BeatTick.objects.exists()
    tasks.note_beat(sender="core.tick")
    assert list(BeatTick.objects.values_list("name", flat=True)) == ["beat"]


def test_the_timer_delivers_and_reaps_without_the_beat(
    kind: Any, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timer.connection, "close", lambda: None)
    job = enqueue(kind=kind(), params={}, actor=actor)
    timer.run_round()
    job.refresh_from_db()
    assert job.state == "done"
    assert ticks.ages(timezone.now()) == {"beat": None, "tick": None, "worker": pytest.approx(0, abs=5)}


def test_the_timer_survives_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def away(name: str) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(timer.connection, "close", lambda: None)
    monkeypatch.setattr(ticks, "note_worker", away)
    timer.run_round()
    assert "could not reach the database" in caplog.text


def test_workers_that_left_are_forgotten() -> None:
    old = timezone.now() - datetime.timedelta(days=2)
    BeatTick.objects.create(name="worker:old", at=old)
    BeatTick.objects.create(name="beat", at=old)
    ticks.note("worker:new")
    ticks.forget_old_workers()
    assert set(BeatTick.objects.values_list("name", flat=True)) == {"worker:new", "beat"}
