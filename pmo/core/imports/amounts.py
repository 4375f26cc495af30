"""Numbers as people write them: grouping, decimal commas, signs, currencies, 万 and 亿, percent."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation, localcontext
from typing import Literal

from pmo.core.imports.cells import excuse, is_empty, plain, problem
from pmo.core.imports.currencies import SIGN_PATTERN, SIGNS, agree, default_code
from pmo.core.imports.messages import CellProblem
from pmo.core.imports.table import Cell

DecimalStyle = Literal["auto", "point", "comma"]

UNITS = {
    "十": 10, "百": 10**2, "千": 10**3, "万": 10**4, "萬": 10**4, "十万": 10**5, "百万": 10**6, "百萬": 10**6,
    "千万": 10**7, "千萬": 10**7, "亿": 10**8, "億": 10**8,
    "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12,
    "k": 10**3, "thousand": 10**3, "thousands": 10**3, "m": 10**6, "mm": 10**6, "mn": 10**6, "mil": 10**6,
    "million": 10**6, "millions": 10**6, "b": 10**9, "bn": 10**9, "billion": 10**9, "billions": 10**9,
    "tn": 10**12, "trillion": 10**12,
}  # fmt: skip
LONGEST = 40
LARGEST_POWER = 18
SMALLEST_POWER = -18
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_WRITTEN = re.compile(
    rf"(?P<open>\()?\s*(?P<before>[-+])?\s*(?P<left>{SIGN_PATTERN})?\s*(?P<inner>\()?\s*(?P<sign>[-+])?\s*"
    rf"(?P<digits>(?:\d[\d.,' ]*|[.,]\d+)(?:e[-+]?\d{{1,3}})?)\s*(?P<percent>[%‰])?\s*(?P<unit>{_UNIT})?\s*"
    rf"(?P<right>{SIGN_PATTERN})?\s*整?\s*(?P<after>-)?\s*(?P<close>\))?\Z"
)
_SPACED = re.compile(r"\d{1,3}(?:[ ']\d{3})+(?![\d ' ])")
_GROUPS = {
    mark: re.compile(rf"[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{2,3}})*{re.escape(mark)}\d{{3}}\Z") for mark in ",."
}


@dataclass(frozen=True, slots=True)
class Written:
    """A number as written: value without its unit word, the unit (10,000 for 万), currency sign or code, percent."""

    value: Decimal
    unit: int | None = None
    currency: str = ""
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole currency units and an ISO 4217 code, "" when neither file nor mapping says which."""

    amount: Decimal
    currency: str = ""


def read_number(cell: Cell, style: DecimalStyle = "auto") -> Written | CellProblem | None:
    """The number in a cell, None for no value. A text that is no number is a problem, never an exception."""
    if is_empty(cell):
        return None
    if isinstance(cell, str):
        return _read_text(cell, style)
    if isinstance(cell, bool):
        return problem("not_a_number", cell)
    if isinstance(cell, date):
        return problem("date_not_number", cell)
    if isinstance(cell, float) and not math.isfinite(cell):
        return problem("not_a_number", cell)
    return _bounded(Written(Decimal(repr(cell)) if isinstance(cell, float) else Decimal(cell or 0)), cell)


def _read_text(cell: str, style: DecimalStyle) -> Written | CellProblem:
    text = plain(cell)
    match = _WRITTEN.match(text.casefold()) if len(text) <= 2 * LONGEST else None
    if match is None:
        return excuse(text, cell) or problem("not_a_number", cell)
    parts = match.groupdict()
    if bool(parts["open"] or parts["inner"]) != bool(parts["close"]):
        return problem("not_a_number", cell)
    left, right = (SIGNS.get(parts[side] or "", "") for side in ("left", "right"))
    if left and right and not agree(right, default_code(left)):
        return problem("not_a_number", cell)
    signs = [parts["before"], parts["sign"], parts["after"], "-" if parts["close"] else None]
    written = [sign for sign in signs if sign]
    if len(written) > 1:
        return problem("not_a_number", cell)
    value = _value(parts["digits"].strip(), style)
    if value is None:
        return problem("number_unclear", cell)
    if written == ["-"]:
        value = value.copy_negate()
    if parts["percent"] == "‰":
        value = value / 10
    unit = UNITS[parts["unit"]] if parts["unit"] else None
    return _bounded(Written(value, unit, left or right, parts["percent"] is not None), cell)


def _bounded(written: Written, cell: Cell) -> Written | CellProblem:
    """Numbers beyond any project's figures are refused before arithmetic with them can hurt."""
    if written.value and not SMALLEST_POWER <= written.value.adjusted() <= LARGEST_POWER:
        return problem("number_out_of_range", cell)
    return written


def _value(digits: str, style: DecimalStyle) -> Decimal | None:
    """The decimal number behind digits and separators, None when the separators contradict themselves or the style."""
    mantissa, _, exponent = digits.partition("e")
    if len(mantissa) > LONGEST:
        return None
    if " " in mantissa or "'" in mantissa:
        if _SPACED.match(mantissa) is None:
            return None
        mantissa = mantissa.replace(" ", "").replace("'", "")
    plain_digits = _separated(mantissa, style)
    if plain_digits is None:
        return None
    try:
        return Decimal(f"{plain_digits}e{exponent or 0}")
    except InvalidOperation:
        return None


def _separated(mantissa: str, style: DecimalStyle) -> str | None:
    """Digits with at most one decimal point, from digits with points and commas in one of their two meanings."""
    points, commas = mantissa.count("."), mantissa.count(",")
    if points and commas:
        mark = max(",.", key=mantissa.rfind)
        if style != "auto" and (style == "comma") != (mark == ","):
            return None
        head, tail = mantissa.rsplit(mark, 1)
        group = "." if mark == "," else ","
        if mark in head or _GROUPS[group].match(head) is None:
            return None
        return f"{head.replace(group, '')}.{tail}"
    if points or commas:
        mark = "." if points else ","
        return _one_mark(mantissa, mark, style)
    return mantissa


def _one_mark(mantissa: str, mark: str, style: DecimalStyle) -> str | None:
    """Only points or only commas: grouping or decimal mark, by the style, else by the look ("1,234" is grouped)."""
    grouped = _GROUPS[mark].match(mantissa) is not None
    own_style = "point" if mark == "." else "comma"
    if mantissa.count(mark) > 1:
        return mantissa.replace(mark, "") if grouped and style != own_style else None
    if style == own_style or (style == "auto" and (mark == "." or not grouped)):
        return mantissa.replace(mark, ".")
    return mantissa.replace(mark, "") if grouped else None


def decide_style(texts: Iterable[str]) -> DecimalStyle:
    """The column's decimal mark, if cells that can be read only one way agree on it; else "auto"."""
    seen: set[DecimalStyle] = set()
    for text in texts:
        if "," not in text and "." not in text:
            continue
        match = _WRITTEN.match(plain(text).casefold()) if len(text) <= 2 * LONGEST else None
        if match is None:
            continue
        mantissa = match["digits"].partition("e")[0].strip().replace(" ", "").replace("'", "")
        as_point, as_comma = _separated(mantissa, "point"), _separated(mantissa, "comma")
        if (as_point is None) != (as_comma is None):
            seen.add("comma" if as_point is None else "point")
        if len(seen) == 2:
            return "auto"
    return seen.pop() if seen else "auto"


def parse_decimal(
    cell: Cell, *, style: DecimalStyle = "auto", scale: Decimal = Decimal(1)
) -> Decimal | CellProblem | None:
    """A plain number times `scale`; currencies and percent signs do not belong there."""
    written = read_number(cell, style)
    if not isinstance(written, Written):
        return written
    if written.currency or written.percent:
        return problem("not_a_plain_number", cell)
    return _scaled(written, scale, cell)


def parse_integer(cell: Cell, *, style: DecimalStyle = "auto", scale: Decimal = Decimal(1)) -> int | CellProblem | None:
    """A whole number; "3.0" is one, "3.5" is not."""
    value = parse_decimal(cell, style=style, scale=scale)
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else problem("not_a_whole_number", cell)


def parse_percent(
    cell: Cell, *, style: DecimalStyle = "auto", scale: Decimal = Decimal(1)
) -> Decimal | CellProblem | None:
    """Percentage points: "45%" and a sheet's 0.45 shown as 45 % are 45; a bare number counts times `scale`."""
    written = read_number(cell, style)
    if not isinstance(written, Written):
        return written
    if written.currency or written.unit:
        return problem("not_a_percentage", cell)
    return written.value if written.percent else _scaled(written, scale, cell)


def parse_money(
    cell: Cell, *, style: DecimalStyle = "auto", scale: Decimal = Decimal(1), currency: str = ""
) -> Money | CellProblem | None:
    """An amount in whole units of its currency.

    `scale` is the column's unit (1,000,000 for "£m"), `currency` the code that the mapping states. A cell that names
    another unit or another currency than the mapping is a problem: one of the two must be wrong.
    """
    written = read_number(cell, style)
    if not isinstance(written, Written):
        return written
    if written.percent:
        return problem("not_an_amount", cell)
    if currency and written.currency and not agree(written.currency, currency):
        return problem("other_currency", cell, currency=currency)
    amount = _scaled(written, scale, cell)
    if not isinstance(amount, Decimal):
        return amount
    return Money(amount, currency or default_code(written.currency))


def _scaled(written: Written, scale: Decimal, cell: Cell) -> Decimal | CellProblem:
    """Value times unit: the cell's own word, or the column's scale; both only when they say the same."""
    if written.unit is not None and scale not in (1, written.unit):
        return problem("unit_twice", cell, scale=f"{scale.normalize():,f}")
    with localcontext() as context:
        context.prec = 60
        return written.value * (written.unit or scale)
