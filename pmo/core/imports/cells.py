"""What every parser asks first: is there anything in the cell, and does it say why it has no value?"""

import re
import unicodedata

from pmo.core.imports.messages import CellProblem, shorten
from pmo.core.imports.table import Cell, cell_text

BLANK_WORDS = frozenset(
    {
        "-",
        "--",
        "---",
        "–",
        "—",
        "——",
        "/",
        "\\",
        "n/a",
        "na",
        "n.a.",
        "null",
        "none",
        "nil",
        "无",
        "暂无",
        "不适用",
        "空",
    }
)
SPREADSHEET_ERRORS = frozenset(
    {"#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#num!", "#null!", "#spill!", "#calc!", "#getting_data", "#####"}
)
WITHHELD = re.compile(
    r"(exempt|withheld|redacted|confidential|commercial(ly)? (in confidence|sensitive)|not disclosed|classified"
    r"|保密|涉密|不公开|不予公开|商业秘密|商业机密)"
)
NOT_GIVEN = re.compile(
    r"((data )?not (yet )?(provided|available|known|set|agreed|reported)|tb[acd]"
    r"|to be (confirmed|decided|determined|agreed)|unknown|pending|待定|待确认|未定|未知|未提供|另定|暂定)\b"
)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    """The text with full-width forms made ordinary and white space evened out."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u2011", "-")
    return " ".join(text.split())


def key_of(text: str) -> str:
    """The text for comparing words: plain, without case, no spaces round a stroke ("Amber / Red")."""
    return re.sub(r"\s*/\s*", "/", plain(text).casefold())


def problem(code: str, cell: Cell, **params: object) -> CellProblem:
    """A problem that quotes the cell, shortened."""
    return CellProblem(code, {"value": shorten(cell_text(cell)), **params})


def is_formula_text(text: str) -> bool:
    """A text that a spreadsheet would take for a formula."""
    return text.startswith("=") and len(text) > 1


def spreadsheet_error(cell: Cell) -> CellProblem | None:
    """The problem if the cell holds an error value such as #REF!."""
    if isinstance(cell, str) and cell.lstrip().startswith("#") and cell.strip().casefold() in SPREADSHEET_ERRORS:
        return problem("spreadsheet_error", cell)
    return None


def is_empty(cell: Cell, *, words: bool = True) -> bool:
    """No value: nothing, white space, or (with `words`) a dash or another word that people write for nothing."""
    if cell is None:
        return True
    if not isinstance(cell, str):
        return False
    text = cell.strip()
    return not text or (words and len(text) <= 4 and key_of(text) in BLANK_WORDS)


def excuse(text: str, cell: Cell) -> CellProblem | None:
    """The problem if a text stands where a number or a date should be and says why there is none."""
    if is_formula_text(text):
        return problem("formula_text", cell)
    lowered = text.casefold()
    if WITHHELD.match(lowered):
        return problem("withheld", cell)
    if NOT_GIVEN.match(lowered):
        return problem("not_given", cell)
    return spreadsheet_error(cell)
