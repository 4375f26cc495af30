"""Reading the texts of the demo's knowledge: articles and lessons kept as Markdown beside this module."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "knowledge_texts"
_FILES = ("articles_stories.md", "articles_practice.md", "articles_more.md")


@dataclass(frozen=True)
class Text:
    """An article: `week` of its publication from today, `review` weeks from today (0: none)."""

    key: str
    code: str
    head: dict[str, str]
    body_zh: str
    body_en: str

    @property
    def week(self) -> float:
        """When it was published, in weeks from today."""
        return float(self.head.get("week", "0"))

    @property
    def review(self) -> float:
        """When it is to be reviewed, in weeks from today; 0 for never."""
        return float(self.head.get("review", "0"))


@dataclass(frozen=True)
class Learned:
    """A lesson: the parts of its first line, its title and its four texts."""

    project: str
    kind: str
    category: str
    stage: str
    week: float
    state: str
    article: str
    title: str
    situation: str
    cause: str
    recommendation: str
    impact: str


@functools.cache
def articles() -> tuple[Text, ...]:
    """Every article, in the order of its code."""
    found: list[Text] = []
    for name in _FILES:
        for part in (_FOLDER / name).read_text(encoding="utf-8").split("=== ")[1:]:
            found.append(_article(part, len(found) + 1))
    return tuple(found)


def _article(part: str, number: int) -> Text:
    first, _, rest = part.partition("\n")
    front, _, bodies = rest.partition("--- zh\n")
    zh, _, en = bodies.partition("--- en\n")
    head = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in front.splitlines())}
    return Text(first.strip(), f"KB-{number:03d}", head, zh.strip(), en.strip())


@functools.cache
def lessons() -> dict[str, tuple[Learned, ...]]:
    """Lessons by project code."""
    found: dict[str, list[Learned]] = {}
    for part in ("\n" + (_FOLDER / "lessons.md").read_text(encoding="utf-8")).split("\n# ")[1:]:
        lesson = _lesson(part)
        found.setdefault(lesson.project, []).append(lesson)
    return {code: tuple(rows) for code, rows in found.items()}


def _lesson(part: str) -> Learned:
    first, title, *lines = part.strip().splitlines()
    project, kind, category, stage, week, state, article = (piece.strip() for piece in first.split("|"))
    texts = dict(line.split(": ", 1) for line in lines)
    return Learned(
        project,
        kind,
        category,
        stage,
        float(week),
        state,
        article,
        title,
        texts["S"],
        texts["C"],
        texts["R"],
        texts["I"],
    )
