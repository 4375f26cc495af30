"""The rows of a register: what the user may see, narrowed, ordered and cut as the address asks."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from inspect import isfunction
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, OrderBy, Q, QuerySet, Value, When
from django.db.models.expressions import F
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.core.access.api import allowed_q, can
from pmo.core.records.models import Record
from pmo.core.registers.declaration import Register
from pmo.core.registers.expressions import annotate_columns, localised_expression
from pmo.core.registers.fields import Bound, field_at, protected_fields
from pmo.core.registers.state import ListState, search_fields
from pmo.core.registers.values import BadParameterError

TRASH_DAYS = 30
_SEVERITY = ["grey", "green", "amber", "red"]


def visible(register: Register, user: Any) -> QuerySet[Any]:
    """Rows of the register the user may see."""
    if register.visible is not None:
        rows: QuerySet[Any] = register.visible(user)
    elif hasattr(register.model._default_manager, "visible_to"):
        rows = register.model._default_manager.visible_to(user)
    else:
        rows = register.model._default_manager.filter(allowed_q(user, register.model, "view"))
    return rows.select_related(*register.select_related) if register.select_related else rows


def check_list(register: Register, user: Any) -> None:
    """Raise Refused (403, with the reason) for a user who holds `view` nowhere."""
    if register.visible is None:
        can(user, "view", register.model).or_raise()


def get_row(register: Register, user: Any, pk: int, action: str = "view", columns: Iterable[Bound] = ()) -> Any:
    """The row the user may act on, with the columns' values: not visible raises Http404, not allowed Refused."""
    row = annotate_columns(visible(register, user), columns, user).filter(pk=pk).first()
    if row is None:
        raise Http404(_("There is no such record, or you may not see it."))
    if action != "view":
        can(user, action, row).or_raise()
    return row


def trash(register: Register, user: Any) -> QuerySet[Any]:
    """Rows deleted in the last 30 days that the user may restore, newest first."""
    if not issubclass(register.model, Record):
        return register.model._default_manager.none()
    edge = timezone.now() - datetime.timedelta(days=TRASH_DAYS)
    rows = register.model.all_objects.filter(allowed_q(user, register.model, "delete"), deleted_at__gte=edge)
    joined: QuerySet[Any] = rows.select_related(*register.select_related).order_by("-deleted_at", "-pk")
    return joined


def filtered(state: ListState) -> QuerySet[Any]:
    """Visible rows narrowed by filters and search, with the values of the needed columns; no order yet.

    A made filter that cannot use its texts adds to `state.errors`; with any error there are no rows.
    """
    rows = annotate_columns(visible(state.register, state.user), state.needed, state.user)
    if state.errors:
        return rows.none()
    for condition in state.conditions:
        rows = rows.filter(condition.q())
    for special in sorted(state.specials, key=lambda one: one.filter.late):
        try:
            rows = special.apply(rows, state.user)
        except BadParameterError as error:
            state.errors.append(error)
        except ValidationError as error:
            state.errors.append(
                BadParameterError(special.filter.field, ", ".join(special.texts), " ".join(error.messages))
            )
    if state.errors:
        return rows.none()
    return _searched(state, rows) if state.search else rows


def _searched(state: ListState, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows that contain every word of the search in one of the search fields the user may read."""
    protected = protected_fields(state.register)
    shown = {bound.name for bound in state.needed}
    fields = search_fields(state.register)
    hidden = [bound for name, bound in protected.items() if name in fields and name not in shown]
    rows = annotate_columns(rows, hidden, state.user) if hidden else rows
    paths = [protected[name].path if name in protected else name for name in fields]
    for word in state.search.split()[:8]:
        found = Q(pk__in=[])
        for path in paths:
            found |= Q(**{f"{path}__icontains": word})
        rows = rows.filter(found)
    return rows


def order_expressions(state: ListState) -> list[tuple[Any, bool]]:
    """(expression, descending) of every level of sorting, the group first; the id comes last to settle ties."""
    levels: list[tuple[Any, bool]] = []
    if state.group is not None:
        group_key = next((key for key in state.sorts if key.bound.name == state.group.name), None)
        descending = group_key is not None and group_key.descending
        levels += [(part, descending) for part in [*_sort_parts(state.group), F(state.group.path)]]
    for key in state.sorts:
        if state.group is None or key.bound.name != state.group.name:
            levels += [(part, key.descending) for part in _sort_parts(key.bound)]
    return levels


def ordered(state: ListState, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows in the order asked for; rows without a value come last in both directions."""
    orders: list[Any] = [
        OrderBy(expression, descending=descending, nulls_last=True)
        for expression, descending in order_expressions(state)
    ]
    if not orders:
        orders = list(state.register.model._meta.ordering or [])
    return rows.order_by(*orders, "pk")


def _sort_parts(bound: Bound) -> list[Any]:
    given = bound.column.sort
    if given is not None:
        parts = given if isinstance(given, list | tuple) else [given]
        return [F(part) if isinstance(part, str) else part() if isfunction(part) else part for part in parts]
    if bound.kind == "fk" and not bound.computed and not bound.protected:
        return [_name_of_target(bound)]
    if bound.kind == "rag":
        ranks = [When(**{bound.path: value}, then=Value(rank)) for rank, value in enumerate(_SEVERITY)]
        return [Case(*ranks, output_field=IntegerField())]
    return [F(bound.path)]


def _name_of_target(bound: Bound) -> Any:
    """What a foreign key is sorted by: its tree, its name in the reader's language, else its model's own order."""
    ordering = [name.removeprefix("-") for name in bound.target._meta.ordering if isinstance(name, str)]
    if ordering[:1] == ["path"]:
        return F(f"{bound.name}__path")
    if field_at(bound.target, "name_zh") is not None and field_at(bound.target, "name_en") is not None:
        return localised_expression("name", bound.name)
    plain = next((name for name in ordering if field_at(bound.target, name) is not None), "pk")
    return F(f"{bound.name}__{plain}")
