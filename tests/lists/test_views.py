"""Saved views: what they keep, who has them, what they open with, and that sharing shows nobody more than their roles do."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.audit.models import AuditEntry
from pmo.core.people.models import OrgUnit, Person
from pmo.core.registers.saved_views.models import SavedView, ViewMark
from projects.models import Milestone, Project
from tests import factories
from tests.conftest import UserClient, client_of
from tests.registers.pages import api, shown, text, url

pytestmark = pytest.mark.django_db
QUERY = "is_key=true&sort=-baseline_date&group=owner&columns=name,owner&page_size=20&density=compact&numbered=false"


@pytest.fixture
def top(db: None) -> OrgUnit:
    return factories.unit(name_en="Energy")


@pytest.fixture
def rows(db: None) -> list[Milestone]:
    project = factories.project(name_en="Harbour")
    return [factories.milestone(project, name=f"Step {n}", is_key=n % 2 == 0) for n in range(6)]


def person_in(unit: OrgUnit | None, role: Role | None = None, **values: Any) -> UserClient:
    user = factories.user(role, **values)
    Person.objects.filter(user=user).update(unit=unit)
    return client_of(user)


@pytest.fixture
def analyst(top: OrgUnit) -> UserClient:
    return person_in(top, Role.PMO_ANALYST, username="analyst")


def save(
    client: UserClient, name: str = "Key ones", query: str = QUERY, key: str = "milestones", **more: Any
) -> SavedView:
    page = client.post(f"{url('view-new', key)}?{query}", {"name": name, "sharing": "private", **more}, follow=True)
    assert page.status_code == 200, text(page)[-800:]
    return SavedView.objects.latest("pk")


def titles(page: Any) -> list[str]:
    """The tabs, in order."""
    html = page.content.decode()
    nav = html[html.index('class="tabs views"') : html.index("Save as view")]
    return [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part)).strip()
        for part in re.findall(r"<a [^>]*>(.*?)</a>", nav, re.S)
    ]


def opened(client: UserClient, query: str, key: str = "milestones") -> Any:
    return client.get(f"{url('list', key)}{query}")


def test_a_view_keeps_the_whole_state_and_opens_as_it_was_saved(analyst: UserClient, rows: list[Milestone]) -> None:
    view = save(analyst)
    page = opened(analyst, f"?view={view.pk}")
    state = page.context["state"]
    assert set(shown(page)) == {row.pk for row in rows if row.is_key}
    assert [bound.name for bound in state.columns] == ["name", "owner"]
    assert [key.text for key in state.sorts] == ["-baseline_date"]
    assert (state.group.name, state.page_size, state.density, state.numbered) == ("owner", 20, "compact", False)
    html = page.content.decode()
    assert 'data-density="compact"' in html and "c-number" not in html
    assert not page.context["shelf"].changed
    assert "Key ones 3" in titles(page)
    assert [entry.action for entry in AuditEntry.objects.filter(model="core.savedview")] == ["create"]


def test_the_address_stays_the_truth_and_a_change_is_marked(analyst: UserClient, rows: list[Milestone]) -> None:
    view = save(analyst)
    page = opened(analyst, f"?view={view.pk}")
    without_filter = page.context["reset_url"]
    assert QueryDict(without_filter[1:])["from_view"] == str(view.pk)
    changed = opened(analyst, without_filter)
    assert len(shown(changed)) == 6
    assert changed.context["shelf"].changed and "Save changes" in text(changed)
    saved = analyst.post(f"{url('view-save', 'milestones', pk=view.pk)}?{changed.context['shelf'].query}", follow=True)
    assert len(shown(saved)) == 6 and not saved.context["shelf"].changed
    view.refresh_from_db()
    assert "is_key" not in view.query and view.version == 2
    narrower = opened(analyst, f"?view={view.pk}&name__icontains=step+1")
    assert shown(narrower) == [rows[1].pk] and narrower.context["shelf"].changed


def test_rename_share_favourite_default_and_delete_with_undo(analyst: UserClient, rows: list[Milestone]) -> None:
    first, second = save(analyst, "Alpha"), save(analyst, "Beta")
    assert titles(opened(analyst, "?view=none")) == ["All 6", "Alpha", "Beta"]
    analyst.post(url("view-mark", "milestones", pk=second.pk), {"favourite": "1"})
    assert titles(opened(analyst, "?view=none")) == ["All 6", "Favourite Beta", "Alpha"]
    analyst.post(url("view-mark", "milestones", pk=first.pk), {"is_default": "1"})
    assert opened(analyst, "").context["shelf"].current == first
    analyst.post(url("view-mark", "milestones", pk=second.pk), {"is_default": "1"})
    assert opened(analyst, "").context["shelf"].current == second
    assert ViewMark.objects.filter(is_default=True).count() == 1
    assert opened(analyst, "?view=none").context["shelf"].current is None
    analyst.post(url("view-edit", "milestones", pk=first.pk), {"name": " Alpha \n one ", "sharing": "private"})
    first.refresh_from_db()
    assert first.name == "Alpha one"
    page = analyst.post(url("view-delete", "milestones", pk=first.pk), follow=True)
    found = re.search(r'<form method="post" action="(/r/milestones/views/\d+/restore/)">', page.content.decode())
    assert found and "Alpha one" not in titles(page)
    assert "Alpha one" in " ".join(titles(analyst.post(found.group(1), follow=True)))


def test_who_has_a_view(top: OrgUnit, analyst: UserClient, rows: list[Milestone]) -> None:
    below = person_in(factories.unit(parent=top), username="below")
    beside = person_in(factories.unit(), username="beside")
    private, team = save(analyst, "Private one"), save(analyst, "Team one", sharing="team")
    public = save(analyst, "Public one", sharing="public")
    for client, seen in ((analyst, {private, team, public}), (below, {team, public}), (beside, {public})):
        page = opened(client, "?view=none")
        assert set(page.context["shelf"].views) == seen
        for view in (private, team, public):
            answer = opened(client, f"?view={view.pk}")
            assert (answer.status_code == 200) is (view in seen)
            assert client.get(f"{api('milestones')}?view={view.pk}").status_code == (200 if view in seen else 400)
            for name in ("view-edit", "view-mark"):
                code = client.post(url(name, "milestones", pk=view.pk), {"name": "", "sharing": "x"}).status_code
                assert (code != 404) is (view in seen), (name, view)
    for name, data in (("view-save", {}), ("view-delete", {})):
        assert below.post(url(name, "milestones", pk=team.pk), data).status_code == 403
        assert below.post(url(name, "milestones", pk=private.pk), data).status_code == 404
    assert (
        below.post(url("view-edit", "milestones", pk=team.pk), {"name": "Mine now", "sharing": "private"}).status_code
        == 302
    )
    team.refresh_from_db()
    assert (team.name, team.sharing, team.unit) == ("Team one", "team", top)


def test_only_the_pmo_publishes_and_only_an_administrator_sets_the_default_of_a_role(
    top: OrgUnit, analyst: UserClient, pmo_admin: UserClient, rows: list[Milestone]
) -> None:
    plain = person_in(top, username="plain")
    page = plain.post(f"{url('view-new', 'milestones')}?{QUERY}", {"name": "Mine", "sharing": "public"})
    assert page.status_code == 422 and not SavedView.objects.exists()
    view = save(analyst, "For everybody", sharing="public", role="project_manager")
    assert view.role == ""
    for_all = save(pmo_admin, "For managers", sharing="public", role="project_manager")
    project = Project.objects.get()
    manager = factories.user(username="manager")
    factories.member(project, manager, Role.PROJECT_MANAGER)
    assert opened(client_of(manager), "").context["shelf"].current == for_all
    assert opened(plain, "").context["shelf"].current is None
    second = save(pmo_admin, "Better", sharing="public", role="project_manager")
    for_all.refresh_from_db()
    assert (for_all.role, second.role) == ("", "project_manager")
    refused = pmo_admin.post(
        f"{url('view-new', 'milestones')}?{QUERY}", {"name": "X", "sharing": "private", "role": "sponsor"}
    )
    assert "The default of a role must be shown to everybody." in text(refused)
    client_of(manager).post(url("view-mark", "milestones", pk=view.pk), {"is_default": "1"})
    assert opened(client_of(manager), "").context["shelf"].current == view


def test_who_belongs_to_no_unit_has_no_team(rows: list[Milestone]) -> None:
    loner = person_in(None, username="loner")
    page = loner.post(f"{url('view-new', 'milestones')}?{QUERY}", {"name": "T", "sharing": "team"})
    assert page.status_code == 422 and "no team to share with" in text(page)


def test_a_shared_view_shows_nobody_more(top: OrgUnit, pmo_admin: UserClient) -> None:
    """A view that sorts and filters by money: who may not see the money is told so, and no row leaks by its order."""
    project = factories.project(visibility="private", name_en="Secret")
    open_one = factories.project(name_en="Open", code="P-OPEN")
    reader = person_in(top, username="reader")
    from pmo.core.registers.declaration import get_register

    money = next(c.field for c in get_register("projects").columns if c.permission and c.kind in {None, "money"})
    view = save(pmo_admin, "Rich", f"sort=-{money}&columns=code,{money}", key="projects", sharing="public")
    page = opened(reader, f"?view={view.pk}", "projects")
    assert page.status_code == 422 and "your roles do not let you see this column" in text(page)
    assert shown(page) == []
    assert opened(pmo_admin, f"?view={view.pk}", "projects").status_code == 200
    assert reader.get(f"{api('projects')}?view={view.pk}").status_code == 400
    assert reader.get(f"/r/projects/export.csv?view={view.pk}").status_code == 422
    plain = save(pmo_admin, "Columns", f"columns=code,{money}", key="projects", sharing="public")
    seen = opened(reader, f"?view={plain.pk}", "projects")
    assert shown(seen) == [open_one.pk] and "hidden" in text(seen)
    assert project.pk not in shown(seen)
    assert reader.get(f"{url('view-new', 'projects')}?sort={money}").status_code == 404


def test_api_and_export_take_a_view_and_the_export_prints_its_name(analyst: UserClient, rows: list[Milestone]) -> None:
    view = save(analyst)
    expected = {row.pk for row in rows if row.is_key}
    answer = analyst.get(f"{api('milestones')}?view={view.pk}&page_size=2").json()
    assert len(answer["results"]) == 2 and answer["next"]
    rest = analyst.get(answer["next"]).json()
    assert {item["id"] for item in [*answer["results"], *rest["results"]]} == expected
    sheet = analyst.get(f"/r/milestones/export.csv?view={view.pk}")
    lines = b"".join(sheet.streaming_content).decode("utf-8-sig")
    assert "View,Key ones" in lines and "Step 2" in lines and "Step 1" not in lines
    assert analyst.get(f"{api('milestones')}?view=abc").status_code == 400


def test_what_is_not_a_list_cannot_be_saved(analyst: UserClient, rows: list[Milestone]) -> None:
    assert analyst.get(f"{url('view-new', 'milestones')}?nonsense=1").status_code == 404
    assert (
        analyst.post(f"{url('view-new', 'milestones')}?{QUERY}", {"name": "", "sharing": "private"}).status_code == 422
    )
    assert opened(analyst, "?view=987654").status_code == 422
    assert opened(analyst, "?view=none&density=huge").status_code == 422


def test_views_cost_one_statement_however_many(analyst: UserClient, rows: list[Milestone]) -> None:
    def count() -> tuple[int, int]:
        opened(analyst, "?view=none")
        with CaptureQueriesContext(connection) as captured:
            opened(analyst, "?view=none")
        asked = [query["sql"] for query in captured if 'FROM "core_savedview"' in query["sql"]]
        return len(captured), len(asked)

    none = count()
    for number in range(9):
        save(analyst, f"View {number}", sharing="team" if number % 2 else "private")
    assert count() == none
    assert none[1] == 1
    assert len(titles(opened(analyst, "?view=none"))) == 1 + 6 + 1


def test_a_cell_saved_in_a_view_is_drawn_as_the_view_says(pmo_admin: UserClient, rows: list[Milestone]) -> None:
    view = save(pmo_admin)
    cell = url("cell", "milestones", pk=rows[0].pk, field="name")
    answer = pmo_admin.post(f"{cell}?view={view.pk}&n=1", {"name": "New", "version": 1}, headers={"HX-Request": "true"})
    assert re.findall(r'data-field="(\w+)"', answer.content.decode()) == ["name", "owner"]
    assert "c-number" not in answer.content.decode()


def test_marks_of_a_view_leave_audit_entries_and_only_where_they_change(
    analyst: UserClient, rows: list[Milestone]
) -> None:
    view = save(analyst)
    address = reverse("register-view-mark", kwargs={"key": "milestones", "pk": view.pk})
    entries = AuditEntry.objects.filter(model="core.savedview", action="update", actor=analyst.user)
    analyst.post(address, {"favourite": "1"})
    analyst.post(address, {"favourite": "1"})
    assert [entry.payload.changes for entry in entries.all()] == [{"favourite": [False, True]}]
    analyst.post(address, {"is_default": "1"})
    assert entries.latest("id").payload.changes == {"is_default": [False, True]}


@pytest.mark.usefixtures("english")
def test_a_name_tells_the_views_of_a_list_apart(top: OrgUnit, analyst: UserClient, rows: list[Milestone]) -> None:
    """Among one's own, among those of a unit, among those for everybody; elsewhere a name is free."""
    mine, other = save(analyst), save(analyst, "Other")
    new, told = f"{url('view-new', 'milestones')}?{QUERY}", "This list has a view called"
    again = analyst.post(new, {"name": " key  ONES ", "sharing": "private"})
    assert again.status_code == 422 and told in again.context["form"].errors["name"][0]
    edit = url("view-edit", "milestones", pk=other.pk)
    renamed = analyst.post(edit, {"name": "Key ones", "sharing": "private"})
    assert renamed.status_code == 422 and "name" in renamed.context["form"].errors
    assert analyst.post(edit, {"name": "OTHER", "sharing": "private"}).status_code == 302
    assert save(analyst, key="issues", query="sort=code").name == "Key ones"
    colleague, publisher = person_in(top), person_in(factories.unit(), Role.PMO_ADMIN)
    team = save(colleague, sharing="team")
    analyst.post(url("view-edit", "milestones", pk=mine.pk), {"name": "Key ones", "sharing": "team"})
    mine.refresh_from_db()
    assert (mine.sharing, team.sharing) == ("private", "team")
    assert save(person_in(factories.unit()), sharing="team").name == "Key ones"
    public = save(publisher, sharing="public")
    analyst.post(url("view-edit", "milestones", pk=mine.pk), {"name": "Key ones", "sharing": "public"})
    mine.refresh_from_db()
    assert (mine.sharing, public.sharing) == ("private", "public")
    assert SavedView.objects.filter(register="milestones", name__iexact="key ones").count() == 4


@pytest.mark.usefixtures("english")
def test_a_deleted_view_whose_name_is_taken_stays_deleted(analyst: UserClient, rows: list[Milestone]) -> None:
    first = save(analyst)
    analyst.post(url("view-delete", "milestones", pk=first.pk))
    second = save(analyst)
    back = url("view-restore", "milestones", pk=first.pk)
    assert "Not restored: This list has a view called “Key ones” already" in text(analyst.post(back, follow=True))
    assert [view.pk for view in SavedView.objects.all()] == [second.pk]
    analyst.post(url("view-edit", "milestones", pk=second.pk), {"name": "Second", "sharing": "private"})
    assert "View restored" in text(analyst.post(back, follow=True))
    assert SavedView.objects.count() == 2


def test_views_that_shared_a_name_before_are_still_saved(analyst: UserClient, rows: list[Milestone]) -> None:
    first, second = save(analyst), save(analyst, "Second")
    SavedView.objects.filter(pk=second.pk).update(name=first.name)
    analyst.post(f"{url('view-save', 'milestones', pk=second.pk)}?sort=code")
    second.refresh_from_db()
    assert "sort=code" in second.query
