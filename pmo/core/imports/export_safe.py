"""Cells that a spreadsheet cannot mistake for formulas, on the way out (and back in again)."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

TRIGGERS = "=+-@\t\r\n＝＋－＠"
"""First characters that spreadsheets take for a formula or skip before one, with the full-width forms (OWASP)."""

LONGEST_CELL = 32_767
XLSX_WRITER_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""Constructor options with which XlsxWriter writes every string as a string."""

_PLAIN_NUMBER = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?(?:[eE][-+]?\d+)?%?\Z")
_DANGEROUS = re.compile(rf"'*[{re.escape(TRIGGERS)}]")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def safe_csv_cell(value: object) -> str:
    """The value as CSV text; an apostrophe goes before what a spreadsheet would run. Plain numbers stay as they are."""
    if value is None:
        return ""
    if isinstance(value, (int, float, Decimal)):
        return str(value)
    text = str(value)
    if _DANGEROUS.match(text) and not _PLAIN_NUMBER.match(text):
        return f"'{text}"
    return text


def restore_csv_cell(text: str) -> str:
    """The text without the apostrophe that `safe_csv_cell` put before it: the two are exact inverses."""
    return text[1:] if text.startswith("'") and _DANGEROUS.match(text) else text


def xlsx_text(text: str) -> str:
    """Text that a workbook can hold: without control characters, at most 32,767 characters."""
    clean = _ILLEGAL.sub("", text)
    return clean if len(clean) <= LONGEST_CELL else clean[: LONGEST_CELL - 1] + "…"


def write_text(cell: "Cell", text: str) -> None:
    """Put text into an openpyxl cell as a string, whatever it begins with."""
    cell.value = xlsx_text(text)
    cell.data_type = "s"
