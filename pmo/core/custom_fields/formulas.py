"""Formulas over the columns of a register: which fields they may read, what they give, their expression for a user."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import F, Q, Value

from pmo.core.custom_fields.columns import column_of
from pmo.core.custom_fields.definitions import Definition
from pmo.core.custom_fields.formula.checking import BOOL, DATE, MONEY, NUMBER, TEXT, Type, type_of
from pmo.core.custom_fields.formula.reading import read_formula
from pmo.core.custom_fields.formula.sql import OUTPUTS, to_sql
from pmo.core.custom_fields.formula.tree import FormulaError, Node, fields_of
from pmo.core.registers.declaration import BASE_CURRENCY, Register
from pmo.core.registers.expressions import column_annotations, mask_condition, masked
from pmo.core.registers.fields import Bound, bound_columns

_TYPES = {
    "number": NUMBER,
    "percent": NUMBER,
    "score": NUMBER,
    "money": MONEY,
    "date": DATE,
    "text": TEXT,
    "choice": TEXT,
    "rag": TEXT,
    "badge": TEXT,
    "bool": BOOL,
}
_OWN = "!"


def usable(declared: Register, living: Iterable[Definition]) -> dict[str, tuple[Type, Bound]]:
    """The fields a formula of the register may read, with their types: its columns and the other custom fields."""
    own = [Bound(declared, column_of(declared, one), None) for one in living if one.written and one.kind != "multi"]
    names = {one.name for one in living}
    columns = [bound for bound in bound_columns(declared) if bound.name not in names]
    found: dict[str, tuple[Type, Bound]] = {}
    for bound in [*columns, *own]:
        kind = type_of_column(bound)
        if kind is not None:
            found[bound.name] = kind, bound
    return found


def type_of_column(bound: Bound) -> Type | None:
    """What a formula can take a column for; None where it cannot read it."""
    if bound.bilingual or bound.column.several or bound.kind not in _TYPES:
        return None
    if bound.kind == "choice" and bound.choices_are_numbers:
        return Type(NUMBER)
    name = _TYPES[bound.kind]
    return Type(name, _unit(bound)) if name == MONEY else Type(name)


def _unit(bound: Bound) -> str:
    own = bound.column.extra.get("currency")
    return f"{_OWN}{own.value}" if own is not None and hasattr(own, "value") else bound.currency_path or BASE_CURRENCY


def checked(text: str, fields: Mapping[str, tuple[Type, Bound]]) -> tuple[Node, Type]:
    """The tree and the type of a formula. Raises FormulaError."""
    tree = read_formula(text)
    return tree, type_of(tree, {name: kind for name, (kind, _bound) in fields.items()})


def expression_for(declared: Register, one: Definition, living: Iterable[Definition]) -> Callable[[Any], Any]:
    """The formula's expression for a user: where a field it reads is masked for the user, so is the result."""
    others = list(living)

    def expression(user: Any) -> Any:
        fields = usable(declared, others)
        try:
            tree, kind = checked(one.formula, fields)
        except FormulaError:
            # A column that the formula reads is gone from the product: the field shows nothing until it is mended.
            return _nothing(one)
        bounds = [fields[name][1] for name in fields_of(tree)]
        sources = {bound.name: (fields[bound.name][0], _source(bound, user)) for bound in bounds}
        conditions = [q for bound in bounds if (q := mask_condition(bound, user)) is not None]
        whole: Q | None = reduce(and_, conditions) if conditions else None
        return masked(whole, to_sql(tree, sources, kind))

    return expression


def _source(bound: Bound, user: Any) -> Any:
    """What the column itself is read from; masks are laid over the whole formula."""
    if not bound.computed:
        return F(bound.name)
    return _unmasked(bound, user)


def _unmasked(bound: Bound, user: Any) -> Any:
    plain = Bound(bound.register, _without_permission(bound), bound.model_field, bound.bilingual)
    return column_annotations(plain, user)[bound.column.alias]


def _without_permission(bound: Bound) -> Any:
    return dataclasses.replace(bound.column, permission=None)


def _nothing(one: Definition) -> Any:
    return Value(None, output_field=OUTPUTS[one.result or TEXT]())
