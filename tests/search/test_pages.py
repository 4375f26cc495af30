"""The page of search, the suggestions, the palette, the keys, the API."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pmo.core.audit.actor import SYSTEM
from pmo.core.people.models import Person
from pmo.core.records.services import create_record
from pmo.core.search.services import learn
from projects.models import Issue, Project, ProjectMember
from tests import factories
from tests.conftest import UserClient

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


@pytest.fixture
def project() -> Project:
    factories.organisation()
    row = Project(code="PRJ-17", name_zh="港口起重机更换", name_en="Harbour crane", visibility="private")
    return create_record(actor=SYSTEM, row=row)


def issues(project: Project, number: int, title: str = "起重机故障") -> list[Issue]:
    return [create_record(actor=SYSTEM, row=Issue(project=project, title=f"{title} {n}")) for n in range(number)]


def text_of(response: object) -> str:
    html = response.content.decode()  # type: ignore[attr-defined]
    return " ".join(re.sub(r"<[^>]+>", "", html[html.index("<main") :] if "<main" in html else html).split())


def test_hits_stand_in_groups_with_counts_marks_and_the_project(pmo_admin: UserClient, project: Project) -> None:
    rows = issues(project, 7)
    response = pmo_admin.get(reverse("search"), {"q": "qizhongji"})
    html = response.content.decode()
    assert "8 rows contain" in text_of(response)
    assert 'id="hits-projects"' in html and 'id="hits-issues"' in html
    assert html.count("<mark>起重机</mark>") >= 6
    assert html.count("Issue, Harbour crane") == 5
    assert f'href="/r/issues/{rows[0].pk}/"' in html or f'href="/r/issues/{rows[-1].pk}/"' in html
    assert "kind=issues" in html


def test_one_kind_is_listed_page_by_page(pmo_admin: UserClient, project: Project) -> None:
    issues(project, 25)
    first = pmo_admin.get(reverse("search"), {"q": "起重机", "kind": "issues"})
    second = pmo_admin.get(reverse("search"), {"q": "起重机", "kind": "issues", "page": 2})
    links = [set(re.findall(r'href="(/r/issues/\d+/)"', page.content.decode())) for page in (first, second)]
    assert [len(found) for found in links] == [20, 5] and not links[0] & links[1]
    assert (
        "/r/projects/" not in re.findall(r'<ul class="card list hits">(.*?)</ul>', first.content.decode(), re.DOTALL)[0]
    )


def test_rows_one_may_not_see_are_neither_listed_nor_counted(outsider: UserClient, project: Project) -> None:
    issues(project, 2)
    assert "Nothing was found." in text_of(outsider.get(reverse("search"), {"q": "起重机"}))
    assert "起重机" not in outsider.get(reverse("search-suggest"), {"q": "qizhongji"}).content.decode()
    answer = outsider.get(reverse("api-search"), {"q": "起重机"}).json()
    assert answer == {"results": [], "counts": {}, "more": False, "meant": {}}


def test_an_empty_page_gives_hints_and_nothing_is_taken_for_markup(pmo_admin: UserClient, project: Project) -> None:
    assert "What are you looking for?" in text_of(pmo_admin.get(reverse("search")))
    response = pmo_admin.get(reverse("search"), {"q": "<script>alert(1)</script>"})
    assert "<script>alert" not in response.content.decode()
    assert "Nothing was found." in text_of(response)


def test_a_slip_is_forgiven_and_told(pmo_admin: UserClient, project: Project) -> None:
    learn(["harbour"])
    response = pmo_admin.get(reverse("search"), {"q": "Harbuor"})
    assert "Did you mean: harbour" in text_of(response)
    assert "q=harbour" in response.content.decode()


def test_the_page_is_chinese_for_chinese_readers(pmo_admin: UserClient, project: Project) -> None:
    pmo_admin.cookies["bw_language"] = "zh-hans"
    assert "港口" in text_of(pmo_admin.get(reverse("search"), {"q": "crane"}))


def test_suggestions_are_at_most_eight_and_the_way_to_the_rest(pmo_admin: UserClient, project: Project) -> None:
    issues(project, 12)
    html = pmo_admin.get(reverse("search-suggest"), {"q": "起重机"}).content.decode()
    assert html.count('role="option"') == 9 and "/search/?q=%E8%B5%B7" in html
    assert pmo_admin.get(reverse("search-suggest"), {"q": ""}).content.decode().strip() == ""


def test_the_palette_goes_creates_and_finds(pmo_admin: UserClient, project: Project) -> None:
    row = issues(project, 1)[0]
    url = reverse("search-palette")
    assert pmo_admin.get(url).status_code == 302
    first = pmo_admin.get(
        url, {"recent": f"issues/{row.pk},projects/{project.pk},issues/999999,nonsense/1"}, headers=PART
    )
    html = first.content.decode()
    assert "Looked at last" in html and f"/r/issues/{row.pk}/" in html and f"/r/projects/{project.pk}/" in html
    assert html.index(f"/r/issues/{row.pk}/") < html.index(f"/r/projects/{project.pk}/")
    assert "/r/risks/new/" in html and 'id="palette"' in html
    found = pmo_admin.get(url, {"q": "new risk", "list": 1}, headers=PART).content.decode()
    assert "/r/risks/new/" in found and 'id="palette"' not in found
    assert 'href="/r/milestones/"' in pmo_admin.get(url, {"q": "milest", "list": 1}, headers=PART).content.decode()
    assert 'href="/r/milestones/"' in pmo_admin.get(url, {"q": "lichengbei", "list": 1}, headers=PART).content.decode()


def test_the_palette_leads_to_the_form_that_the_register_names(pmo_admin: UserClient, project: Project) -> None:
    found = pmo_admin.get(reverse("search-palette"), {"q": "new status report", "list": 1}, headers=PART)
    assert f'href="{reverse("report-new")}"' in found.content.decode()
    assert "/r/status-reports/new/" not in found.content.decode()


@pytest.mark.parametrize(
    "query", ["新建风险", "新增风险", "新建 风险", "xinjianfengxian", "xinjian fengxian", "add risk"]
)
def test_what_is_to_be_made_is_said_in_either_language(pmo_admin: UserClient, project: Project, query: str) -> None:
    pmo_admin.cookies["bw_language"] = "zh-hans"
    found = pmo_admin.get(reverse("search-palette"), {"q": query, "list": 1}, headers=PART).content.decode()
    assert 'href="/r/risks/new/"' in found


def test_rows_that_only_join_others_do_not_fill_the_list(pmo_admin: UserClient, project: Project) -> None:
    for _number in range(4):
        person = create_record(actor=SYSTEM, row=Person(code=f"P{factories.number()}", name_zh="周启明"))
        create_record(actor=SYSTEM, row=ProjectMember(project=project, person=person, role="coordinator"))
    html = pmo_admin.get(reverse("search-suggest"), {"q": "周启明"}).content.decode()
    assert html.count('role="option"') == 4 + 2 + 1


def test_the_palette_offers_nothing_one_may_not_do_or_see(outsider: UserClient, project: Project) -> None:
    html = outsider.get(reverse("search-palette"), {"recent": f"projects/{project.pk}"}, headers=PART).content.decode()
    assert "港口" not in html and "Harbour" not in html and "/r/projects/new/" not in html
    assert (
        "/r/role-grants/"
        not in outsider.get(reverse("search-palette"), {"q": "role", "list": 1}, headers=PART).content.decode()
    )


def test_letters_lead_where_the_help_says(pmo_admin: UserClient, outsider: UserClient) -> None:
    page = pmo_admin.get(reverse("keyboard")).content.decode()
    for letter, url in (
        ("p", "/r/projects/"),
        ("k", "/r/risks/"),
        ("r", "/r/status-reports/"),
        ("h", "/"),
        ("s", "/scorecard/"),
    ):
        assert f"<kbd>{letter}</kbd>" in page
        assert pmo_admin.get(reverse("go", kwargs={"letter": letter})).headers["Location"] == url
    assert pmo_admin.get(reverse("go", kwargs={"letter": "z"})).headers["Location"] == reverse("keyboard")
    assert 'id="keys-help"' in pmo_admin.get(reverse("keyboard"), headers=PART).content.decode()


def test_the_keys_can_be_switched_off_and_on_again(pmo_admin: UserClient) -> None:
    assert 'data-keys="on"' in pmo_admin.get(reverse("keyboard")).content.decode()
    response = pmo_admin.post(reverse("display_preferences"), {"keys": "off", "next": reverse("keyboard")})
    assert response.headers["Location"] == reverse("keyboard")
    page = pmo_admin.get(reverse("keyboard")).content.decode()
    assert 'data-keys="off"' in page and "Turn shortcuts on" in page and "Ctrl K" not in page
    pmo_admin.post(reverse("display_preferences"), {"keys": "sometimes"})
    assert 'data-keys="off"' in pmo_admin.get(reverse("keyboard")).content.decode()
    pmo_admin.post(reverse("display_preferences"), {"keys": "on"})
    assert 'data-keys="on"' in pmo_admin.get(reverse("keyboard")).content.decode()


def test_the_api_finds_counts_and_names_wrong_parameters(pmo_admin: UserClient, project: Project) -> None:
    issues(project, 3)
    url = reverse("api-search")
    answer = pmo_admin.get(url, {"q": "起重机", "limit": 2, "register": "issues"}).json()
    assert [hit["register"] for hit in answer["results"]] == ["issues", "issues"]
    assert answer["counts"] == {"issues": 3, "projects": 1} and answer["more"] is False
    hit = pmo_admin.get(url, {"q": "PRJ-17"}).json()["results"][0]
    assert (hit["code"], hit["id"], hit["url"]) == ("PRJ-17", project.pk, f"/r/projects/{project.pk}/")
    for parameters, field in (
        ({"limit": "0"}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"register": "nonsense"}, "register"),
    ):
        refused = pmo_admin.get(url, {"q": "a", **parameters})
        assert refused.status_code == 400 and refused.headers["Content-Type"] == "application/problem+json"
        assert refused.json()["errors"][0]["field"] == field
    assert Client().get(url, {"q": "a"}).status_code == 401
    assert pmo_admin.post(url).status_code == 405


def test_the_api_describes_it(pmo_admin: UserClient) -> None:
    schema = pmo_admin.get(reverse("api-schema")).content.decode()
    assert "/api/v1/search/" in schema and "SearchHit" in schema


def test_the_page_takes_a_constant_number_of_statements(pmo_admin: UserClient, project: Project) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            pmo_admin.get(reverse("search"), {"q": "起重机"})
        return len(captured)

    issues(project, 3)
    few = statements()
    issues(project, 30)
    assert statements() <= few <= 16
