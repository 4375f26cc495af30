"""Articles: who publishes, what becomes a revision, how it is restored, votes and tags."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from knowledge.models import Article, ArticleRevision, ArticleTag, SearchEntry, Tag
from knowledge.services import articles as services
from knowledge.services.tags import delete_tag, update_tag
from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.records.services import StaleRecord
from tests import factories
from tests.conftest import UserClient
from tests.knowledge.build import article

pytestmark = pytest.mark.django_db


def member() -> UserClient:
    from tests.conftest import client_of

    user = factories.user()
    factories.member(factories.project(), user)
    return client_of(user)


def test_a_draft_has_no_revision_and_the_first_publication_has() -> None:
    made = article(state="draft")
    assert not ArticleRevision.objects.filter(article=made).exists()
    services.update_article(actor=SYSTEM, row=made, values={"body_en": "Better"})
    assert not ArticleRevision.objects.filter(article=made).exists()
    services.update_article(actor=SYSTEM, row=made, values={"state": "published"}, reason="Ready")
    [revision] = ArticleRevision.objects.filter(article=made)
    assert (revision.number, revision.body_en, revision.reason) == (1, "Better", "Ready")
    assert made.published_on is not None


def test_only_a_changed_text_of_a_published_article_is_a_new_revision() -> None:
    made = article(body_en="One")
    services.update_article(actor=SYSTEM, row=made, values={"country": "China", "body_en": "One"})
    assert ArticleRevision.objects.filter(article=made).count() == 1
    services.update_article(actor=SYSTEM, row=made, values={"body_en": "Two"}, reason="More")
    assert list(ArticleRevision.objects.filter(article=made).order_by("number").values_list("number", "body_en")) == [
        (1, "One"),
        (2, "Two"),
    ]


def test_restoring_is_a_new_revision_and_loses_nothing() -> None:
    made = article(body_en="One")
    services.update_article(actor=SYSTEM, row=made, values={"body_en": "Two"})
    first = ArticleRevision.objects.get(article=made, number=1)
    services.restore_revision(actor=SYSTEM, article=made, revision=first)
    texts = list(ArticleRevision.objects.filter(article=made).order_by("number").values_list("body_en", flat=True))
    assert texts == ["One", "Two", "One"]
    with pytest.raises(ValidationError):
        services.restore_revision(actor=SYSTEM, article=made, revision=first)


def test_a_faster_change_refuses_the_slower_one() -> None:
    made = article(body_en="One")
    slow = Article.objects.get(pk=made.pk)
    services.update_article(actor=SYSTEM, row=made, values={"body_en": "Two"}, expected_version=1)
    with pytest.raises(StaleRecord):
        services.update_article(actor=SYSTEM, row=slow, values={"body_en": "Three"}, expected_version=1)
    assert Article.objects.get(pk=made.pk).body_en == "Two"
    assert ArticleRevision.objects.filter(article=made).count() == 2


def test_a_text_is_needed_in_one_language() -> None:
    with pytest.raises(ValidationError) as refused:
        article(title_en="", body_en=" ")
    assert set(refused.value.message_dict) == {"title_zh"}
    with pytest.raises(ValidationError) as refused:
        article(body_en=" ")
    assert set(refused.value.message_dict) == {"body_zh"}


def test_who_writes_owns_and_only_the_pmo_publishes(pmo_analyst: UserClient) -> None:
    writer = member()
    actor = actor_of(writer.user)
    made = services.create_article(actor=actor, row=Article(title_en="Mine", body_en="Text"))
    assert made.owner == writer.user.person
    with pytest.raises(ValidationError) as refused:
        services.update_article(actor=actor, row=made, values={"state": "published"})
    assert set(refused.value.message_dict) == {"state"}
    with pytest.raises(ValidationError):
        services.create_article(actor=actor, row=Article(title_en="Now", body_en="Text", state="published"))
    fresh = Article.objects.get(pk=made.pk)
    services.update_article(actor=actor_of(pmo_analyst.user), row=fresh, values={"state": "published"})
    services.update_article(actor=actor, row=fresh, values={"body_en": "The owner keeps it right"})
    assert ArticleRevision.objects.filter(article=made).count() == 2


def test_a_draft_is_its_owners_and_the_pmos(pmo_analyst: UserClient, executive: UserClient) -> None:
    writer, other = member(), member()
    made = services.create_article(actor=actor_of(writer.user), row=Article(title_en="Mine", body_en="Text"))
    seen = [
        bool(Article.objects.visible_to(c.user).filter(pk=made.pk)) for c in (writer, pmo_analyst, other, executive)
    ]
    assert seen == [True, True, False, False]


def test_tags_follow_the_line_they_are_written_in() -> None:
    made = article(tag_names="接口，SAP; SAP 、 斋月 ")
    assert made.tag_names == "接口, SAP, 斋月"
    services.update_article(actor=SYSTEM, row=made, values={"tag_names": "SAP"})
    assert list(made.tags.values_list("name", flat=True)) == ["SAP"]
    assert Tag.objects.count() == 3
    with pytest.raises(ValidationError):
        services.update_article(actor=SYSTEM, row=made, values={"tag_names": ",".join(map(str, range(13)))})


def test_renaming_a_tag_renames_it_in_its_articles() -> None:
    made = article(tag_names="SAP, ERP")
    update_tag(actor=SYSTEM, row=Tag.objects.get(name="SAP"), values={"name": "S/4"})
    assert Article.objects.get(pk=made.pk).tag_names == "S/4, ERP"
    assert "s/4" in SearchEntry.objects.get(article=made).head


def test_a_tag_in_use_is_not_deleted() -> None:
    made = article(tag_names="SAP")
    tag = Tag.objects.get(name="SAP")
    with pytest.raises(ValidationError):
        delete_tag(actor=SYSTEM, row=tag)
    services.update_article(actor=SYSTEM, row=made, values={"tag_names": ""})
    delete_tag(actor=SYSTEM, row=tag)
    assert not Tag.objects.filter(name="SAP").exists() and not ArticleTag.objects.exists()


def test_a_vote_counts_once_and_can_be_taken_back() -> None:
    made, voter = article(), member()
    url = f"/knowledge/articles/{made.pk}/useful/"
    for _ in range(2):
        assert voter.post(url, {"useful": "1"}).status_code == 302
    assert made.votes.count() == 1
    voter.post(url, {"useful": "0"})
    assert made.votes.count() == 0


def test_readings_are_counted_but_not_the_owners(outsider: UserClient) -> None:
    writer = member()
    made = article(owner=writer.user.person)
    for client in (writer, outsider, outsider):
        client.get(f"/knowledge/articles/{made.pk}/")
    assert Article.objects.get(pk=made.pk).views == 2
