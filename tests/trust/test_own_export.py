"""What somebody gets by "Export my data": their own rows and where others' rows lead to them, never what those rows say."""

from __future__ import annotations

import io
import json
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.audit.services import Act, record
from pmo.core.jobs.api import Job, run_job_now
from pmo.core.models import Notification, Person
from pmo.core.privacy import services
from projects.models import PlanTask, PlanVersion, Project
from tests import factories

pytestmark = pytest.mark.django_db

SECRET = "hush-7319-budget"


@pytest.fixture
def guest() -> Any:
    """Somebody without any role, who chose a common word as their login."""
    return factories.user(username="budget", first_name="Budget")


def contents(job: Job) -> dict[str, str]:
    """The files of a finished export."""
    run_job_now(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    with default_storage.open(job.result["file"]) as stored:
        archive = zipfile.ZipFile(io.BytesIO(stored.read()))
    return {name: archive.read(name).decode() for name in archive.namelist()}


def own(user: Any) -> dict[str, str]:
    return contents(services.start_own_export(actor=actor_of(user)))


def rows(files: dict[str, str], label: str) -> list[dict[str, Any]]:
    return json.loads(files.get(f"data/{label}.json", "[]"))


@pytest.fixture
def foreign(guest) -> Project:
    """A confidential project whose texts, money, plan and trail say the word, and which leads to the guest here and there."""
    project = factories.project(visibility="portfolio", name_en="Foreign", summary=f"The budget is {SECRET}")
    factories.budget_line(project, Decimal("4711.50"), note=f"budget {SECRET}")
    plan = PlanVersion.objects.create(project=project, number=1, title=f"budget {SECRET}")
    PlanTask.objects.create(
        plan=plan, name=f"budget {SECRET}", position=1, cost=Decimal("987654.25"), responsible=guest.person
    )
    record(
        actor=SYSTEM, act=Act("update", "projects.budgetline", 1, f"budget {SECRET}", changes={"budget": [SECRET, 1]})
    )
    return project


def test_nothing_of_a_strangers_money_texts_or_trail_is_given(guest, foreign):
    assert not Project.objects.visible_to(guest).exists()
    files = own(guest)
    together = "".join(files.values())
    for text in (SECRET, "4711.5", "987654.25"):
        assert text not in together
    assert not any("BudgetLine" in name or "AuditPayload" in name for name in files)
    (task,) = rows(files, "projects.PlanTask")
    assert (task["id"], task["values"]) == (None, {"responsible": guest.person.pk})
    assert "label" not in task


def test_a_row_that_may_be_seen_is_named_and_its_columns_stay_out(guest):
    project = factories.project(name_en="Open house", summary="Not theirs", pm=guest.person)
    assert Project.objects.visible_to(guest).filter(pk=project.pk).exists()
    files = own(guest)
    (found,) = rows(files, "projects.Project")
    assert (found["id"], found["label"]) == (project.pk, "Open house")
    assert found["values"] == {"pm": guest.person.pk}
    assert found["date"]
    assert "Not theirs" not in "".join(files.values())
    assert "Open house" in files["tables/projects.Project.csv"]
    assert "Open house" in files["index.html"]


def test_what_is_mine_stays_whole_and_the_readme_says_the_rest(guest):
    Person.objects.filter(pk=guest.person.pk).update(title="Guest of the house")
    Notification.objects.create(user=guest, event="comment.mention", note="For you alone", created_at=timezone.now())
    team = factories.person(line_manager=guest.person, email="mate@x.test")
    files = own(guest)
    people = {row["id"]: row for row in rows(files, "core.Person")}
    assert people[guest.person.pk]["values"]["title"] == "Guest of the house"
    assert all(
        row["values"] == {"line_manager": guest.person.pk} for row in people.values() if row["id"] != guest.person.pk
    )
    assert len(people) == 2
    assert team.email not in "".join(files.values())
    assert rows(files, "core.Notification")[0]["values"]["note"] == "For you alone"
    assert "ask the PMO administrator" in files["README.txt"]


def test_the_administrators_export_holds_the_mentions_too(guest, foreign):
    Person.objects.filter(pk=guest.person.pk).update(name_en="Quentin Budgeteer")
    Project.all_objects.filter(pk=foreign.pk).update(summary="Quentin Budgeteer asked for it")
    files = contents(services.start_export(actor=SYSTEM, person=Person.objects.get(pk=guest.person.pk)))
    assert rows(files, "projects.Project")[0]["values"]["summary"] == "Quentin Budgeteer asked for it"


def test_one_person_has_one_export_under_way_and_another_after_it(guest):
    actor = actor_of(guest)
    first = services.start_own_export(actor=actor)
    Job.objects.filter(pk=first.pk).update(state=Job.State.QUEUED)
    assert services.start_own_export(actor=actor).pk == first.pk
    assert services.start_own_export(actor=actor_of(factories.user())).pk != first.pk
    Job.objects.filter(pk=first.pk).update(state=Job.State.DONE)
    assert services.start_own_export(actor=actor).pk != first.pk


def test_a_full_export_run_again_by_somebody_without_the_right_fails(guest):
    job = services.start_export(actor=actor_of(guest), person=factories.person())
    run_job_now(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == (Job.State.FAILED, None)
