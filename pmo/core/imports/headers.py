"""Which row is the header, and what each column is called: unique names, title lines above set aside."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pmo.core.imports.messages import Message
from pmo.core.imports.table import Cell, Column, cell_text, column_letter, count_filled

LOOKED_AT = 40
SAMPLE = 200
NAMED_IN_NOTES = 5
NUMBER_LIKE = re.compile(r"[\s£€$¥￥(+\-]*\d[\d\s.,:/\-%)年月日]*(?:万|亿|元)*\Z")
YEAR = re.compile(r"(?:19|20)\d\d年?\Z")


@dataclass(slots=True)
class Header:
    """The header found: `first` and `last` are positions among the rows with content (two if it has two levels)."""

    first: int
    last: int
    texts: list[str]
    notes: list[Message] = field(default_factory=list)


def find_header(rows: Sequence[Sequence[Cell]], numbers: Sequence[int], wanted: int | None = None) -> Header:
    """The header among the first rows with content.

    `wanted` is the row number that the user names; 0 says that the file has none and columns get their letters.
    """
    if wanted == 0:
        width = max(len(row) for row in rows[:SAMPLE])
        return Header(-1, -1, [""] * width)
    if wanted is not None and wanted in numbers:
        first, sure = numbers.index(wanted), True
    else:
        first, sure = _guess_position(rows)
    last = first
    texts = _texts(rows[first])
    if first + 2 < len(rows) and _is_second_level(texts, _texts(rows[first + 1])):
        last = first + 1
        texts = _combine(texts, _texts(rows[last]))
    notes = []
    if not sure:
        notes.append(Message("header_unsure", {"row": numbers[first]}))
    if last > first:
        notes.append(Message("header_two_levels", {"row": numbers[first], "next": numbers[last]}))
    return Header(first, last, texts, notes)


def name_columns(texts: Sequence[str]) -> tuple[tuple[Column, ...], list[Message]]:
    """Unique names for header texts; what had to be made up or numbered is noted."""
    taken: Counter[str] = Counter()
    columns: list[Column] = []
    repeated: list[str] = []
    made_up: list[str] = []
    for index, header in enumerate(texts):
        name = header or made_up_name(index)
        if not header:
            made_up.append(name)
        taken[name] += 1
        if taken[name] > 1:
            repeated.append(name)
            while (candidate := f"{name} ({taken[name]})") in taken:
                taken[name] += 1
            name = candidate
            taken[name] += 1
        columns.append(Column(index, name, header))
    notes = []
    if made_up:
        notes.append(Message("header_made_up", {"columns": made_up}))
    if repeated:
        notes.append(Message("header_repeated", {"columns": list(dict.fromkeys(repeated))}))
    return tuple(columns), notes


def made_up_name(index: int) -> str:
    """The name of a column without a header; the same in every language, because saved mappings refer to it."""
    return f"Column {column_letter(index)}"


def _texts(row: Sequence[Cell]) -> list[str]:
    return [" ".join(cell_text(cell).split()) for cell in row]


def _guess_position(rows: Sequence[Sequence[Cell]]) -> tuple[int, bool]:
    """Position of the first row that is wide enough, textual and without repetition; else the first row, unsure."""
    noted = _count_notes(rows)
    widths = sorted(count_filled(row) for row in rows[noted : noted + SAMPLE])
    typical = widths[(len(widths) * 3) // 4]
    for position, row in enumerate(rows[:LOOKED_AT]):
        if position >= noted and _looks_like_header(_texts(row), typical):
            return position, True
    return noted, False


def _count_notes(rows: Sequence[Sequence[Cell]]) -> int:
    """How many rows at the top are notes as our own exports write them: "# title", then "# label" beside a text."""
    count = 0
    for row in rows[:LOOKED_AT]:
        if count_filled(row) > (2 if count else 1) or not cell_text(row[0]).startswith("# "):
            break
        count += 1
    return count if count < len(rows) else 0


def _looks_like_header(texts: Sequence[str], typical: int) -> bool:
    runs = [text for index, text in enumerate(texts) if text and (index == 0 or text != texts[index - 1])]
    if len(runs) < max(1, typical / 2) or (len(runs) == 1 and typical > 1):
        return False
    wordy = sum(1 for text in runs if _is_wordy(text))
    return wordy >= 0.6 * len(runs) and len(set(runs)) >= 0.7 * len(runs)


def _is_wordy(text: str) -> bool:
    """Neither a number nor a date, or a lone year, which is a common header."""
    return NUMBER_LIKE.match(text) is None or YEAR.match(text) is not None


def _is_second_level(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Does the row below only subdivide groups of the row above ("Plan" over "Start", "Finish")?"""
    width = max(len(upper), len(lower))
    above = [*upper, *[""] * (width - len(upper))]
    below = [*lower, *[""] * (width - len(lower))]
    grouped = set()
    for index in range(1, width):
        if above[index - 1] and above[index] in ("", above[index - 1]):
            grouped |= {index - 1, index}
    if sum(1 for index in grouped if below[index]) < 2 or not all(_is_wordy(text) for text in below if text):
        return False
    return all(below[index] in ("", above[index]) for index in range(width) if index not in grouped)


def _combine(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Names of a header with two levels: the group's name, then the column's own."""
    names: list[str] = []
    group = ""
    for index in range(max(len(upper), len(lower))):
        above = upper[index] if index < len(upper) else ""
        below = lower[index] if index < len(lower) else ""
        group = above or (group if below else "")
        names.append(group if below in ("", group) else f"{group} {below}".strip())
    return names
