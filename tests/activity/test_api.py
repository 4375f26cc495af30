"""Comments and tags through the API: the same people, the same rules, mentions told as on the page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from pmo.core.activity.models import Comment, Tagging
from pmo.core.audit.models import AuditEntry
from pmo.core.messages.models import Notification
from projects.models import Project
from tests import factories
from tests.conftest import UserClient, client_of
from tests.registers.pages import api

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db: None) -> UserClient:
    return client_of(factories.user(username="manager"))


@pytest.fixture
def project(manager: UserClient) -> Project:
    return factories.project(code="P-1", name_en="Crane", pm=manager.user.person, visibility="private")


def comments(project: Project, number: int | None = None) -> str:
    return f"{api('projects', project.pk)}comments/" + (f"{number}/" if number else "")


def send(client: Client, method: str, address: str, data: Any = None, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return getattr(client, method)(address, data, content_type="application/json", headers=named)


def fault(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    return body


def test_said_listed_changed_and_removed(manager: UserClient, project: Project) -> None:
    address = comments(project)
    made = send(manager, "post", address, {"text": "First words\r\nand more"})
    assert made.status_code == 201
    body = made.json()
    assert (body["text"], body["author"], body["mine"], body["untold"]) == (
        "First words\nand more",
        str(manager.user.person),
        True,
        [],
    )
    send(manager, "post", address, {"text": "Second"})
    listed = manager.get(address).json()
    assert [one["text"] for one in listed["results"]] == ["Second", "First words\nand more"]
    first = manager.get(address, {"page_size": 1}).json()
    assert (len(first["results"]), first["next"]) == (1, first["results"][0]["id"])
    rest = manager.get(address, {"before": first["next"]}).json()
    assert [one["id"] for one in rest["results"]] == [body["id"]] and rest["next"] is None
    one = comments(project, body["id"])
    assert fault(send(manager, "patch", one, {"text": "x"}), 428)
    assert fault(send(manager, "patch", one, {"text": "x"}, If_Match='"7"'), 412)
    changed = send(manager, "patch", one, {"text": "Better"}, If_Match=made["ETag"])
    assert (changed.json()["text"], changed["ETag"]) == ("Better", '"2"')
    assert changed.json()["edited_at"]
    assert manager.delete(one).status_code == 204
    assert manager.get(one).status_code == 404
    assert AuditEntry.objects.filter(model="core.comment", actor=manager.user).count() == 4


def test_mentions_are_told_and_who_cannot_see_it_is_named(manager: UserClient, project: Project) -> None:
    sponsor = factories.user(username="sponsor")
    Project.objects.filter(pk=project.pk).update(sponsor=sponsor.person)
    stranger = factories.user(username="stranger").person
    text = f"@Sponsor({sponsor.person.code}) and @Stranger({stranger.code}), please look."
    body = send(manager, "post", comments(project), {"text": text}).json()
    assert body["mentions"] == [sponsor.person.code, stranger.code]
    assert body["untold"] == [str(stranger)]
    told = Notification.objects.filter(event="mention").values_list("user_id", flat=True)
    assert list(told) == [sponsor.pk]


@pytest.mark.parametrize("body", [{}, {"text": 1}, {"text": " "}, {"text": "x" * 5001}, {"text": "a\x00"}, ["text"]])
def test_what_is_no_comment_is_refused_by_name(manager: UserClient, project: Project, body: Any) -> None:
    assert fault(send(manager, "post", comments(project), body), 400)["errors"][0]["field"] == "text"
    assert not Comment.objects.exists()


def test_who_sees_nothing_finds_nothing_and_who_reads_says_nothing(
    manager: UserClient, project: Project, outsider: UserClient, auditor: UserClient, pmo_admin: UserClient
) -> None:
    number = send(manager, "post", comments(project), {"text": "Words"}).json()["id"]
    assert Client().get(comments(project)).status_code == 401
    for address in (comments(project), comments(project, number), f"{api('projects', project.pk)}tags/"):
        fault(outsider.get(address), 404)
    assert auditor.get(comments(project)).json()["results"][0]["mine"] is False
    fault(send(auditor, "post", comments(project), {"text": "x"}), 403)
    fault(send(auditor, "put", f"{api('projects', project.pk)}tags/", {"tags": ["x"]}), 403)
    fault(send(pmo_admin, "patch", comments(project, number), {"text": "x"}, If_Match='"1"'), 403)
    other = factories.project(code="P-2", pm=manager.user.person)
    fault(manager.get(comments(other, number)), 404)
    fault(manager.get("/api/v1/nothing/1/comments/"), 404)
    assert pmo_admin.delete(comments(project, number)).status_code == 204


def test_the_same_key_says_it_once(manager: UserClient, project: Project) -> None:
    for _again in range(2):
        assert send(manager, "post", comments(project), {"text": "Once"}, Idempotency_Key="k").status_code == 201
    assert Comment.objects.count() == 1


def test_tags_are_read_and_set(manager: UserClient, project: Project) -> None:
    address = f"{api('projects', project.pk)}tags/"
    assert send(manager, "put", address, {"tags": ["出海", "Bridge, apple"]}).json() == {
        "tags": ["apple", "Bridge", "出海"]
    }
    assert manager.get(address).json()["tags"] == ["apple", "Bridge", "出海"]
    assert manager.get(api("projects", project.pk)).json()["tags"] == ["apple", "Bridge", "出海"]
    assert len(manager.get(api("projects"), {"tagged": "bridge"}).json()["results"]) == 1
    assert fault(send(manager, "put", address, {"tags": "x"}), 400)["errors"][0]["field"] == "tags"
    assert fault(send(manager, "put", address, {"tags": ["x" * 41]}), 400)["errors"][0]["field"] == "tags"
    assert send(manager, "put", address, {"tags": []}).json() == {"tags": []}
    assert not Tagging.objects.exists()
