"""Finding articles, lessons and templates: every word must stand somewhere, titles count most, visible rows only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from knowledge.calc.rendering import plain_text
from knowledge.calc.words import SHORTEST_PINYIN, Word, extract
from knowledge.models import Article, Lesson, SearchEntry, Template
from pmo.core.people.names import localised

CODE, HEAD, PINYIN, BODY = 16, 8, 4, 2
KINDS = ("article", "lesson", "template")
_SHORTEST_INITIALS = 2


@dataclass(frozen=True)
class Hit:
    """One thing found: the row, what kind it is, and the extract as (piece, is a hit) pairs."""

    kind: str
    row: Any
    title: list[tuple[str, bool]]
    extract: list[tuple[str, bool]]


def visible_entries(user: Any, kinds: Sequence[str] = KINDS) -> QuerySet[SearchEntry]:
    """Entries of what the user may see, of these kinds."""
    seen = Q(pk__in=[])
    for kind, model in (("article", Article), ("lesson", Lesson), ("template", Template)):
        if kind in kinds:
            rows: Any = model.objects
            seen |= Q(**{f"{kind}__in": rows.visible_to(user).order_by().values("pk")})
    entries: QuerySet[SearchEntry] = SearchEntry.objects.filter(seen)
    return entries


def search(entries: QuerySet[SearchEntry], words: Sequence[Word]) -> QuerySet[SearchEntry]:
    """The entries in which every word stands, the best first."""
    score: Any = Value(0)
    for word in words:
        head, pinyin, body = _head(word), _pinyin(word), _in("body", word)
        entries = entries.filter(head | pinyin | body)
        score = score + Case(
            When(Q(code__iexact=word.text), then=Value(CODE)),
            When(head, then=Value(HEAD)),
            When(pinyin, then=Value(PINYIN)),
            default=Value(BODY),
            output_field=IntegerField(),
        )
    return entries.annotate(score=score).order_by("-score", "-updated_at", "pk")


def _head(word: Word) -> Q:
    return _in("head", word)


def _in(field: str, word: Word) -> Q:
    """The word as it stands, or all its pairs."""
    found = Q(**{f"{field}__contains": word.text})
    if word.pairs:
        pairs = Q()
        for pair in word.pairs:
            pairs &= Q(**{f"{field}__contains": pair})
        found |= pairs
    return found


def _pinyin(word: Word) -> Q:
    if not word.latin:
        return Q(pk__in=[])
    found = Q(pk__in=[])
    if len(word.text) >= SHORTEST_PINYIN:
        found |= Q(pinyin__contains=word.text)
    if len(word.text) >= _SHORTEST_INITIALS:
        found |= Q(initials__contains=word.text)
    return found


def with_rows(entries: QuerySet[SearchEntry]) -> QuerySet[SearchEntry]:
    """The entries with what a list of hits shows, in the same query."""
    return entries.select_related("article", "article__owner", "lesson", "lesson__project", "template").defer(
        "head", "pinyin", "initials", "body"
    )


def hit_of(entry: SearchEntry, words: Sequence[Word], language: str) -> Hit:
    """The entry as the list shows it."""
    kind = next(name for name in KINDS if getattr(entry, f"{name}_id") is not None)
    row = getattr(entry, kind)
    return Hit(kind, row, extract(str(row), words), extract(_text(kind, row, words, language), words))


def _text(kind: str, row: Any, words: Sequence[Word], language: str) -> str:
    """The text an extract is taken from: the reader's language first, the other where only that has the words."""
    if kind == "template":
        return str(row.purpose)
    if kind == "lesson":
        return "\n".join(text for text in (row.situation, row.cause, row.recommendation) if text)
    both = {
        "zh": "\n".join((row.summary_zh, plain_text(row.body_zh))),
        "en": "\n".join((row.summary_en, plain_text(row.body_en))),
    }
    own, other = ("zh", "en") if language.startswith("zh") else ("en", "zh")
    if not _hit(both[own], words) and _hit(both[other], words):
        return both[other]
    return localised(both["zh"].strip(), both["en"].strip(), language)


def _hit(text: str, words: Sequence[Word]) -> bool:
    low = text.lower()
    return any(word.text in low or any(pair in low for pair in word.pairs) for word in words)
