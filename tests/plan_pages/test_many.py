"""Plan files of several projects at once."""

from __future__ import annotations

import pytest
from django.urls import reverse

from projects.models import Project
from projects.models.plan import PlanFile
from projects.queries.plans.targets import Candidate, matches
from tests.conftest import UserClient
from tests.plan_pages.build import FakeReader, upload

KNOWN = [
    Candidate(1, "p 0001", ("港口起重机改造", "harbour crane renewal")),
    Candidate(2, "p 00011", ("harbour crane",)),
    Candidate(3, "ab", ("质量平台",)),
]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("P-0001 plan.mpp", [1]),
        ("plan_p-00011.xer", [2]),
        ("Harbour Crane.xml", [2]),
        ("2027 harbour-crane renewal v3.mpp", [1]),
        ("质量平台_三月.mpp", [3]),
        ("about.mpp", []),
        ("p-0001 p-00011.mpp", [1, 2]),
    ],
)
def test_a_file_finds_its_project_by_code_then_by_its_longest_name(name: str, found: list[int]) -> None:
    assert matches(name, KNOWN) == found


def test_several_files_go_to_their_projects(manager: UserClient, project: Project, reader: FakeReader) -> None:
    url = reverse("plan-import-many")
    sent = [
        upload(f"{project.code}.mpp", b"one"),
        upload("unknown.mpp", b"two"),
        upload(f"{project.code} b.exe", b"MZ"),
    ]
    response = manager.post(url, {"files": sent})
    html = response.content.decode()
    assert response.status_code == 422
    assert "2 files were not taken." in html and "unknown.mpp" in html and f"{project.code} b.exe" in html
    file = PlanFile.objects.get()
    assert (file.project, file.filename) == (project, f"{project.code}.mpp")
    assert reverse("plan-file", kwargs={"pk": project.pk, "file": file.pk}) in manager.get(url).content.decode()


def test_a_code_names_the_project_of_all_files(manager: UserClient, project: Project, reader: FakeReader) -> None:
    sent = [upload("a.mpp", b"one"), upload("b.mpp", b"two")]
    response = manager.post(reverse("plan-import-many"), {"files": sent, "code": project.code})
    assert response.status_code == 302
    assert PlanFile.objects.filter(project=project).count() == 2


def test_a_project_into_which_one_may_not_import_is_not_found(
    member: UserClient, manager: UserClient, project: Project, reader: FakeReader
) -> None:
    assert member.get(reverse("plan-import-many")).status_code == 403
    other = Project.objects.create(code="P-9999", name_en="Other", visibility="organisation")
    response = manager.post(reverse("plan-import-many"), {"files": [upload(f"{other.code}.mpp")]})
    assert response.status_code == 422 and not PlanFile.objects.exists()


def test_the_page_of_imports_leads_here(manager: UserClient, member: UserClient) -> None:
    url = reverse("plan-import-many")
    assert url in manager.get(reverse("import-list")).content.decode()
    assert url not in member.get(reverse("import-list")).content.decode()
