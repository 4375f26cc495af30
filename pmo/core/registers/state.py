"""What an address asks of a list: filters, search, sorting, grouping, columns, page. Page, export and API share it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from pmo.core.registers.conditions import Condition, read_condition, split_parameter
from pmo.core.registers.declaration import Filter, Register
from pmo.core.registers.fields import Bound, bound_columns
from pmo.core.registers.values import BadParameterError, label_paths

PAGE_SIZES = (20, 50, 100, 200)
DEFAULT_PAGE_SIZE = 50
MOST_SORTS = 4
# Parameters with a meaning of their own; every other one must be a filter.
RESERVED = frozenset(
    [
        "q",
        "sort",
        "group",
        "columns",
        "page",
        "page_size",
        "cursor",
        "undo",
        "n",
        "_units",
        "view",
        "from_view",
        "density",
        "numbered",
    ]
)
DENSITIES = ("compact", "standard", "relaxed")


@dataclass(frozen=True)
class SortKey:
    """One level of sorting."""

    bound: Bound
    descending: bool = False

    @property
    def text(self) -> str:
        return f"-{self.bound.name}" if self.descending else self.bound.name


@dataclass(frozen=True)
class Special:
    """A filter made by hand, with the texts given for it."""

    filter: Filter
    texts: tuple[str, ...]

    def apply(self, rows: Any, user: Any) -> Any:
        """The rows the filter keeps. Raises BadParameterError for texts it cannot use."""
        return self.filter.apply(rows, list(self.texts), user) if self.filter.apply else rows


@dataclass
class ListState:
    """The reading of one address; `errors` names what could not be used."""

    register: Register
    user: Any
    params: QueryDict
    columns: list[Bound] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    specials: list[Special] = field(default_factory=list)
    search: str = ""
    sorts: list[SortKey] = field(default_factory=list)
    group: Bound | None = None
    page: int = 1
    page_size: int = DEFAULT_PAGE_SIZE
    errors: list[BadParameterError] = field(default_factory=list)
    known: dict[str, Bound] = field(default_factory=dict)
    density: str = ""
    numbered: bool = True

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.conditions or self.specials or self.search)

    @property
    def needed(self) -> list[Bound]:
        """Columns the query must carry: shown, filtered, sorted or grouped by."""
        wanted = [*self.columns, *(c.bound for c in self.conditions), *(s.bound for s in self.sorts)]
        if self.group is not None:
            wanted.append(self.group)
        return list({bound.name: bound for bound in wanted}.values())


def read_state(
    register: Register,
    user: Any,
    params: QueryDict,
    columns: list[str] | None = None,
    page_size: int = DEFAULT_PAGE_SIZE,
    numbered: bool = True,
) -> ListState:
    """Read an address. `columns`, `page_size` and `numbered` are the user's kept preference. Never raises: see `errors`."""
    known = {bound.name: bound for bound in bound_columns(register)}
    state = ListState(register, user, params, known=known, page_size=page_size)
    state.density = _one_of(state, "density", DENSITIES, "")
    state.numbered = _one_of(state, "numbered", ("true", "false"), "true" if numbered else "false") == "true"
    state.columns = _columns(state, columns)
    _read_filters(state)
    state.search = params.get("q", "").replace("\x00", "").strip()[:200]
    if state.search and not search_fields(register):
        _refuse(state, "q", _("this list cannot be searched."))
    state.sorts = _sorts(state)
    state.group = _group(state)
    state.page = _whole(state, "page", 1)
    size = _whole(state, "page_size", state.page_size)
    if "page_size" in params and size not in PAGE_SIZES:
        _refuse(state, "page_size", _("one of these is expected: %(allowed)s.") % {"allowed": "20, 50, 100, 200"})
    else:
        state.page_size = size
    return state


def search_fields(register: Register) -> list[str]:
    """Fields the search looks into: those declared, else the code and names of the model."""
    return list(register.search_fields) or label_paths(register.model)


def _refuse(state: ListState, parameter: str, expected: str, value: str | None = None) -> None:
    shown = state.params.get(parameter, "") if value is None else value
    state.errors.append(BadParameterError(parameter, str(shown), expected))


def _columns(state: ListState, preferred: list[str] | None) -> list[Bound]:
    asked = [name for name in state.params.get("columns", "").split(",") if name]
    for name in asked:
        if name not in state.known:
            allowed = ", ".join(state.known)
            expected = _("column names are expected, of: %(allowed)s.") % {"allowed": allowed}
            _refuse(state, "columns", expected, name)
    names = asked or preferred or state.register.shown_by_default
    chosen = [state.known[name] for name in dict.fromkeys(names) if name in state.known]
    return chosen or [state.known[name] for name in state.register.shown_by_default]


def _read_filters(state: ListState) -> None:
    made = {declared.field: declared for declared in state.register.all_filters if declared.apply is not None}
    for parameter in state.params:
        texts = [text for text in state.params.getlist(parameter) if text != ""]
        if parameter in RESERVED or not texts:
            continue
        if parameter in made:
            if any("\x00" in text for text in texts):
                _refuse(
                    state, parameter, _("text without control characters is expected."), texts[0].replace("\x00", "")
                )
            else:
                state.specials.append(Special(made[parameter], tuple(texts)))
            continue
        found = split_parameter(parameter, {n: b for n, b in state.known.items() if b.filterable})
        if found is None:
            _refuse(state, parameter, _unknown(state))
            continue
        try:
            state.conditions.append(read_condition(parameter, found[0], found[1], texts, state.user))
        except BadParameterError as error:
            state.errors.append(error)


def _unknown(state: ListState) -> str:
    names = ", ".join(name for name, bound in state.known.items() if bound.filterable)
    return _("this list has no such filter; it has: %(names)s.") % {"names": names}


def _sorts(state: ListState) -> list[SortKey]:
    given = [part for part in state.params.get("sort", "").split(",") if part]
    if not given:
        keys = [_sort_key(state, part) for part in state.register.default_sort]
        return [key for key in keys if key is not None]
    found = []
    for part in given[:MOST_SORTS]:
        key = _sort_key(state, part)
        if key is None and part.removeprefix("-") in state.known:
            _refuse(state, "sort", _("this column has no order to sort by."), part)
        elif key is None:
            names = ", ".join(name for name, bound in state.known.items() if bound.sortable)
            _refuse(state, "sort", _("columns to sort by are expected, of: %(names)s.") % {"names": names}, part)
        else:
            found.append(key)
    return found


def _sort_key(state: ListState, part: str) -> SortKey | None:
    bound = state.known.get(part.removeprefix("-"))
    return SortKey(bound, part.startswith("-")) if bound is not None and bound.sortable else None


def _group(state: ListState) -> Bound | None:
    name = state.params.get("group", "")
    if not name:
        return None
    if name not in state.register.all_groupings or name not in state.known:
        names = ", ".join(state.register.all_groupings) or "-"
        told = _("one of these is expected: %(allowed)s.")
        if name in state.known and state.known[name].column.several:
            told = _(
                "a row can have several of these values, so it belongs to no one group. Group by one of: %(allowed)s."
            )
        _refuse(state, "group", told % {"allowed": names})
        return None
    return state.known[name]


def _one_of(state: ListState, parameter: str, allowed: tuple[str, ...], default: str) -> str:
    text = state.params.get(parameter, "")
    if text and text not in allowed:
        _refuse(state, parameter, _("one of these is expected: %(allowed)s.") % {"allowed": ", ".join(allowed)})
    return text if text in allowed else default


def _whole(state: ListState, parameter: str, default: int) -> int:
    text = state.params.get(parameter, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text) > 0):
        _refuse(state, parameter, _("a positive whole number is expected."))
        return default
    return int(text)
