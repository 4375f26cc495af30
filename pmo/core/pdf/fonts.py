"""Which font writes which character: Helvetica for Latin, STSong-Light for Chinese, a box for what neither has.

No font is embedded and none is needed on the machine: every reader of PDF has the first, and brings the second or one like it.
"""

from __future__ import annotations

import functools
import re
import unicodedata

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

LATIN, BOLD, HAN = "Helvetica", "Helvetica-Bold", "STSong-Light"
MISSING = "□"
# Characters Helvetica writes with the standard fonts Symbol and ZapfDingbats.
_SIGNS = frozenset("−→←↑↓≤≥≠≈∞▲▼●■◆★✓✔✗✘")
# Wide in Chinese text, narrow in Latin text. Quotes stay narrow: fonts that stand in for the Chinese one misplace wide ones.
_RUNS = re.compile("[—…×÷±°]+")
_CONTROLS = frozenset(["Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"])

pdfmetrics.registerFont(UnicodeCIDFont(HAN))


def clean(text: str) -> str:
    """The text with only what the fonts have: no control or direction characters, `MISSING` for the rest; line ends stay."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(_kept(letter) for letter in unicodedata.normalize("NFC", plain))


@functools.lru_cache(maxsize=8192)
def _kept(letter: str) -> str:
    if letter == "\n" or " " <= letter <= "~" or letter in _SIGNS:
        return letter
    category = unicodedata.category(letter)
    if category in {"Zs", "Zl", "Zp"}:
        return "\u3000" if letter == "\u3000" else " "
    if category in {"Cs", "Co", "Cn"}:
        return MISSING
    if category in _CONTROLS:
        return ""
    if _in(letter, "cp1252") or _in(letter, "gbk"):
        return letter
    simpler = "".join(part for part in unicodedata.normalize("NFKD", letter) if _in(part, "cp1252") or _in(part, "gbk"))
    return simpler if simpler.strip() else MISSING


def _in(letter: str, encoding: str) -> bool:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@functools.lru_cache(maxsize=8192)
def is_latin(letter: str) -> bool:
    """Whether Helvetica writes the character."""
    return letter in _SIGNS or _in(letter, "cp1252")


def faces(text: str) -> list[bool]:
    """For each character of a clean text whether it is Latin; dashes go with the Chinese beside them."""
    found = [is_latin(letter) for letter in text]
    for run in _RUNS.finditer(text):
        beside = text[max(run.start() - 1, 0) : run.start()] + text[run.end() : run.end() + 1]
        if any(not is_latin(letter) for letter in beside):
            found[run.start() : run.end()] = [False] * len(run[0])
    return found


@functools.lru_cache(maxsize=16384)
def advance(letter: str, font: str) -> float:
    """The width of a character at size 1."""
    return float(pdfmetrics.stringWidth(letter, font, 1))
