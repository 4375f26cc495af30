"""A new installation without anything in it, and a project without anything on it, open on every page."""

from __future__ import annotations

from typing import Any

import pytest

from pmo.core.access.roles import Role
from pmo.core.registers.declaration import all_registers
from projects.models import Project
from tests import factories
from tests.conftest import UserClient, client_of

PAGES = [
    "/",
    "/my-work/",
    "/scorecard/",
    "/dashboard/",
    "/health/model/",
    "/health/model/edit/",
    "/health/model/history/",
    "/jobs/",
    "/notifications",
    "/imports/",
    "/imports/new/",
    "/account/tokens",
    "/styleguide",
    "/api/v1/docs/",
]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["zh-hans", pytest.param("en", marks=pytest.mark.long)])
def test_every_page_opens_when_nothing_is_there(pmo_admin: UserClient, language: str) -> None:
    pmo_admin.cookies["bw_language"] = language
    addresses = [f"/r/{declared.key}/" for declared in all_registers()]
    addresses += [
        f"/r/{declared.key}/new/" for declared in all_registers() if declared.creatable and not declared.read_only
    ]
    for address in [*PAGES, *addresses]:
        assert pmo_admin.get(address).status_code in {200, 302, 403}, address


def test_a_bare_project_opens_on_every_tab(pmo_admin: UserClient) -> None:
    factories.organisation()
    bare = Project.objects.create(code="BARE", name_en="Bare", currency="", country="")
    for tab in (
        "overview",
        "details",
        "health",
        "schedule",
        "cost",
        "issues",
        "decisions",
        "people",
        "reports",
        "history",
    ):
        answer: Any = pmo_admin.get(f"/r/projects/{bare.pk}/tab/{tab}/")
        assert answer.status_code in {200, 404}, tab
    assert pmo_admin.get(f"/r/projects/{bare.pk}/").status_code == 200
    assert pmo_admin.get(f"/reports/new/?project={bare.pk}").status_code == 200


def test_a_deactivated_user_is_out_at_once(db: None) -> None:
    factories.organisation()
    user = factories.user(Role.PMO_ADMIN)
    client = client_of(user)
    assert client.get("/r/projects/").status_code == 200
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/r/projects/").status_code == 302
    assert client.get("/api/v1/projects/").status_code == 401


def test_a_move_into_a_project_one_may_not_write_is_refused(client_for: Any) -> None:
    factories.organisation()
    manager = client_for()
    mine, foreign, hidden = (
        factories.project(pm=manager.user.person),
        factories.project(),
        factories.project(visibility="private"),
    )
    row = factories.milestone(mine)
    for target in (foreign, hidden):
        data = {"project": target.pk, "code": row.code, "name": "Moved", "version": 1}
        assert manager.post(f"/r/milestones/{row.pk}/edit/", data).status_code == 422
        assert manager.post("/r/milestones/new/", data).status_code == 422
        answer = manager.patch(
            f"/api/v1/milestones/{row.pk}/",
            {"project": target.pk},
            content_type="application/json",
            headers={"If-Match": '"1"'},
        )
        assert answer.status_code in {400, 403}
    row.refresh_from_db()
    assert row.project_id == mine.pk
