"""The frame: folded groups, the list of all pages, breadcrumbs, and how many statements pages may take."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from pmo.core.access.roles import Role
from pmo.core.registers.declaration import all_registers
from pmo.core.web.nav import IN_SIGHT, NavGroup, NavLink
from portfolio.models import HealthSnapshot, PortfolioMember
from portfolio.services.health.models import ensure_default_model
from tests import factories
from tests.conftest import UserClient, client_of
from tests.walks import IN_EVERY_RUN

pytestmark = pytest.mark.django_db

LIST_MOST, PAGE_MOST = 12, 20
# Registers whose entry in the side bar leads to a page of another address.
ELSEWHERE = {"imports"}


def _links(number: int, current: int | None = None) -> list[NavLink]:
    return [NavLink(f"L{place}", f"/{place}/", current=place == current) for place in range(number)]


def test_long_groups_fold_and_open_where_the_page_is() -> None:
    group = NavGroup("x", "X", _links(IN_SIGHT + 3))
    assert (len(group.in_sight), len(group.more), group.is_here) == (IN_SIGHT, 3, False)
    assert NavGroup("x", "X", _links(IN_SIGHT + 3, IN_SIGHT + 1)).is_here
    assert not NavGroup("x", "X", _links(IN_SIGHT + 1)).more
    assert not NavGroup("home", "", _links(12)).more


def test_the_side_bar_remembers_what_is_open_and_shows_the_current_page(pmo_admin: UserClient) -> None:
    def opened(url: str) -> set[str]:
        page = pmo_admin.get(url).content.decode()
        return set(re.findall(r'data-open="(\w+)" open', page))

    folded = "/r/project-members/"
    assert opened("/my-work/") == set()
    assert opened(folded) == {"projects"}
    assert re.search(rf'href="{folded}"[^>]* aria-current="page"', pmo_admin.get(folded).content.decode())
    pmo_admin.cookies["bw_open"] = "administration.nonsense"
    assert opened("/my-work/") == {"administration"}


def test_the_directory_names_what_one_may_open_and_counts_nothing(pmo_admin: UserClient, outsider: UserClient) -> None:
    def listed(client: UserClient, query: str = "") -> set[str]:
        html = client.get(reverse("directory") + query).content.decode()
        return set(re.findall(r'href="(/r/[\w-]+/)"', html[html.index("<main") :]))

    everything = {
        reverse("register-list", kwargs={"key": r.key}) for r in all_registers() if r.group and r.key not in ELSEWHERE
    }
    assert everything <= listed(pmo_admin)
    assert "/r/role-grants/" not in listed(outsider)
    pmo_admin.cookies["bw_language"] = "en"
    assert listed(pmo_admin, "?q=milestones") >= {"/r/milestones/"}
    assert "/r/people/" not in listed(pmo_admin, "?q=milestones")
    with CaptureQueriesContext(connection) as captured:
        pmo_admin.get(reverse("directory"))
    assert len(captured) <= 6


def _crumbs(html: str) -> list[str]:
    found = re.search(r'<nav class="crumbs"[^>]*><ol>(.*?)</ol>', html, re.DOTALL)
    assert found
    return [
        unescape(re.sub(r"<[^>]+>", "", item)).strip()
        for item in re.findall(r"<li[^>]*>(.*?)</li>", found.group(1), re.DOTALL)
    ]


PAGES = ("my-work", "job-list", "notifications", "import-list", "import-new", "token-list", "health-model", "directory",
         "health-model-edit", "health-model-history", "favourites", "styleguide", "api-docs")  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", pytest.param("en", marks=pytest.mark.long)])
def test_every_page_says_where_it_is(pmo_admin: UserClient, language: str) -> None:
    ensure_default_model()
    pmo_admin.cookies["bw_language"] = language
    for name in PAGES:
        response = pmo_admin.get(reverse(name))
        assert all(_crumbs(response.content.decode())), name
        assert _crumbs(response.content.decode()), name
    for register in all_registers():
        crumbs = _crumbs(pmo_admin.get(reverse("register-list", kwargs={"key": register.key})).content.decode())
        with translation.override(language):
            assert crumbs[-1] == str(register.title), register.key
        in_a_group = register.group not in {"", "home"} and register.key not in ELSEWHERE
        assert len(crumbs) == (2 if in_a_group else 1), register.key


def test_a_tab_stands_behind_its_row_and_group(pmo_admin: UserClient) -> None:
    pmo_admin.cookies["bw_language"] = "en"
    row = factories.project(name_en="Harbour", name_zh="")
    page = pmo_admin.get(reverse("register-tab", kwargs={"key": "projects", "pk": row.pk, "tab": "history"}))
    assert _crumbs(page.content.decode()) == ["Projects", "Project registry", "Harbour", "History"]
    page = pmo_admin.get(reverse("register-detail", kwargs={"key": "projects", "pk": row.pk}))
    assert _crumbs(page.content.decode()) == ["Projects", "Project registry", "Harbour"]


def _people() -> dict[str, UserClient]:
    """A browser for each way of reaching projects."""
    people = {role: client_of(factories.user(role, username=role)) for role in (Role.PMO_ADMIN, Role.AUDITOR)}
    people["nobody"] = client_of(factories.user(username="nobody"))
    portfolio = factories.portfolio(owner=factories.user(username="owner").person)
    member = factories.user(username="member")
    PortfolioMember.objects.create(portfolio=portfolio, person=member.person, role=Role.EXECUTIVE)
    manager = factories.user(username="manager")
    people |= {"owner": client_of(portfolio.owner.user), "member": client_of(member), "manager": client_of(manager)}
    model = ensure_default_model()
    for number in range(3):
        _project(number, portfolio, manager.person, model)
    return people


def _project(number: int, portfolio: object, manager: object, model: object) -> None:
    project = factories.project(code=f"Q{number}", pm=manager, visibility="private")
    factories.portfolio_item(portfolio, project)
    factories.milestone(project)
    factories.issue(project)
    HealthSnapshot.objects.create(project=project, date="2026-11-16", model=model, band="red", overall=30.0)


def _count(client: UserClient, url: str) -> int | None:
    """Statements of the page, None where it is not for this person. The first call fills what the process keeps."""
    if client.get(url).status_code != 200:
        return None
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


def _all_counts(people: dict[str, UserClient], keys: set[str]) -> dict[tuple[str, str], int | None]:
    urls = {reverse("register-list", kwargs={"key": key}) for key in keys}
    urls |= {f"{reverse('register-list', kwargs={'key': 'projects'})}?group=unit", "/scorecard/", "/dashboard/"}
    return {(name, url): _count(client, url) for name, client in people.items() for url in sorted(urls)}


_OTHERS = {register.key for register in all_registers()} - IN_EVERY_RUN


@pytest.mark.parametrize(
    "keys", [pytest.param(IN_EVERY_RUN, id="one-of-each"), pytest.param(_OTHERS, id="others", marks=pytest.mark.long)]
)
def test_a_list_takes_twelve_statements_at_most_and_a_page_of_figures_twenty(keys: set[str]) -> None:
    factories.organisation()
    people = _people()
    portfolio = factories.portfolio()
    counts = _all_counts(people, {*keys, "milestones", "projects"})
    over = {
        what: number
        for what, number in counts.items()
        if number is not None and number > (PAGE_MOST if what[1] in {"/scorecard/", "/dashboard/"} else LIST_MOST)
    }
    assert over == {}
    for number in range(3, 30):
        _project(number, portfolio, None, HealthSnapshot.objects.first().model)  # type: ignore[union-attr]
    for name, url in (
        ("manager", "/r/milestones/"),
        ("member", "/scorecard/"),
        (Role.PMO_ADMIN, "/r/projects/?group=unit"),
    ):
        again = _count(people[name], url)
        assert again is not None and again <= (counts.get((name, url)) or 0), (name, url)
