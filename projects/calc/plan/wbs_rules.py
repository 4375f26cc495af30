"""Whether a work breakdown structure keeps the organisation's rules: the rows against each rule, and a verdict."""

from __future__ import annotations

import fnmatch
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from projects.calc.plan.outline import outline_numbers

RULES = ("depth", "small", "large", "code", "gaps", "name", "whole", "own_work", "complete")
PASSED, REMARKS, FAILED, EMPTY = "passed", "remarks", "failed", "empty"


@dataclass(frozen=True)
class Limits:
    """The organisation's rules; sizes in hours, `code` is "outline", "below" or "any"."""

    max_depth: int = 6
    min_hours: float = 8
    max_hours: float = 80
    code: str = "below"
    name_pattern: str = ""
    whole: bool = True
    own_work: bool = True
    no_gaps: bool = True
    complete: bool = True
    remarks_percent: float = 5


@dataclass(frozen=True)
class Row:
    """A row of the plan in outline order; `minutes` is its work, or its duration where no work is planned."""

    id: int
    level: int
    code: str
    name: str
    milestone: bool = False
    minutes: float | None = None
    duration: float | None = None
    staffed: bool = False  # somebody is responsible, or a resource is assigned
    resources: bool = False  # a resource is assigned to the row itself


@dataclass(frozen=True)
class Verdict:
    """What came out: rows against each rule in order, and how many different rows that is."""

    word: str
    rows: int
    broken: int = 0
    packages: int = 0
    found: dict[str, list[int]] = field(default_factory=dict)

    @property
    def percent(self) -> float:
        """The share of rows that break a rule, in percent."""
        return 100 * self.broken / self.rows if self.rows else 0.0


def judge(rows: Sequence[Row], limits: Limits) -> Verdict:
    """Check every rule; rows in outline order."""
    if not rows:
        return Verdict(EMPTY, 0)
    sheet = _Sheet(rows)
    checks: dict[str, Callable[[_Sheet, Limits], Iterator[int]]] = {
        "depth": _depth,
        "small": _small,
        "large": _large,
        "code": _code,
        "gaps": _gaps,
        "name": _name,
        "whole": _whole,
        "own_work": _own_work,
        "complete": _complete,
    }
    found = {rule: list(checks[rule](sheet, limits)) for rule in RULES}
    broken = len({row for ids in found.values() for row in ids})
    share = 100 * broken / len(rows)
    word = PASSED if not broken else REMARKS if share <= limits.remarks_percent else FAILED
    packages = sum(not summary for summary in sheet.summaries)
    return Verdict(word, len(rows), broken, packages, found)


class _Sheet:
    """The rows with what the rules ask of the tree."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.summaries = [after.level > row.level for row, after in zip(rows, rows[1:], strict=False)] + [False]
        self.numbers = outline_numbers(row.level for row in rows)
        self.above: list[int | None] = []
        trail: list[int] = []
        for index, row in enumerate(rows):
            while trail and rows[trail[-1]].level >= row.level:
                trail.pop()
            self.above.append(trail[-1] if trail else None)
            trail.append(index)
        self.children = Counter(above for above in self.above if above is not None)

    def packages(self) -> Iterator[Row]:
        """Rows at the bottom that are no milestones."""
        return (
            row for row, summary in zip(self.rows, self.summaries, strict=True) if not summary and not row.milestone
        )


def _depth(sheet: _Sheet, limits: Limits) -> Iterator[int]:
    return (row.id for row in sheet.rows if row.level > limits.max_depth)


def _small(sheet: _Sheet, limits: Limits) -> Iterator[int]:
    edge = limits.min_hours * 60
    return (row.id for row in sheet.packages() if row.minutes is not None and 0 < row.minutes < edge)


def _large(sheet: _Sheet, limits: Limits) -> Iterator[int]:
    edge = limits.max_hours * 60
    return (row.id for row in sheet.packages() if row.minutes is not None and row.minutes > edge)


def _code(sheet: _Sheet, limits: Limits) -> Iterator[int]:
    seen: set[str] = set()
    for index, row in enumerate(sheet.rows):
        above = sheet.above[index]
        wrong = not row.code or row.code in seen
        if limits.code == "outline":
            wrong = wrong or row.code != sheet.numbers[index]
        elif limits.code == "below" and above is not None and sheet.rows[above].code:
            wrong = wrong or not row.code.startswith(sheet.rows[above].code)
        seen.add(row.code)
        if wrong and limits.code != "any":
            yield row.id


def _gaps(sheet: _Sheet, limits: Limits) -> Iterator[int]:
    """Rows whose last number does not follow the sibling's before; codes that do not end in a number are left out."""
    if not limits.no_gaps:
        return
    last: dict[int | None, int] = defaultdict(int)
    for index, row in enumerate(sheet.rows):
        tail = row.code[len(row.code.rstrip("0123456789")) :]
        if not tail or not tail.isascii():
            continue
        above = sheet.above[index]
        if int(tail) != last[above] + 1:
            yield row.id
        last[above] = int(tail)


def _name(sheet: _Sheet, limits: Limits) -> Iterator[int]:
    for row in sheet.rows:
        fits = not limits.name_pattern or fnmatch.fnmatchcase(row.name, limits.name_pattern)
        if not row.name.strip() or not fits:
            yield row.id


def _whole(sheet: _Sheet, limits: Limits) -> Iterator[int]:
    return (sheet.rows[index].id for index, count in sorted(sheet.children.items()) if limits.whole and count == 1)


def _own_work(sheet: _Sheet, limits: Limits) -> Iterator[int]:
    pairs = zip(sheet.rows, sheet.summaries, strict=True)
    return (row.id for row, summary in pairs if limits.own_work and summary and row.resources)


def _complete(sheet: _Sheet, limits: Limits) -> Iterator[int]:
    return (row.id for row in sheet.packages() if limits.complete and not (row.duration and row.staffed))
