"""An erasure replaces what names the person, and leaves amounts, keys and common words as they are."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.urls import reverse

from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.audit.services import Act, record
from pmo.core.jobs.api import Job, run_job_now
from pmo.core.models import Person
from pmo.core.privacy import services
from pmo.core.privacy.models import PersonErasure
from pmo.core.privacy.subjects import Names, Pseudonym, subject_of_person
from projects.models import PlanVersion, Project
from projects.models.plan.edit import PlanEdit
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    """Somebody whose staff number is a number and whose login is a common word."""
    who = factories.user(username="budget", email="nora@x.test").person
    Person.objects.filter(pk=who.pk).update(code="10023", name_zh="诺拉", name_en="Nora Quist", email="nora@x.test")
    return Person.objects.get(pk=who.pk)


def erase(person: Person) -> PersonErasure:
    row = services.ask_erasure(actor=SYSTEM, person=person, reason="Asked by letter")
    job = services.confirm_erasure(actor=SYSTEM, erasure=row, typed=person.code)
    run_job_now(job.pk)
    row.refresh_from_db()
    assert row.state == PersonErasure.State.DONE
    return row


def names_of(person: Person) -> Names:
    return Names(subject_of_person(person), Pseudonym(7))


KEPT: list[Any] = [
    "The budget of 10023.00 is spent",
    "10023",
    "(10023)",
    "budget",
    "Invoice 10023, see budget (budget)",
    "info@budget.test",
    "@budgetary",
    {"amount": ["10023.00", 10023]},
    {"10023": {"budget": [None, "10023"]}},
    {"Nora Quist": 1},
    "anora@x.test",
    "nora@x.test.example",
]


@pytest.mark.parametrize("value", KEPT, ids=str)
def test_amounts_keys_and_common_words_stay(person, value):
    assert names_of(person).replaced_within(value) == value


@pytest.mark.parametrize(
    ("value", "becomes"),
    [
        ("Ask @budget.", "Ask @former-0007."),
        ("诺拉(10023)同意", "前成员0007(former-0007)同意"),
        ("@Nora Quist(budget) please", "@Former person 0007(former-0007) please"),
        ("NORA QUIST（10023）", "Former person 0007（former-0007）"),
        ("mail nora@x.test now", "mail former-0007 now"),
        ({"10023": ["Nora Quist", {"by": "nora@x.test"}]}, {"10023": ["Former person 0007", {"by": "former-0007"}]}),
    ],
)
def test_what_names_the_person_is_replaced(person, value, becomes):
    assert names_of(person).replaced_within(value) == becomes


def test_a_number_with_letters_is_replaced_in_brackets_alone(person):
    person.code = "HR-23"
    names = names_of(person)
    assert names.replaced("Sign off by hr (HR-23), room HR-23") == "Sign off by hr (former-0007), room HR-23"


def test_an_erasure_leaves_figures_plan_changes_and_others_as_they_were(person):
    project = factories.project(name_en="The budget of 10023", summary="budget 10023.00; Nora Quist (10023) leads")
    plan = PlanVersion.objects.create(project=project, number=1)
    change = {"tasks": {"10023": {"cost": ["10023.00", "1.00"], "name": ["budget", "Nora Quist"]}}}
    edit = PlanEdit.objects.create(plan=plan, kind="edit", label="budget", change=change)
    record(actor=SYSTEM, act=Act("update", "projects.budgetline", 5, "budget", changes={"amount": ["10023.00", "1"]}))
    record(
        actor=actor_of(person.user), act=Act("update", "projects.budgetline", 6, "budget", changes={"10023": [1, 2]})
    )
    line = factories.budget_line(project, Decimal("10023.00"), note="budget 10023")
    namesake = factories.person(name_en="Nora Quist", name_zh="诺拉")
    done = erase(person)
    pseudonym = Pseudonym(done.pk)
    project = Project.objects.get(pk=project.pk)
    assert project.name_en == "The budget of 10023"
    assert project.summary == f"budget 10023.00; {pseudonym.en} ({pseudonym.code}) leads"
    edit.refresh_from_db()
    assert edit.label == "budget"
    kept = {"tasks": {"10023": {"cost": ["10023.00", "1.00"], "name": ["budget", pseudonym.en]}}}
    assert edit.change == kept
    other = AuditEntry.objects.get(model="projects.budgetline", object_id=5)
    assert (other.object_label, other.payload.changes) == ("budget", {"amount": ["10023.00", "1"]})
    theirs = AuditEntry.objects.get(model="projects.budgetline", object_id=6)
    assert (theirs.actor_name, theirs.payload.changes) == (pseudonym.en, {"10023": [1, 2]})
    line.refresh_from_db()
    assert line.note == "budget 10023"
    namesake.refresh_from_db()
    assert (namesake.name_en, namesake.name_zh) == ("Nora Quist", "诺拉")
    person.refresh_from_db()
    assert (person.code, person.user.username, person.email) == (pseudonym.code, pseudonym.code, "")
    assert not Job.objects.filter(owner_name__contains="Nora").exists()


def test_the_second_step_shows_what_will_be_rewritten(person, client):
    factories.project(name_en="The budget of 10023", summary="Nora Quist (10023) leads; 10023 spent")
    admin = factories.user("pmo_admin")
    client.force_login(admin)
    page = reverse("privacy-person", kwargs={"pk": person.pk})
    assert client.get(page).context["rewriting"] is None
    row = services.ask_erasure(actor=SYSTEM, person=person, reason="Asked by letter")
    answer = client.get(page)
    said = answer.context["rewriting"]
    assert said.texts >= said.tables >= 1
    example = next(one for one in said.examples if one.before.startswith("Nora Quist (10023)"))
    pseudonym = Pseudonym(row.pk)
    assert example.after == f"{pseudonym.en} ({pseudonym.code}) leads; 10023 spent"
    assert example.after in answer.content.decode()


@pytest.mark.parametrize("ended", ["failed", "cancelled", "dead"])
def test_an_erasure_whose_job_ended_can_be_confirmed_again_or_withdrawn(person, client, ended):
    row = services.ask_erasure(actor=SYSTEM, person=person, reason="Asked by letter")
    job = services.confirm_erasure(actor=SYSTEM, erasure=row, typed=person.code)
    Job.objects.filter(pk=job.pk).update(state="running")
    with pytest.raises(ValidationError):
        services.confirm_erasure(actor=SYSTEM, erasure=row, typed=person.code)
    assert not services.drop_erasure(actor=SYSTEM, erasure=row)
    Job.objects.filter(pk=job.pk).update(state=ended)
    client.force_login(factories.user("pmo_admin"))
    answer = client.get(reverse("privacy-person", kwargs={"pk": person.pk}))
    assert "The last attempt ended" in answer.content.decode()
    again = services.confirm_erasure(actor=SYSTEM, erasure=row, typed=person.code)
    assert again.pk != job.pk
    Job.objects.filter(pk=again.pk).update(state=ended)
    assert services.drop_erasure(actor=SYSTEM, erasure=row)
    assert services.open_erasure(person) is None


def test_exports_of_the_person_go_with_the_erasure(person):
    own = services.start_own_export(actor=actor_of(person.user))
    by_admin = services.start_export(actor=SYSTEM, person=person)
    others = services.start_own_export(actor=actor_of(factories.user()))
    files = []
    for job in (own, by_admin, others):
        run_job_now(job.pk)
        job.refresh_from_db()
        files.append(job.result["file"])
    assert all(default_storage.exists(name) for name in files)
    erase(person)
    assert [default_storage.exists(name) for name in files] == [False, False, True]


def test_a_refused_sign_in_no_longer_says_the_login(person):
    record(actor=SYSTEM, act=Act("sign_in.refused", "core.user", None, "budget"))
    done = erase(person)
    assert AuditEntry.objects.get(action="sign_in.refused").object_label == Pseudonym(done.pk).en
