"""Rows copied out of a spreadsheet: cells between tabs, the outline by a column of codes or levels, or by how far a name is indented."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field

FIELDS = ("name", "duration", "start", "finish", "predecessors", "percent", "milestone", "responsible")
"""Columns in the order that is taken where no line of headers says otherwise."""
MOST = 2000
_HEADERS = {
    "wbs": "wbs", "wbs code": "wbs", "wbs编码": "wbs", "wbs 编码": "wbs", "编码": "wbs", "outline number": "wbs", "大纲数字": "wbs",
    "level": "level", "outline level": "level", "层级": "level", "级别": "level", "大纲级别": "level",
    "name": "name", "task name": "name", "task": "name", "名称": "name", "任务名称": "name", "任务": "name",
    "duration": "duration", "工期": "duration",
    "start": "start", "start date": "start", "开始": "start", "开始时间": "start", "开始日期": "start",
    "finish": "finish", "end": "finish", "finish date": "finish", "完成": "finish", "完成时间": "finish", "结束": "finish",
    "完成日期": "finish", "结束日期": "finish",
    "predecessors": "predecessors", "predecessor": "predecessors", "前置任务": "predecessors",
    "percent": "percent", "% complete": "percent", "percent complete": "percent", "完成百分比": "percent", "完成，%": "percent",
    "milestone": "milestone", "里程碑": "milestone",
    "responsible": "responsible", "owner": "responsible", "负责人": "responsible", "责任人": "responsible",
}  # fmt: skip
_CODE = re.compile(r"\d+(\.\d+)*\.?", re.ASCII)
_SPACES = re.compile(r"^[ \u3000\xa0]+")


@dataclass
class PastedRow:
    """One row: where it stood in the text, its level from 1, its cells by column, and cells no column takes."""

    line: int
    level: int
    cells: dict[str, str] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)


def read_pasted(text: str) -> list[PastedRow]:
    """The rows of the text, levels counted from 1 without skips downwards. Empty lines are left out."""
    lines = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter="\t")
    table = [(number, cells) for number, cells in enumerate(lines, 1) if any(cell.strip() for cell in cells)]
    if not table:
        return []
    columns = _headers(table[0][1])
    if columns is not None:
        table = table[1:]
    else:
        columns = _guessed([cells for _number, cells in table])
    rows = [_row(number, cells, columns) for number, cells in table]
    return _levels(rows)


def _headers(cells: list[str]) -> list[str] | None:
    found = [_HEADERS.get(cell.strip().lower(), "") for cell in cells]
    return found if "name" in found else None


def _guessed(table: list[list[str]]) -> list[str]:
    """Without headers: a first column of nothing but codes is the WBS, the rest follow in order."""
    coded = all(_CODE.fullmatch(cells[0].strip()) and len(cells) > 1 for cells in table)
    return (["wbs"] if coded else []) + list(FIELDS)


def _row(number: int, cells: list[str], columns: list[str]) -> PastedRow:
    row = PastedRow(number, 1)
    indent = 0
    if columns[0] == "name":
        while len(cells) > 1 and not cells[0].strip():
            cells, indent = cells[1:], indent + 1
    for place, cell in enumerate(cells):
        column = columns[place] if place < len(columns) else ""
        if column == "name":
            spaces = _SPACES.match(cell)
            indent += _steps(spaces.group()) if spaces else 0
        if column:
            row.cells[column] = cell.strip()
        elif cell.strip():
            row.rest.append(cell.strip())
    row.level = _level(row.cells, indent)
    return row


def _steps(spaces: str) -> int:
    """Indentation of a name: a full-width space or two plain ones are a step."""
    return sum(2 if one == "\u3000" else 1 for one in spaces) // 2


def _level(cells: dict[str, str], indent: int) -> int:
    level, code = cells.pop("level", ""), cells.pop("wbs", "")
    if level.isascii() and level.isdigit():
        return int(level)
    if _CODE.fullmatch(code):
        return code.rstrip(".").count(".") + 1
    return indent + 1


def _levels(rows: list[PastedRow]) -> list[PastedRow]:
    """The first row stands on level 1; no row lies more than one step below the row before."""
    trail: list[tuple[int, int]] = []
    for row in rows:
        while trail and trail[-1][0] >= row.level:
            trail.pop()
        given, row.level = row.level, (trail[-1][1] + 1 if trail else 1)
        trail.append((given, row.level))
    return rows
