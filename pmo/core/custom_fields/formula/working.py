"""A formula worked out in Python for one row. Nothing known (None) makes nothing known, but for coalesce(), if(), and(), or()."""

from __future__ import annotations

import datetime
import operator
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any

from pmo.core.custom_fields.figures import LARGEST_RESULT
from pmo.core.custom_fields.formula.tree import Call, Field, Node, Number, Operation, Text

# Wide enough for the largest figure that `checking` lets a formula grow to.
_CONTEXT = Context(prec=50, rounding=ROUND_HALF_UP, Emax=999, Emin=-999)


def work_out(node: Node, values: Mapping[str, Any], today: datetime.date) -> Any:
    """The value of a checked formula: Decimal, date, text, bool or None. `values` holds the fields it reads."""
    with localcontext(_CONTEXT):
        found = _value(node, values, today)
    return None if isinstance(found, Decimal) and abs(found) >= LARGEST_RESULT else found


def _value(node: Node, values: Mapping[str, Any], today: datetime.date) -> Any:
    if isinstance(node, Number | Text):
        return node.value
    if isinstance(node, Field):
        return _plain(values.get(node.name))
    if isinstance(node, Call) and node.name == "if":
        condition = _value(node.parts[0], values, today)
        return None if condition is None else _value(node.parts[1 if condition else 2], values, today)
    parts = [_value(part, values, today) for part in node.parts]
    if isinstance(node, Operation):
        return None if None in parts else _operation(node, parts)
    return _call(node, parts, today)


def _plain(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return Decimal(str(value))
    return None if value == "" else value


def _operation(node: Operation, parts: list[Any]) -> Any:
    if len(parts) == 1:
        return -parts[0]
    if node.sign == "/":
        return None if parts[1] == 0 else parts[0] / parts[1]
    if node.sign == "^" and parts[0] == 0 and parts[1] == 0:
        return Decimal(1)
    return _SIGNS[node.sign](*parts)


_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "^": operator.pow,
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _call(node: Call, parts: list[Any], today: datetime.date) -> Any:
    if node.name == "coalesce":
        return next((part for part in parts if part is not None), None)
    if node.name == "and":
        return False if False in parts else None if None in parts else True
    if node.name == "or":
        return True if True in parts else None if None in parts else False
    if None in parts:
        return None
    if node.name == "today":
        return today
    return _FUNCTIONS[node.name](parts)


def _round(parts: list[Any]) -> Decimal:
    places = int(parts[1]) if len(parts) == 2 else 0
    return Decimal(parts[0]).quantize(Decimal(1).scaleb(-places), context=Context(prec=300, rounding=ROUND_HALF_UP))


_FUNCTIONS: dict[str, Callable[[list[Any]], Any]] = {
    "min": min,
    "max": max,
    "round": _round,
    "abs": lambda parts: abs(parts[0]),
    "days": lambda parts: Decimal((parts[1] - parts[0]).days),
    "concat": "".join,
    "not": lambda parts: not parts[0],
}
