"""A new project from a plan file: what the file says fills the project's form, and the plan goes on in the new project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.features.services import switch_feature
from pmo.core.jobs.api import Job, run_job_now
from pmo.core.people.models import Person
from projects.calc.plan.document import Field, SourceProject
from projects.calc.plan.proposing import code_of
from projects.models import Project
from projects.models.plan import PlanFile
from projects.plan_files.errors import PlanFileError
from projects.queries.plans import people
from projects.queries.plans.people import People
from projects.queries.plans.proposed import Proposed, proposed
from tests import factories
from tests.conftest import UserClient, client_of
from tests.plan_pages.build import FakeReader, small_plan, upload
from tests.plan_pages.conftest import work

pytestmark = pytest.mark.django_db

FORM = {
    "type": "other",
    "status": "in_progress",
    "stage": "executing",
    "method": "predictive",
    "delivery_driver": "none",
    "priority": "3_medium",
    "visibility": "portfolio",
    "currency": "CNY",
}


@pytest.fixture
def office() -> UserClient:
    """A PMO administrator's browser."""
    factories.organisation()
    user = factories.user(Role.PMO_ADMIN)
    return client_of(user)


@pytest.fixture
def read(office: UserClient, reader: FakeReader) -> Callable[..., Job]:
    """Upload a file and let a worker read it."""

    def done(name: str = "PX-0917 crane.xml", content: bytes = b"<Project/>") -> Job:
        response = office.post(reverse("plan-new"), {"files": upload(name, content)})
        assert response.status_code == 302
        job = Job.objects.order_by("-pk")[0]
        assert str(job.uid) in response.url
        run_job_now(job.pk)
        job.refresh_from_db()
        return job

    return done


def form_url(job: Job, place: int = 0) -> str:
    return reverse("plan-new-project", kwargs={"uid": job.uid, "place": place})


@pytest.mark.parametrize(
    ("name", "key", "code"),
    [
        ("PX-0917 crane.mpp", "", "PX-0917"),
        ("plan_WB-AM-2031.xer", "", "WB-AM-2031"),
        ("crane v3.mpp", "", ""),
        ("2027 crane.mpp", "", ""),
        ("x.xer", "TEST-XER", "TEST-XER"),
        ("x.json", "5f2b-19", ""),
    ],
)
def test_a_code_comes_from_the_file_or_from_its_name(name: str, key: str, code: str) -> None:
    assert code_of(name, key) == code


def test_the_form_is_filled_from_the_file_and_the_plan_goes_into_the_project(
    office: UserClient, read: Callable[..., Job], reader: FakeReader
) -> None:
    manager = Person.objects.create(code="E-31", name_en="Wu Lan")
    reader.plan = replace(small_plan(), fields=(Field("MANAGER", "Manager", "text", "wu lan"),))
    job = read()
    assert Project.objects.count() == 0
    form = office.get(form_url(job)).context["form"]
    shown = {name: str(form[name].value()) for name in ("code", "name_en", "planned_start", "planned_finish", "pm")}
    assert shown == {
        "code": "PX-0917",
        "name_en": "Harbour crane renewal",
        "planned_start": "2027-03-01",
        "planned_finish": "2027-03-05",
        "pm": str(manager.pk),
    }
    response = office.post(form_url(job), {**FORM, "code": "PX-0917", "name_en": "Crane", "form_token": "once"})
    project = Project.objects.get()
    file = PlanFile.objects.get()
    assert response.url == reverse("plan-file", kwargs={"pk": project.pk, "file": file.pk})
    assert (file.project, file.filename, work(file).state) == (project, "PX-0917 crane.xml", "read")
    assert AuditEntry.objects.filter(model="projects.planfile", action="create", project_id=project.pk).exists()
    again = office.post(form_url(job), {**FORM, "code": "PX-0917", "name_en": "Crane", "form_token": "once"})
    assert again.url == response.url and PlanFile.objects.count() == 1
    commit = reverse("plan-file-commit", kwargs={"pk": project.pk, "file": file.pk})
    office.post(commit, {"take": "publish", "against": "0"})
    assert work(file).state == "committed"
    assert project.plans.get().number == 1
    assert response.url in office.get(reverse("plan-new")).content.decode()


def test_nothing_typed_is_lost_and_nothing_half_made_stays(office: UserClient, read: Callable[..., Job]) -> None:
    job = read()
    sent = {**FORM, "name_en": "Typed by hand", "planned_start": "2027-04-01", "planned_finish": "2027-03-01"}
    response = office.post(form_url(job), sent)
    assert response.status_code == 422 and response.context["form"]["name_en"].value() == "Typed by hand"
    default_storage.delete(job.params["name"])
    response = office.post(form_url(job), {**sent, "planned_finish": ""})
    assert response.status_code == 422 and "Upload it again" in response.content.decode()
    assert (Project.objects.count(), PlanFile.objects.count()) == (0, 0)


def test_a_taken_code_and_an_unknown_manager_are_told(
    office: UserClient, read: Callable[..., Job], reader: FakeReader
) -> None:
    Project.objects.create(code="PX-0917", name_en="Other")
    reader.plan = replace(small_plan(), fields=(Field("MANAGER", "Manager", "text", "Nobody Here"),))
    page = office.get(form_url(read()))
    html = page.content.decode()
    assert "PX-0917 belongs to another project already" in html and "Nobody Here" in html
    assert not page.context["form"]["code"].value() and not page.context["form"]["pm"].value()


def test_a_manager_is_found_as_everybody_else_of_the_file_is(
    office: UserClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By name, login, staff number or e-mail, behind the number of a site's list; only among people who are visible."""
    manager = Person.objects.create(code="E-31", name_zh="吴岚", name_en="Wu Lan", email="wu.lan@example.org")
    other = Person.objects.create(code="E-32", name_en="Li Na")
    Person.objects.create(code="E-33", name_en="Li Na")
    actor = actor_of(office.user)
    for name in ("吴岚", "WU LAN", "e-31", "Wu.Lan@example.org", "12;#Wu Lan"):
        found = proposed({"manager": name}, actor)
        assert (found.values.get("pm"), found.manager) == (manager.pk, ""), name
        assert People(actor).find(name) == manager.pk, name
    assert proposed({"manager": "Li Na"}, actor) == Proposed({}, manager="Li Na")
    monkeypatch.setattr(people, "visible_rows", lambda model, user: model.objects.filter(pk=other.pk))
    assert proposed({"manager": "Wu Lan"}, actor) == Proposed({}, manager="Wu Lan")
    assert proposed({"manager": "Li Na"}, actor).values == {"pm": other.pk}
    assert proposed({"manager": "Wu Lan"}, SYSTEM).values == {"pm": manager.pk}


def test_every_project_of_a_file_is_proposed(office: UserClient, read: Callable[..., Job], reader: FakeReader) -> None:
    reader.sources = [
        SourceProject("NORTH-1", "North", 4),
        SourceProject("SOUTH-1", "South", 4),
        SourceProject("EXT", "Elsewhere", 0, stub=True),
    ]
    job = read("both.xer")
    html = office.get(reverse("plan-new")).content.decode()
    assert form_url(job) in html and form_url(job, 1) in html and form_url(job, 2) not in html
    office.post(form_url(job, 1), {**FORM, "code": "SOUTH-1", "name_en": "South"})
    file = PlanFile.objects.get()
    assert (file.source_key, work(file).state, reader.read[-1][1]) == ("SOUTH-1", "read", "SOUTH-1")
    assert office.get(form_url(job, 2)).status_code == 404


def test_several_files_at_once_and_those_that_are_refused_or_not_read(office: UserClient, reader: FakeReader) -> None:
    reader.error = PlanFileError("damaged")
    response = office.post(reverse("plan-new"), {"files": [upload("a.mpp", b"1"), upload("b.exe", b"2")]})
    assert response.status_code == 422 and "b.exe" in response.content.decode()
    job = Job.objects.get()
    run_job_now(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert job.error in office.get(reverse("plan-new")).content.decode()
    assert office.get(form_url(job)).status_code == 404
    drop = reverse("plan-new-drop", kwargs={"uid": job.uid})
    assert default_storage.exists(job.params["name"])
    assert office.post(drop).status_code == 302
    assert not Job.objects.filter(pk=job.pk).exists() and AuditEntry.objects.filter(action="plan_file.forget").exists()


def test_the_file_that_was_uploaded_alone_leads_on_to_its_form(office: UserClient, read: Callable[..., Job]) -> None:
    job = read()
    response = office.get(reverse("plan-new"), {"file": str(job.uid)}, headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (204, form_url(job))
    assert office.get(reverse("plan-new"), headers={"HX-Request": "true"}).status_code == 200


def test_only_who_makes_projects_and_imports_plans_sees_the_way(office: UserClient, read: Callable[..., Job]) -> None:
    listed = reverse("register-list", kwargs={"key": "projects"})
    assert reverse("plan-new") in office.get(listed).content.decode()
    project = factories.project()
    user = factories.user()
    factories.member(project, user, Role.PROJECT_MANAGER)
    manager = client_of(user)
    assert reverse("plan-new") not in manager.get(listed).content.decode()
    assert manager.get(reverse("plan-new")).status_code == 403
    other = client_of(factories.user(Role.PMO_ANALYST))
    assert other.get(form_url(read())).status_code == 404


def test_the_list_takes_the_same_statements_for_many_files(
    office: UserClient, read: Callable[..., Job], django_assert_max_num_queries: Any
) -> None:
    first = read()
    values = {"kind": first.kind, "owner": office.user, "state": "done", "result": first.result}
    for number in range(20):
        Job.objects.create(**values, params={**first.params, "filename": f"{number}.mpp"})
    office.get(reverse("plan-new"))
    with django_assert_max_num_queries(12):
        html = office.get(reverse("plan-new")).content.decode()
    assert html.count("Harbour crane renewal") == 21


def test_where_imports_are_off_the_ways_in_are_gone_and_the_addresses_say_why(
    office: UserClient, read: Callable[..., Job]
) -> None:
    job, project = read(), factories.project()
    office.post(form_url(job), {**FORM, "code": "PX-0917", "name_en": "Crane"})
    file = work(PlanFile.objects.get())
    own = {"pk": file.project_id, "file": file.pk}
    switch_feature(actor=SYSTEM, key="plan_import", on=False)
    closed = [
        reverse("plan-new"),
        form_url(job),
        reverse("plan-import-many"),
        reverse("plan-import", kwargs={"pk": project.pk}),
    ]
    for url in closed:
        response = office.get(url)
        assert response.status_code == 403 and "Import of plan files" in response.content.decode(), url
    for name in ("plan-file-read", "plan-file-commit", "plan-file-choose"):
        assert office.post(reverse(name, kwargs=own), {"take": "publish", "source": ""}).status_code in {302, 403}
    file.refresh_from_db()
    assert file.state == "read"
    listed = office.get(reverse("register-list", kwargs={"key": "projects"})).content.decode()
    tab = reverse("register-tab", kwargs={"key": "projects", "pk": project.pk, "tab": "plan"})
    imports = office.get(reverse("import-list")).content.decode()
    for html in (listed, office.get(tab).content.decode(), imports):
        assert not any(f'href="{url}"' in html for url in closed)
    page = office.get(reverse("plan-file", kwargs=own)).content.decode()
    assert "switched off" in page and reverse("plan-file-commit", kwargs=own) not in page
    assert office.get(reverse("plan-files", kwargs={"pk": project.pk})).status_code == 200
    switch_feature(actor=SYSTEM, key="plan_import", on=True)
    assert office.get(reverse("plan-new")).status_code == 200
