"""The pages: reading, writing with a preview, pictures, revisions, conflicts, and what they cost."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from knowledge.models import Article, ArticleImage, ArticleRevision
from knowledge.services import articles as services
from knowledge.services.images import MOST_BYTES
from pmo.core.audit.actor import SYSTEM
from tests import factories
from tests.conftest import UserClient, client_of
from tests.knowledge.build import PNG, article, lesson, template

pytestmark = pytest.mark.django_db


def page_of(client: UserClient, name: str, **kwargs: Any) -> str:
    response = client.get(reverse(name, kwargs=kwargs or None))
    assert response.status_code == 200
    return response.content.decode()


def test_an_article_shows_text_contents_tags_and_what_it_is_connected_with(outsider: UserClient) -> None:
    made = article(title_en="Trap", body_en="## One\n\ntext\n\n## Two", tag_names="SAP, ERP", summary_en="In short")
    other = article(title_en="Related", tag_names="SAP")
    lesson(factories.project(), title="Behind it", article=made)
    page = page_of(outsider, "article-page", pk=made.pk)
    for text in ('href="#part-2">Two</a>', "In short", ">ERP</a>", "Behind it", f"/knowledge/articles/{other.pk}/"):
        assert text in page, text


def test_a_text_in_one_language_says_so_to_readers_of_the_other(outsider: UserClient) -> None:
    only = article(title_zh="中文", body_zh="正文", title_en="", body_en="")
    assert "This article is only in Chinese." in page_of(outsider, "article-page", pk=only.pk)
    both = article(title_zh="中文", body_zh="正文", title_en="English", body_en="Text")
    page = page_of(outsider, "article-page", pk=both.pk)
    assert "only in" not in page and "<p>Text</p>" in page
    chinese = outsider.get(reverse("article-page", kwargs={"pk": both.pk}), {"text": "zh"}).content.decode()
    assert "<p>正文</p>" in chinese and 'lang="zh-Hans"' in chinese


def test_the_policy_of_the_page_allows_no_script_and_no_other_origin(outsider: UserClient) -> None:
    made = article(body_en="[x](javascript:alert(1)) <script>alert(1)</script> ![x](https://evil.example/a.png)")
    response = outsider.get(reverse("article-page", kwargs={"pk": made.pk}))
    assert "script-src 'self'" in response["Content-Security-Policy"]
    page = response.content.decode()
    assert "<script>alert" not in page and "evil.example" not in page


def test_the_form_previews_without_saving(pmo_analyst: UserClient) -> None:
    url = reverse("article-preview", kwargs={"field": "body_en"})
    form = {"body_en": "## Head\n\n<script>alert(1)</script>", "title_en": "Kept"}
    fragment = pmo_analyst.post(url, form, headers={"HX-Request": "true"}).content.decode()
    assert '<h2 id="part-1">Head</h2>' in fragment and "<html" not in fragment and "<script>" not in fragment
    whole = pmo_analyst.post(url, form).content.decode()
    assert "<html" in whole and "Head</h2>" in whole
    assert pmo_analyst.post(reverse("article-preview", kwargs={"field": "code"}), form).status_code == 404
    assert not Article.objects.exists()
    page = pmo_analyst.get(reverse("register-create", kwargs={"key": "articles"})).content.decode()
    assert f'formaction="{url}"' in page and f'hx-post="{url}"' in page


def test_a_new_war_story_begins_with_its_four_parts(pmo_analyst: UserClient) -> None:
    url = reverse("register-create", kwargs={"key": "articles"})
    assert "## Signals we missed" in pmo_analyst.get(url, {"kind": "war_story"}).content.decode()
    assert "## Signals we missed" not in pmo_analyst.get(url, {"kind": "faq"}).content.decode()


def test_nothing_typed_is_lost_in_a_conflict(pmo_analyst: UserClient) -> None:
    made = article(title_en="Title", body_en="One")
    services.update_article(actor=SYSTEM, row=made, values={"body_en": "Theirs"})
    form = {"kind": "guideline", "state": "published", "title_en": "Title", "body_en": "Mine, long typed", "version": 1}
    response = pmo_analyst.post(reverse("register-edit", kwargs={"key": "articles", "pk": made.pk}), form)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Mine, long typed" in page and "Theirs" in page
    assert Article.objects.get(pk=made.pk).body_en == "Theirs"


def test_the_reason_of_a_change_stands_with_the_revision(pmo_analyst: UserClient) -> None:
    made = article(title_en="Title", body_en="One")
    form = {
        "kind": "guideline",
        "state": "published",
        "title_en": "Title",
        "body_en": "Two",
        "version": 1,
        "reason": "Asked for",
    }
    assert (
        pmo_analyst.post(reverse("register-edit", kwargs={"key": "articles", "pk": made.pk}), form).status_code == 302
    )
    last = ArticleRevision.objects.get(article=made, number=2)
    assert (last.reason, last.by) == ("Asked for", pmo_analyst.user.person)


def test_revisions_are_read_compared_and_restored(pmo_analyst: UserClient, outsider: UserClient) -> None:
    made = article(body_en="same\nold line")
    services.update_article(actor=SYSTEM, row=made, values={"body_en": "same\nnew line"}, reason="Better")
    assert "Better" in page_of(outsider, "article-revisions", pk=made.pk)
    url = reverse("article-revision", kwargs={"pk": made.pk, "number": 1})
    assert "old line" in outsider.get(url).content.decode()
    compared = outsider.get(url, {"view": "after"}).content.decode()
    assert "old line" in compared and "new line" in compared and "know-removed" in compared
    assert outsider.get(reverse("article-revision", kwargs={"pk": made.pk, "number": 9})).status_code == 404
    restore = reverse("article-restore", kwargs={"pk": made.pk, "number": 1})
    assert outsider.post(restore, {"version": 2}).status_code == 403
    pmo_analyst.post(restore, {"version": 1})
    assert Article.objects.get(pk=made.pk).body_en == "same\nnew line", "somebody else was faster"
    pmo_analyst.post(restore, {"version": 2})
    assert Article.objects.get(pk=made.pk).body_en == "same\nold line"


def upload(client: UserClient, made: Article, content: bytes, name: str = "a.png") -> Any:
    url = reverse("article-images", kwargs={"pk": made.pk})
    return client.post(url, {"image": SimpleUploadedFile(name, content)})


def test_a_picture_is_served_to_who_sees_its_article(pmo_analyst: UserClient, outsider: UserClient) -> None:
    made = article(state="draft")
    assert upload(pmo_analyst, made, PNG, "<b>.png").status_code == 302
    image = ArticleImage.objects.get(article=made)
    assert "<b>" not in image.stored and image.content_type == "image/png"
    url = reverse("article-image", kwargs={"pk": image.pk})
    response = pmo_analyst.get(url)
    assert b"".join(response.streaming_content) == PNG
    assert response["Content-Type"] == "image/png" and response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == "inline"
    assert outsider.get(url).status_code == 404, "a draft hides its pictures"
    services.update_article(
        actor=SYSTEM, row=made, values={"state": "published", "body_en": f"![p](attachment:{image.pk})"}
    )
    assert outsider.get(url).status_code == 200
    assert f'src="/knowledge/images/{image.pk}/"' in page_of(outsider, "article-page", pk=made.pk)
    assert outsider.post(reverse("article-image-delete", kwargs={"pk": image.pk})).status_code == 403
    assert pmo_analyst.post(reverse("article-image-delete", kwargs={"pk": image.pk})).status_code == 302
    assert outsider.get(url).status_code == 404
    assert "<img" not in page_of(outsider, "article-page", pk=made.pk).split("<article")[1].split("</article>")[0]


def test_what_is_no_picture_is_refused(pmo_analyst: UserClient) -> None:
    made = article()
    for content in (
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html>",
        b"\x89PNG" + b"x" * MOST_BYTES,
    ):
        assert upload(pmo_analyst, made, content).status_code == 422
    assert pmo_analyst.post(reverse("article-images", kwargs={"pk": made.pk})).status_code == 422
    assert not ArticleImage.objects.exists()


def test_a_picture_of_another_article_is_not_shown(outsider: UserClient, pmo_analyst: UserClient) -> None:
    secret = article(state="draft")
    upload(pmo_analyst, secret, PNG)
    image = ArticleImage.objects.get()
    made = article(body_en=f"![stolen](attachment:{image.pk})")
    text = page_of(outsider, "article-page", pk=made.pk)
    assert f"/knowledge/images/{image.pk}/" not in text and "stolen" in text


def test_a_draft_is_absent_for_others(outsider: UserClient) -> None:
    made = article(state="draft")
    for name in ("article-page", "article-revisions", "article-images"):
        assert outsider.get(reverse(name, kwargs={"pk": made.pk})).status_code == 404


def test_the_home_tells_what_there_is(outsider: UserClient) -> None:
    article(kind="war_story", review_on="2020-01-01", title_en="Old one")
    article(state="draft", title_en="Hidden")
    page = page_of(outsider, "knowledge-home")
    assert "<b>1 article</b> is published" in page and "<b>1</b> is due for review" in page
    assert "Old one" in page and "Hidden" not in page


def fill(rows: int) -> tuple[Article, Any]:
    project = factories.project(type="it")
    one = article(tag_names="SAP", body_en="## A\n\ntext")
    for number in range(rows):
        other = article(tag_names=f"SAP, tag{number}", owner=factories.person())
        services.update_article(actor=SYSTEM, row=other, values={"review_on": "2020-01-01"})
        services.update_article(actor=SYSTEM, row=one, values={"body_en": f"text {number}"})
        lesson(factories.project(type="it"), article=one)
        lesson(project, raised_by=factories.person())
        template()
    return one, project


def test_the_number_of_queries_does_not_grow() -> None:
    user = factories.user("pmo_analyst")
    client = client_of(user)
    counts = []
    for rows in (3, 12):
        one, project = fill(rows)
        urls = [
            reverse("knowledge-home"),
            reverse("article-page", kwargs={"pk": one.pk}),
            reverse("article-revisions", kwargs={"pk": one.pk}),
            reverse("register-tab", kwargs={"key": "projects", "pk": project.pk, "tab": "lessons"}),
            *(reverse("register-list", kwargs={"key": key}) for key in ("articles", "lessons", "templates", "tags")),
        ]
        found = []
        for url in urls:
            client.get(url)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            found.append((url.split("/")[1:3], len(captured)))
        counts.append(found)
    assert [count for _url, count in counts[0]] == [count for _url, count in counts[1]], counts
