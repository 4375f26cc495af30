"""Delimited text to records: delimiter, quoted line breaks, and the record numbers that a spreadsheet would show."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pmo.core.imports.limits import Limits
from pmo.core.imports.messages import ReadError

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_LINES = 200
DECLARED = "sep="


@dataclass(slots=True)
class Records:
    """Records with content, their numbers counted from 1 with blank ones, and the line on which each ends."""

    rows: list[list[str]]
    numbers: list[int]
    lines: list[int] | None
    delimiter: str


def read_records(text: str, limits: Limits, delimiter: str | None = None) -> Records:
    """Split text into records. Raises ReadError naming the row when a limit is passed or a quotation never ends."""
    declared = _declared_delimiter(text)
    used = delimiter or declared or sniff_delimiter(text)
    if len(used) != 1 or used in '"\r\n':
        raise ReadError("bad_delimiter", delimiter=used)
    rows: list[list[str]] = []
    numbers: list[int] = []
    lines: list[int] = []
    _collect(text, used, limits, rows, numbers, lines)
    if declared and rows and numbers[0] == 1:
        del rows[0], numbers[0], lines[0]
    return Records(rows, numbers, None if lines == numbers else lines, used)


def _collect(
    text: str, delimiter: str, limits: Limits, rows: list[list[str]], numbers: list[int], lines: list[int]
) -> None:
    reader = csv.reader(_lines(text, limits.line_length), delimiter=delimiter, strict=True)
    number = cells = line = 0
    try:
        for number, record in enumerate(reader, 1):
            if "".join(record).strip():
                rows.append(record)
                numbers.append(number)
                lines.append(reader.line_num)
                cells += len(record)
                if cells > limits.cells or len(rows) > limits.rows + 1:
                    _refuse_size(cells, limits)
            line = reader.line_num
    except csv.Error as error:
        raise ReadError("bad_quotation", row=number + 1, line=line + 1) from error
    longest = max(map(len, rows), default=0)
    if longest > limits.columns:
        row = next(number for number, record in zip(numbers, rows, strict=True) if len(record) > limits.columns)
        raise ReadError("too_many_columns_in_row", row=row, count=longest, limit=limits.columns)
    _check_cells(rows, numbers, limits)


def _refuse_size(cells: int, limits: Limits) -> None:
    if cells > limits.cells:
        raise ReadError("too_many_cells_in_file", limit=limits.cells)
    raise ReadError("too_many_rows", limit=limits.rows)


def _check_cells(rows: list[list[str]], numbers: list[int], limits: Limits) -> None:
    """Refuse a cell that no spreadsheet could hold; mostly a quotation mark was left open."""
    for number, record in zip(numbers, rows, strict=True):
        if max(map(len, record)) > limits.cell_length:
            column = next(index for index, cell in enumerate(record, 1) if len(cell) > limits.cell_length)
            raise ReadError("cell_too_long", row=number, column=column, limit=limits.cell_length)


def _lines(text: str, longest: int) -> Iterator[str]:
    """Physical lines with their ends; one without any break for megabytes is no table."""
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if len(line) > longest:
            raise ReadError("line_too_long", line=number, limit=longest)
        yield line


def _declared_delimiter(text: str) -> str | None:
    """The delimiter of a first line such as `sep=;`, which some spreadsheets write."""
    line = text[:8].splitlines()[0] if text else ""
    if line.casefold().startswith(DECLARED) and len(line) == len(DECLARED) + 1:
        return line[-1]
    return None


def sniff_delimiter(text: str) -> str:
    """The delimiter that cuts most records of the beginning into equally many cells; a comma if none cuts."""
    sample = "".join(line for _, line in zip(range(SAMPLE_LINES), io.StringIO(text, newline=""), strict=False))
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        try:
            widths = [
                len(record) for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if record
            ]
        except csv.Error:
            continue
        score = _evenness(widths)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _evenness(widths: list[int]) -> tuple[float, int]:
    """Share of the records with the commonest width above one (in tenths), then that width."""
    counts = Counter(width for width in widths if width > 1)
    if not counts:
        return (0.0, 0)
    width, count = max(counts.items(), key=lambda item: (item[1], item[0]))
    return (round(count / len(widths), 1), width)
