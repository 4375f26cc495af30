"""From a row's cells to one field's value: composite keys, fallbacks, constants, and what is decided per column."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from pmo.core.imports import amounts, dates, words
from pmo.core.imports.cells import is_empty, key_of, problem
from pmo.core.imports.fields import NUMERIC_KINDS, ImportField
from pmo.core.imports.mapping import FormulaPolicy, Source
from pmo.core.imports.messages import CellProblem, Message
from pmo.core.imports.table import Cell, Column, Table, cell_text
from pmo.core.imports.values import parse_text

Value = str | int | Decimal | date | amounts.Money | words.Rating
Parsed = Value | CellProblem | None

CACHED = 50_000
EVIDENCE_ROWS = 50_000
ORDER_PATTERNS = {"dmy": "DD/MM/YYYY", "mdy": "MM/DD/YYYY", "ymd": "YY/MM/DD"}


@dataclass(frozen=True, slots=True)
class ReadValue:
    """What one field of one row is: the value or the problem, the original text, and the column it came from."""

    value: Value | None
    raw: str
    column: str
    problem: CellProblem | None = None


@dataclass(frozen=True, slots=True)
class ColumnStyle:
    """How dates and numbers of one column are written."""

    order: dates.DateOrder = "dmy"
    decimal: amounts.DecimalStyle = "auto"


class FieldReader:
    """Reads one field from the rows of a table. `notes` says what was decided from the columns' contents."""

    def __init__(self, field: ImportField, source: Source, table: Table, formulas: FormulaPolicy = "value") -> None:
        self.field = field
        self.source = source
        self.formulas = formulas
        self.stored = table.formulas
        self.columns = [column for name in source.columns if (column := table.find(name)) is not None]
        self.notes: list[Message] = []
        self.styles = {column.index: self._style(table, column) for column in self.columns}
        self.meanings = {key_of(word): meant for word, meant in source.value_map.items()}
        self.cache: dict[tuple[str, int, str], Parsed] = {}

    def read(self, row: list[Cell], number: int, currency: str = "") -> ReadValue:
        """The field's value in this row. `currency` is the row's own, for amounts whose column states none."""
        source = self.source
        if source.combine == "constant":
            return self._result(source.constant, None, currency)
        if source.combine == "join":
            return self._joined(row, number)
        if source.combine == "first":
            filled = (
                column for column in self.columns if not is_empty(row[column.index], words=self.field.kind != "text")
            )
            column = next(filled, self.columns[0])
        else:
            column = self.columns[0]
        stopped = self._formula(row, number, column)
        if stopped is not None:
            return ReadValue(None, cell_text(row[column.index]), column.name, stopped)
        return self._result(row[column.index], column, currency)

    def _joined(self, row: list[Cell], number: int) -> ReadValue:
        """A key of several columns: all parts or none."""
        parts: list[str] = []
        for column in self.columns:
            stopped = self._formula(row, number, column)
            part = parse_text(row[column.index])
            stopped = stopped or (part if isinstance(part, CellProblem) else None)
            if stopped is not None:
                return ReadValue(None, cell_text(row[column.index]), column.name, stopped)
            parts.append(part if isinstance(part, str) else "")
        raw = self.source.separator.join(parts)
        if not any(parts):
            return ReadValue(None, "", self.source.title)
        if not all(parts):
            empty = self.columns[parts.index("")].name
            return ReadValue(None, raw, empty, problem("key_part_missing", raw, column=empty))
        result = self._result(raw, None, "")
        return ReadValue(result.value, raw, self.source.title, result.problem)

    def _formula(self, row: list[Cell], number: int, column: Column) -> CellProblem | None:
        """A formula cell counts with the value that was stored; without one, or if the user says so, it is refused."""
        if not self.stored or (number, column.index) not in self.stored:
            return None
        if not self.stored[number, column.index]:
            return problem("formula_without_value", "")
        if self.formulas == "refuse":
            return problem("formula_refused", row[column.index])
        return None

    def _result(self, cell: Cell, column: Column | None, currency: str) -> ReadValue:
        raw = cell_text(cell)
        index = -1 if column is None else column.index
        key = (raw, index, currency)
        if isinstance(cell, str) and key in self.cache:
            parsed = self.cache[key]
        else:
            parsed = self._parse(cell, index, currency)
            if isinstance(cell, str) and len(self.cache) < CACHED:
                self.cache[key] = parsed
        name = "" if column is None else column.name
        if isinstance(parsed, CellProblem):
            return ReadValue(None, raw, name, parsed)
        return ReadValue(parsed, raw, name)

    def _parse(self, cell: Cell, index: int, currency: str) -> Parsed:
        """The value by the field's kind, within the field's bounds."""
        kind = self.field.kind
        if self.meanings and kind not in ("choice", "rag"):
            meant = self.meanings.get(key_of(cell_text(cell)))
            cell = cell if meant is None else meant
        style = self.styles.get(index, ColumnStyle())
        if kind == "date":
            partial = self.source.partial or self.field.part_of_date
            return dates.parse_date(cell, order=style.order, partial=partial)
        if kind == "money":
            stated = self.source.currency or currency
            return self._bounded(
                amounts.parse_money(cell, style=style.decimal, scale=self.source.scale, currency=stated), cell
            )
        if kind in NUMERIC_KINDS:
            return self._bounded(_NUMBER_PARSERS[kind](cell, style=style.decimal, scale=self.source.scale), cell)
        if kind == "choice":
            return words.parse_choice(cell, self.field.choices, self.meanings)
        if kind == "rag":
            return words.parse_rag(cell, self.meanings)
        if kind == "bool":
            return words.parse_bool(cell)
        return parse_text(cell, multiline=self.field.multiline, max_length=self.field.max_length)

    def _bounded(self, parsed: Parsed, cell: Cell) -> Parsed:
        """Round to the field's places and hold to its bounds."""
        if parsed is None or isinstance(parsed, CellProblem):
            return parsed
        number = parsed.amount if isinstance(parsed, amounts.Money) else parsed
        if not isinstance(number, (int, Decimal)):
            return parsed
        if self.field.minimum is not None and number < self.field.minimum:
            return problem("below_minimum", cell, limit=self.field.minimum)
        if self.field.maximum is not None and number > self.field.maximum:
            return problem("above_maximum", cell, limit=self.field.maximum)
        if self.field.places is None or isinstance(number, int):
            return parsed
        rounded = round_half_up(number, self.field.places)
        return amounts.Money(rounded, parsed.currency) if isinstance(parsed, amounts.Money) else rounded

    def _style(self, table: Table, column: Column) -> ColumnStyle:
        """Decide from the column's texts what the mapping leaves open."""
        order, decimal = self.source.date_order, self.source.decimal
        if self.field.kind == "date" and order == "auto":
            evidence = dates.decide_order(_texts(table, column))
            self.notes += order_notes(column, evidence)
            order = evidence.order
        if self.field.kind in NUMERIC_KINDS and decimal == "auto":
            decimal = amounts.decide_style(_texts(table, column))
            if decimal == "comma":
                self.notes.append(Message("decimal_comma", {"column": column.name}))
        return ColumnStyle("dmy" if order == "auto" else order, decimal)


_NUMBER_PARSERS: Mapping[str, Callable[..., Decimal | int | CellProblem | None]] = {
    "integer": amounts.parse_integer,
    "decimal": amounts.parse_decimal,
    "percent": amounts.parse_percent,
}


def round_half_up(number: Decimal, places: int) -> Decimal:
    """The number with that many decimal places, halves away from zero."""
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def order_notes(column: Column, evidence: dates.OrderEvidence) -> list[Message]:
    """What the user should know about the order of day and month in a column; nothing when it is plain."""
    params = {"column": column.name, "order": ORDER_PATTERNS[evidence.order]}
    if evidence.contradicting:
        return [Message("date_order_mixed", {**params, "count": evidence.contradicting})]
    if evidence.ambiguous:
        return [Message("date_order_open", {**params, "count": evidence.open})]
    if evidence.certain:
        return [Message("date_order_found", {**params, "count": evidence.certain})]
    return []


def _texts(table: Table, column: Column) -> Iterator[str]:
    index = column.index
    return (cell for row in table.rows[:EVIDENCE_ROWS] if isinstance(cell := row[index], str) and cell)
