"""What a report asks, read from an address: register, figure, columns to break it down by, filters, chart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pmo.core.registers.controls import sentence
from pmo.core.registers.declaration import BASE_CURRENCY, Register, Text
from pmo.core.registers.fields import NUMERIC, Bound, bound_columns
from pmo.core.registers.saved_views.queries import hidden_uses
from pmo.core.registers.state import ListState, read_state

# The report's own parameters begin with an underscore; all others are the register's filters.
OF, BY, ACROSS, MEASURE, CHART = "_of", "_by", "_across", "_measure", "_chart"
# What an export is called.
TITLE = "_title"
# How it is sent.
SEND = "_send"
OWN = (OF, BY, ACROSS, MEASURE, CHART, TITLE, SEND)
BARS, LINE, TABLE = "bars", "line", "table"
CHARTS: dict[str, Text] = {
    BARS: gettext_lazy("Bars"),
    LINE: gettext_lazy("Line over time"),
    TABLE: gettext_lazy("Table only"),
}
WORDS, PDF, XLSX = "words", "pdf", "xlsx"
SENT_AS: dict[str, Text] = {
    WORDS: gettext_lazy("First lines in the mail"),
    PDF: gettext_lazy("PDF attached"),
    XLSX: gettext_lazy("XLSX attached"),
}
PARTS: dict[str, Text] = {
    "month": gettext_lazy("month"),
    "quarter": gettext_lazy("quarter"),
    "year": gettext_lazy("year"),
}
WAYS: dict[str, Text] = {
    "sum": pgettext_lazy("aggregate", "Sum"),
    "avg": pgettext_lazy("aggregate", "Average"),
    "min": pgettext_lazy("aggregate", "Smallest"),
    "max": pgettext_lazy("aggregate", "Largest"),
}
# What each choice is called on the page.
NAMES: dict[str, Text] = {
    MEASURE: gettext_lazy("Figure"),
    BY: gettext_lazy("Broken down by"),
    ACROSS: gettext_lazy("Side by side"),
    CHART: gettext_lazy("Chart"),
    SEND: gettext_lazy("Sent as"),
}
_SUMMED = frozenset(["number", "money", "days"])
COUNT = "count"


@dataclass(frozen=True)
class Dimension:
    """A column to break down by; dates by `part` (month, quarter, year)."""

    bound: Bound
    part: str = ""

    @property
    def key(self) -> str:
        return f"{self.bound.name}:{self.part}" if self.part else self.bound.name

    @property
    def label(self) -> str:
        if not self.part:
            return str(self.bound.label)
        return _("%(field)s by %(part)s") % {"field": self.bound.label, "part": PARTS[self.part]}


@dataclass(frozen=True)
class Measure:
    """How many rows (`bound` None), or a figure of one of their columns."""

    bound: Bound | None = None
    way: str = COUNT

    @property
    def key(self) -> str:
        return COUNT if self.bound is None else f"{self.way}:{self.bound.name}"

    @property
    def label(self) -> str:
        if self.bound is None:
            return _("Number of rows")
        return _("%(way)s of %(field)s") % {"way": WAYS[self.way], "field": self.bound.label}

    @property
    def adds_up(self) -> bool:
        """Whether the figures of the parts make the figure of the whole."""
        return self.way in {COUNT, "sum"}

    @property
    def currency(self) -> str:
        """Where a row's currency stands; empty for figures that are no money and for money in the base currency."""
        if self.bound is None or self.bound.kind != "money" or self.bound.currency_path in {"", BASE_CURRENCY}:
            return ""
        known = self.bound.currency_path == "currency"
        return "currency" if known else self.bound.column.extra_alias("currency")


@dataclass
class Question:
    """One reading of an address; `errors` are sentences."""

    register: Register
    state: ListState
    by: Dimension | None
    across: Dimension | None
    measure: Measure
    chart: str
    errors: list[str] = field(default_factory=list)
    send: str = WORDS

    @property
    def filters(self) -> QueryDict:
        """The register's own part of the address."""
        return self.state.params

    @property
    def query(self) -> str:
        """The question as an address keeps it."""
        query = self.filters.copy()
        own = {OF: self.register.key, MEASURE: self.measure.key, CHART: self.chart}
        own[BY] = self.by.key if self.by else ""
        own[ACROSS] = self.across.key if self.across else ""
        own[SEND] = self.send if self.send != WORDS else ""
        for name, text in own.items():
            if text:
                query[name] = text
        return str(query.urlencode())


def dimensions(register: Register) -> list[Dimension]:
    """What the rows of the register can be broken down by, in the order of its columns."""
    found: list[Dimension] = []
    for bound in bound_columns(register):
        if bound.kind in {"date", "datetime"}:
            found += [Dimension(bound, part) for part in PARTS]
        elif bound.kind in {"fk", "rag", "bool"} or (bound.choices and not bound.column.several):
            found.append(Dimension(bound))
    return found


def measures(register: Register) -> list[Measure]:
    """What can be told of the rows: how many, and figures of their numeric columns."""
    found = [Measure()]
    for bound in bound_columns(register):
        if bound.kind in NUMERIC:
            ways = [way for way in WAYS if way != "sum" or bound.kind in _SUMMED]
            found += [Measure(bound, way) for way in ways]
    return found


def read_question(register: Register, user: Any, params: QueryDict) -> Question:
    """Read an address. Never raises: what cannot be used stands in `errors`, and the default takes its place."""
    query = params.copy()
    for name in (*OWN, "sort", "group", "columns", "page", "page_size", "view", "from_view"):
        query.pop(name, None)
    by_key = {one.key: one for one in dimensions(register)}
    measured = {one.key: one for one in measures(register)}
    problems: list[str] = []

    def pick(name: str, known: dict[str, Any], default: Any) -> Any:
        text = params.get(name, "")
        if text and text not in known:
            problems.append(
                _("%(parameter)s: %(value)s is not offered here.") % {"parameter": NAMES[name], "value": text[:60]}
            )
        return known.get(text, default)

    first = next(iter(by_key.values()), None)
    by, across = pick(BY, by_key, first), pick(ACROSS, by_key, None)
    measure: Measure = pick(MEASURE, measured, measured[COUNT])
    chart = pick(CHART, {name: name for name in CHARTS}, BARS)
    send = pick(SEND, {name: name for name in SENT_AS}, WORDS)
    used = [one.bound.name for one in (by, across, measure) if one is not None and one.bound is not None]
    state = read_state(register, user, query, list(dict.fromkeys(used)))
    state.errors += hidden_uses(state)
    problems += sentence(state.errors)
    return Question(register, state, by, across if across != by else None, measure, chart, problems, send)
