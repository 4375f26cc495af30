"""Mentions in a text: `@Zhou Qiming(E1003)`, as the picker writes them, and tags as they are typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# A name, then the person's code in brackets, ASCII or full-width.
_MENTION = re.compile(r"@([^\s@()（）][^@()（）\n]{0,79})[(（]([A-Za-z0-9._-]{1,60})[)）]")
_SEPARATORS = re.compile(r"[,，、;；\n]+")


@dataclass(frozen=True)
class Piece:
    """A stretch of a comment: plain words, or a mention with the person's code."""

    text: str
    code: str = ""


def pieces(text: str) -> Iterator[Piece]:
    """The text in order, cut at its mentions."""
    end = 0
    for found in _MENTION.finditer(text):
        if found.start() > end:
            yield Piece(text[end : found.start()])
        yield Piece(found[1].strip(), found[2])
        end = found.end()
    if end < len(text):
        yield Piece(text[end:])


def mentioned(text: str) -> list[str]:
    """Codes of the persons mentioned, each once, in order."""
    return list(dict.fromkeys(piece.code for piece in pieces(text) if piece.code))


def tag_words(text: str) -> list[str]:
    """The tags of a typed list: cut at commas of both kinds, spaces trimmed, one of each spelling."""
    words = {" ".join(word.lstrip("#＃ ").split()) for word in _SEPARATORS.split(text)}
    unique: dict[str, str] = {}
    for word in sorted(words - {""}):
        unique.setdefault(word.casefold(), word)
    return [unique[key] for key in sorted(unique)]
