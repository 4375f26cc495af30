"""Apply a mapping to a table: typed rows, and every cell and row that was refused with its reason.

Nothing is dropped silently: every row of the table is either in `Batch.rows` or in `Batch.refused`, every cell of a
mapped column is either in a row's values (or empty) or among the refusals.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pmo.core.imports.cells import key_of
from pmo.core.imports.checks import check_mapping
from pmo.core.imports.dates import decide_order, parse_period
from pmo.core.imports.fields import Target
from pmo.core.imports.mapping import DateColumn, Mapping, MappingError
from pmo.core.imports.messages import CellProblem, Message, shorten
from pmo.core.imports.names import normalise_name
from pmo.core.imports.sources import FieldReader, ReadValue, Value, order_notes
from pmo.core.imports.table import Cell, Table, cell_text

TOTAL_WORDS = frozenset(
    {"total", "totals", "grand total", "subtotal", "sub-total", "sum", "合计", "总计", "小计", "共计"}
)
PROGRESS_STEP = 1_000


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused cell, or with `whole_row` the cell for which the whole row was refused."""

    row: int
    column: str
    field: str
    value: str
    reason: Message
    whole_row: bool = False

    def to_json(self) -> dict[str, Any]:
        """Row, column, value and the reason in the active language."""
        return {"row": self.row, "column": self.column, "value": self.value, "reason": str(self.reason)}


@dataclass(slots=True)
class MappedRow:
    """One row of the file: values by field (only fields that have one), the original texts, the snapshot date.

    `number` is the file's row number. `key` is the code or, without one, the normalised name.
    """

    number: int
    values: dict[str, Value] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    problems: list[Refusal] = field(default_factory=list)
    as_of: date | None = None
    key: str = ""


@dataclass(slots=True)
class Batch:
    """The outcome for a whole file; `notes` says what was decided and what was left out."""

    rows: list[MappedRow] = field(default_factory=list)
    refused: list[MappedRow] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many rows the table had."""
        return len(self.rows) + len(self.refused)

    def refusals(self) -> Iterator[Refusal]:
        """Every refused cell and row, in the order of the file."""
        for row in sorted([*self.rows, *self.refused], key=lambda one: one.number):
            yield from row.problems

    def reasons(self) -> Counter[str]:
        """How many refusals there are by reason code."""
        return Counter(refusal.reason.code for refusal in self.refusals())

    def dates(self) -> list[date | None]:
        """The snapshot dates in order, undated first."""
        return sorted({row.as_of for row in self.rows}, key=lambda day: day or date.min)

    def by_date(self) -> Iterator[tuple[date | None, list[MappedRow]]]:
        """The accepted rows of each snapshot, oldest first: the order in which history has to be written."""
        rows: defaultdict[date | None, list[MappedRow]] = defaultdict(list)
        for row in self.rows:
            rows[row.as_of].append(row)
        for day in self.dates():
            yield day, rows[day]

    def distinct(self, key: str) -> Counter[str]:
        """The different texts of one field and how many accepted rows name each (for references)."""
        return Counter(str(row.values[key]) for row in self.rows if key in row.values)


def apply_mapping(
    table: Table,
    mapping: Mapping,
    target: Target,
    *,
    as_of: date | None = None,
    progress: Callable[[int], None] | None = None,
) -> Batch:
    """Typed rows of the table. Raises MappingError when the mapping does not fit the file or the target.

    `as_of` dates every row of a file that has no date column. `progress` is told the number of rows done.
    """
    issues = check_mapping(mapping, table, target)
    if issues:
        raise MappingError(issues)
    worker = _Worker(table, mapping, target, as_of)
    batch = Batch(notes=worker.notes())
    for done, (number, row) in enumerate(zip(table.numbers, table.rows, strict=True), 1):
        mapped = worker.row(number, row)
        (batch.refused if any(one.whole_row for one in mapped.problems) else batch.rows).append(mapped)
        if progress is not None and done % PROGRESS_STEP == 0:
            progress(done)
    return batch


class _Worker:
    """Reads rows one by one and remembers the keys it has seen."""

    def __init__(self, table: Table, mapping: Mapping, target: Target, as_of: date | None) -> None:
        self.table = table
        self.mapping = mapping
        self.target = target
        self.as_of = as_of
        self.readers = {
            key: FieldReader(one, mapping.fields[key], table, mapping.formulas)
            for key, one in target.fields.items()
            if key in mapping.fields
        }
        self.dating = None if mapping.date is None else _Dating(mapping.date, table)
        self.seen: dict[tuple[date | None, str, str], int] = {}

    def notes(self) -> list[Message]:
        """What was decided per column, and the columns that nothing uses."""
        notes = [note for reader in self.readers.values() for note in reader.notes]
        if self.dating is not None:
            notes += self.dating.notes
        used = {found.index for name in self.mapping.columns_used() if (found := self.table.find(name)) is not None}
        unused = [column.name for column in self.table.columns if column.index not in used]
        if unused:
            notes.append(Message("columns_unused", {"columns": unused}))
        return notes

    def row(self, number: int, row: list[Cell]) -> MappedRow:
        """One row with its problems; the row counts as refused if one of them concerns the whole row."""
        mapped = MappedRow(number, as_of=self.as_of)
        if number in self.table.overlong:
            text = self.table.overlong[number]
            self._refuse(
                mapped, "", "", text, Message("row_out_of_step", {"value": text, "width": len(self.table.columns)})
            )
            return mapped
        self._read_fields(mapped, row)
        if self.dating is not None:
            self._date(mapped, row)
        self._check_required(mapped)
        if not self.target.generic:
            self._identify(mapped)
        return mapped

    def _read_fields(self, mapped: MappedRow, row: list[Cell]) -> None:
        currency = ""
        reader = self.readers.get(self.target.currency)
        if reader is not None:
            value = self._keep(mapped, reader, reader.read(row, mapped.number))
            currency = value if isinstance(value, str) else ""
        for key, reader in self.readers.items():
            if key != self.target.currency:
                self._keep(mapped, reader, reader.read(row, mapped.number, currency))

    def _keep(self, mapped: MappedRow, reader: FieldReader, read: ReadValue) -> Value | None:
        """Store a value or a problem. A problem in the code refuses the row: it might be anybody's row."""
        key = reader.field.key
        if read.raw:
            mapped.raw[key] = read.raw
        if read.problem is not None:
            own_key = self.target.generic and self.mapping.match.by != ("new",) and key in self.target.key
            fatal = reader.field.required or key == self.target.code or own_key
            mapped.problems.append(
                Refusal(mapped.number, read.column, key, shorten(read.raw, 200), read.problem, fatal)
            )
            return None
        if read.value is not None:
            mapped.values[key] = read.value
        return read.value

    def _date(self, mapped: MappedRow, row: list[Cell]) -> None:
        """The row's snapshot date; without one nobody knows where in time the row belongs."""
        dating = self.dating
        if dating is None:
            return
        cell = row[dating.index]
        parsed = dating.read(cell)
        if isinstance(parsed, date):
            mapped.as_of = parsed
            return
        reason = parsed or Message("no_snapshot_date", {"column": dating.name})
        self._refuse(mapped, dating.name, "", cell_text(cell), reason)

    def _check_required(self, mapped: MappedRow) -> None:
        refused = {refusal.field for refusal in mapped.problems}
        for key, reader in self.readers.items():
            if reader.field.required and key not in mapped.values and key not in refused:
                reason = Message("required_missing", {"field": reader.source.title or key})
                self._refuse(mapped, reader.source.title, key, "", reason)

    def _identify(self, mapped: MappedRow) -> None:
        """The row's key; rows without one, totals, and repetitions within one snapshot are refused."""
        if any(refusal.whole_row for refusal in mapped.problems):
            return
        code = str(mapped.values.get(self.target.code, ""))
        name_key, name = self._name(mapped)
        column = self._column_of(self.target.code if code else name_key)
        if not code and not name:
            self._refuse(mapped, self._column_of(self.target.names[0]), "", "", Message("no_identity_in_row"))
            return
        if key_of(name if not code else code if not name else "") in TOTAL_WORDS:
            field_key = self.target.code if code else name_key
            self._refuse(mapped, column, field_key, code or name, Message("total_row", {"value": code or name}))
            return
        mapped.key = code or normalise_name(name)
        earlier = self._earlier(mapped.as_of, code, normalise_name(name) if name else "", mapped.number)
        if earlier is not None:
            params = {"value": shorten(code or name), "earlier": earlier}
            field_key = self.target.code if code else name_key
            self._refuse(mapped, column, field_key, code or name, Message("repeated_key", params))

    def _earlier(self, day: date | None, code: str, name: str, number: int) -> int | None:
        """The row that has the same key in the same snapshot already, else None and this row is remembered.

        Rows with different codes may share a name; a row without a code may not share it with anybody.
        """
        own = (day, "code", code) if code else (day, "name", name)
        others = [(day, "name", name)] if code else [(day, "coded name", name)]
        for key in (own, *others):
            if key[2] and key in self.seen:
                return self.seen[key]
        self.seen[own] = number
        if code and name:
            self.seen.setdefault((day, "coded name", name), number)
        return None

    def _name(self, mapped: MappedRow) -> tuple[str, str]:
        for key in self.target.names:
            if key in mapped.values:
                return key, str(mapped.values[key])
        return "", ""

    def _column_of(self, key: str) -> str:
        source = self.mapping.fields.get(key)
        return "" if source is None else source.title

    def _refuse(self, mapped: MappedRow, column: str, key: str, value: str, reason: Message) -> None:
        mapped.problems.append(Refusal(mapped.number, column, key, shorten(value, 200), reason, whole_row=True))


class _Dating:
    """Reads the snapshot column."""

    def __init__(self, wanted: DateColumn, table: Table) -> None:
        column = table.find(wanted.column)
        if column is None:
            raise LookupError(wanted.column)
        self.index, self.name, self.year_end = column.index, column.name, wanted.year_end
        self.notes: list[Message] = []
        if wanted.date_order == "auto":
            evidence = decide_order(cell for cell in table.values(column) if isinstance(cell, str))
            self.notes = order_notes(column, evidence)
            self.order = evidence.order
        else:
            self.order = wanted.date_order
        self.cache: dict[str, date | CellProblem | None] = {}

    def read(self, cell: Cell) -> date | CellProblem | None:
        """The date that the cell names, or why it names none."""
        key = cell_text(cell)
        if key not in self.cache:
            self.cache[key] = parse_period(cell, year_end=self.year_end, order=self.order)
        return self.cache[key]
