"""A formula as an SQL expression of the list query, the same on SQLite and PostgreSQL: lists sort, filter, group and sum by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import BooleanField, CharField, DateField, DecimalField, Expression, F, Func, Value
from django.db.models.functions import Coalesce
from django.db.models.functions.mixins import NumericOutputFieldMixin

from pmo.core.calendars.queries import org_today
from pmo.core.custom_fields.figures import FigureField
from pmo.core.custom_fields.formula.checking import BOOL, DATE, MONEY, NUMBER, TEXT, Type
from pmo.core.custom_fields.formula.tree import Call, Field, Node, Number, Operation, Text

OUTPUTS: dict[str, Callable[[], Any]] = {
    NUMBER: FigureField,
    MONEY: FigureField,
    DATE: DateField,
    TEXT: CharField,
    BOOL: BooleanField,
}


class _Part(Func):
    """One operator or function; `postgresql` and `sqlite` are its templates where the databases differ."""

    postgresql = ""
    sqlite = ""

    def _given(self) -> str:
        return str(self.extra.get("template", self.template))

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """See `Func.as_sql`."""
        return self.as_sql(compiler, connection, template=self.postgresql or self._given(), **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """See `Func.as_sql`."""
        return self.as_sql(compiler, connection, template=self.sqlite or self._given(), **extra)


class _Figure(_Part):
    """Any figure as one that is divided and compared without loss of its fraction."""

    postgresql = "(%(expressions)s)::numeric"
    sqlite = "CAST(%(expressions)s AS REAL)"


class _Words(_Part):
    postgresql = "NULLIF((%(expressions)s)::text, '')"
    sqlite = "NULLIF(CAST(%(expressions)s AS TEXT), '')"


class _Day(_Part):
    postgresql = "(%(expressions)s)::date"
    sqlite = "%(expressions)s"


class _Truth(_Part):
    postgresql = "(%(expressions)s)::boolean"
    sqlite = "(%(expressions)s)"


class _Sign(_Part):
    template = "(%(expressions)s)"


class _Minus(_Part):
    template = "(-%(expressions)s)"


class _Divide(_Part):
    """Nothing known where the divisor is zero."""

    def as_sql(self, compiler: Any, connection: Any, *given: Any, **extra: Any) -> Any:
        """The dividend over the divisor."""
        left, right = (compiler.compile(part) for part in self.get_source_expressions())
        return f"({left[0]} / NULLIF({right[0]}, 0))", [*left[1], *right[1]]


class _Power(_Part):
    template = "POWER(%(expressions)s)"


class _If(_Part):
    """The simple form of CASE, so that the condition is worked out once."""

    def as_sql(self, compiler: Any, connection: Any, *given: Any, **extra: Any) -> Any:
        """One of two values; neither where the condition is not known."""
        condition, yes, no = (compiler.compile(part) for part in self.get_source_expressions())
        true, false = ("true", "false") if connection.vendor == "postgresql" else ("1", "0")
        sql = f"(CASE {condition[0]} WHEN {true} THEN {yes[0]} WHEN {false} THEN {no[0]} END)"
        return sql, [*condition[1], *yes[1], *no[1]]


class _Extreme(_Part):
    """Least or greatest; nothing known where one of them is not."""

    def as_sql(self, compiler: Any, connection: Any, *given: Any, **extra: Any) -> Any:
        """PostgreSQL leaves empty values out of LEAST and GREATEST, so the values are counted."""
        compiled = [compiler.compile(part) for part in self.get_source_expressions()]
        params = [param for _sql, given in compiled for param in given]
        name = self.extra["function"]
        if connection.vendor != "postgresql":
            return f"{name}({', '.join(sql for sql, _given in compiled)})", params
        rows = ", ".join(f"({sql})" for sql, _given in compiled)
        counted = f"(SELECT CASE WHEN COUNT(v) = COUNT(*) THEN {name}(v) END FROM (VALUES {rows}) AS given(v))"  # noqa: S608
        return counted, params


class _Days(_Part):
    def as_sql(self, compiler: Any, connection: Any, *given: Any, **extra: Any) -> Any:
        """Days from the first to the second."""
        start, end = (compiler.compile(part) for part in self.get_source_expressions())
        params = [*end[1], *start[1]]
        if connection.vendor == "postgresql":
            return f"({end[0]} - {start[0]})::numeric", params
        return f"ROUND(julianday({end[0]}) - julianday({start[0]}))", params


class _Result(NumericOutputFieldMixin, _Part):
    """The whole formula; figures are cast so that SQLite compares them with figures."""

    postgresql = "(%(expressions)s)"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """See `Func.as_sql`."""
        decimal = isinstance(self.output_field, DecimalField)
        return self.as_sql(
            compiler, connection, template="CAST(%(expressions)s AS NUMERIC)" if decimal else "(%(expressions)s)"
        )


_CASTS: dict[str, type[_Part]] = {NUMBER: _Figure, MONEY: _Figure, TEXT: _Words, DATE: _Day, BOOL: _Truth}


def to_sql(node: Node, fields: Mapping[str, tuple[Type, Any]], result: Type) -> Expression:
    """The expression of a checked formula; `fields` gives type and expression of each field it reads."""
    made: Expression = _Result(_Writer(fields).expression(node), output_field=OUTPUTS[result.name]())
    return made


class _Writer:
    def __init__(self, fields: Mapping[str, tuple[Type, Any]]) -> None:
        self.fields = fields

    def expression(self, node: Node) -> Any:
        if isinstance(node, Number):
            return _Figure(Value(node.value, output_field=_decimal()), output_field=_decimal())
        if isinstance(node, Text):
            return _Words(Value(node.value, output_field=CharField()), output_field=CharField())
        if isinstance(node, Field):
            kind, source = self.fields[node.name]
            given = F(source) if isinstance(source, str) else source
            return _CASTS[kind.name](given, output_field=OUTPUTS[kind.name]())
        parts = [self.expression(part) for part in node.parts]
        return self.operation(node, parts) if isinstance(node, Operation) else self.call(node, parts)

    def operation(self, node: Operation, parts: Sequence[Any]) -> Any:
        if len(parts) == 1:
            return _Minus(*parts, output_field=_decimal())
        if node.sign == "/":
            return _Divide(*parts, output_field=_decimal())
        if node.sign == "^":
            return _Power(*parts, output_field=_decimal())
        output = _decimal() if node.sign in {"+", "-", "*"} else BooleanField()
        return _Sign(*parts, arg_joiner=f" {node.sign} ", output_field=output)

    def call(self, node: Call, parts: Sequence[Any]) -> Any:
        output = parts[-1].output_field if parts else DateField()
        if node.name == "today":
            return _Day(Value(org_today(), output_field=DateField()), output_field=DateField())
        if node.name == "if":
            return _If(*parts, output_field=output)
        if node.name in {"min", "max"}:
            return _Extreme(*parts, function=node.name.upper(), output_field=output)
        if node.name == "round":
            places = int(node.parts[1].value) if len(node.parts) == 2 and isinstance(node.parts[1], Number) else 0
            return _Part(parts[0], template=f"ROUND(%(expressions)s, {places})", output_field=output)
        if node.name == "abs":
            return _Part(parts[0], template="ABS(%(expressions)s)", output_field=output)
        if node.name == "days":
            return _Days(*parts, output_field=_decimal())
        if node.name == "concat":
            return _Sign(*parts, arg_joiner=" || ", output_field=CharField())
        if node.name == "coalesce":
            return Coalesce(*parts, output_field=output)
        if node.name == "not":
            return _Part(parts[0], template="(NOT %(expressions)s)", output_field=BooleanField())
        return _Sign(*parts, arg_joiner=f" {node.name.upper()} ", output_field=BooleanField())


def _decimal() -> Any:
    return FigureField()
