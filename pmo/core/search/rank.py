"""How good a hit is, and what of it to mark: every word is looked up again in what the entry really says."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pmo.core.search.asked import Asked, pairs_of
from pmo.core.search.tokens import folded, is_chinese, syllables

CODE, CODE_BEGINS, TITLE, TITLE_BEGINS = 1000.0, 400.0, 500.0, 250.0
IN_TITLE, IN_CODE, IN_PINYIN, IN_INITIALS, IN_TEXT, NEARLY = 100.0, 90.0, 80.0, 60.0, 20.0, 10.0
OWN, NEWEST = 15.0, 10.0
# A row that only joins others (a member of a project) comes behind what it joins.
JOINS = 30.0
_FRESH_DAYS = 365.0


@dataclass
class Said:
    """An entry, folded as far as it is needed."""

    entry: Any
    marks: set[str] = field(default_factory=set)

    @cached_property
    def titles(self) -> list[str]:
        return [folded(title) for title in (self.entry.title_zh, self.entry.title_en) if title]

    @cached_property
    def text(self) -> str:
        return folded(self.entry.text)

    @cached_property
    def compact(self) -> str:
        """Titles and text without spaces and punctuation, for codes."""
        return "".join(re.findall(r"[^\W_]+", " ".join([*self.titles, self.text])))

    @cached_property
    def runs(self) -> list[tuple[str, list[str]]]:
        """The Chinese runs of the titles, each with its syllables."""
        chinese = [run for title in self.titles for run in re.findall("[\u3400-\u4dbf\u4e00-\u9fff]+", title)]
        sounds = [run.split() for run in self.entry.pinyin.split("|")]
        return [pair for pair in zip(chinese, sounds, strict=False) if len(pair[0]) == len(pair[1])]


def score(
    entry: Any, asked: Asked, spelt: Mapping[str, Sequence[str]], near: bool, today: datetime.datetime
) -> Said | None:
    """The entry with `entry.score` and the marks to show, None where a word of the query does not stand in it."""
    said = Said(entry)
    total = _as_a_whole(said, asked)
    for word in asked.words:
        worth = _word(said, word, spelt.get(word, ()), near)
        if not worth and not (asked.code and asked.code in entry.code_key):
            return None
        total += worth / len(asked.words)
    age = max(0.0, (today - entry.updated_at).total_seconds() / 86_400)
    entry.score = total + NEWEST * max(0.0, 1 - age / _FRESH_DAYS) - (0 if entry.code else JOINS)
    return said


def _as_a_whole(said: Said, asked: Asked) -> float:
    key = said.entry.code_key
    worth = 0.0
    if asked.code and key == asked.code:
        worth = CODE
    elif len(asked.code) > 1 and key.startswith(asked.code):
        worth = CODE_BEGINS
    if asked.text in said.titles:
        return worth + TITLE
    begins = [len(title) for title in said.titles if title.startswith(asked.text)]
    if begins:
        return worth + TITLE_BEGINS + 50 * len(asked.text) / min(begins)
    return worth


def _word(said: Said, word: str, spelt: Sequence[str], near: bool) -> float:
    for title in said.titles:
        if word in title:
            said.marks.add(word)
            return IN_TITLE + (10 if _stands_alone(word, title) else 0)
    if word in said.entry.code_key:
        said.marks.add(word)
        return IN_CODE + (10 if said.entry.code_key.endswith(word) else 0)
    worth = 0.0 if is_chinese(word) else _sounds(said, word)
    if not worth and _in_text(said, word):
        said.marks.add(word)
        worth = IN_TEXT
    return worth or (_nearly(said, word, spelt) if near else 0.0)


def _in_text(said: Said, word: str) -> bool:
    if is_chinese(word):
        return word in said.text
    if _stands_alone(word, said.text):
        return True
    return any(letter.isdigit() for letter in word) and word in said.compact


def _stands_alone(word: str, text: str) -> bool:
    """Whether a word of the text begins with it."""
    return is_chinese(word) or re.search(rf"(?<![a-z0-9]){re.escape(word)}", text) is not None


def _sounds(said: Said, word: str) -> float:
    for run, sounds in said.runs:
        for start in range(len(sounds)):
            if "".join(sounds[start:]).startswith(word):
                said.marks.add(run[start : start + _syllables_of(sounds[start:], word)])
                return IN_PINYIN + (10 if start == 0 else 0)
    for run, sounds in said.runs:
        place = "".join(sound[0] for sound in sounds).find(word)
        if place >= 0 and len(word) > 1:
            said.marks.add(run[place : place + len(word)])
            return IN_INITIALS + (20 if place == 0 else 0) + (20 if len(word) == len(run) else 0)
    return 0.0


def _syllables_of(sounds: Sequence[str], word: str) -> int:
    """How many syllables the letters reach over."""
    length = 0
    for number, sound in enumerate(sounds, 1):
        length += len(sound)
        if length >= len(word):
            return number
    return len(sounds)


def _nearly(said: Said, word: str, spelt: Sequence[str]) -> float:
    for place, other in enumerate(spelt):
        in_title = any(_whole(other, title) for title in said.titles)
        if in_title or _whole(other, said.text):
            said.marks.add(other)
            return NEARLY + (40 if in_title else 0) - place
    if not is_chinese(word):
        return 0.0
    wanted = "".join(syllables(word))
    for run, sounds in said.runs:
        for start in range(len(sounds) - len(word) + 1):
            if "".join(sounds[start : start + len(word)]) == wanted:
                said.marks.add(run[start : start + len(word)])
                return NEARLY + 40
    everything = " ".join([*said.titles, said.text])
    found = pairs_of(word)
    if all(pair in everything for pair in found):
        said.marks.update(found)
        return NEARLY
    return 0.0


def _whole(word: str, text: str) -> bool:
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text) is not None


def marked(text: str, marks: Sequence[str], most: int = 0) -> list[tuple[str, bool]]:
    """The text as (piece, is a hit) pairs; with `most`, about so many characters around the first hit."""
    line = " ".join(text.split())
    low = line.lower()
    terms = sorted((mark for mark in set(marks) if mark and mark in low), key=lambda mark: (-len(mark), mark))
    if len(low) != len(line):
        terms = []
    start, end = 0, len(line)
    if most and len(line) > most:
        first = min((low.find(term) for term in terms), default=0)
        start = max(0, min(first - most // 3, len(line) - most))
        end = start + most
    pieces = [("…", False)] if start else []
    place = start
    if terms:
        for match in re.compile("|".join(map(re.escape, terms))).finditer(low, start, end):
            if match.start() > place:
                pieces.append((line[place : match.start()], False))
            pieces.append((line[match.start() : match.end()], True))
            place = match.end()
    if place < end:
        pieces.append((line[place:end], False))
    return [*pieces, ("…", False)] if end < len(line) else pieces
