"""Two at once on PostgreSQL: nothing is lost, nothing is done twice. SQLite lets writers in one after the other, and so does the test there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from pmo.core.audit.actor import SYSTEM
from pmo.core.jobs.api import enqueue
from pmo.core.jobs.models import Job
from pmo.core.records.services import StaleRecord, update_record
from projects.models import Project, StatusReport
from projects.services import reports
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def outcome(work: Callable[[], Any]) -> Any:
    """What the work returns, or the refusal it raises."""
    try:
        return work()
    except (ValidationError, StaleRecord) as error:
        return error


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run the works at the same moment, each in its own connection; their outcomes in order."""
    if connection.vendor == "sqlite":
        return [outcome(work) for work in works]
    barrier, found = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            barrier.wait(10)
            found[place] = outcome(work)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def refused(found: list[Any]) -> int:
    return sum(isinstance(one, Exception) for one in found)


def test_of_two_changes_one_is_told_it_is_late() -> None:
    factories.organisation()
    for _ in range(10):
        row = factories.project()
        first, second = Project.objects.get(pk=row.pk), Project.objects.get(pk=row.pk)
        found = together(
            lambda one=first: update_record(actor=SYSTEM, row=one, values={"name_en": "One"}, expected_version=1),
            lambda one=second: update_record(actor=SYSTEM, row=one, values={"summary": "Two"}, expected_version=1),
        )
        assert refused(found) == 1
        row.refresh_from_db()
        assert row.version == 2


def test_without_the_version_an_update_is_lost() -> None:
    """The twin with the lock removed: both writes succeed, and one overwrites the other."""
    row = factories.project(name_en="Before", summary="")
    first, second = Project.objects.get(pk=row.pk), Project.objects.get(pk=row.pk)
    first.name_en, second.summary = "One", "Two"

    def save(one: Project) -> None:
        one.save()

    assert refused(together(lambda: save(first), lambda: save(second))) == 0
    row.refresh_from_db()
    assert (row.name_en, row.summary) != ("One", "Two")


def test_one_job_per_key() -> None:
    factories.organisation()
    for number in range(5):
        together(
            *[
                lambda key=f"k{number}": enqueue(
                    kind="portfolio.recompute", params={"date": "2026-01-01"}, actor=SYSTEM, unique_key=key
                )
            ]
            * 2
        )
        assert Job.objects.filter(asked_key=f"k{number}").count() == 1


def test_one_draft_per_period_and_one_publication() -> None:
    factories.organisation()
    for _ in range(5):
        project = factories.project()

        def draft(project: Any = project) -> Any:
            row = StatusReport(project=project, period_start="2026-11-16", period_end="2026-11-22", declared="green")
            return reports.create_report(actor=SYSTEM, row=row)

        assert refused(together(draft, draft)) == 1
        report = StatusReport.objects.get(project=project)
        reports.submit_report(actor=SYSTEM, report=report)
        copies = [StatusReport.objects.get(pk=report.pk) for _ in range(2)]
        found = together(*[lambda one=one: reports.publish_report(actor=SYSTEM, report=one) for one in copies])
        assert refused(found) == 1
        report.refresh_from_db()
        assert report.state == StatusReport.State.PUBLISHED
