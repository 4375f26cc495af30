"""The filter bar: one control per filter, and the filters in force as chips."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from pmo.core.registers.addresses import without
from pmo.core.registers.cells import CellMaker
from pmo.core.registers.conditions import Condition
from pmo.core.registers.declaration import Filter, Text
from pmo.core.registers.fields import NUMERIC, Bound
from pmo.core.registers.state import ListState
from pmo.core.registers.values import BadParameterError, visible_rows

IN_BAR = 4
_OPERATORS = {"gte": "≥", "lte": "≤", "gt": ">", "lt": "<", "icontains": "∋"}


@dataclass(frozen=True)
class Option:
    """One value of a choice filter."""

    value: str
    label: Text
    selected: bool = False


@dataclass
class Control:
    """One filter as the template draws it. `shape`: many, one, record, range, text."""

    name: str
    label: Text
    shape: str
    options: list[Option] = field(default_factory=list)
    value: str = ""
    more_values: list[str] = field(default_factory=list)
    low: str = ""
    high: str = ""
    input_type: str = "text"
    active: bool = False

    @property
    def selected(self) -> list[Option]:
        """Options in force."""
        return [option for option in self.options if option.selected]


@dataclass(frozen=True)
class Chip:
    """A filter in force, and the address without it."""

    label: Text
    text: str
    url: str


@dataclass
class FilterBar:
    """Controls in the bar, those behind "More", and the chips."""

    bar: list[Control]
    more: list[Control]
    chips: list[Chip]

    @property
    def more_active(self) -> bool:
        """Whether a control behind "More" is in force."""
        return any(control.active for control in self.more)


def filter_bar(state: ListState, maker: CellMaker) -> FilterBar:
    """Everything above the table that narrows it.

    Queries: one per record filter in force, one per made filter whose choices come from the database.
    """
    labels = _record_labels(state)
    controls = [(_control(state, item, labels), advanced) for item, advanced in _sources(state)]
    first = [control for control, advanced in controls if not advanced and control.shape != "range"]
    bar = first[:IN_BAR]
    return FilterBar(bar, [control for control, _a in controls if control not in bar], chips(state, maker, labels))


def _sources(state: ListState) -> list[tuple[Filter | Bound, bool]]:
    """Declared filters, or one per column that can be filtered by choice, date, figure or record; made ones after."""
    made: list[tuple[Filter | Bound, bool]] = []
    by_column: list[tuple[Filter | Bound, bool]] = []
    for declared in state.register.all_filters:
        if declared.apply is not None:
            made.append((declared, declared.advanced))
        elif declared.field in state.known:
            by_column.append((state.known[declared.field], declared.advanced))
    if state.register.filters is None:
        default = set(state.register.shown_by_default)
        taken = {declared.field for declared in state.register.all_filters}
        offered = [bound for name, bound in state.known.items() if name not in taken and _has_control(bound)]
        by_column += [(bound, bound.name not in default) for bound in offered]
    return [*by_column[:2], *made, *by_column[2:]]


def _has_control(bound: Bound) -> bool:
    return bound.filterable and (bool(bound.choices) or bound.kind in NUMERIC | {"fk", "bool", "date", "datetime"})


def _control(state: ListState, item: Filter | Bound, labels: dict[tuple[str, int], str]) -> Control:
    if isinstance(item, Filter):
        return _made_control(state, item)
    name, given = item.name, state.params.getlist(item.name)
    if item.kind == "fk":
        shown = [labels.get((name, value), text) for text, value in _record_values(state, name)] or given
        value, rest = (shown[0], shown[1:]) if shown else ("", [])
        return Control(name, item.label, "record", value=value, more_values=rest, active=bool(shown))
    if item.choices:
        options = [Option(str(value), label, str(value) in given) for value, label in item.choices]
        return Control(name, item.label, "many", options, active=bool(given))
    if item.kind == "bool":
        options = [Option("true", _("Yes"), "true" in given), Option("false", _("No"), "false" in given)]
        return Control(name, item.label, "one", options, active=bool(given))
    return _range_control(state, item)


def _range_control(state: ListState, bound: Bound) -> Control:
    low, high = (state.params.get(f"{bound.name}__{end}", "") for end in ("gte", "lte"))
    kind = "number" if bound.kind in NUMERIC else "date"
    return Control(bound.name, bound.label, "range", low=low, high=high, input_type=kind, active=bool(low or high))


def _made_control(state: ListState, declared: Filter) -> Control:
    given = [text for text in state.params.getlist(declared.field) if text]
    label = declared.label or declared.field.replace("_", " ")
    pairs = made_choices(declared, state.user)
    if declared.choices is None:
        return Control(declared.field, label, "text", value=given[0] if given else "", active=bool(given))
    options = [Option(str(value), words, str(value) in given) for value, words in pairs]
    return Control(declared.field, label, "one", options, active=bool(given))


def made_choices(declared: Filter, user: Any) -> list[tuple[Any, Any]]:
    """The choices of a made filter: a list, or a function with or without the user."""
    given = declared.choices
    if callable(given):
        given = given(user) if inspect.signature(given).parameters else given()
    return list(getattr(given, "choices", given) or [])


def _record_values(state: ListState, name: str) -> list[tuple[str, int]]:
    return [
        (text, value)
        for condition in state.conditions
        if condition.parameter == name
        for text, value in zip(condition.texts, condition.values, strict=True)
    ]


def _record_labels(state: ListState) -> dict[tuple[str, int], str]:
    """Names of the records that filters in force point to; one the user may not see keeps its number."""
    found: dict[tuple[str, int], str] = {}
    for condition in state.conditions:
        if condition.bound.kind == "fk" and condition.lookup == "":
            rows = visible_rows(condition.bound.target, state.user).in_bulk(
                [value for value in condition.values if value]
            )
            found |= {(condition.bound.name, pk): record_label(row) for pk, row in rows.items()}
    return found


def record_label(row: Any) -> str:
    """What a record is called where it must be found again: code and name."""
    code, name = str(getattr(row, "code", "") or ""), str(row)
    return f"{code} {name}" if code and code != name else name


def chips(state: ListState, maker: CellMaker, labels: dict[tuple[str, int], str]) -> list[Chip]:
    """Filters in force in words, each with the address that takes it away."""
    found = []
    if state.search:
        found.append(Chip(_("Keyword"), state.search, without(state.params, "q", state.params.get("q", ""))))
    for condition in state.conditions:
        for text, value in zip(condition.texts, condition.values, strict=True):
            words = _words(condition, value, maker, labels)
            found.append(Chip(condition.bound.label, words, without(state.params, condition.parameter, text)))
    for special in state.specials:
        named = {str(value): label for value, label in made_choices(special.filter, state.user)}
        for text in special.texts:
            url = without(state.params, special.filter.field, text)
            found.append(Chip(special.filter.label or special.filter.field, str(named.get(text, text)), url))
    return found


def _words(condition: Condition, value: Any, maker: CellMaker, labels: dict[tuple[str, int], str]) -> str:
    if condition.lookup == "isnull":
        return _("empty") if value else _("not empty")
    if condition.bound.kind == "fk":
        return labels.get((condition.bound.name, value), str(value))
    if condition.bound.kind == "datetime":
        text = value.isoformat()
    else:
        text = maker.plain(condition.bound, value)
    operator = _OPERATORS.get(condition.lookup)
    return f"{operator} {text}" if operator else text


def sentence(errors: list[BadParameterError]) -> list[str]:
    """What is wrong with the address, for the banner."""
    return [error.sentence for error in errors]
