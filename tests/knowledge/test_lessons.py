"""Lessons: who writes, who publishes, what similar projects see and take up."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from knowledge.models import Lesson, LessonUse
from knowledge.queries.projects import similar_lessons
from knowledge.services import lessons as services
from pmo.core.access.decisions import Refused
from pmo.core.access.roles import Role
from pmo.core.audit.actor import actor_of
from tests import factories
from tests.conftest import UserClient, client_of
from tests.knowledge.build import article, lesson

pytestmark = pytest.mark.django_db


def manager() -> tuple[UserClient, object]:
    user = factories.user()
    return client_of(user), factories.project(pm=user.person, visibility="private", type="it")


def new(project: object, **values: object) -> Lesson:
    return Lesson(project=project, title="New", situation="So", recommendation="Do", **values)


def test_a_manager_writes_lessons_of_his_project_only() -> None:
    client, project = manager()
    other = factories.project()
    made = services.create_lesson(actor=actor_of(client.user), row=new(project))
    assert made.raised_by == client.user.person and made.raised_on is not None and made.code
    with pytest.raises(Refused):
        services.create_lesson(actor=actor_of(client.user), row=new(other))
    with pytest.raises(Refused):
        services.update_lesson(actor=actor_of(client.user), row=made, values={"project": other})


def test_the_page_refuses_another_project_too() -> None:
    client, _project = manager()
    other = factories.project()
    form = {
        "project": other.pk,
        "title": "N",
        "kind": "well",
        "category": "cost",
        "state": "noted",
        "situation": "S",
        "recommendation": "R",
    }
    assert client.post(reverse("register-create", kwargs={"key": "lessons"}), form).status_code == 422
    assert not Lesson.objects.exists()


def test_publishing_is_the_pmos_and_opens_the_lesson_to_all(pmo_analyst: UserClient, outsider: UserClient) -> None:
    client, project = manager()
    made = services.create_lesson(actor=actor_of(client.user), row=new(project))
    assert not Lesson.objects.visible_to(outsider.user).exists()
    with pytest.raises(ValidationError):
        services.update_lesson(actor=actor_of(client.user), row=made, values={"state": "published"})
    made = Lesson.objects.get(pk=made.pk)
    services.update_lesson(actor=actor_of(pmo_analyst.user), row=made, values={"state": "published"})
    assert list(Lesson.objects.visible_to(outsider.user)) == [made]
    with pytest.raises(ValidationError):
        services.update_lesson(actor=actor_of(client.user), row=made, values={"title": "Changed afterwards"})


def test_lessons_of_a_project_in_the_trash_are_gone(pmo_admin: UserClient) -> None:
    project = factories.project()
    lesson(project)
    assert Lesson.objects.visible_to(pmo_admin.user).count() == 1
    type(project).objects.filter(pk=project.pk).update(deleted_at="2026-11-20T00:00:00Z")
    assert Lesson.objects.visible_to(pmo_admin.user).count() == 0


def test_similar_projects_stand_in_order_of_likeness(pmo_admin: UserClient) -> None:
    here = factories.project(type="it", country="德国", delivery_driver="date")
    three = lesson(factories.project(type="it", country="德国", delivery_driver="date"))
    one = lesson(factories.project(type="it", country="中国"))
    lesson(factories.project(type="product", country="中国"))
    lesson(factories.project(type="it"), state="noted")
    lesson(here)
    found = similar_lessons(pmo_admin.user, here)
    assert [item.lesson for item in found] == [three, one]
    assert len(found[0].alike) == 3 and len(found[1].alike) == 1


def test_taking_up_is_counted_once_and_can_be_taken_back() -> None:
    client, project = manager()
    learned = lesson(factories.project(type="it"))
    url = reverse("lesson-use", kwargs={"pk": learned.pk, "project": project.pk})
    for _ in range(2):
        assert client.post(url, {"used": "1"}).status_code == 302
    assert LessonUse.objects.filter(lesson=learned, project=project).count() == 1
    assert similar_lessons(client.user, project)[0].used
    client.post(url, {"used": "0"})
    assert not LessonUse.objects.filter(lesson=learned).exists()
    client.post(url, {"used": "1"})
    assert LessonUse.objects.filter(lesson=learned).count() == 1


def test_a_reader_cannot_take_up_for_a_project(outsider: UserClient) -> None:
    project, learned = factories.project(type="it"), lesson(factories.project(type="it"))
    url = reverse("lesson-use", kwargs={"pk": learned.pk, "project": project.pk})
    assert outsider.post(url, {"used": "1"}).status_code == 403
    hidden = factories.project(visibility="private")
    assert outsider.post(reverse("lesson-use", kwargs={"pk": learned.pk, "project": hidden.pk})).status_code == 404
    assert not LessonUse.objects.exists()


def test_a_projects_own_lesson_is_not_taken_up() -> None:
    client, project = manager()
    own = lesson(project)
    with pytest.raises(ValidationError):
        services.take_up(actor=actor_of(client.user), lesson=own, project=project, used=True)


def test_a_team_member_adds_and_keeps_his_own() -> None:
    _client, project = manager()
    user = factories.user()
    factories.member(project, user, Role.TEAM_MEMBER)
    made = services.create_lesson(actor=actor_of(user), row=new(project))
    client = client_of(user)
    assert client.get(reverse("register-edit", kwargs={"key": "lessons", "pk": made.pk})).status_code == 200
    others = lesson(project, state="noted")
    assert client.get(reverse("register-edit", kwargs={"key": "lessons", "pk": others.pk})).status_code == 403


def test_what_a_person_gave_stands_in_the_people_register(pmo_admin: UserClient) -> None:
    who = factories.person(code="GIVER")
    lesson(factories.project(), raised_by=who)
    lesson(factories.project(), raised_by=who, state="noted")
    article(owner=who)
    article(owner=who, state="draft")
    [row] = pmo_admin.get("/api/v1/people/", {"code": "GIVER"}).json()["results"]
    assert (row["articles_owned"], row["lessons_raised"]) == (1, 1)


def test_a_published_lesson_does_not_name_a_project_one_may_not_see(pmo_admin: UserClient) -> None:
    hidden = factories.project(code="HID-7", name_en="Secret takeover", visibility="private", type="it")
    guide = article()
    learned = lesson(hidden, title="Ask early", article=guide)
    client, own = manager()
    lists = reverse("register-list", kwargs={"key": "lessons"})
    pages = [
        lists,
        f"{lists}?group=project",
        f"{lists}?q=takeover",
        reverse("register-detail", kwargs={"key": "lessons", "pk": learned.pk}),
        reverse("api-register-list", kwargs={"key": "lessons"}),
        reverse("register-export", kwargs={"key": "lessons", "kind": "csv"}),
        reverse("knowledge-search") + "?q=early",
        reverse("article-page", kwargs={"pk": guide.pk}),
        reverse("register-tab", kwargs={"key": "projects", "pk": own.pk, "tab": "lessons"}),
    ]
    for url in pages:
        answer = client.get(url)
        assert answer.status_code == 200, url
        text = (b"".join(answer) if answer.streaming else answer.content).decode()
        assert "Secret" not in text and "HID-7" not in text, url
        assert "early" in text or "takeover" in url, url
    assert "Ask early" not in client.get(f"{lists}?q=takeover").content.decode()
    assert "Secret takeover" in pmo_admin.get(lists).content.decode()
