"""Filters of the address as conditions: `status=a&status=b`, `due_on__lte=2027-01-01`, `owner__isnull=true`."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import IntegerField, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.core.registers.fields import NUMERIC, Bound
from pmo.core.registers.values import (
    LARGEST_ID,
    BadParameterError,
    parse_bool,
    parse_choice,
    parse_date,
    parse_number,
    parse_reference,
    parse_whole_number,
)

_RANGE = ("", "gte", "lte", "gt", "lt", "isnull")
_LISTED = ("", "isnull")
_TEXT = ("", "icontains", "isnull")


@dataclass(frozen=True)
class Condition:
    """One filter in force: the parameter, the column it concerns, how, and the texts as given."""

    parameter: str
    bound: Bound
    lookup: str
    texts: tuple[str, ...]
    values: tuple[Any, ...]

    def q(self) -> Q:
        """The filter on the list query."""
        return _BUILDERS.get(self.bound.kind, _plain)(self)


def lookups_of(bound: Bound) -> tuple[str, ...]:
    """Which suffixes the column understands; the empty one is equality."""
    if bound.kind in NUMERIC | {"date", "datetime"}:
        return _RANGE
    if bound.kind in {"fk", "rag"} or bound.choices:
        return _LISTED
    return _LISTED if bound.kind == "bool" else _TEXT


def split_parameter(parameter: str, known: dict[str, Bound]) -> tuple[Bound, str] | None:
    """The column and lookup a parameter names, None where it names none."""
    if parameter in known:
        return known[parameter], ""
    name, separator, lookup = parameter.rpartition("__")
    if separator and name in known and lookup in lookups_of(known[name]):
        return known[name], lookup
    return None


def read_condition(parameter: str, bound: Bound, lookup: str, texts: list[str], user: Any) -> Condition:
    """Parse the texts of one parameter. Raises BadParameterError for the first that cannot be used."""
    parse = _parser(bound, lookup, user)
    return Condition(parameter, bound, lookup, tuple(texts), tuple(parse(parameter, text) for text in texts))


def _parser(bound: Bound, lookup: str, user: Any) -> Callable[[str, str], Any]:
    if lookup == "isnull":
        return parse_bool
    if bound.kind == "fk":
        return lambda parameter, text: parse_reference(parameter, text, bound, user)
    if bound.choices:
        return lambda parameter, text: parse_choice(parameter, text, bound)
    if lookup == "" and isinstance(bound.model_field, IntegerField):
        return parse_whole_number
    if bound.model_field is None and bound.kind in NUMERIC:
        return _computed_number
    return _PARSERS.get(bound.kind, _without_nul)


def _computed_number(parameter: str, text: str) -> Decimal:
    """A number that any database compares with a computed one, which may be whole."""
    number = parse_number(parameter, text)
    if abs(number) > LARGEST_ID:
        raise BadParameterError(parameter, text, _("a smaller number is expected."))
    return number


def _without_nul(parameter: str, text: str) -> str:
    if "\x00" in text:
        raise BadParameterError(parameter, text.replace("\x00", ""), _("text without control characters is expected."))
    return text


_PARSERS: dict[str, Callable[[str, str], Any]] = {
    **dict.fromkeys(NUMERIC, parse_number),
    "date": parse_date,
    "datetime": parse_date,
    "bool": parse_bool,
}


def _is_empty(condition: Condition) -> Q:
    path = condition.bound.path
    empty = Q(**{f"{path}__isnull": True})
    if condition.bound.kind in {"text", "choice", "badge", "rag"} and not condition.bound.choices_are_numbers:
        empty |= Q(**{path: ""})
    return empty if condition.values[-1] else ~empty


def _any_of(condition: Condition, suffix: str) -> Q:
    found = Q(pk__in=[])
    for value in condition.values:
        found |= Q(**{f"{condition.bound.path}{suffix}": value})
    return found


def _plain(condition: Condition) -> Q:
    if condition.lookup == "isnull":
        return _is_empty(condition)
    if condition.lookup == "icontains":
        return _any_of(condition, "__icontains")
    return Q(**{f"{condition.bound.path}__in": list(condition.values)})


def _range(condition: Condition) -> Q:
    if condition.lookup in {"", "isnull"}:
        return _plain(condition)
    return Q(**{f"{condition.bound.path}__{condition.lookup}": condition.values[-1]})


def _moment(condition: Condition) -> Q:
    """Days against moments: a day begins at midnight in the reader's zone."""
    path, lookup = condition.bound.path, condition.lookup
    if lookup == "isnull":
        return _plain(condition)
    day = condition.values[-1]
    start, end = _midnight(day), _midnight(day + datetime.timedelta(days=1))
    return {
        "": Q(**{f"{path}__gte": start, f"{path}__lt": end}),
        "gte": Q(**{f"{path}__gte": start}),
        "gt": Q(**{f"{path}__gte": end}),
        "lte": Q(**{f"{path}__lt": end}),
        "lt": Q(**{f"{path}__lt": start}),
    }[lookup]


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), tzinfo=timezone.get_current_timezone())


_BUILDERS: dict[str, Callable[[Condition], Q]] = {
    **dict.fromkeys(NUMERIC, _range),
    "date": _range,
    "datetime": _moment,
}
