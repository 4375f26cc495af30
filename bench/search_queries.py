"""A hundred queries, each made from a row of the index by a deformation that is written down here.

chinese    4 to 8 characters in a row, from any place of the Chinese title
apart      two parts of 2 to 3 characters from both ends of the Chinese title, the later one first
substring  the inside of a long English word, and another word of the title whole
pinyin     the full pinyin, without spaces, of 4 to 6 characters in a row of the title
initials   the initials of 6 to 9 characters in a row of the title
code       the code whole; every third time without its hyphen and in small letters
digits     the last six digits of the code
misspelt   three words of the English title, one of five letters or more with a slip: left out, doubled, exchanged, changed
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

NUMBERS = {
    "chinese": 20,
    "apart": 10,
    "substring": 10,
    "pinyin": 20,
    "initials": 15,
    "code": 9,
    "digits": 4,
    "misspelt": 12,
}


@dataclass(frozen=True)
class Query:
    """What is typed, how it was made, and the row it was made from."""

    kind: str
    text: str
    code: str


def queries(
    read: Callable[[int], Any], numbers: int, seed: int, only: Callable[[int], bool] = lambda _n: True
) -> list[Query]:
    """A hundred of them; `read(number)` gives (code, title_zh, title_en, syllables of the Chinese title) of a row."""
    chance = random.Random(seed)
    found: list[Query] = []
    for kind, wanted in NUMBERS.items():
        made = 0
        while made < wanted:
            number = chance.randrange(numbers)
            if not only(number):
                continue
            code, zh, en, sounds = read(number)
            text = _MAKERS[kind](chance, code, zh, en, sounds)
            if text:
                found.append(Query(kind, text, code))
                made += 1
    return found


def _part(chance: random.Random, items: Any, low: int, high: int) -> Any:
    size = min(len(items), chance.randint(low, high))
    start = chance.randrange(len(items) - size + 1)
    return items[start : start + size]


def _chinese(chance: random.Random, _code: str, zh: str, _en: str, _sounds: list[str]) -> str:
    return _part(chance, zh, 4, 8) if len(zh) >= 6 else ""


def _apart(chance: random.Random, _code: str, zh: str, _en: str, _sounds: list[str]) -> str:
    if len(zh) < 8:
        return ""
    return f"{zh[-chance.randint(2, 3) :]} {zh[: chance.randint(2, 3)]}"


def _substring(chance: random.Random, _code: str, _zh: str, en: str, _sounds: list[str]) -> str:
    words = en.lower().split()
    long = [word for word in words if len(word) >= 8]
    if not long or len(words) < 4:
        return ""
    word = chance.choice(long)
    others = [other for other in words if other != word and len(other) >= 5]
    return f"{word[2:7]} {' '.join(chance.sample(others, min(2, len(others))))}" if others else ""


def _pinyin(chance: random.Random, _code: str, _zh: str, _en: str, sounds: list[str]) -> str:
    return "".join(_part(chance, sounds, 4, 6)) if len(sounds) >= 6 else ""


def _initials(chance: random.Random, _code: str, _zh: str, _en: str, sounds: list[str]) -> str:
    return "".join(sound[0] for sound in _part(chance, sounds, 6, 9)) if len(sounds) >= 9 else ""


def _code(chance: random.Random, code: str, _zh: str, _en: str, _sounds: list[str]) -> str:
    return code.replace("-", "").lower() if chance.randrange(3) == 0 else code


def _digits(_chance: random.Random, code: str, _zh: str, _en: str, _sounds: list[str]) -> str:
    return code[-6:]


def _misspelt(chance: random.Random, _code: str, _zh: str, en: str, _sounds: list[str]) -> str:
    words = en.lower().split()
    if len(words) < 4:
        return ""
    chosen = chance.sample(words, 3)
    fit = [place for place, word in enumerate(chosen) if len(word) >= 5]
    if not fit:
        return ""
    place = chance.choice(fit)
    chosen[place] = _slip(chance, chosen[place])
    return " ".join(chosen)


def _slip(chance: random.Random, word: str) -> str:
    at = chance.randrange(1, len(word) - 1)
    how = chance.randrange(4)
    if how == 0:
        return word[:at] + word[at + 1 :]
    if how == 1:
        return word[:at] + word[at] + word[at:]
    if how == 2 and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + chance.choice([letter for letter in "aeioust" if letter != word[at]]) + word[at + 1 :]


_MAKERS: dict[str, Callable[[random.Random, str, str, str, list[str]], str]] = {
    "chinese": _chinese,
    "apart": _apart,
    "substring": _substring,
    "pinyin": _pinyin,
    "initials": _initials,
    "code": _code,
    "digits": _digits,
    "misspelt": _misspelt,
}
