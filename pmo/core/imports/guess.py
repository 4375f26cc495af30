"""Propose a mapping: by the headers in both languages and by what the columns hold. The user has the last word."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice

from pmo.core.imports.amounts import Written, read_number
from pmo.core.imports.cells import is_empty, key_of
from pmo.core.imports.dates import parse_period
from pmo.core.imports.fields import ImportField, Target
from pmo.core.imports.header_words import HeaderWords, likeness, read_header
from pmo.core.imports.mapping import DateColumn, Mapping, MatchPolicy, Source
from pmo.core.imports.messages import CellProblem, Message
from pmo.core.imports.names import normalise_name
from pmo.core.imports.sources import FieldReader
from pmo.core.imports.table import Cell, Column, Table, cell_text
from pmo.core.imports.words import Rating, parse_rag

SAMPLE = 300
LOOKED_AT = 3_000
ENOUGH = 0.45
BY_COLOURS = 0.5
FEW_WORDS = 12
SNAPSHOT_ALIASES = (
    "年份", "年度", "年", "报告年度", "报告期", "报告日期", "数据日期", "统计日期", "快照日期", "期间", "月份",
    "截止日期", "year", "report year", "reporting year", "report date", "reporting date", "as of", "as of date",
    "snapshot date", "snapshot", "data date", "status date", "period", "reporting period", "fiscal year", "quarter",
    "month",
)  # fmt: skip
ID_WORDS = ("id", "no", "code", "number", "key", "uii", "编号", "编码", "代码", "代号", "序号", "号")
PARENTS = frozenset({"unit", "portfolio", "programme"})


@dataclass(frozen=True, slots=True)
class Guess:
    """One proposed source with its confidence, 0 to 1, and the reasons."""

    field: str
    source: Source
    confidence: float
    reasons: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class GuessedMapping:
    """The proposed mapping and why; `unmapped` are the columns that feed nothing."""

    mapping: Mapping
    guesses: tuple[Guess, ...]
    unmapped: tuple[str, ...]
    date_reasons: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class WordUse:
    """A word of a choice or rating column, how often it occurs, and what it means so far ("" for unknown)."""

    word: str
    count: int
    meaning: str


def guess_mapping(table: Table, target: Target) -> GuessedMapping:
    """A mapping of the table's columns to the target's fields. No column feeds two fields."""
    headers = {column.index: read_header(column.header) for column in table.columns}
    own = not target.exported or all(header.name in target.exported for header in headers.values())
    ignored = target.ignored if own else frozenset()
    beginning = replace(table, rows=table.rows[:LOOKED_AT], numbers=table.numbers[:LOOKED_AT])
    candidates = [
        guess
        for field in target.fields.values()
        for column in table.columns
        if headers[column.index].name not in ignored
        and (guess := _judge(beginning, field, column, headers[column.index])) is not None
    ]
    chosen = _choose(candidates, target)
    if target.generic:
        return _guessed(table, target, chosen, None, ())
    if not any(name in chosen for name in target.names):
        _name_by_values(table, target, chosen)
    _complete_key(table, target, chosen, headers)
    date, reasons = _guess_date(table, target, chosen, headers)
    if date is not None:
        chosen = {key: guess for key, guess in chosen.items() if date.column not in guess.source.columns}
    return _guessed(table, target, chosen, date, reasons)


def _guessed(
    table: Table, target: Target, chosen: dict[str, Guess], date: DateColumn | None, reasons: tuple[Message, ...]
) -> GuessedMapping:
    """The chosen sources in the order of the fields. A register's rows are found by its key, if the file has all of it."""
    match = MatchPolicy()
    if target.generic:
        found = target.key and all(key in chosen for key in target.key)
        match = MatchPolicy(("key",) if found else ("new",))
    ordered = tuple(chosen[key] for key in target.fields if key in chosen)
    mapping = Mapping({guess.field: guess.source for guess in ordered}, date=date, match=match)
    used = set(mapping.columns_used())
    unmapped = tuple(column.name for column in table.columns if column.name not in used)
    return GuessedMapping(mapping, ordered, unmapped, reasons)


def words_of(table: Table, field: ImportField, source: Source) -> list[WordUse]:
    """The different words of a column that feeds a choice, rating or yes/no field, commonest first, with meanings."""
    reader = FieldReader(field, source, table)
    counts: Counter[str] = Counter()
    meanings: dict[str, str] = {}
    spellings: dict[str, str] = {}
    for number, row in zip(table.numbers, table.rows, strict=True):
        read = reader.read(row, number)
        word = " ".join(read.raw.split())
        if not word:
            continue
        key = key_of(word)
        spellings.setdefault(key, word)
        counts[key] += 1
        value = read.value.colour if isinstance(read.value, Rating) else read.value
        meanings[key] = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return [WordUse(spellings[key], count, meanings[key]) for key, count in counts.most_common()]


def _judge(table: Table, field: ImportField, column: Column, header: HeaderWords) -> Guess | None:
    """How likely this column feeds this field, from its header and its values; None if hardly."""
    score, how, alias = likeness(header.name, (field.key.replace("_", " "), *field.aliases))
    if score == 0 and field.kind != "rag":
        return None
    source = _source(table, field, column, header)
    fit, filled = _fit(table, field, source, column)
    reasons = [] if not how else [Message(f"header_{how}", {"alias": alias} if how != "same" else {})]
    if filled:
        reasons.append(Message("values_fit" if fit >= 0.5 else "values_do_not_fit", {"share": round(100 * fit)}))
    if source.scale != 1 and header.scale == source.scale:
        reasons.append(Message("unit_in_header", {"unit": header.unit}))
    elif source.scale == 100 and field.kind == "percent":
        reasons.append(Message("fractions"))
    confidence = _confidence(table, field, column, score, fit, filled)
    return Guess(field.key, source, round(confidence, 3), tuple(reasons)) if confidence >= ENOUGH else None


def _confidence(table: Table, field: ImportField, column: Column, score: float, fit: float, filled: int) -> float:
    """Header and values together. Words of a choice may still need a meaning, so there the header counts for more."""
    if filled == 0:
        return 0.8 * score
    if field.kind == "rag" and score == 0:
        return BY_COLOURS if fit >= 0.8 and filled >= 3 and field.key == "declared_rating" else 0.0
    if field.kind == "rag" and fit == 0 and _are_scores(table, column):
        return 0.0
    if field.kind == "choice" and fit == 0 and _are_colours(table, column):
        return 0.0
    if field.kind in ("choice", "rag"):
        few = len({cell_text(cell) for cell in _sample(table, column)}) <= FEW_WORDS
        return score * (0.7 + 0.3 * fit) if few else score * fit
    if field.kind in ("text", "reference"):
        return score * (0.4 + 0.6 * fit)
    return score * (0.3 + 0.7 * fit) if fit >= 0.3 else 0.0


def _are_scores(table: Table, column: Column) -> bool:
    """Figures too large for the levels of a rating: points out of a hundred."""
    numbers = [number for cell in _sample(table, column) if isinstance(number := read_number(cell), Written)]
    return any(abs(number.value) > FEW_WORDS for number in numbers)


def _are_colours(table: Table, column: Column) -> bool:
    """Words of a rating under the header of something else, such as a status of green, amber and red."""
    cells = _sample(table, column)
    return len(cells) >= 3 and all(isinstance(parse_rag(cell), Rating) for cell in cells)


def _source(table: Table, field: ImportField, column: Column, header: HeaderWords) -> Source:
    """The column with what its header and values say about the unit."""
    source = Source((column.name,), create_parent=field.kind == "reference" and field.reference in PARENTS)
    if field.kind == "money":
        stated = replace(source, scale=header.scale, currency=header.currency)
        plain = replace(source, currency=header.currency)
        return max((stated, plain), key=lambda one: (_fit(table, field, one, column)[0], one.scale != 1))
    if field.kind == "percent" and _are_fractions(table, column):
        return replace(source, scale=Decimal(100))
    return source


def _are_fractions(table: Table, column: Column) -> bool:
    """Bare numbers from 0 to 1, not all of them whole."""
    numbers = [number for cell in _sample(table, column) if isinstance(number := read_number(cell), Written)]
    return (
        bool(numbers)
        and all(not number.percent and 0 <= number.value <= 1 for number in numbers)
        and any(0 < number.value < 1 for number in numbers)
    )


def _fit(table: Table, field: ImportField, source: Source, column: Column) -> tuple[float, int]:
    """Share of the sampled values that the field can take, and how many values there were."""
    reader = FieldReader(field, source, table)
    values = fitting = 0
    for number, row in zip(table.numbers, table.rows, strict=True):
        if is_empty(row[column.index]):
            continue
        values += 1
        read = reader.read(row, number)
        excused = read.problem is not None and read.problem.code in ("withheld", "not_given")
        if excused:
            values -= 1
        elif read.problem is None and (field.kind not in ("text", "reference") or _is_wordy(read.raw, field)):
            fitting += 1
        if values >= SAMPLE:
            break
    return (fitting / values if values else 0.0), values


def _is_wordy(text: str, field: ImportField) -> bool:
    """A name or comment of bare numbers is none; a code may be a number."""
    if field.key == "code" or field.digits:
        return len(text) <= 60 and "\n" not in text
    return any(char.isalpha() for char in text)


def _choose(candidates: Iterable[Guess], target: Target) -> dict[str, Guess]:
    """The most confident guesses so that no field and no column is used twice."""
    order = list(target.fields)
    chosen: dict[str, Guess] = {}
    taken: set[str] = set()
    for guess in sorted(candidates, key=lambda one: (-one.confidence, order.index(one.field))):
        column = guess.source.columns[0]
        if guess.field not in chosen and column not in taken:
            chosen[guess.field] = guess
            taken.add(column)
    _drop_second_rating(chosen)
    return chosen


def _drop_second_rating(chosen: dict[str, Guess]) -> None:
    """A rating known by its values alone is none if another column is a rating by its header: often a copy of it."""
    for key in [key for key, guess in chosen.items() if guess.confidence == BY_COLOURS]:
        if len([guess for guess in chosen.values() if guess.field.endswith("_rating")]) > 1:
            del chosen[key]


def _name_by_values(table: Table, target: Target, chosen: dict[str, Guess]) -> None:
    """Without a known header the name is the first unused column of different texts."""
    taken = {column for guess in chosen.values() for column in guess.source.columns}
    for column in table.columns:
        texts = [cell_text(cell).strip() for cell in _sample(table, column)]
        wordy = [text for text in texts if any(char.isalpha() for char in text)]
        if column.name in taken or len(wordy) < 2 or len(wordy) < 0.9 * len(texts):
            continue
        if len(set(texts)) >= 0.9 * len(texts) and max(map(len, texts)) <= 300:
            reason = Message("values_differ")
            chosen[target.names[0]] = Guess(target.names[0], Source((column.name,)), 0.3, (reason,))
            return


def _complete_key(table: Table, target: Target, chosen: dict[str, Guess], headers: dict[int, HeaderWords]) -> None:
    """A code that repeats becomes a composite key if a second id column makes it unique."""
    guess = chosen.get(target.code)
    first = table.find(guess.source.columns[0]) if guess is not None else None
    if guess is None or first is None or _is_unique(table, (first,)):
        return
    taken = {column for one in chosen.values() for column in one.source.columns}
    for other in table.columns:
        if other.name in taken or not _is_id(headers[other.index]):
            continue
        pair = tuple(sorted((first, other), key=lambda column: column.index))
        if _is_unique(table, pair):
            names = tuple(column.name for column in pair)
            reason = Message("only_together_unique", {"columns": " + ".join(names)})
            source = Source(names, combine="join")
            chosen[target.code] = Guess(target.code, source, guess.confidence, (*guess.reasons, reason))
            return


def _is_id(header: HeaderWords) -> bool:
    words = header.name.split()
    return bool(words) and (words[-1] in ID_WORDS or header.name.endswith(ID_WORDS[-6:]))


def _is_unique(table: Table, columns: tuple[Column, ...]) -> bool:
    """Is the combination different in every row that has it, and complete?"""
    seen = set()
    for row in table.rows:
        key = tuple(cell_text(row[column.index]).strip() for column in columns)
        if not any(key):
            continue
        if key in seen or not all(key):
            return False
        seen.add(key)
    return True


def _guess_date(
    table: Table, target: Target, chosen: dict[str, Guess], headers: dict[int, HeaderWords]
) -> tuple[DateColumn | None, tuple[Message, ...]]:
    """The snapshot column: a period by its header, and the same records occur for several periods (or there is one)."""
    for column in table.columns:
        score, how, alias = likeness(headers[column.index].name, SNAPSHOT_ALIASES)
        if how != "same":
            continue
        periods = [parse_period(cell) for cell in table.values(column)]
        if not periods or any(period is None or isinstance(period, CellProblem) for period in periods):
            continue
        if len(set(periods)) == 1 or _repeats(table, target, chosen, column):
            return DateColumn(column.name), (Message("header_same"), Message("periods_repeat"))
    return None, ()


def _repeats(table: Table, target: Target, chosen: dict[str, Guess], period: Column) -> bool:
    """Do records occur in several periods, and (nearly) never twice in one?"""
    keys = [chosen[key].source.columns for key in (target.code, *target.names) if key in chosen]
    for names in keys:
        columns = [column for name in names if (column := table.find(name)) is not None]
        records = [
            (normalise_name(" ".join(cell_text(row[column.index]) for column in columns)), cell_text(row[period.index]))
            for row in table.rows
            if any(not is_empty(row[column.index]) for column in columns)
        ]
        if len({name for name, _ in records}) < len(set(records)) and len(set(records)) >= 0.98 * len(records):
            return True
    return False


def _sample(table: Table, column: Column) -> list[Cell]:
    """The first values of a column."""
    values = (cell for row in table.rows[:LOOKED_AT] if not is_empty(cell := row[column.index]))
    return list(islice(values, SAMPLE))
