"""Plans and their parts as JSON values: in columns, between processes and in stored files.

Values that equal the default are left out. Times read "08:00", moments and dates ISO, money and other exact numbers are text.

- `Calendar.week`, `Week.days`: `{"1": [["08:00", "12:00"]], "6": [], "7": null}`
- `Calendar.exceptions`: `[{"first": "2026-10-01", "last": "2026-10-07", "ranges": [], "name": "…"}]`
- `Task.fields`: `[{"name": "TEXT1", "label": "…", "kind": "text", "value": "…"}]`, a duration as a span
- `Span`: `{"minutes": 480, "unit": "d"}`; `baselines`: `[{"number": 0, "start": "2026-01-05T08:00", …}]`
"""

from __future__ import annotations

import datetime
import types
import typing
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, cast

from projects.calc.plan import document
from projects.calc.plan.document import Baseline, DayException, Field, Plan, Range, Remark, Span, Week

Json = dict[str, Any]
Part = TypeVar("Part")
Days = Mapping[int, tuple[Range, ...] | None]


def plan_json(plan: Plan) -> Json:
    """The whole plan as one JSON object."""
    return _written(plan)


def plan_of(stored: Mapping[str, Any]) -> Plan:
    """The plan that `plan_json` wrote. Raises KeyError, TypeError or ValueError where it is something else."""
    return cast(Plan, _reader(cast(Hashable, Plan))(stored))


def days_json(days: Days) -> Json:
    """The working ranges of a week by its days, 1 (Monday) to 7."""
    return {str(day): None if ranges is None else _plain(ranges) for day, ranges in days.items()}


def days_of(stored: Mapping[str, Any]) -> dict[int, tuple[Range, ...] | None]:
    """The week that `days_json` wrote."""
    return {int(day): None if ranges is None else _ranges(ranges) for day, ranges in stored.items()}


def exceptions_json(exceptions: Iterable[DayException]) -> list[Json]:
    """The days that differ, as a column keeps them."""
    return [_written(one) for one in exceptions]


def exceptions_of(stored: Sequence[Mapping[str, Any]]) -> tuple[DayException, ...]:
    """The days that differ, as `exceptions_json` wrote them."""
    return _several(DayException, stored)


def weeks_json(weeks: Iterable[Week]) -> list[Json]:
    """Work weeks, as a column keeps them."""
    return [_written(one) for one in weeks]


def weeks_of(stored: Sequence[Mapping[str, Any]]) -> tuple[Week, ...]:
    """Work weeks, as `weeks_json` wrote them."""
    return _several(Week, stored)


def fields_json(values: Iterable[Field]) -> list[Json]:
    """Further fields of a row, as a column keeps them."""
    return [_written(one) for one in values]


def fields_of(stored: Sequence[Mapping[str, Any]]) -> tuple[Field, ...]:
    """Further fields, as `fields_json` wrote them."""
    return _several(Field, stored)


def baselines_json(baselines: Iterable[Baseline]) -> list[Json]:
    """Baselines of a row, as a column keeps them."""
    return [_written(one) for one in baselines]


def baselines_of(stored: Sequence[Mapping[str, Any]]) -> tuple[Baseline, ...]:
    """Baselines, as `baselines_json` wrote them."""
    return _several(Baseline, stored)


def remarks_json(remarks: Iterable[Remark]) -> list[Json]:
    """All four keys always: pages read them without defaults."""
    return [{"area": one.area, "code": one.code, "count": one.count, "examples": list(one.examples)} for one in remarks]


def remarks_of(stored: Sequence[Mapping[str, Any]]) -> tuple[Remark, ...]:
    """Lines of the report, as `remarks_json` wrote them."""
    return _several(Remark, stored)


def _several(kind: type[Part], stored: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    read = _reader(cast(Hashable, kind))
    return tuple(read(one) for one in stored)


def _written(value: Any) -> Json:
    """A dataclass as an object without the fields that equal their default."""
    result = {}
    for name, default in _defaults(cast(Hashable, type(value))):
        one = getattr(value, name)
        if default is MISSING or one != default:
            result[name] = _plain(one)
    return result


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (one.name, one.default if one.default_factory is MISSING else one.default_factory()) for one in fields(kind)
    )


def _plain(value: Any) -> Any:
    """Any value of a plan as JSON."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime.datetime):
        return value.isoformat(timespec="seconds" if value.second else "minutes")
    if isinstance(value, datetime.time):
        return value.isoformat("seconds" if value.second else "minutes")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return _written(value)


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """What reads a value of the type: built once a type, from its annotations."""
    if kind is Field:
        return _field
    if is_dataclass(kind):
        return _object_reader(kind)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        inner = _reader(next(one for one in arguments if one is not type(None)))
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        return _ranges if arguments[0] == Range else _tuple_reader(_reader(arguments[0]))
    if origin is not None and issubclass(origin, Mapping):
        return dict if arguments[0] is str else days_of
    return _SIMPLE[kind]


def _object_reader(kind: Any) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(kind, vars(document))
    readers = {name: _reader(hint) for name, hint in hints.items()}
    return lambda stored: kind(**{name: readers[name](value) for name, value in stored.items()})


def _tuple_reader(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda values: tuple(read(one) for one in values)


def _ranges(stored: Any) -> tuple[Range, ...]:
    return tuple((datetime.time.fromisoformat(start), datetime.time.fromisoformat(end)) for start, end in stored)


def _field(stored: Mapping[str, Any]) -> Field:
    value = _FIELD_VALUES[stored["kind"]](stored["value"])
    return Field(stored["name"], stored["label"], stored["kind"], value)


def _same(value: Any) -> Any:
    return value


def _exact(value: Any) -> Decimal:
    return Decimal(str(value))


_SIMPLE: dict[Any, Callable[[Any], Any]] = {
    str: _same,
    int: _same,
    bool: _same,
    float: float,
    Decimal: _exact,
    datetime.datetime: datetime.datetime.fromisoformat,
    datetime.date: datetime.date.fromisoformat,
    datetime.time: datetime.time.fromisoformat,
}
_FIELD_VALUES: dict[str, Callable[[Any], Any]] = {
    "text": _same,
    "number": _exact,
    "money": _exact,
    "date": datetime.datetime.fromisoformat,
    "flag": _same,
    "duration": _object_reader(Span),
}
