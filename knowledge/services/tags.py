"""Tags: written as words with commas between, kept as rows."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from knowledge.models import Article, ArticleTag, Tag
from knowledge.services.index import index_articles
from pmo.core.audit.actor import Actor
from pmo.core.records.services import create_many, delete_record, update_record
from pmo.core.records.written import tell_written

_SEPARATOR = re.compile(r"[,，、;；#\n\r]+")
MOST = 12
LONGEST = 40


def tag_list(text: str) -> list[str]:
    """The tags of a typed line, each once, in the order typed. Raises ValidationError for too many or too long ones."""
    names = list(dict.fromkeys(" ".join(part.split()) for part in _SEPARATOR.split(text) if part.strip()))
    if len(names) > MOST:
        raise ValidationError({"tag_names": _("At most %(number)s tags, please.") % {"number": MOST}})
    for name in names:
        if len(name) > LONGEST:
            raise ValidationError(
                {"tag_names": _("“%(tag)s” is longer than %(number)s characters.") % {"tag": name, "number": LONGEST}}
            )
    return names


def joined(names: list[str]) -> str:
    """How the tags are kept with the article."""
    return ", ".join(names)


def sync_tags(*, actor: Actor, article: Article) -> None:
    """Make the article's tag rows what its line of tags says; new words become tags."""
    names = tag_list(article.tag_names)
    known = {tag.name: tag for tag in Tag.objects.filter(name__in=names)}
    new = [Tag(name=name) for name in names if name not in known]
    for tag in new:
        tag.full_clean()
    known |= {tag.name: tag for tag in create_many(actor=actor, rows=new)}
    wanted = {known[name].pk for name in names}
    links = dict(ArticleTag.objects.filter(article=article).values_list("tag_id", "pk"))
    ArticleTag.objects.filter(pk__in=[pk for tag, pk in links.items() if tag not in wanted]).delete()
    ArticleTag.objects.bulk_create([ArticleTag(article=article, tag_id=tag) for tag in wanted if tag not in links])


def update_tag(
    *, actor: Actor, row: Tag, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> Tag:
    """Rename a tag, in every article that carries it too."""
    old = row.name
    with transaction.atomic():
        saved = update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)
        if saved.name != old:
            articles = list(Article.objects.filter(tag_links__tag=saved))
            for article in articles:
                names = [saved.name if name == old else name for name in tag_list(article.tag_names)]
                article.tag_names = joined(list(dict.fromkeys(names)))
            Article.objects.bulk_update(articles, ["tag_names"], batch_size=200)
            index_articles(articles)
            tell_written(articles, fields={"tag_names"})
    return saved


def delete_tag(*, actor: Actor, row: Tag, expected_version: int | None = None, reason: str = "") -> None:
    """Move a tag to the trash. Raises ValidationError while articles carry it."""
    number = Article.objects.filter(tag_links__tag=row).count()
    if number:
        raise ValidationError(_("%(number)s articles carry this tag; take it out of them first.") % {"number": number})
    delete_record(actor=actor, row=row, expected_version=expected_version, reason=reason)
