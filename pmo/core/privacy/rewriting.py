"""What an erasure would rewrite in texts that name the person: shown before the second step, which cannot be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pmo.core.privacy.finding import mentioned_in, tables, with_mentions
from pmo.core.privacy.preview import title_of
from pmo.core.privacy.subjects import Names, Pseudonym, Subject

# Rows of one table that are looked at: beyond them the count says "more than".
MOST = 1000
EXAMPLES = 8
_AROUND = 60


@dataclass(frozen=True)
class Example:
    """A text before and after, with what its rows are called."""

    title: str
    before: str
    after: str


@dataclass(frozen=True)
class Rewriting:
    """Texts in tables that change, and some of them: one of each table at most."""

    texts: int
    tables: int
    more: bool
    examples: list[Example]


def rewriting(subject: Subject, pseudonym: Pseudonym) -> Rewriting:
    """Count the texts that the erasure would rewrite. One statement for each table."""
    names = Names(subject, pseudonym)
    texts = touched = 0
    more = False
    examples: list[Example] = []
    for table in tables():
        rows = list(with_mentions(table, names).order_by("pk")[: MOST + 1])
        more = more or len(rows) > MOST
        changed = [(row, fields) for row in rows[:MOST] if (fields := mentioned_in(table, row, names))]
        if not changed:
            continue
        touched += 1
        texts += sum(len(fields) for _row, fields in changed)
        if len(examples) < EXAMPLES:
            row, fields = changed[0]
            examples.append(_example(title_of(table), getattr(row, fields[0]), names))
    return Rewriting(texts, touched, more, examples)


def _example(title: str, value: Any, names: Names) -> Example:
    text = next(one for one in _texts(value) if names.within(one))
    start = max(0, names.place(text) - _AROUND // 2)
    cut = text[start : start + 2 * _AROUND]
    return Example(title, cut, names.replaced(cut)) if names.within(cut) else Example(title, text, names.replaced(text))


def _texts(value: Any) -> Iterator[str]:
    """Every text of a value; the keys of JSON are none."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
