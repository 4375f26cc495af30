"""Which views a person has for a list, and what an address with `view=` means."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.http import QueryDict
from django.utils.translation import gettext as _

from pmo.core.access.api import has_any, holds_everywhere
from pmo.core.access.grants import grants_of
from pmo.core.people.models import Person
from pmo.core.people.names import localised
from pmo.core.registers.declaration import Register
from pmo.core.registers.models import RegisterPreference
from pmo.core.registers.saved_views.models import SavedView
from pmo.core.registers.state import DEFAULT_PAGE_SIZE, ListState, read_state
from pmo.core.registers.values import BadParameterError, is_id

# `view` opens a view; `from_view` only says which view an address that tells everything itself came from.
VIEW, FROM, NONE = "view", "from_view", "none"
PUBLISH = "core.savedview.publish"
SET_DEFAULT = "core.savedview.default"
IN_SIGHT = 6
# What a view keeps beside filters; the rest of an address (page, cursor, undo) is of the moment.
_MOMENT = frozenset([VIEW, FROM, "page", "cursor", "undo", "n", "_units"])


@dataclass
class Expanded:
    """An address with its view laid open: `params` is what the list reads."""

    params: QueryDict
    view: SavedView | None = None
    error: BadParameterError | None = None


@dataclass
class Shelf:
    """A person's views of one list: favourites first; the one in force; whether the list differs from it."""

    views: list[SavedView] = field(default_factory=list)
    current: SavedView | None = None
    changed: bool = False
    query: str = ""
    may_change: bool = False

    @property
    def tabs(self) -> list[SavedView]:
        """The first views, and the one in force wherever it stands."""
        first = self.views[:IN_SIGHT]
        return first if self.current is None or self.current in first else [*first[:-1], self.current]

    @property
    def more(self) -> list[SavedView]:
        """The views behind "More"."""
        shown = self.tabs
        return [view for view in self.views if view not in shown]


def visible_views(user: Any) -> QuerySet[SavedView]:
    """Views the user owns, those of their unit and the units above it, and the public ones."""
    mine = Person.objects.filter(user_id=user.pk, unit__path__startswith=OuterRef("unit__path"))
    rows: QuerySet[SavedView] = SavedView.objects.filter(
        Q(owner_id=user.pk)
        | Q(sharing=SavedView.Sharing.PUBLIC)
        | Q(Exists(mine), sharing=SavedView.Sharing.TEAM, unit__isnull=False)
    )
    return rows


def views_of(user: Any, register: Register) -> list[SavedView]:
    """The user's views of a list in the order they are shown, with `favourite` and `mine_by_default`. One statement."""
    return _in_order(_marked(user, register).select_related("owner__person", "unit"))


def _marked(user: Any, register: Register) -> Any:
    """The user's views of a list, with what the user made of each."""
    return (
        visible_views(user)
        .filter(register=register.key)
        .annotate(mark=FilteredRelation("marks", condition=Q(marks__user_id=user.pk)))
        .annotate(favourite=F("mark__favourite"), mine_by_default=F("mark__is_default"))
    )


def _in_order(views: Iterable[Any]) -> list[SavedView]:
    return sorted(views, key=lambda view: (not view.favourite, view.sharing != "private", view.name, view.pk))


def opening(user: Any, register: Register) -> tuple[RegisterPreference, list[SavedView]]:
    """What a list needs before it can be read, in one statement: what the user keeps for it, and their views in order.

    The views carry what the tabs show, with `shared_by`; read them anew to change them.
    """
    shown = {
        "a_id": F("pk"),
        "a_name": Cast("name", TextField()),
        "a_query": F("query"),
        "a_sharing": Cast("sharing", TextField()),
        "a_role": Cast("role", TextField()),
        "a_owner": F("owner_id"),
        "a_first": Coalesce(F("mark__favourite"), Value(False)),
        "a_second": Coalesce(F("mark__is_default"), Value(False)),
        "a_zh": Coalesce(Cast("owner__person__name_zh", TextField()), _nothing()),
        "a_en": Coalesce(Cast("owner__person__name_en", TextField()), _nothing()),
    }
    kept = {
        "a_id": Cast(Value(0), BigIntegerField()),
        "a_name": _nothing(),
        "a_query": Cast("columns", TextField()),
        "a_sharing": _nothing(),
        "a_role": _nothing(),
        "a_owner": Cast("page_size", BigIntegerField()),
        "a_first": F("numbered"),
        "a_second": Value(False),
        "a_zh": _nothing(),
        "a_en": _nothing(),
    }
    preferences = RegisterPreference.objects.filter(user=user, register=register.key).order_by().annotate(**kept)
    rows = _marked(user, register).order_by().annotate(**shown).values_list(*shown)
    found = RegisterPreference(user=user, register=register.key, page_size=DEFAULT_PAGE_SIZE)
    views: list[Any] = []
    for pk, name, query, sharing, role, owner, first, second, zh, en in rows.union(
        preferences.values_list(*kept), all=True
    ):
        if not pk:
            found.columns, found.page_size, found.numbered = json.loads(query), owner, bool(first)
            continue
        view: Any = SavedView(
            pk=pk, register=register.key, name=name, query=query, sharing=sharing, role=role, owner_id=owner
        )
        view.favourite, view.mine_by_default, view.shared_by = bool(first), bool(second), localised(zh, en)
        views.append(view)
    return found, _in_order(views)


def _nothing() -> Any:
    return Value("", output_field=TextField())


def default_view(user: Any, views: Sequence[Any]) -> SavedView | None:
    """The view a list opens with: the user's own choice, else that of one of their roles."""
    mine: SavedView | None = next((view for view in views if view.mine_by_default), None)
    if mine is not None:
        return mine
    roles = grants_of(user).anywhere
    of_role: SavedView | None = next((view for view in views if view.role and view.role in roles), None)
    return of_role


def expanded(register: Register, user: Any, params: QueryDict, views: Sequence[SavedView] | None = None) -> Expanded:
    """The address with the stored query of its view. Parameters given beside `view` replace the stored ones of the same name.

    A view that is gone or not shared with the user is an error. No statement without a view, or where `views` are given.
    """
    wanted = params.get(VIEW, "")
    if wanted and wanted != NONE:
        view = _find(register, user, wanted, views)
        if view is None:
            told = _("there is no such view, or it is not shared with you.")
            return Expanded(params, error=BadParameterError(VIEW, wanted[:40], told))
        return Expanded(opened_with(view, params), view)
    named = params.get(FROM, "")
    return Expanded(params, _find(register, user, named, views) if named else None)


def opened_with(view: SavedView, params: QueryDict | None = None) -> QueryDict:
    """The stored query with the view's name, and the parameters that are given beside it."""
    query = QueryDict(view.query, mutable=True)
    for name in params or ():
        if name not in {VIEW, FROM}:
            query.setlist(name, params.getlist(name))  # type: ignore[union-attr]
    query[FROM] = str(view.pk)
    return query


def read_with_view(
    register: Register, user: Any, params: QueryDict, columns: list[str] | None = None, page_size: int | None = None
) -> tuple[ListState, Expanded]:
    """The state of an address for export, API and bulk changes, its view laid open. Errors stand in the state."""
    found = expanded(register, user, params)
    state = read_state(register, user, found.params, columns, page_size or DEFAULT_PAGE_SIZE)
    note_view_errors(state, found)
    return state, found


def note_view_errors(state: ListState, found: Expanded) -> None:
    """Add what is wrong with the view to what is wrong with the address."""
    if found.error is not None:
        state.errors.append(found.error)
    elif found.view is not None:
        state.errors += hidden_uses(state)


def view_name(found: Expanded) -> str:
    """What an export prints: the view's name, with a word where the address came from it and says more itself."""
    return found.view.name if found.view is not None else ""


def _find(register: Register, user: Any, wanted: str, views: Sequence[SavedView] | None) -> SavedView | None:
    if not is_id(wanted):
        return None
    if views is not None:
        return next((view for view in views if view.pk == int(wanted)), None)
    return visible_views(user).filter(register=register.key, pk=int(wanted)).first()


def hidden_uses(state: ListState) -> list[BadParameterError]:
    """What of a view its reader may not use: filters, sorting and grouping by columns that their roles let them see nowhere."""
    used = [(condition.parameter, condition.bound) for condition in state.conditions]
    used += [("sort", key.bound) for key in state.sorts]
    used += [("group", state.group)] if state.group is not None else []
    told = _("your roles do not let you see this column, so this view cannot use it for you.")
    return [
        BadParameterError(parameter, str(bound.label), told)
        for parameter, bound in used
        if bound.column.permission and not has_any(state.user, bound.column.permission)
    ]


def canonical(state: ListState, density: str = "") -> str:
    """The list's whole state as a query string: what a view keeps. `density` is the browser's, where the address names none."""
    query = QueryDict(mutable=True)
    known = {"q", "sort", "group", "columns", "page_size", "density", "numbered"}
    for name in sorted(state.params):
        texts = [text for text in state.params.getlist(name) if text != ""]
        if name not in known and name not in _MOMENT and texts:
            query.setlist(name, sorted(texts))
    for name, text in (
        ("q", state.search),
        ("sort", ",".join(key.text for key in state.sorts)),
        ("group", state.group.name if state.group is not None else ""),
        ("columns", ",".join(bound.name for bound in state.columns)),
        ("page_size", str(state.page_size)),
        ("density", state.density or density),
        ("numbered", "true" if state.numbered else "false"),
    ):
        if text:
            query[name] = text
    return str(query.urlencode(safe=","))


def may_publish(user: Any) -> bool:
    """May the user show a view to everybody?"""
    return has_any(user, PUBLISH)


def may_set_default(user: Any) -> bool:
    """May the user say which view a role's lists open with?"""
    return holds_everywhere(user, SET_DEFAULT)


def may_change(user: Any, view: SavedView) -> bool:
    """May the user rename, share, overwrite and delete the view? Its owner, and who keeps the public ones."""
    return view.owner_id == user.pk or (view.sharing == SavedView.Sharing.PUBLIC and may_publish(user))
