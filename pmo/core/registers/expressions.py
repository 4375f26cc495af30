"""The SQL behind columns: computed values, masks of protected fields, the currency beside money."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language

from pmo.core.access.api import allowed_q, scoped_q
from pmo.core.registers.declaration import BASE_CURRENCY, Register
from pmo.core.registers.fields import Bound

MAY_CHANGE = "reg_may_change"
_FOUND_ELSEWHERE = {"", BASE_CURRENCY, "currency"}


def localised_expression(prefix: str, path: str = "") -> Any:
    """The name in the reader's language of a bilingual pair, falling back to the other one. `path` leads to its row."""
    base = f"{path}__" if path else ""
    first, second = ("zh", "en") if (get_language() or "zh").startswith("zh") else ("en", "zh")
    named = NullIf(F(f"{base}{prefix}_{first}"), Value(""))
    return Coalesce(named, F(f"{base}{prefix}_{second}"), output_field=CharField())


def annotate_columns(queryset: QuerySet[Any], columns: Iterable[Bound], user: Any) -> QuerySet[Any]:
    """Add what the columns carry: computed values, masks, currencies; and join the foreign keys shown."""
    joins: list[str] = []
    annotations: dict[str, Any] = {}
    deferred: list[str] = []
    for bound in columns:
        annotations.update(column_annotations(bound, user))
        if bound.kind == "fk" and not bound.computed and not bound.protected:
            joins.append(bound.name)
        if bound.protected and not bound.computed and bound.model_field is not None:
            deferred.append(bound.name)
    queryset = queryset.annotate(**annotations) if annotations else queryset
    if joins:
        queryset = queryset.select_related(*joins)
    return queryset.defer(*deferred) if deferred else queryset


def column_annotations(bound: Bound, user: Any) -> dict[str, Any]:
    """Alias and expression of everything one column carries."""
    column = bound.column
    found: dict[str, Any] = {}
    condition = mask_condition(bound, user)
    if bound.computed or bound.protected:
        found[column.alias] = masked(condition, _raw(bound, user))
    if condition is not None:
        found[column.extra_alias("seen")] = Case(When(condition, then=Value(True)), default=Value(False))
    for name, expression in column.extra.items():
        found[column.extra_alias(name)] = masked(condition, _given(expression, user))
    if bound.kind == "money" and "currency" not in column.extra and bound.currency_path not in _FOUND_ELSEWHERE:
        found[column.extra_alias("currency")] = F(bound.currency_path)
    return found


def _given(expression: Any, user: Any) -> Any:
    """Expressions may be functions of the user."""
    if hasattr(expression, "resolve_expression"):
        return expression
    return expression(user) if callable(expression) else F(expression)


def _raw(bound: Bound, user: Any) -> Any:
    if bound.bilingual:
        return localised_expression(bound.name)
    if bound.column.annotate is not None:
        return _given(bound.column.annotate, user)
    return F(bound.name)


def masked(condition: Q | None, expression: Any) -> Any:
    """The expression, NULL on rows outside the condition."""
    if condition is None:
        return expression
    return _Masked(When(condition, then=expression), default=None)


class _Masked(Case):
    """A case that keeps its type where no row can meet the condition: PostgreSQL cannot sum or sort a bare NULL."""

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """See `Expression.as_sql`."""
        sql, params = self.as_sql(compiler, connection, **extra)
        return (f"(NULL)::{self.output_field.db_type(connection)}", params) if sql == "NULL" else (sql, params)


def mask_condition(bound: Bound, user: Any) -> Q | None:
    """Rows on which a protected column may be read; None: on all."""
    if not bound.column.permission:
        return None
    scope: Any = bound.column.scope or getattr(bound.register.model, "access_scope", ("organisation", ""))
    kind, field = scope
    if kind == "organisation":
        condition = allowed_q(user, bound.register.model, bound.column.permission)
    else:
        condition = scoped_q(user, kind, bound.column.permission, field)
    return condition if condition.children else None


def may_change(register: Register, user: Any) -> Any:
    """Whether the user may change the row, decided for the whole page in its own query."""
    condition = allowed_q(user, register.model, "change")
    if not condition.children:
        return Value(True)
    return Case(When(condition, then=Value(True)), default=Value(False))
