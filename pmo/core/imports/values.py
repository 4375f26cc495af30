"""Typed parsers for single cells. Each returns a value, None for no value, or a CellProblem; none of them raises.

An empty cell is "no value", never zero. What belongs to the column (unit, currency, order of day and month, meaning of
words) is decided once per column and handed in.
"""

import re

from pmo.core.imports.amounts import (
    Money,
    decide_style,
    parse_decimal,
    parse_integer,
    parse_money,
    parse_percent,
)
from pmo.core.imports.cells import CONTROL, is_empty, problem, spreadsheet_error
from pmo.core.imports.currencies import currency_code
from pmo.core.imports.dates import date_in_name, decide_order, parse_date, parse_period
from pmo.core.imports.export_safe import restore_csv_cell
from pmo.core.imports.messages import CellProblem
from pmo.core.imports.table import Cell, cell_text
from pmo.core.imports.words import Choice, Rating, parse_bool, parse_choice, parse_rag

__all__ = [
    "Choice",
    "Money",
    "Rating",
    "currency_code",
    "date_in_name",
    "decide_order",
    "decide_style",
    "parse_bool",
    "parse_choice",
    "parse_date",
    "parse_decimal",
    "parse_integer",
    "parse_money",
    "parse_percent",
    "parse_period",
    "parse_rag",
    "parse_text",
]

_SPACES = re.compile(r"[ \t\u00a0\u3000]+")


def parse_text(cell: Cell, *, multiline: bool = False, max_length: int | None = None) -> str | CellProblem | None:
    """Text without surrounding space; a single line unless `multiline`. Too long is a problem, never cut.

    A text that begins with "=" stays a text; exports make it harmless again.
    """
    if is_empty(cell, words=False):
        return None
    error = spreadsheet_error(cell)
    if error is not None:
        return error
    text = restore_csv_cell(cell_text(cell)).replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\x0b", "\n").replace("\x0c", "\n")
    if CONTROL.search(text):
        return problem("control_characters", CONTROL.sub("�", text))
    text = _SPACES.sub(" ", text).strip() if multiline else " ".join(text.split())
    if max_length is not None and len(text) > max_length:
        return problem("too_long", cell, length=len(text), limit=max_length)
    return text or None
