"""What a register is: one declaration that list, form, inline edit, detail, export, API and permissions are made from.

Apps declare with `register(Register(...))` from their wiring; apps above add with the `contribute_*` functions. The
order of both does not matter: everything is looked up by key when a page is asked for.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models
from django.urls import reverse
from django.utils.functional import Promise, lazy

from pmo.core.records.models import Record
from pmo.core.registers.beside import Beside

Text = str | Promise

KINDS = frozenset(
    [
        "text",
        "number",
        "money",
        "percent",
        "days",
        "date",
        "datetime",
        "choice",
        "rag",
        "bool",
        "fk",
        "badge",
        "score",
        "json",
    ]
)
# Value of `Column.currency` for money kept in the organisation's base currency.
BASE_CURRENCY = "=base"


@dataclass(frozen=True)
class Column:
    """A column of a list, and the field of the same name in detail, export and API.

    `field` names a model field, a bilingual pair (`name` for name_zh and name_en), or, with `annotate`, a computed
    value: an expression, or a function of the user that gives one. What is not given follows from the model field.
    """

    field: str
    label: Text | None = None
    kind: str | None = None
    primary: bool = False  # links to the detail page and heads it
    link: bool | Callable[[Any], str] = False  # a foreign key links to its own page; a function gives a row's address
    annotate: Any = None
    permission: str | None = None  # masked on rows where the user lacks it
    edit_permission: str | None = None  # needed beside the right to change the row
    sum: bool | str = False  # True: summed in group rows and the foot; "max", "min": the extreme
    align: str | None = None  # left, right, center
    sortable: bool = True
    filterable: bool = True
    width: str | None = None  # narrow, wide
    format: Callable[[Any, Any, str], Any] | None = None  # (value, row, language) -> text or safe HTML
    help: Text | None = None
    how: Text | None = None  # how a computed value comes about, shown at the header
    currency: str | None = None  # money: path of the field with the currency (default `currency`), or BASE_CURRENCY
    choices: Any = None  # for computed choices and colours
    tones: Mapping[str, str] | None = None  # choice or badge: value -> info, warn, good, bad, quiet
    words: Mapping[str, tuple[str, ...]] | None = None  # choice: value -> further words that files use for it
    places: int | None = None
    sort: Any = None  # path, or list of paths and expressions (or functions that give them), to sort by
    scope: tuple[str, str] | None = None  # (kind, id field) that decides the permission; default the model's own
    model: type[models.Model] | None = None  # the target of a computed foreign key (its value is the id)
    to_api: Callable[[Any], Any] | None = None  # how the API says the value
    several: bool = False  # the value is a list of texts
    extra: Mapping[str, Any] = dataclasses.field(
        default_factory=dict
    )  # more expressions; a score's colour is "band", an amount's own currency "currency"

    @property
    def alias(self) -> str:
        """The name under which the list query carries the value."""
        return "reg_" + self.field.replace("__", "_")

    def extra_alias(self, name: str) -> str:
        """The name under which the list query carries one of `extra`."""
        return f"{self.alias}_{name}"


@dataclass(frozen=True)
class Filter:
    """A filter of the list, the export and the API. Without one, every filterable column gives its own.

    `apply(queryset, values, user)` makes a filter no column answers (values are the texts from the address).
    """

    field: str
    label: Text | None = None
    kind: str | None = None
    choices: Any = None  # of an `apply` filter: [(value, label)], or a function (of the user) that gives them
    apply: Callable[[Any, list[str], Any], Any] | None = None
    advanced: bool = False  # stands behind "More"
    late: bool = False  # applied after the others, whose annotations it reads


@dataclass(frozen=True)
class Tab:
    """A tab of the detail page, loaded when opened.

    `url_name` is reversed with the record's `pk`; or `view(request, row)` returns the response, after `permission` on
    the row. `badge(row)` gives a figure beside the label.
    """

    key: str
    label: Text
    url_name: str = ""
    view: Callable[[Any, Any], Any] | None = None
    permission: str | None = None
    badge: Callable[[Any], int | None] | None = None
    order: int = 50
    front: bool = False  # opens the page of a row; the fields move to a tab "Details" behind the others


@dataclass(frozen=True)
class Link:
    """A further button: in the head of the list (`url(request)`, `when(user)`) or of the detail page (`url(row)`, `when(row)`).

    On the detail page it may send a form instead of leading somewhere (`post`), once the sentence `ask` was agreed to.
    """

    label: Text
    url: Callable[[Any], str]
    icon: str = ""
    permission: str | None = None
    when: Callable[[Any], bool] | None = None
    post: bool = False
    ask: Text = ""


@dataclass(frozen=True)
class Fixed:
    """Why a field of a row is not edited here: a sentence, what to do, and the page where the value comes from."""

    why: str
    advice: str = ""
    url: str = ""
    link: str = ""

    @property
    def refusal(self) -> str:
        """What somebody is told who sends another value."""
        return f"{self.why} {self.advice}".strip()


# {row id: {field: why it is not edited here}} of those of the rows that have such fields.
FixedFields = Mapping[int, Mapping[str, Fixed]]


@dataclass(frozen=True)
class FieldGroup:
    """A titled group of fields on the detail page and in the form."""

    title: Text
    fields: tuple[str, ...]


@dataclass
class Register:
    """One register. See docs/add-a-register.md for the recipe and docs/architecture.md for an example."""

    key: str
    model: type[models.Model]
    columns: Sequence[Column]
    label: Text | None = None
    group: str = ""
    icon: str = "list"
    order: int = 50
    default_columns: Sequence[str] = ()
    default_sort: Sequence[str] = ()
    default_query: Callable[[], str] | None = None  # the filter of the page when it is opened without any
    group_by: Sequence[str] = ()
    filters: Sequence[Filter] | None = None
    search_fields: Sequence[str] = ()
    select_related: Sequence[str] = ()  # further joins that the names of rows need
    form_fields: Sequence[str] = ()
    inline_fields: Sequence[str] = ()
    field_groups: Sequence[FieldGroup] = ()
    detail_fields: Sequence[str] = ()  # model fields the detail page shows beside the columns
    code_field: str = "code"
    state_field: str = ""
    create: Callable[..., Any] | None = None
    update: Callable[..., Any] | None = None
    delete: Callable[..., Any] | None = None
    restore: Callable[..., Any] | None = None
    form_class: Any = None  # base class of the form, for widgets and checks that belong to the form
    fixed: Callable[[Sequence[Any]], FixedFields] | None = None  # fields of these rows whose values come from elsewhere
    notice: Callable[[Any, Any], str] | None = None  # (request, row) -> HTML above the row's page, "" for none
    # foreign key -> function of the user that gives the rows to choose from
    choices_for: Mapping[str, Callable[[Any], Any]] = dataclasses.field(default_factory=dict)
    # user -> values by field with which the form of a new row begins; those of its address count first
    begins: Callable[[Any], Mapping[str, Any]] | None = None
    tabs: Sequence[Tab] = ()
    list_links: Sequence[Link] = ()
    detail_links: Sequence[Link] = ()
    detail_url: Callable[[Any], str] | None = None
    create_url: Callable[[], str] | None = None  # the page that makes a row, where it is not the register's own form
    visible: Callable[[Any], Any] | None = None  # user -> queryset, for models that are not records
    read_only: bool = False
    deletable: bool = True
    creatable: bool = True
    beside: Beside | None = None  # fields whose values are kept outside the model
    added_filters: Sequence[Filter] = ()  # made filters that stand beside those of the columns
    empty: Text = ""
    description: Text = ""
    # (state of the list, the rows its filters keep) -> the sentence above the list, from figures; at most one statement
    lead: Callable[[Any, Any], Text] | None = None
    api: bool = True

    @property
    def title(self) -> Text:
        """What the list is called."""
        return self.label or self.model._meta.verbose_name_plural or self.key

    @property
    def new_url(self) -> str:
        """Where a new row is made: the button "New" of the list leads there."""
        return self.create_url() if self.create_url else reverse("register-create", kwargs={"key": self.key})

    @property
    def singular(self) -> Text:
        """What one row is called."""
        return self.model._meta.verbose_name or self.key

    @property
    def all_columns(self) -> list[Column]:
        """Own columns with those of the apps above in their places."""
        columns = list(self.columns)
        for contributed, after in _columns.get(self.key, []):
            place = next((i for i, column in enumerate(columns) if column.field == after), len(columns) - 1)
            columns[place + 1 : place + 1] = contributed
        common = _common_columns if issubclass(self.model, Record) else []
        return columns + [made for make in common if (made := make(self)) is not None]

    @property
    def shown_by_default(self) -> list[str]:
        """Fields of the columns a user sees who has chosen none."""
        wanted = list(self.default_columns) or [column.field for column in self.columns]
        extra = _defaults.get(self.key, set())
        return [c.field for c in self.all_columns if c.field in wanted or c.field in extra]

    @property
    def all_tabs(self) -> list[Tab]:
        """Own tabs and those of the apps above, in order, and behind them those that every record has."""
        common = _common_tabs if issubclass(self.model, Record) else []
        return sorted([*self.tabs, *_tabs.get(self.key, []), *common], key=lambda tab: tab.order)

    @property
    def front_tab(self) -> Tab | None:
        """The tab that opens the page of a row, None where its fields do."""
        return next((tab for tab in self.all_tabs if tab.front and tab.view is not None), None)

    @property
    def all_heads(self) -> list[Callable[[Any, Any], Any]]:
        """Functions (request, row) that give marks beside the name of a row."""
        return _heads.get(self.key, [])

    @property
    def all_filters(self) -> list[Filter]:
        """The filters declared by hand, here and above."""
        common = _common_filters if issubclass(self.model, Record) else []
        return [*(self.filters or ()), *_filters.get(self.key, []), *self.added_filters, *common]

    @property
    def all_groupings(self) -> list[str]:
        """Fields the list can be grouped by."""
        return [*self.group_by, *_groupings.get(self.key, [])]

    @property
    def primary(self) -> Column:
        """The column that names a row."""
        return next((column for column in self.columns if column.primary), self.columns[0])

    def column(self, name: str) -> Column | None:
        """The column of a field, None where there is none."""
        return next((column for column in self.all_columns if column.field == name), None)


_registers: dict[str, Register] = {}
_columns: dict[str, list[tuple[list[Column], str]]] = {}
_defaults: dict[str, set[str]] = {}
_tabs: dict[str, list[Tab]] = {}
_filters: dict[str, list[Filter]] = {}
_heads: dict[str, list[Callable[[Any, Any], Any]]] = {}
_groupings: dict[str, list[str]] = {}
_extensions: list[Callable[[Register], Register]] = []
_common_tabs: list[Tab] = []
_common_filters: list[Filter] = []
_common_columns: list[Callable[[Register], Column | None]] = []

R = TypeVar("R", bound=Register)


class UnknownRegisterError(LookupError):
    """No register has this key."""


def register(declared: R) -> R:
    """Make the register known and add it to the navigation. A wrong declaration raises ValueError at start-up."""
    _check(declared)
    if declared.key in _registers:
        raise ValueError(f"register {declared.key!r} is declared twice")
    _registers[declared.key] = declared
    if declared.group:
        _navigate(declared)
    return declared


def unregister(key: str) -> None:
    """Take a register out again (tests)."""
    _registers.pop(key, None)


def extend_with(extend: Callable[[Register], Register]) -> None:
    """Say what adds an installation's own fields to a declaration: `get_register` gives what it makes of it."""
    _extensions[:] = [extend]


def declared_register(key: str) -> Register:
    """The register of a key as the product declares it; raises UnknownRegisterError."""
    try:
        return _registers[key]
    except KeyError:
        raise UnknownRegisterError(key) from None


def get_register(key: str) -> Register:
    """The register of a key as it is in this installation now; raises UnknownRegisterError."""
    found = declared_register(key)
    for extend in _extensions:
        found = extend(found)
    return found


def all_registers() -> list[Register]:
    """Every register, by key."""
    return [_registers[key] for key in sorted(_registers)]


def register_for(model: type[models.Model]) -> Register | None:
    """The register of a model, None where it has none; the first declared where it has several."""
    return next((declared for declared in _registers.values() if declared.model is model), None)


def contribute_columns(
    key: str, columns: Sequence[Column], *, after: str = "", default: bool = True, group_by: Sequence[str] = ()
) -> None:
    """Add an upper app's columns to a register; `after` names the column they follow, `default` shows them at first."""
    _columns.setdefault(key, []).append((list(columns), after))
    if key in _registers:
        _check_unique(_registers[key])
    _groupings.setdefault(key, []).extend(group_by)
    if default:
        _defaults.setdefault(key, set()).update(column.field for column in columns)


def contribute_tabs(key: str, tabs: Sequence[Tab]) -> None:
    """Add an upper app's tabs to the detail page of a register."""
    _tabs.setdefault(key, []).extend(tabs)


def contribute_common_tab(tab: Tab) -> None:
    """Add a tab to the detail page of every register of records."""
    if tab not in _common_tabs:
        _common_tabs.append(tab)


def contribute_common_column(make: Callable[[Register], Column | None]) -> None:
    """Add a column, not shown at first, to every register of records: what `make` gives for it."""
    if make not in _common_columns:
        _common_columns.append(make)


def contribute_common_filter(made: Filter) -> None:
    """Add a made filter to every register of records."""
    if made not in _common_filters:
        _common_filters.append(made)


def contribute_head(key: str, mark: Callable[[Any, Any], Any]) -> None:
    """Add a mark beside the name on the page of a row: `mark(request, row)` gives safe HTML, or "" for none."""
    _heads.setdefault(key, []).append(mark)


def contribute_filters(key: str, filters: Sequence[Filter]) -> None:
    """Add an upper app's filters to a register."""
    _filters.setdefault(key, []).extend(filters)


def _check_unique(declared: Register) -> None:
    names = [column.field for column in declared.all_columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"register {declared.key!r} declares a column twice: {', '.join(twice)}")


def _check(declared: Register) -> None:
    names = [column.field for column in declared.columns]
    _check_unique(declared)
    if not names:
        raise ValueError(f"register {declared.key!r} has no columns")
    for column in declared.columns:
        if column.kind is not None and column.kind not in KINDS:
            raise ValueError(f"register {declared.key!r}: column {column.field!r} has the unknown kind {column.kind!r}")
    known = {f.name for f in declared.model._meta.get_fields()}
    for name in (*declared.form_fields, *declared.inline_fields, *declared.detail_fields):
        if name not in known:
            raise ValueError(f"register {declared.key!r}: {declared.model.__name__} has no field {name!r}")
    fields = [declared.model._meta.get_field(name) for name in declared.form_fields]
    fixed = [f.name for f in fields if not getattr(f, "editable", False)]
    if fixed:
        raise ValueError(f"register {declared.key!r}: {fixed} cannot be edited and so are no form fields")
    outside = set(declared.inline_fields) - set(declared.form_fields)
    if outside:
        raise ValueError(f"register {declared.key!r}: inline fields {sorted(outside)} are not form fields")
    missing = (set(declared.default_columns) | set(declared.group_by)) - set(names)
    if missing:
        raise ValueError(f"register {declared.key!r} names columns it does not have: {sorted(missing)}")


def rest_of(text: Text) -> str:
    """What an empty list says of itself after its first sentence, "No … yet."."""
    words = str(text)
    mark = "。" if "。" in words else ". "
    return words.partition(mark)[2].strip()


_lazy_rest = lazy(rest_of, str)


def _navigate(declared: Register) -> None:
    from pmo.core.access.api import permission_of
    from pmo.core.web.nav import NavItem, register_nav

    register_nav(
        NavItem(
            key=declared.key,
            label=declared.title,
            url_name="register-list",
            kwargs={"key": declared.key},
            icon=declared.icon,
            group=declared.group,
            order=declared.order,
            permission=permission_of(declared.model, "view"),
            about=declared.description or _lazy_rest(declared.empty),
        )
    )
