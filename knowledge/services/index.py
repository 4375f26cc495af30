"""Keeping the search index: each service that changes a text calls one of these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from knowledge.calc.rendering import plain_text
from knowledge.calc.words import folded, pinyin
from knowledge.models import Article, Lesson, SearchEntry, Template


def entry_values(*, code: str, head: Iterable[str], body: Iterable[str]) -> dict[str, str]:
    """The columns of a search entry. `head` are titles and tags, `body` is plain text."""
    heads = [text for text in (code, *head) if text]
    full, first = pinyin(" ".join(heads))
    return {
        "code": code,
        "head": folded(" ".join(heads)),
        "pinyin": full,
        "initials": first,
        "body": folded(" ".join(text for text in body if text)),
    }


def article_values(texts: Any) -> dict[str, str]:
    """The entry of an article; `texts` has its fields as attributes."""
    return entry_values(
        code=texts.code,
        head=(texts.title_zh, texts.title_en, texts.tag_names),
        body=(texts.summary_zh, texts.summary_en, plain_text(texts.body_zh), plain_text(texts.body_en)),
    )


def lesson_values(texts: Any) -> dict[str, str]:
    """The entry of a lesson; `texts` has its fields as attributes."""
    body = (texts.situation, texts.cause, texts.impact, texts.recommendation)
    return entry_values(code=texts.code, head=(texts.title,), body=body)


def template_values(texts: Any) -> dict[str, str]:
    """The entry of a template; `texts` has its fields as attributes."""
    return entry_values(code=texts.code, head=(texts.name_zh, texts.name_en), body=(texts.purpose,))


def index_article(article: Article) -> None:
    """Write what is searched of the article."""
    SearchEntry.objects.update_or_create(article=article, defaults=article_values(article))


def index_articles(articles: Sequence[Article]) -> None:
    """Write the titles and tags of several articles that have an entry: three statements, whatever their number."""
    entries = {entry.article_id: entry for entry in SearchEntry.objects.filter(article__in=articles)}
    found = []
    for article in articles:
        entry = entries.get(article.pk)
        if entry is not None:
            for name, value in article_values(article).items():
                setattr(entry, name, value)
            found.append(entry)
    SearchEntry.objects.bulk_update(found, ["code", "head", "pinyin", "initials", "body"], batch_size=200)


def index_lesson(lesson: Lesson) -> None:
    """Write what is searched of the lesson."""
    SearchEntry.objects.update_or_create(lesson=lesson, defaults=lesson_values(lesson))


def index_template(template: Template) -> None:
    """Write what is searched of the template."""
    SearchEntry.objects.update_or_create(template=template, defaults=template_values(template))
