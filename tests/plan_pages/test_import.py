"""From the upload to the version: every state of a plan file has its page, and every way back is open."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.models import AuditEntry
from pmo.core.jobs.api import Job
from projects.calc.plan.document import SourceProject
from projects.models import Milestone, Project, ProjectMember
from projects.models.plan import PlanFile, PlanTask, PlanVersion
from projects.plan_files.errors import PlanFileError
from projects.queries.plans import stored
from projects.services.plans import shelf
from projects.services.plans.files import endings
from projects.services.plans.versions import discard_draft
from tests.conftest import UserClient
from tests.plan_pages.build import FakeReader, changed_plan, small_plan, upload
from tests.plan_pages.conftest import work

Address = Callable[..., str]


def page(client: UserClient, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, response.content[-2000:]
    return str(response.content.decode())


def commit(client: UserClient, address: Address, file: PlanFile, **values: object) -> PlanFile:
    response = client.post(address("plan-file-commit", file), {"take": "publish", "reason": "Month end", **values})
    assert response.status_code == 302
    return work(file)


def test_an_upload_is_kept_and_read_in_a_job(manager: UserClient, address: Address, reader: FakeReader) -> None:
    response = manager.post(address("plan-import"), {"file": upload("crane.xml", b"<Project>1</Project>")})
    file = PlanFile.objects.get()
    assert response.url == address("plan-file", file)
    assert (file.state, file.owner, file.size) == ("reading", manager.user, 20)
    assert default_storage.open(file.stored).read() == b"<Project>1</Project>"
    assert "Read a plan file" in page(manager, address("plan-file", file))
    assert work(file).state == "read"
    assert file.report["counts"] == small_plan().counts()
    assert AuditEntry.objects.filter(model="projects.planfile", action="create", object_id=file.pk).exists()


def test_the_waiting_page_goes_on_when_the_job_has_ended(
    manager: UserClient, address: Address, uploaded: PlanFile
) -> None:
    response = manager.get(address("plan-file", uploaded), headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (204, address("plan-file", uploaded))


def test_the_report_names_what_was_read_kept_and_lost(
    manager: UserClient, address: Address, uploaded: PlanFile
) -> None:
    html = page(manager, address("plan-file", uploaded))
    for text in (
        "4 tasks were read.",
        "Links with lag or lead",
        "Cost centre (task)",
        "Baseline 0",
        "Secret example 7200",
    ):
        assert text in html, text
    assert not PlanVersion.objects.exists()
    outline = page(manager, address("plan-file", uploaded) + "?show=outline")
    assert "Accepted" in outline and "40%" in outline


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("tasks", "Design"),
        ("FS", "1.2 Build"),
        ("exceptions", "Holiday"),
        ("task_costs", "7,200"),
        ("rates", "120"),
        ("field:task:Cost centre", "CC-17"),
        ("baseline:0", "2 Mar"),
        ("assignments", "Wu Lan"),
    ],
)
def test_every_line_of_the_report_leads_to_its_rows(
    manager: UserClient, address: Address, uploaded: PlanFile, line: str, seen: str
) -> None:
    response = manager.get(address("plan-file-rows", uploaded), {"line": line})
    assert seen in response.content.decode()


def test_without_a_plan_there_is_nothing_to_compare_with(
    manager: UserClient, address: Address, uploaded: PlanFile
) -> None:
    html = page(manager, address("plan-file", uploaded) + "?show=changes")
    assert "What was read" in html and "Changes to the current plan" not in html


def test_a_line_that_the_report_does_not_have(manager: UserClient, address: Address, uploaded: PlanFile) -> None:
    page(manager, address("plan-file-rows", uploaded) + "?line=nothing", 404)


def test_amounts_are_hidden_from_who_may_not_see_money(
    coordinator: UserClient, address: Address, uploaded: PlanFile
) -> None:
    html = page(coordinator, address("plan-file", uploaded))
    assert "test_lost" in html or "Costs" in html
    assert "Secret example" not in html
    rows = page(coordinator, address("plan-file-rows", uploaded) + "?line=task_costs")
    assert "Design" in rows and "7,200" not in rows
    assert coordinator.get(address("plan-file-download", uploaded)).status_code == 403


def test_the_commit_makes_a_published_version(manager: UserClient, address: Address, uploaded: PlanFile) -> None:
    assert commit(manager, address, uploaded).state == "committed"
    version = stored.published(uploaded.project)
    assert version is not None and version.source == uploaded
    assert PlanTask.objects.filter(plan=version).count() == 4
    html = page(manager, address("plan-file", uploaded))
    assert "This file is version 1 of the plan." in html and "Import this plan" not in html
    assert AuditEntry.objects.filter(action="plan_file.commit", object_id=uploaded.pk).count() == 1


def test_the_commit_does_not_read_the_file_again(
    manager: UserClient, address: Address, uploaded: PlanFile, reader: FakeReader
) -> None:
    commit(manager, address, uploaded)
    assert reader.read == [("crane.xml", None)]


def test_as_a_draft(manager: UserClient, address: Address, uploaded: PlanFile) -> None:
    commit(manager, address, uploaded, take="draft")
    assert stored.published(uploaded.project) is None
    assert stored.draft(uploaded.project) is not None


def test_a_draft_is_not_for_everybody(
    manager: UserClient, member: UserClient, address: Address, uploaded: PlanFile
) -> None:
    commit(manager, address, uploaded, take="draft")
    assert "crane.xml" not in page(member, address("plan-files"))
    for name in ("plan-file", "plan-file-rows", "plan-file-download"):
        page(member, address(name, uploaded), 403)
    open_draft = stored.draft(uploaded.project)
    assert open_draft is not None
    discard_draft(actor=SYSTEM, draft=open_draft)
    assert "crane.xml" not in page(member, address("plan-files")), "it was never published"
    page(member, address("plan-file", uploaded), 403)


def test_an_import_is_refused_where_the_right_has_gone_since(
    manager: UserClient, address: Address, uploaded: PlanFile
) -> None:
    manager.post(address("plan-file-commit", uploaded), {"take": "publish"})
    ProjectMember.objects.filter(project=uploaded.project, person=manager.user.person).delete()
    assert work(uploaded).state != "committed"
    assert not PlanVersion.objects.exists()


def test_a_second_click_does_not_import_twice(manager: UserClient, address: Address, uploaded: PlanFile) -> None:
    for _click in range(2):
        manager.post(address("plan-file-commit", uploaded), {"take": "publish"})
    assert Job.objects.filter(kind="projects.commit_plan").count() == 1
    work(uploaded)
    assert PlanVersion.objects.count() == 1


def test_without_a_choice_nothing_is_imported(manager: UserClient, address: Address, uploaded: PlanFile) -> None:
    response = manager.post(address("plan-file-commit", uploaded), {"take": "both"})
    assert response.status_code == 422
    uploaded.refresh_from_db()
    assert uploaded.state == "read"


def test_the_file_is_downloaded_as_it_was_and_never_shown(
    manager: UserClient, address: Address, uploaded: PlanFile
) -> None:
    response = manager.get(address("plan-file-download", uploaded))
    assert b"".join(response.streaming_content) == b"<Project/>"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert AuditEntry.objects.filter(action="plan_file.download").count() == 1


# -- several projects ------------------------------------------------------------------------------


@pytest.fixture
def several(reader: FakeReader) -> FakeReader:
    """A file of two projects and one that it only refers to."""
    reader.sources = [
        SourceProject("P1", "Crane north", 40),
        SourceProject("P2", "Crane south", 60),
        SourceProject("P9", "Elsewhere", 0, stub=True),
    ]
    return reader


def test_a_file_with_several_projects_asks_which(
    manager: UserClient, address: Address, several: FakeReader, uploaded: PlanFile
) -> None:
    assert (uploaded.state, several.read) == ("choosing", [])
    html = page(manager, address("plan-file", uploaded))
    assert "Crane south" in html and "Only referred to" in html
    manager.post(address("plan-file-choose", uploaded), {"source": "P2"})
    assert (work(uploaded).state, several.read) == ("read", [("crane.xml", "P2")])


@pytest.mark.parametrize("key", ["P9", "P3", ""])
def test_only_a_project_of_the_file_can_be_chosen(
    manager: UserClient, address: Address, several: FakeReader, uploaded: PlanFile, key: str
) -> None:
    manager.post(address("plan-file-choose", uploaded), {"source": key})
    uploaded.refresh_from_db()
    assert uploaded.state == "choosing"


def test_one_real_project_among_references_is_read_unasked(
    manager: UserClient, address: Address, reader: FakeReader
) -> None:
    reader.sources = [SourceProject("P9", "Elsewhere", 0, stub=True), SourceProject("P1", "Crane", 4)]
    manager.post(address("plan-import"), {"file": upload()})
    assert (work(PlanFile.objects.get()).state, reader.read) == ("read", [("crane.xml", "P1")])


# -- a plan that is there already ------------------------------------------------------------------


@pytest.fixture
def again(manager: UserClient, address: Address, uploaded: PlanFile, reader: FakeReader) -> PlanFile:
    """The next month's file, read; somebody left a remark on two tasks meanwhile."""
    commit(manager, address, uploaded)
    PlanTask.objects.filter(name__in=["Design", "Build"]).update(remark="Ask the harbour master")
    reader.plan = changed_plan()
    manager.post(address("plan-import"), {"file": upload("crane-april.xml", b"<Project>2</Project>")})
    return work(PlanFile.objects.latest("pk"))


def test_the_next_file_shows_what_it_changes(manager: UserClient, address: Address, again: PlanFile) -> None:
    url = address("plan-file", again) + "?show=changes"
    html = page(manager, url)
    for text in ("Tests", "Build", "4 d", "1 d", "9,900", "1 task keeps", "1 task with something"):
        assert text in html, text
    only = page(manager, url + "&area=tasks&kind=added")
    assert "Tests" in only and "Design" not in only.split('id="changes-title"')[1]
    assert "No change fits" in page(manager, url + "&q=nowhere")


def test_the_changes_hide_amounts_too(coordinator: UserClient, address: Address, again: PlanFile) -> None:
    html = page(coordinator, address("plan-file", again) + "?show=changes")
    assert "Design" in html and "9,900" not in html and "7,200" not in html


def test_a_plan_published_by_somebody_else_meanwhile_is_not_overwritten_unseen(
    manager: UserClient, address: Address, uploaded: PlanFile, again: PlanFile
) -> None:
    commit(manager, address, again, against=0)
    assert again.state in {"committing", "read"}
    assert PlanVersion.objects.count() == 1
    page(manager, address("plan-file", again))
    again.refresh_from_db()
    assert again.state == "read"
    assert commit(manager, address, again, against=1).state == "committed"


def test_a_fresh_import_can_be_undone(
    manager: UserClient, address: Address, again: PlanFile, reader: FakeReader
) -> None:
    file = commit(manager, address, again)
    assert "Undo this import" in page(manager, address("plan-file", file))
    assert Milestone.objects.filter(name="Handover").exists()
    manager.post(address("plan-file-revert", file))
    published = stored.published(file.project)
    assert published is not None and published.number == 1
    file.refresh_from_db()
    assert file.state == "read"
    assert [row.name for row in Milestone.objects.filter(project=file.project)] == ["Accepted"]
    assert commit(manager, address, file).state == "committed"


def test_after_ten_minutes_an_import_stays(manager: UserClient, address: Address, again: PlanFile) -> None:
    file = commit(manager, address, again)
    PlanVersion.objects.filter(number=2).update(published_at=timezone.now() - datetime.timedelta(minutes=11))
    assert "Undo this import" not in page(manager, address("plan-file", file))
    manager.post(address("plan-file-revert", file))
    published = stored.published(file.project)
    assert published is not None and published.number == 2


def test_the_first_import_has_nothing_to_go_back_to(manager: UserClient, address: Address, uploaded: PlanFile) -> None:
    file = commit(manager, address, uploaded)
    manager.post(address("plan-file-revert", file))
    assert stored.published(file.project) is not None


# -- what cannot be read ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("plan.exe", b"MZ", "no plan file"), ("plan.mpp", b"", "is empty"), ("plan.mpp", b"x" * 2048, "MB are taken")],
)
def test_what_need_not_be_read_is_refused_at_once(
    manager: UserClient, address: Address, settings: object, name: str, content: bytes, said: str
) -> None:
    settings.IMPORT_MAX_UPLOAD_BYTES = 1024  # type: ignore[attr-defined]
    response = manager.post(address("plan-import"), {"file": upload(name, content)})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not PlanFile.objects.exists() and not Job.objects.exists()


def test_every_format_that_is_read_may_be_uploaded() -> None:
    assert set(endings()) >= {"mpp", "xml", "xer", "pmxml", "mpx", "gan", "json", "zip", "xlsx", "csv"}


def test_no_file_at_all(manager: UserClient, address: Address) -> None:
    response = manager.post(address("plan-import"), {})
    assert response.status_code == 422 and "Choose a plan file first." in response.content.decode()


def test_a_file_that_cannot_be_read_says_why_and_nothing_is_lost(
    manager: UserClient, address: Address, reader: FakeReader
) -> None:
    reader.error = PlanFileError("protected")
    manager.post(address("plan-import"), {"file": upload("locked.mpp")})
    file = work(PlanFile.objects.get())
    assert (file.state, file.error["code"]) == ("failed", "protected")
    assert "protected with a password" in page(manager, address("plan-file", file))
    manager.cookies["bw_language"] = "zh-hans"
    page(manager, address("plan-file", file))
    reader.error = None
    manager.post(address("plan-file-read", file))
    assert work(file).state == "read"


def test_a_stopped_reading_leaves_the_file(manager: UserClient, address: Address, reader: FakeReader) -> None:
    manager.post(address("plan-import"), {"file": upload()})
    file = PlanFile.objects.get()
    manager.post(reverse("job-cancel", kwargs={"uid": Job.objects.get().uid}))
    assert "Reading was stopped" in page(manager, address("plan-file", file))
    file.refresh_from_db()
    assert file.state == "uploaded"


def test_a_file_whose_worker_was_given_up_can_be_read_again(
    manager: UserClient, address: Address, reader: FakeReader
) -> None:
    manager.post(address("plan-import"), {"file": upload()})
    file = PlanFile.objects.get()
    Job.objects.update(state="dead")
    assert "was interrupted" in page(manager, address("plan-file", file))


def test_the_job_runs_again_safely_after_its_worker_was_lost(
    manager: UserClient, address: Address, uploaded: PlanFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    from projects.services.plans import working

    manager.post(address("plan-file-commit", uploaded), {"take": "publish"})
    write = working.storing.commit_plan

    def lost(**values: object) -> None:
        write(**values)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(working.storing, "commit_plan", lost)
    with pytest.raises(KeyboardInterrupt):
        work(uploaded)
    assert not PlanVersion.objects.exists() and not PlanTask.objects.exists()
    monkeypatch.setattr(working.storing, "commit_plan", write)
    assert work(uploaded).state == "committed"
    Job.objects.filter(pk=uploaded.job_id).update(state="queued")
    assert work(uploaded).state == "committed"
    assert PlanVersion.objects.count() == 1


# -- dropping and listing --------------------------------------------------------------------------


def test_a_dropped_file_is_gone_with_what_was_read(
    manager: UserClient, address: Address, uploaded: PlanFile, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        assert manager.post(address("plan-file-drop", uploaded)).status_code == 302
    assert not PlanFile.objects.exists()
    assert not default_storage.exists(uploaded.stored)
    assert not default_storage.exists(shelf.read_name(uploaded))
    page(manager, address("plan-file", uploaded), 404)


def test_an_imported_file_stays(manager: UserClient, address: Address, uploaded: PlanFile) -> None:
    commit(manager, address, uploaded)
    manager.post(address("plan-file-drop", uploaded))
    assert PlanFile.objects.filter(pk=uploaded.pk).exists() and default_storage.exists(uploaded.stored)


def test_the_list_of_files_and_versions(
    manager: UserClient, member: UserClient, address: Address, uploaded: PlanFile, project: Project
) -> None:
    assert "crane.xml" in page(manager, address("plan-files"))
    assert "crane.xml" not in page(member, address("plan-files"))
    commit(manager, address, uploaded)
    html = page(member, address("plan-files"))
    assert "crane.xml" in html and "Plan versions" in html and "Month end" in html
    assert address("plan-file-download", uploaded) not in html


def test_an_empty_list_offers_the_one_thing_to_do(manager: UserClient, address: Address) -> None:
    assert "No plan file yet" in page(manager, address("plan-files"))


def test_a_file_of_another_project_is_not_found(manager: UserClient, address: Address, uploaded: PlanFile) -> None:
    from tests import factories

    other = factories.project(visibility="organisation")
    url = reverse("plan-file", kwargs={"pk": other.pk, "file": uploaded.pk})
    assert manager.get(url).status_code in {403, 404}


def test_the_same_content_lies_in_the_storage_once(manager: UserClient, address: Address, uploaded: PlanFile) -> None:
    manager.post(address("plan-import"), {"file": upload("copy.xml")})
    copy = PlanFile.objects.latest("pk")
    assert copy.stored == uploaded.stored
    work(copy)
    manager.post(address("plan-file-drop", copy))
    assert default_storage.exists(uploaded.stored)


def test_titles_from_files_are_text_never_markup(manager: UserClient, address: Address, reader: FakeReader) -> None:
    reader.plan = replace(small_plan(), title="<script>alert(1)</script>")
    manager.post(address("plan-import"), {"file": upload("<b>.xml")})
    html = page(manager, address("plan-file", work(PlanFile.objects.get())))
    assert "<script>alert" not in html
