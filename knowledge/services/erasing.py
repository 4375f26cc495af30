"""After a person was erased: what is searched of articles, lessons and templates is made again."""

from __future__ import annotations

from typing import Any

from django.db import models

from knowledge.models import Article, Lesson, SearchEntry, Template
from knowledge.services.index import index_article, index_lesson, index_template

_MAKERS: tuple[tuple[Any, str, Any], ...] = (
    (Article, "article_id", index_article),
    (Lesson, "lesson_id", index_lesson),
    (Template, "template_id", index_template),
)


def follow(changed: dict[type[models.Model], set[Any]]) -> None:
    """Make the entries of the rows again, in the transaction of the erasure."""
    named = SearchEntry.all_objects.filter(pk__in=changed.get(SearchEntry, set()))
    for model, link, make in _MAKERS:
        ids = set(changed.get(model, set())) | set(
            named.filter(**{f"{link}__isnull": False}).values_list(link, flat=True)
        )
        for row in model._base_manager.filter(pk__in=ids).order_by("pk"):
            make(row)
