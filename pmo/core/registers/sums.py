"""Counts and sums of a list and of its groups, taken in SQL over everything the filters keep, not over the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, IntegerField, Max, Min, Q, QuerySet, Sum, When

from pmo.core.registers.declaration import BASE_CURRENCY
from pmo.core.registers.fields import Bound
from pmo.core.registers.state import ListState

_AGGREGATES: dict[Any, Any] = {True: Sum, "sum": Sum, "max": Max, "min": Min}


@dataclass
class Sums:
    """Rows counted, and per column either one figure or one per currency (currencies are never added)."""

    count: int = 0
    groups: int = 0
    figures: dict[str, Any] = field(default_factory=dict)
    money: dict[str, dict[str, Decimal]] = field(default_factory=dict)


def sum_columns(state: ListState) -> list[Bound]:
    """Shown columns that are summed."""
    return [bound for bound in state.columns if bound.column.sum]


def total_sums(state: ListState, rows: QuerySet[Any]) -> Sums:
    """Count and sums of all rows: one query, or one per place the currency comes from."""
    return _read(state, rows, None).get(None, Sums())


def _group_marks(path: str) -> dict[str, Any]:
    """How many groups there are: different values, and whether there are rows without one."""
    without = Case(When(**{f"{path}__isnull": True}, then=1), output_field=IntegerField())
    return {"group_values": Count(path, distinct=True), "group_without": Max(without)}


def group_sums(state: ListState, rows: QuerySet[Any], keys: Sequence[Any]) -> dict[Any, Sums]:
    """Count and sums of the groups with these keys (None among them: rows without a value)."""
    if state.group is None:
        return {}
    path = state.group.path
    wanted = Q(**{f"{path}__in": [key for key in keys if key is not None]})
    if None in keys:
        wanted |= Q(**{f"{path}__isnull": True})
    return _read(state, rows.filter(wanted), path)


def count_groups(state: ListState, rows: QuerySet[Any], known: Sums) -> int:
    """How many groups the list has; the totals of a list without amounts in several currencies know."""
    if state.group is None:
        return 0
    if _first_source(state) == "":
        return known.groups
    return rows.order_by().values(state.group.path).distinct().count()


def currency_source(bound: Bound) -> str:
    """The name under which the list query finds the currency of a money column; empty for one fixed currency."""
    if bound.kind != "money" or bound.currency_path in {"", BASE_CURRENCY}:
        return ""
    return "currency" if bound.currency_path == "currency" else bound.column.extra_alias("currency")


def _first_source(state: ListState) -> str:
    """Where the first statement of the sums takes its currency from; empty where it has none."""
    sources = [source for bound in sum_columns(state) if (source := currency_source(bound))]
    return sources[0] if sources else ""


def _read(state: ListState, rows: QuerySet[Any], group: str | None) -> dict[Any, Sums]:
    by_source: dict[str, list[Bound]] = {}
    for bound in sum_columns(state):
        by_source.setdefault(currency_source(bound), []).append(bound)
    plain = by_source.pop("", [])
    found: dict[Any, Sums] = {}
    sources = list(by_source.items()) or [("", [])]
    marks = _group_marks(state.group.path) if state.group is not None and group is None else {}
    for place, (source, columns) in enumerate(sources):
        _read_source(found, rows, group, source, columns, plain if place == 0 else None, {} if source else marks)
    return found


def _read_source(
    found: dict[Any, Sums],
    rows: QuerySet[Any],
    group: str | None,
    source: str,
    money: list[Bound],
    plain: list[Bound] | None,
    marks: dict[str, Any],
) -> None:
    """One grouped query: money of one currency source; the first one also counts and takes the plain figures."""
    keys = [name for name in (group, source) if name]
    aggregates = {f"sum_{b.name}": _AGGREGATES[b.column.sum](b.path) for b in [*money, *(plain or [])]}
    if plain is not None:
        aggregates["sum_count"] = Count("pk")
    aggregates |= marks
    plainly = rows.order_by()
    for line in plainly.values(*keys).annotate(**aggregates) if keys else [plainly.aggregate(**aggregates)]:
        sums = found.setdefault(line[group] if group else None, Sums())
        sums.count += line.get("sum_count", 0)
        sums.groups += line.get("group_values", 0) + (line.get("group_without") or 0)
        for bound in plain or []:
            _merge(sums.figures, bound, line[f"sum_{bound.name}"])
        for bound in money:
            amount = line[f"sum_{bound.name}"]
            if amount is not None:
                sums.money.setdefault(bound.name, {})[line[source]] = amount


def _merge(figures: dict[str, Any], bound: Bound, value: Any) -> None:
    """Plain figures come in one line per currency and are put together again."""
    known = figures.get(bound.name)
    if value is None or known is None:
        figures[bound.name] = value if known is None else known
    elif bound.column.sum in {"max", "min"}:
        figures[bound.name] = max(known, value) if bound.column.sum == "max" else min(known, value)
    else:
        figures[bound.name] = known + value
