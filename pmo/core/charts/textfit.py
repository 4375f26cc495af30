"""How wide a text will be, estimated from its characters: the server draws without knowing the reader's fonts."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_NARROW = frozenset("iljtfrI.,:;|!'()[]/ ")
_WIDE = frozenset("mwMW@%&")
ELLIPSIS = "…"


def _advance(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if unicodedata.combining(character):
        return 0.0
    if character in _NARROW:
        return 0.34
    if character in _WIDE:
        return 0.92
    return 0.69 if character.isupper() else 0.6


@lru_cache(maxsize=4096)
def width(text: str, size: float = 12, bold: bool = False) -> float:
    """Pixels that the text takes at this font size, rather a little too many than too few."""
    return sum(_advance(character) for character in text) * size * (1.06 if bold else 1.0)


def clip(text: str, pixels: float, size: float = 12, bold: bool = False) -> str:
    """The text, cut with an ellipsis when it would be wider than that many pixels."""
    if width(text, size, bold) <= pixels:
        return text
    room = pixels - width(ELLIPSIS, size, bold)
    kept = ""
    for character in text:
        if width(kept + character, size, bold) > room:
            break
        kept += character
    return kept.rstrip() + ELLIPSIS


def in_two_lines(text: str) -> tuple[str, str] | None:
    """The text broken at the space nearest to its middle, or None when it has no space."""
    spaces = [index for index, character in enumerate(text) if character == " "]
    if not spaces:
        return None
    middle = min(spaces, key=lambda index: abs(index - len(text) / 2))
    return text[:middle], text[middle + 1 :]
