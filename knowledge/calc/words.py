"""What is searched and what is searched for, brought into one form: half width, lower case, pinyin beside Chinese.

Chinese has no spaces and most of its words have two characters: a Chinese word of the query is found where it stands as
it is, or, from three characters on, where each of its pairs stands somewhere (接口陷阱 where 接口 and 陷阱 both stand).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from pypinyin import Style, lazy_pinyin

_CHINESE = r"\u3400-\u4dbf\u4e00-\u9fff"
_RUN = re.compile(rf"[{_CHINESE}]+|[^\s{_CHINESE},，、;；。“”\"《》（）()]+")
_CHINESE_RUN = re.compile(rf"[{_CHINESE}]+")
MOST_WORDS = 8
LONGEST = 40
SHORTEST_PINYIN = 3  # shorter ones are found in the initials: "an" stands in half of all syllables
BEFORE, AFTER = 40, 120


@dataclass(frozen=True)
class Word:
    """One word of a query: its text, the pairs that may stand for it, and whether it may be pinyin."""

    text: str
    pairs: tuple[str, ...] = ()
    latin: bool = False


def folded(text: str) -> str:
    """Half width and lower case, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text.replace("\x00", " ")).lower().split())


def pinyin(text: str) -> tuple[str, str]:
    """(full pinyin, initials) of the Chinese runs of a text, runs apart by spaces: 战争 gives ("zhanzheng", "zz")."""
    full, first = [], []
    for run in _CHINESE_RUN.findall(text):
        full.append("".join(lazy_pinyin(run)))
        first.append("".join(lazy_pinyin(run, style=Style.FIRST_LETTER)))
    return " ".join(full), " ".join(first)


def words(query: str) -> list[Word]:
    """The words of a query, at most eight; runs of Chinese and of other letters are words of their own."""
    found = []
    for text in _RUN.findall(folded(query))[:MOST_WORDS]:
        short = text[:LONGEST]
        if _CHINESE_RUN.fullmatch(short):
            found.append(Word(short, _pairs(short)))
        else:
            found.append(Word(short, latin=short.isascii() and short.isalpha()))
    return found


def _pairs(text: str) -> tuple[str, ...]:
    """Two characters each; of an odd number the last pair overlaps the one before."""
    if len(text) < 3:
        return ()
    starts = [*range(0, len(text) - 1, 2), *([len(text) - 2] if len(text) % 2 else [])]
    return tuple(dict.fromkeys(text[start : start + 2] for start in starts))


def extract(text: str, wanted: Sequence[Word]) -> list[tuple[str, bool]]:
    """The part of a text around the first hit as (piece, is a hit) pairs; its beginning where nothing is hit."""
    line = " ".join(text.split())
    low = line.lower()
    # A letter may become two in lower case: marks are only set where places agree.
    terms = _terms(low, wanted) if len(low) == len(line) else []
    first = min((low.find(term) for term in terms), default=0)
    start = _word_start(line, max(0, first - BEFORE), first)
    end = min(len(line), first + AFTER)
    pieces = _marked(line[start:end], terms)
    if start:
        pieces.insert(0, ("…", False))
    if end < len(line):
        pieces.append(("…", False))
    return pieces


def _word_start(line: str, start: int, first: int) -> int:
    """The place itself, or behind the next space where it would cut a Latin word in two."""
    space = line.find(" ", start, first)
    return space + 1 if start and 0 <= space - start < LONGEST else start


def _terms(low: str, wanted: Sequence[Word]) -> list[str]:
    """What to mark: the words that stand in the text, else those of their pairs that do; longest first."""
    terms = []
    for word in wanted:
        terms += [word.text] if word.text in low else [pair for pair in word.pairs if pair in low]
    return sorted(set(terms), key=lambda term: (-len(term), term))


def _marked(text: str, terms: Sequence[str]) -> list[tuple[str, bool]]:
    if not terms:
        return [(text, False)] if text else []
    pattern = re.compile("|".join(map(re.escape, terms)), re.I)
    pieces, place = [], 0
    for match in pattern.finditer(text):
        if match.start() > place:
            pieces.append((text[place : match.start()], False))
        pieces.append((match.group(), True))
        place = match.end()
    if place < len(text):
        pieces.append((text[place:], False))
    return pieces
