"""What a formula gives: number, money of which currency, date, text or yes/no; a formula that mixes them is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from pmo.core.custom_fields.formula.tree import (
    MOST_DEGREE,
    MOST_POWER,
    Call,
    Field,
    FormulaError,
    Node,
    Number,
    Operation,
    Text,
)

NUMBER, MONEY, DATE, TEXT, BOOL = "number", "money", "date", "text", "bool"


@dataclass(frozen=True)
class Type:
    """The type of a part. `unit` is the currency of money; `degree` bounds how large a figure can grow; `plain`: it is written into the formula and takes the unit of what it meets."""

    name: str
    unit: str = ""
    degree: int = 1
    plain: bool = False

    @property
    def is_figure(self) -> bool:
        """Whether one can calculate with it."""
        return self.name in {NUMBER, MONEY}


def type_of(node: Node, fields: Mapping[str, Type]) -> Type:
    """The type of a formula over these fields. Raises FormulaError with the place of the first fault."""
    if isinstance(node, Number):
        return Type(NUMBER, plain=True)
    if isinstance(node, Text):
        return Type(TEXT, plain=True)
    if isinstance(node, Field):
        return _field(node, fields)
    parts = [type_of(part, fields) for part in node.parts]
    if isinstance(node, Operation):
        return _operation(node, parts)
    rule = _FUNCTIONS.get(node.name)
    if rule is None:
        names = ", ".join(sorted(_FUNCTIONS))
        raise FormulaError(
            _("There is no function %(name)s; there are: %(names)s.") % {"name": node.name, "names": names}, node.place
        )
    low, high, check = rule
    if not low <= len(parts) <= high:
        raise FormulaError(
            _("%(name)s() does not take %(count)s values.") % {"name": node.name, "count": len(parts)}, node.place
        )
    return check(node, parts)


def _field(node: Field, fields: Mapping[str, Type]) -> Type:
    if node.name not in fields:
        raise FormulaError(_("There is no field %(name)s that a formula can use.") % {"name": node.name}, node.place)
    return fields[node.name]


def _operation(node: Operation, parts: Sequence[Type]) -> Type:
    if len(parts) == 1:
        _figures(node, parts)
        return parts[0]
    left, right = parts
    if node.sign in {"=", "<>", "<", "<=", ">", ">="}:
        _alike(node, parts)
        if left.name == BOOL or (left.name == TEXT and node.sign not in {"=", "<>"}):
            raise FormulaError(_("Texts and yes/no are compared with = and <> or tested by if()."), node.place)
        return Type(BOOL)
    _figures(node, parts)
    if node.sign in {"+", "-"}:
        return _alike(node, parts)
    if node.sign == "^":
        return _power(node, left)
    degree = _bounded(node, left.degree + right.degree)
    money = [part for part in parts if part.name == MONEY]
    if not money:
        return Type(NUMBER, degree=degree)
    if node.sign == "/" and left.name == MONEY:
        if right.name == MONEY:
            _alike(node, parts)
            return Type(NUMBER, degree=degree)
        return Type(MONEY, left.unit, degree)
    if node.sign == "*" and len(money) == 1:
        return Type(MONEY, money[0].unit, degree)
    raise FormulaError(_("Money can be multiplied or divided by a number, not the other way round."), node.place)


def _power(node: Operation, base: Type) -> Type:
    exponent = node.parts[1]
    if not isinstance(exponent, Number) or exponent.value != int(exponent.value) or exponent.value > MOST_POWER:
        raise FormulaError(
            _("After ^ a whole number from 0 to %(most)s is expected.") % {"most": MOST_POWER}, node.place
        )
    if base.name == MONEY:
        raise FormulaError(_("Money can be multiplied or divided by a number, not the other way round."), node.place)
    return Type(NUMBER, degree=_bounded(node, max(base.degree * int(exponent.value), 1)))


def _bounded(node: Operation, degree: int) -> int:
    if degree > MOST_DEGREE:
        raise FormulaError(_("The result could grow too large: multiply fewer figures."), node.place)
    return degree


def _figures(node: Operation | Call, parts: Sequence[Type]) -> None:
    for part, child in zip(parts, node.parts, strict=True):
        if not part.is_figure:
            raise FormulaError(_("A number is expected here."), child.place)


def _alike(node: Operation | Call, parts: Sequence[Type]) -> Type:
    """The one type of all parts; figures written into the formula take the unit of the others."""
    settled = next((part for part in parts if not part.plain), parts[0])
    for part, child in zip(parts, node.parts, strict=True):
        if part.name == settled.name and (part.unit == settled.unit or part.plain):
            continue
        if part.plain and part.name == NUMBER and settled.name == MONEY:
            continue
        if part.name == settled.name:
            raise FormulaError(_("These amounts are kept in different currencies."), child.place)
        raise FormulaError(_("These values are of different types."), child.place)
    return Type(settled.name, settled.unit, max(part.degree for part in parts), all(part.plain for part in parts))


def _if(node: Call, parts: Sequence[Type]) -> Type:
    if parts[0].name != BOOL:
        raise FormulaError(_("A condition is expected here, such as forecast_cost > 0."), node.parts[0].place)
    return _alike(Call(node.name, node.parts[1:], node.place), parts[1:])


def _extreme(node: Call, parts: Sequence[Type]) -> Type:
    found = _alike(node, parts)
    if found.name not in {NUMBER, MONEY, DATE}:
        raise FormulaError(_("A number is expected here."), node.parts[0].place)
    return found


def _round(node: Call, parts: Sequence[Type]) -> Type:
    places = node.parts[1] if len(node.parts) == 2 else Number(Decimal(0), node.place)
    if not parts[0].is_figure:
        raise FormulaError(_("A number is expected here."), node.parts[0].place)
    if not isinstance(places, Number) or places.value != int(places.value) or places.value > MOST_POWER:
        raise FormulaError(
            _("A whole number from 0 to %(most)s is expected here.") % {"most": MOST_POWER}, places.place
        )
    return Type(parts[0].name, parts[0].unit, parts[0].degree)


def _days(node: Call, parts: Sequence[Type]) -> Type:
    for part, child in zip(parts, node.parts, strict=True):
        if part.name != DATE:
            raise FormulaError(_("A date is expected here."), child.place)
    return Type(NUMBER)


def _concat(node: Call, parts: Sequence[Type]) -> Type:
    for part, child in zip(parts, node.parts, strict=True):
        if part.name != TEXT:
            raise FormulaError(_("A text is expected here."), child.place)
    return Type(TEXT)


def _logic(node: Call, parts: Sequence[Type]) -> Type:
    for part, child in zip(parts, node.parts, strict=True):
        if part.name != BOOL:
            raise FormulaError(_("A condition is expected here, such as forecast_cost > 0."), child.place)
    return Type(BOOL)


def _coalesce(node: Call, parts: Sequence[Type]) -> Type:
    return _alike(node, parts)


def _today(node: Call, parts: Sequence[Type]) -> Type:
    return Type(DATE)


def _abs(node: Call, parts: Sequence[Type]) -> Type:
    _figures(node, parts)
    return Type(parts[0].name, parts[0].unit, parts[0].degree)


_MANY = 20
_FUNCTIONS: dict[str, tuple[int, int, Callable[[Call, Sequence[Type]], Type]]] = {
    "if": (3, 3, _if),
    "min": (2, _MANY, _extreme),
    "max": (2, _MANY, _extreme),
    "round": (1, 2, _round),
    "abs": (1, 1, _abs),
    "days": (2, 2, _days),
    "today": (0, 0, _today),
    "concat": (2, _MANY, _concat),
    "coalesce": (2, _MANY, _coalesce),
    "and": (2, _MANY, _logic),
    "or": (2, _MANY, _logic),
    "not": (1, 1, _logic),
}
FUNCTIONS = tuple(_FUNCTIONS)
