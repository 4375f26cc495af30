"""What people say about a record, attach to it and hear of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from pmo.core.access.roles import Role
from pmo.core.activity import services
from pmo.core.activity.calc import mentioned, pieces, tag_words
from pmo.core.activity.models import Attachment, Comment, Tagging, Watch
from pmo.core.activity.queries import comment_html
from pmo.core.audit import services as audit
from pmo.core.audit.actor import actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.messages.models import Notification
from pmo.core.records.services import update_record
from projects.models import Issue, Project
from projects.models.choices import Visibility
from tests import factories
from tests.conftest import UserClient, client_of

pytestmark = pytest.mark.django_db
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000"
    "000049454e44ae426082"
)


@pytest.fixture
def project() -> Project:
    return factories.project(visibility=Visibility.PRIVATE)


@pytest.fixture
def manager(project: Project) -> UserClient:
    user = factories.user()
    factories.member(project, user, Role.PROJECT_MANAGER)
    return client_of(user)


def post(client: Any, name: str, project: Project, **values: Any) -> Any:
    return client.post(reverse(name, kwargs={"key": "projects", "pk": project.pk}), values)


def tab(client: Any, project: Project, **query: str) -> Any:
    return client.get(reverse("register-tab", kwargs={"key": "projects", "pk": project.pk, "tab": "activity"}), query)


def told(user: Any, event: str) -> int:
    return Notification.objects.filter(user=user, event=event).count()


class TestText:
    def test_mentions_are_cut_out_of_the_words(self) -> None:
        text = "请 @周启明(E1003) 与 @Li Lan（E1004）看一下 @nobody"
        assert mentioned(text) == ["E1003", "E1004"]
        assert [(piece.text, piece.code) for piece in pieces(text)][1] == ("周启明", "E1003")

    @given(st.text(alphabet="@()（） aZ9.\n周", max_size=60))
    def test_no_word_of_a_text_is_lost(self, text: str) -> None:
        kept = "".join(piece.text + piece.code for piece in pieces(text))
        drop = str.maketrans("", "", "@()（） \n")
        assert kept.translate(drop) == text.translate(drop)

    def test_tags_are_cut_at_commas_of_both_kinds_and_spelt_once(self) -> None:
        assert tag_words("ERP, #erp，数据 迁移、、 风险 ; ERP") == ["ERP", "数据 迁移", "风险"]

    def test_markup_of_a_comment_is_shown_not_run(self) -> None:
        html = comment_html('<img src=x onerror="alert(1)"> http://a.example/?q="x\nnext @A(E1)', {"E1": "<b>A</b>"})
        assert "<img" not in html and "<b>" not in html and "&lt;b&gt;A" in html and "<br>next" in html
        assert 'rel="nofollow"' in html


class TestComments:
    def test_a_comment_is_read_beside_the_changes(self, project: Project, manager: UserClient) -> None:
        assert post(manager, "comment-add", project, text="第一行\n第二行").status_code == 302
        page = tab(manager, project).content.decode()
        assert "第一行<br>第二行" in page
        update_record(actor=actor_of(manager.user), row=project, values={"country": "DE"})
        everything, said, changed = (
            tab(manager, project, show=show).content.decode() for show in ("all", "comments", "changes")
        )
        assert "第一行" in everything and "history-changes" in everything
        assert "第一行" in said and "history-changes" not in said
        assert "第一行" not in changed and "history-changes" in changed

    @pytest.mark.parametrize("text", ["", "   ", "x" * 5001])
    def test_what_cannot_be_kept_is_shown_again_with_the_reason(
        self, project: Project, manager: UserClient, text: str
    ) -> None:
        answer = post(manager, "comment-add", project, text=text)
        assert answer.status_code == 422 and "field-error" in answer.content.decode()
        assert text in answer.content.decode() and not Comment.objects.exists()

    def test_who_is_mentioned_is_told_and_watches_and_who_may_not_see_it_is_named(
        self, project: Project, manager: UserClient
    ) -> None:
        inside, outside = factories.user(), factories.user()
        factories.member(project, inside, Role.TEAM_MEMBER)
        text = " ".join(f"@x({user.person.code})" for user in (inside, outside))
        posted = services.add_comment(actor=actor_of(manager.user), row=project, text=text, url="/r/projects/")
        assert (told(inside, "mention"), told(outside, "mention")) == (1, 0)
        assert posted.untold == [str(outside.person)]
        assert set(Watch.objects.values_list("user_id", flat=True)) == {manager.user.pk, inside.pk}
        services.add_comment(actor=actor_of(inside), row=project, text="Seen", url="/r/projects/")
        assert (told(manager.user, "comment"), told(inside, "comment"), told(inside, "mention")) == (1, 0, 1)

    def test_only_the_author_changes_it_and_a_faster_change_keeps_what_was_typed(
        self, project: Project, manager: UserClient
    ) -> None:
        post(manager, "comment-add", project, text="One")
        comment = Comment.objects.get()
        other = factories.user()
        factories.member(project, other, Role.TEAM_MEMBER)
        address = reverse("comment-change", args=[comment.pk])
        assert client_of(other).post(address, {"text": "Two", "version": "1"}).status_code == 403
        assert manager.post(address, {"text": "Two", "version": "1"}).status_code == 302
        late = manager.post(address, {"text": "Three", "version": "1"})
        assert late.status_code == 422 and "Three" in late.content.decode()
        comment.refresh_from_db()
        assert comment.text == "Two" and comment.edited_at is not None

    def test_a_removed_comment_comes_back(self, project: Project, manager: UserClient) -> None:
        post(manager, "comment-add", project, text="The first word of all")
        comment = Comment.objects.get()
        assert manager.post(reverse("comment-remove", args=[comment.pk])).status_code == 302
        assert "The first word of all" not in tab(manager, project, show="comments").content.decode()
        assert manager.post(reverse("comment-restore", args=[comment.pk])).status_code == 302
        assert "The first word of all" in tab(manager, project, show="comments").content.decode()
        acts = AuditEntry.objects.filter(model="core.comment").order_by("id").values_list("action", flat=True)
        assert list(acts) == ["create", "delete", "restore"]


class TestFiles:
    def upload(self, client: Any, project: Project, name: str, content: bytes) -> str:
        answer = client.post(
            reverse("attachment-add", kwargs={"key": "projects", "pk": project.pk}),
            {"file": SimpleUploadedFile(name, content)},
            follow=True,
        )
        assert answer.status_code == 200
        return str(answer.content.decode())

    def test_a_file_is_served_as_an_attachment_only(self, project: Project, manager: UserClient) -> None:
        self.upload(manager, project, "图.png", PNG)
        file = Attachment.objects.get()
        answer = manager.get(reverse("attachment-file", args=[file.uid]))
        assert b"".join(answer.streaming_content) == PNG  # type: ignore[attr-defined]
        assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"
        outsider = client_of(factories.user())
        assert outsider.get(reverse("attachment-file", args=[file.uid])).status_code == 404

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.png", b"<html>"),
            ("a.html", b"<html>"),
            ("a.svg", b"<svg/>"),
            ("a.pdf", b"MZ"),
            ("a.txt", b""),
            ("a", b"x"),
        ],
    )
    def test_what_is_not_what_it_says_is_refused_by_name(
        self, project: Project, manager: UserClient, name: str, content: bytes
    ) -> None:
        assert f"{name}: " in self.upload(manager, project, name, content)
        assert not Attachment.objects.exists()

    def test_only_its_owner_or_the_pmo_takes_it_away(
        self, project: Project, manager: UserClient, pmo_admin: UserClient
    ) -> None:
        self.upload(manager, project, "a.txt", b"text")
        file = Attachment.objects.get()
        other = factories.user()
        factories.member(project, other, Role.TEAM_MEMBER)
        assert client_of(other).post(reverse("attachment-remove", args=[file.uid])).status_code == 403
        assert pmo_admin.post(reverse("attachment-remove", args=[file.uid])).status_code == 302
        assert not Attachment.objects.exists()
        assert manager.post(reverse("attachment-restore", args=[file.uid])).status_code == 302
        assert Attachment.objects.get() == file


class TestTags:
    def test_tags_filter_the_list_and_keep_one_spelling(self, project: Project, manager: UserClient) -> None:
        other = factories.project()
        factories.member(other, manager.user, Role.PROJECT_MANAGER)
        post(manager, "tags-set", project, tags="ERP, 关键")
        post(manager, "tags-set", other, tags="erp")
        assert sorted(Tagging.objects.values_list("word", flat=True)) == ["ERP", "ERP", "关键"]
        rows = manager.get("/r/projects/?tagged=erp").context["listing"]
        assert rows.total == 2
        assert manager.get("/r/projects/?tagged=关键").context["listing"].total == 1
        post(manager, "tags-set", project, tags="关键")
        assert manager.get("/r/projects/?tagged=ERP").context["listing"].total == 1
        assert AuditEntry.objects.filter(model="projects.project", object_id=project.pk, action="update").count() == 2
        assert '<span class="feed-old">ERP, 关键</span>' in tab(manager, project, show="changes").content.decode()

    def test_too_long_a_tag_is_refused_and_kept_in_the_field(self, project: Project, manager: UserClient) -> None:
        answer = post(manager, "tags-set", project, tags="x" * 41)
        assert answer.status_code == 422 and "x" * 41 in answer.content.decode()
        assert not Tagging.objects.exists()


class TestWatching:
    def test_watchers_hear_of_what_others_changed_once_it_is_sealed(
        self, project: Project, manager: UserClient
    ) -> None:
        watcher, gone = factories.user(), factories.user()
        member = factories.member(project, watcher, Role.TEAM_MEMBER)
        for user in (watcher, gone):
            services.set_watch(actor=actor_of(user), row=project, on=True)
        audit.seal(settle_seconds=0)
        for country in ("DE", "FR"):
            update_record(actor=actor_of(manager.user), row=project, values={"country": country})
        audit.seal(settle_seconds=0)
        assert (told(watcher, "watched.changed"), told(gone, "watched.changed")) == (1, 0)
        update_record(actor=actor_of(watcher), row=project, values={"country": "CN"})
        audit.seal(settle_seconds=0)
        assert told(watcher, "watched.changed") == 1
        member.delete()

    def test_who_turned_it_off_is_not_made_to_watch_by_speaking(self, project: Project, manager: UserClient) -> None:
        post(manager, "watch-set", project, on="1")
        post(manager, "watch-set", project, on="0")
        post(manager, "comment-add", project, text="Hello")
        assert not Watch.objects.get().active


def test_who_only_reads_says_nothing(project: Project, auditor: UserClient) -> None:
    page = tab(auditor, project)
    assert page.status_code == 200 and "<textarea" not in page.content.decode()
    for name, values in {"comment-add": {"text": "x"}, "tags-set": {"tags": "x"}, "attachment-add": {}}.items():
        assert post(auditor, name, project, **values).status_code == 403
    stranger = client_of(factories.user())
    for name in ("comment-add", "tags-set", "attachment-add", "watch-set"):
        assert post(stranger, name, project).status_code == 404


def test_the_picker_offers_people_by_name_and_code(project: Project, manager: UserClient) -> None:
    address = reverse("people-to-mention", kwargs={"key": "projects", "pk": project.pk})
    person = manager.user.person
    assert f"({person.code}) " in manager.get(address, {"q": person.code[:5]}).content.decode()
    assert manager.get(address, {"q": ""}).content.decode().count("data-insert") == 0


def test_as_many_statements_for_thirty_entries_as_for_three(
    project: Project, manager: UserClient, django_assert_max_num_queries: Any
) -> None:
    issue = (
        factories.issue(project) if hasattr(factories, "issue") else Issue.objects.create(project=project, title="A")
    )

    def counted() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        address = reverse("register-tab", kwargs={"key": "issues", "pk": issue.pk, "tab": "activity"})
        with CaptureQueriesContext(connection) as captured:
            assert manager.get(address, headers={"HX-Request": "true"}).status_code == 200
        return len(captured)

    def say(times: int) -> None:
        for number in range(times):
            text = f"{number} @x({manager.user.person.code})"
            services.add_comment(actor=actor_of(manager.user), row=issue, text=text, url="/")

    say(3)
    few = counted()
    say(14)
    assert counted() == few


def test_tags_are_a_column_of_every_register_off_at_first(project: Project, pmo_admin: UserClient) -> None:
    other = factories.project(code="P-2")
    pmo_admin.post(reverse("tags-set", kwargs={"key": "projects", "pk": project.pk}), {"tags": "出海，Bridge, apple"})
    pmo_admin.post(reverse("tags-set", kwargs={"key": "milestones", "pk": project.pk}), {"tags": "elsewhere"})
    address = reverse("register-list", kwargs={"key": "projects"})
    without = pmo_admin.get(address).content.decode()
    assert "Bridge" not in without and 'value="tags"' in without
    shown = pmo_admin.get(address, {"columns": "code,tags"}).content.decode()
    assert "apple, Bridge, 出海" in shown
    body = pmo_admin.get("/api/v1/projects/", {"columns": "code,tags"}).json()["results"]
    assert {row["id"]: row["tags"] for row in body} == {project.pk: ["apple", "Bridge", "出海"], other.pk: []}
    for language, label in (("en", "Tags"), ("zh-hans", "标签")):
        pmo_admin.cookies["bw_language"] = language
        exported: Any = pmo_admin.get(f"{address}export.csv", {"columns": "code,tags"})
        content = b"".join(exported.streaming_content).decode()
        assert label in content and "Bridge" in content
    articles = reverse("register-list", kwargs={"key": "articles"})
    assert 'value="tags"' not in pmo_admin.get(articles).content.decode()
