"""Articles: drafts of everybody, published by the PMO, every published text kept as a revision."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from knowledge.access import PUBLISH
from knowledge.models import Article, ArticleRevision, ArticleState, ArticleVote
from knowledge.models.article import TEXTS
from knowledge.services.index import index_article
from knowledge.services.tags import joined, sync_tags, tag_list
from pmo.core.access.api import holds_everywhere, refusal
from pmo.core.access.grants import grants_of
from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from pmo.core.people.models import Person
from pmo.core.records.services import create_record, update_record


def person_of(actor: Actor) -> Person | None:
    """Who acts, as a person."""
    person_id = None if actor.is_system else grants_of(actor.user).person_id
    return Person.objects.filter(pk=person_id).first() if person_id else None


def _check_state(actor: Actor, state: str) -> None:
    """Raise ValidationError unless the actor may bring an article to a state other than draft, or out of one."""
    if actor.is_system or holds_everywhere(actor.user, PUBLISH):
        return
    raise ValidationError(
        {
            "state": _("The PMO publishes and archives articles; leave yours as it is and tell the PMO. %(reason)s")
            % {"reason": refusal(PUBLISH).reason}
        }
    )


def create_article(*, actor: Actor, row: Article, reason: str = "") -> Article:
    """Save a new article; who writes it owns it unless another owner is named. Raises ValidationError by field."""
    row.tag_names = joined(tag_list(row.tag_names))
    if row.owner_id is None:
        row.owner = person_of(actor)
    if row.state != ArticleState.DRAFT:
        _check_state(actor, row.state)
    if row.state == ArticleState.PUBLISHED:
        row.published_on = org_today()
    with transaction.atomic():
        saved = create_record(actor=actor, row=row, reason=reason)
        sync_tags(actor=actor, article=saved)
        if saved.state != ArticleState.DRAFT:
            _add_revision(actor, saved, reason)
        index_article(saved)
    return saved


def update_article(
    *, actor: Actor, row: Article, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> Article:
    """Change an article; a published one whose texts change gets a revision. Raises StaleRecord, ValidationError."""
    values = dict(values)
    before, old_state = {name: getattr(row, name) for name in TEXTS}, row.state
    if "tag_names" in values:
        values["tag_names"] = joined(tag_list(values["tag_names"]))
    new_state = values.get("state", old_state)
    if new_state != old_state:
        _check_state(actor, new_state)
        if new_state == ArticleState.PUBLISHED and row.published_on is None:
            values["published_on"] = org_today()
    with transaction.atomic():
        saved = update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)
        if "tag_names" in values:
            sync_tags(actor=actor, article=saved)
        changed = any(getattr(saved, name) != text for name, text in before.items())
        if saved.state != ArticleState.DRAFT and (changed or old_state == ArticleState.DRAFT):
            _add_revision(actor, saved, reason)
        index_article(saved)
    return saved


def _add_revision(actor: Actor, article: Article, reason: str) -> ArticleRevision:
    last = ArticleRevision.objects.filter(article=article).aggregate(last=models.Max("number"))["last"] or 0
    revision = ArticleRevision(
        article=article,
        number=last + 1,
        by=person_of(actor),
        made_on=org_today(),
        reason=reason[:500],
        **{name: getattr(article, name) for name in TEXTS},
    )
    return create_record(actor=actor, row=revision)


def restore_revision(
    *, actor: Actor, article: Article, revision: ArticleRevision, expected_version: int | None = None
) -> Article:
    """Give the article the texts of one of its revisions: a new revision, nothing is lost.

    Raises ValidationError where the article says that already, StaleRecord where somebody was faster.
    """
    values = {name: getattr(revision, name) for name in TEXTS}
    if all(getattr(article, name) == text for name, text in values.items()):
        raise ValidationError(_("The article already says what this revision says."))
    reason = _("Restored from revision %(number)s") % {"number": revision.number}
    return update_article(actor=actor, row=article, values=values, expected_version=expected_version, reason=reason)


def vote(*, actor: Actor, article: Article, useful: bool) -> None:
    """Say that the article was useful, or take it back. Twice is once. Raises ValidationError without a person."""
    person = person_of(actor)
    if person is None:
        raise ValidationError(_("Your login belongs to no person yet, so it cannot vote."))
    if not useful:
        ArticleVote.objects.filter(article=article, person=person).delete()
        return
    ArticleVote.objects.bulk_create([ArticleVote(article=article, person=person)], ignore_conflicts=True)


def count_view(*, article: Article, person_id: int | None) -> None:
    """Count a reading; the owner's own are not counted."""
    if person_id is None or person_id != article.owner_id:
        Article.objects.filter(pk=article.pk).update(views=models.F("views") + 1)
