"""What a column looks like that feeds no field: of which type a field for it would be, and which words it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pmo.core.imports.amounts import Written, read_number
from pmo.core.imports.cells import is_empty
from pmo.core.imports.dates import parse_date
from pmo.core.imports.header_words import read_header
from pmo.core.imports.messages import CellProblem
from pmo.core.imports.table import Cell, Column, Table, cell_text
from pmo.core.imports.words import parse_bool

TEXT, LONG_TEXT, NUMBER, MONEY, DATE, BOOL, LINK, CHOICE, MULTI = (
    "text", "long_text", "number", "money", "date", "bool", "link", "choice", "multi",
)  # fmt: skip
SAMPLE = 300
MOST_WORDS = 60
_LONG = 200
_LONGEST_WORD = 80
_BETWEEN = re.compile(r"\s*[,;，、；]\s*")
_LINK = re.compile(r"https?://[^\s/]+\S*\Z")
_DIGITS = frozenset("0123456789")


@dataclass(frozen=True)
class Look:
    """`kind` is the guess, `fits` every type that can read all values looked at.

    `words` are the different values of the whole column and `parts` what they are made of between commas; () where there
    are too many of them to choose from.
    """

    kind: str = TEXT
    fits: tuple[str, ...] = (TEXT, LONG_TEXT)
    words: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The storable form; `from_json` reads it back."""
        return {"kind": self.kind, "fits": [*self.fits], "words": [*self.words], "parts": [*self.parts]}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any] | None) -> Look:
        """The look kept with a column; that of a text where none was kept."""
        if not kept:
            return cls()
        return cls(kept["kind"], tuple(kept["fits"]), tuple(kept["words"]), tuple(kept["parts"]))


def look_of(table: Table, column: Column) -> Look:
    """What the column looks like. Looks at the first values for the type, at all of them for the words."""
    cells = [cell for row in table.rows if not is_empty(cell := row[column.index], words=False)]
    sample = cells[:SAMPLE]
    if not sample:
        return Look()
    words = _different([" ".join(cell_text(cell).split()) for cell in cells])
    parts = _different([part for word in words for part in _BETWEEN.split(word)]) if words else ()
    fits = [kind for kind, fit in _FITS if all(fit(cell) for cell in sample)]
    fits += [kind for kind, found in ((CHOICE, words), (MULTI, parts)) if found]
    texts = [cell_text(cell) for cell in sample]
    return Look(_kind(column, sample, texts, fits, words, parts), (*fits, TEXT, LONG_TEXT), words, parts)


def _different(texts: Sequence[str]) -> tuple[str, ...]:
    """Each once whatever its case, in order; () where there are too many or one is too long."""
    spelt: dict[str, str] = {}
    for text in texts:
        spelt.setdefault(text.casefold(), text)
    found = tuple(text for text in spelt.values() if text)
    return found if len(found) <= MOST_WORDS and all(len(text) <= _LONGEST_WORD for text in found) else ()


def _kind(
    column: Column, cells: Sequence[Cell], texts: Sequence[str], fits: Sequence[str], words: Sequence[str],
    parts: Sequence[str],
) -> str:  # fmt: skip
    if BOOL in fits and not all(set(text.strip()) <= _DIGITS for text in texts):
        return BOOL
    if NUMBER in fits and not any(_is_code(text) for text in texts):
        return MONEY if _is_money(column, cells) else NUMBER
    for kind in (DATE, LINK):
        if kind in fits:
            return kind
    if any("\n" in text.strip() or len(text) > _LONG for text in texts):
        return LONG_TEXT
    if parts and len(parts) < len(words) and any(_BETWEEN.search(text) for text in texts):
        return MULTI
    repeated = len(cells) >= 3 * len(words) or (len(cells) >= 4 and 2 * len(words) <= len(cells))
    return CHOICE if words and repeated else TEXT


def _is_code(text: str) -> bool:
    """Digits that begin with a zero: a number would lose it."""
    text = text.strip()
    return len(text) > 1 and text[0] == "0" and set(text) <= _DIGITS


def _is_money(column: Column, cells: Sequence[Cell]) -> bool:
    if read_header(column.header).currency:
        return True
    return any(isinstance(written := read_number(cell), Written) and written.currency for cell in cells)


def _is_number(cell: Cell) -> bool:
    written = read_number(cell)
    return isinstance(written, Written) and not written.percent


def _is_date(cell: Cell) -> bool:
    found = parse_date(cell)
    return found is not None and not isinstance(found, CellProblem)


def _is_bool(cell: Cell) -> bool:
    return isinstance(parse_bool(cell), bool)


def _is_link(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(_LINK.match(cell.strip()))


_FITS = ((BOOL, _is_bool), (NUMBER, _is_number), (MONEY, _is_number), (DATE, _is_date), (LINK, _is_link))
