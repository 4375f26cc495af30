"""What is kept of a text so that parts of it are found: tokens of plain letters and digits, the same on every database.

Neither database cuts Chinese into words, and PostgreSQL's trigrams depend on the locale the cluster was made with. So the
cutting is done here, and the database only compares tokens. The first character of a token says what it is:

0  two Chinese characters, anywhere        3  a Latin word or number, anywhere
1  two Chinese characters of a title       4  a Latin word or number of a title
2  one Chinese character of a title        5  three letters of a title or code (parts of words)
6  one or two syllables of pinyin of a title
7  two or three initials of that pinyin
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from pypinyin import lazy_pinyin

# Raised when tokens change their meaning: every installation then builds its index again, once.
VERSION = 1
CHINESE = r"\u3400-\u4dbf\u4e00-\u9fff"
_PIECES = re.compile(rf"[{CHINESE}]+|[^\W_{CHINESE}]+")
_CHINESE_RUN = re.compile(rf"[{CHINESE}]+")
_LETTERS_AND_DIGITS = re.compile(r"[^\W_]+")
_CODE = re.compile(r"(?<![a-z0-9])[a-z0-9]+(?:[-_/.][a-z0-9]+)+")
LONGEST_WORD = 40
# So much of a long text is indexed and kept for extracts.
LONGEST_TEXT = 6000


def folded(text: str) -> str:
    """Half width, lower case, without accents, single spaces."""
    plain = unicodedata.normalize("NFKC", text.replace("\x00", " ")).lower()
    if not plain.isascii():
        parts = unicodedata.normalize("NFD", plain)
        plain = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return " ".join(plain.split())


def is_chinese(text: str) -> bool:
    """Whether the text is a run of Chinese characters."""
    return _CHINESE_RUN.fullmatch(text) is not None


def pieces(text: str) -> list[str]:
    """Runs of Chinese characters, and words or numbers between them, of a folded text."""
    return [piece[:LONGEST_WORD] if not is_chinese(piece) else piece for piece in _PIECES.findall(text)]


def words_of(text: str) -> list[str]:
    """The pieces of a folded text; what is written like a code (PRJ-2026-001) is one piece, without its punctuation."""
    found: list[str] = []
    place = 0
    for code in _CODE.finditer(text):
        if any(letter.isdigit() for letter in code.group()):
            found += [
                *pieces(text[place : code.start()]),
                "".join(_LETTERS_AND_DIGITS.findall(code.group()))[:LONGEST_WORD],
            ]
            place = code.end()
    return found + pieces(text[place:])


def joined(text: str) -> str:
    """A code without its punctuation: PRJ-2026-001 gives prj2026001."""
    return "".join(_LETTERS_AND_DIGITS.findall(folded(text)))


@lru_cache(maxsize=20_000)
def syllables(run: str) -> tuple[str, ...]:
    """The pinyin of a run of Chinese characters, one syllable each, without tones."""
    return tuple(found for found in lazy_pinyin(run, v_to_u=False) if found.isascii() and found.isalpha())


def pinyin_of(text: str) -> str:
    """The pinyin of the Chinese runs of a folded text: syllables apart by a space, runs by a bar."""
    return "|".join(" ".join(syllables(run)) for run in _CHINESE_RUN.findall(text))


def parts(text: str, size: int) -> list[str]:
    """Every part of so many characters, one after the other; the text itself where it is shorter."""
    if len(text) <= size:
        return [text]
    return [text[start : start + size] for start in range(len(text) - size + 1)]


def title_tokens(code: str, titles: Iterable[str]) -> Iterator[str]:
    """Tokens of a code and of folded titles, some more than once."""
    if code:
        yield from (f"5{part}" for part in parts(code, 3) if len(part) == 3)
    for title in titles:
        for piece in dict.fromkeys([*pieces(title), *words_of(title)]):
            if is_chinese(piece):
                yield from (f"2{character}" for character in piece)
                if len(piece) > 1:
                    for pair in parts(piece, 2):
                        yield f"1{pair}"
                        yield f"0{pair}"
                yield from pinyin_tokens(syllables(piece))
            else:
                yield from (f"5{part}" for part in parts(piece, 3) if len(part) == 3)
                yield from _word_tokens(piece)


def _word_tokens(word: str) -> Iterator[str]:
    yield f"3{word[:LONGEST_WORD]}"
    yield f"4{word[:LONGEST_WORD]}"


def pinyin_tokens(run: tuple[str, ...]) -> Iterator[str]:
    """Tokens of the syllables and initials of a run."""
    yield from (f"6{syllable}" for syllable in run)
    yield from (f"6{one}{two}" for one, two in zip(run, run[1:], strict=False))
    first = "".join(syllable[0] for syllable in run)
    for size in (2, 3):
        if len(first) >= size:
            yield from (f"7{part}" for part in parts(first, size))


def text_tokens(text: str) -> Iterator[str]:
    """Tokens of a folded text that is no title, some more than once."""
    for piece in dict.fromkeys([*pieces(text), *words_of(text)]):
        if is_chinese(piece):
            yield from (f"0{pair}" for pair in parts(piece, 2))
        else:
            yield f"3{piece}"


def line_of(tokens: Iterable[str]) -> str:
    """The tokens as the index keeps them: each once, apart by a space."""
    return " ".join(dict.fromkeys(tokens))


def words_to_spell(line: str) -> set[str]:
    """Latin words of an index line that a misspelt word may have meant."""
    return {word for token in line.split() if token[0] == "3" and can_be_spelt(word := token[1:])}


def can_be_spelt(word: str) -> bool:
    """Whether a word is long enough, and Latin, so that a slip of the finger can be told."""
    return 4 <= len(word) <= 24 and word.isascii() and word.isalpha()
