"""What was read from a file: columns with unique names, rows with the file's own row numbers, and what was noticed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from unicodedata import normalize

from pmo.core.imports.messages import Message

Cell = str | int | float | date | None
"""A cell as the file holds it. `bool` and `datetime` are included: they are subclasses of int and date."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `name` is unique within the table and what a mapping refers to; `header` is the file's own text."""

    index: int
    name: str
    header: str

    @property
    def letter(self) -> str:
        """The letter under which a spreadsheet shows the column: A, B, ... AA."""
        return column_letter(self.index)


@dataclass(slots=True)
class Table:
    """A table as read. `numbers[i]` is the row number a spreadsheet shows for `rows[i]`; all rows are equally wide.

    `formulas` holds (row number, column index) of formula cells: True when a calculated value was stored in the file.
    `overlong` holds, by row number, the text that a row has beyond the header: such a row is out of step.
    `preamble` holds the title lines above the header.
    """

    filename: str
    kind: str
    columns: tuple[Column, ...]
    rows: list[list[Cell]]
    numbers: list[int]
    header_row: int
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    lines: list[int] | None = None
    formulas: dict[tuple[int, int], bool] = field(default_factory=dict)
    overlong: dict[int, str] = field(default_factory=dict)
    preamble: tuple[tuple[int, str], ...] = ()
    notes: list[Message] = field(default_factory=list)

    def find(self, name: str) -> Column | None:
        """The column of that name; small differences in case, width and spaces are forgiven if only one fits."""
        for column in self.columns:
            if column.name == name:
                return column
        wanted = _plain(name)
        loose = [column for column in self.columns if _plain(column.name) == wanted]
        return loose[0] if len(loose) == 1 else None

    def values(self, column: Column) -> Iterator[Cell]:
        """The cells of one column from top to bottom."""
        index = column.index
        return (row[index] for row in self.rows)

    def line_of(self, position: int) -> int:
        """The physical line on which the row at that position ends; differs from its number after line breaks."""
        return self.numbers[position] if self.lines is None else self.lines[position]


def column_letter(index: int) -> str:
    """Spreadsheet letters of a zero-based column index."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_text(cell: Cell) -> str:
    """The cell as text, as it was in the file: nothing is "", 5.0 is "5", dates are ISO."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    return str(cell)


def is_blank(cell: Cell) -> bool:
    """No content at all, or white space only."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def count_filled(row: Sequence[Cell]) -> int:
    """How many cells of the row have content."""
    return sum(1 for cell in row if not is_blank(cell))


def _plain(name: str) -> str:
    return " ".join(normalize("NFKC", name).casefold().split())
