"""A list as the template draws it: headers, rows of prepared cells, groups with sums, foot."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pmo.core.registers.access import selectable
from pmo.core.registers.addresses import changed, sort_address
from pmo.core.registers.cells import EMPTY, Cell, CellMaker
from pmo.core.registers.controls import FilterBar, filter_bar
from pmo.core.registers.declaration import Text
from pmo.core.registers.expressions import MAY_CHANGE, may_change
from pmo.core.registers.fields import Bound
from pmo.core.registers.queries import filtered, ordered
from pmo.core.registers.rows import RowWriter
from pmo.core.registers.state import ListState
from pmo.core.registers.sums import Sums, count_groups, group_sums, sum_columns, total_sums
from pmo.core.registers.units import MoneyUnit, units_text
from pmo.core.web import formats


@dataclass(frozen=True)
class Header:
    """A column head: label, unit, links that sort, and how a computed value comes about."""

    name: str
    label: Text
    unit: str
    css: str
    how: Text | None
    url: str = ""
    add_url: str = ""
    direction: str = ""
    level: int = 0


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    pk: int
    number: int
    cells: list[Cell]
    html: SafeString


class SumCell(NamedTuple):
    """A sum and what it is of, which a card on a phone says beside it; empty under columns without sums."""

    label: str
    html: SafeString | str


@dataclass
class Group:
    """Rows that share a value; without grouping there is one unnamed group."""

    label: Any = ""
    count: int = 0
    token: str = ""
    sums: list[SafeString | None] = field(default_factory=list)
    sum_cells: list[SumCell] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


@dataclass
class Listing:
    """Everything the list template needs."""

    state: ListState
    headers: list[Header]
    groups: list[Group]
    page: Page[Any]
    total: int
    group_count: int
    foot: list[SafeString | None]
    bar: FilterBar
    grouped: bool
    units: str = ""
    lead: Text = ""

    @property
    def has_sums(self) -> bool:
        """Whether any shown column is summed."""
        return any(cell is not None for cell in self.foot)

    @property
    def first_sum(self) -> int:
        """How many columns stand before the first summed one."""
        places = [place for place, cell in enumerate(self.foot) if cell is not None]
        before = 0 if self.state.numbered or self.selectable else 1
        return max(places[0], before) if places else len(self.foot)

    @property
    def name_span(self) -> int:
        """How many columns the name of a group spans: box, number and all before the first sum; one at least."""
        return max(1, self.first_sum + self.state.numbered + self.selectable)

    @property
    def foot_cells(self) -> list[SumCell]:
        """The sums of the whole list, from the first summed column on."""
        return self.sum_cells(self.foot)

    def sum_cells(self, sums: list[SafeString | None]) -> list[SumCell]:
        """Sums with the label and unit of their column, from the first summed column on."""
        cells = []
        for header, html in zip(self.headers, sums, strict=True):
            unit = f"{pgettext('unit', ', ')}{header.unit}" if header.unit else ""
            cells.append(SumCell(f"{header.label}{unit}", "" if html is None else html))
        return cells[self.first_sum :]

    @property
    def selectable(self) -> bool:
        """Whether rows have a box to choose them."""
        return selectable(self.state.register, self.state.user)

    @property
    def sticky(self) -> str:
        """The column that stays in sight."""
        return title_column(self.state)

    @property
    def total_text(self) -> str:
        """The number of rows with separators."""
        return formats.format_number(self.total)


def build_listing(state: ListState) -> Listing:
    """Run the list's queries and prepare its cells. A constant number of queries for any number of rows."""
    maker = CellMaker(state.register)
    rows = filtered(state)
    totals = total_sums(state, rows)
    paginator = Paginator(rows.order_by("pk"), state.page_size)
    paginator.count = totals.count
    page = paginator.get_page(state.page)
    editable = bool(state.register.inline_fields) and not state.register.read_only
    told = rows.annotate(**{MAY_CHANGE: may_change(state.register, state.user)}) if editable else rows
    shown = list(ordered(state, told)[page.start_index() - 1 if totals.count else 0 : page.end_index()])
    maker.prepare(state.needed, shown)
    groups = _groups(state, maker, rows, shown, page)
    listing = Listing(
        state=state,
        headers=[_header(state, maker, bound) for bound in state.columns],
        groups=groups,
        page=page,
        total=totals.count,
        group_count=count_groups(state, rows, totals),
        foot=_sum_cells(state, maker, totals),
        bar=filter_bar(state, maker),
        grouped=state.group is not None,
        units=units_text({bound.name: maker.units[bound.name] for bound in state.columns if bound.name in maker.units}),
        lead=_lead(state, rows, totals),
    )
    for group in groups if listing.grouped else ():
        group.sum_cells = listing.sum_cells(group.sums)
    return listing


def sums_beside(state: ListState, units: Mapping[str, MoneyUnit], row: Any) -> Listing | None:
    """What a saved row changes beside itself, in the units of its table: sums of the list and of its group, the sentence.

    None where the list has neither.
    """
    if not sum_columns(state) and state.register.lead is None:
        return None
    maker = CellMaker(state.register)
    maker.units = dict(units)
    rows = filtered(state)
    totals = total_sums(state, rows)
    listing = Listing(
        state=state,
        headers=[_header(state, maker, bound) for bound in state.columns],
        groups=[],
        page=Paginator([row], 1).get_page(1),
        total=totals.count,
        group_count=0,
        foot=_sum_cells(state, maker, totals),
        bar=FilterBar([], [], []),
        grouped=state.group is not None,
        lead=_lead(state, rows, totals),
    )
    if state.group is not None and listing.has_sums:
        maker.prepare([state.group], [row])
        maker.units = dict(units)
        key = state.group.value_of(row)
        known = group_sums(state, rows, [key]).get(key, Sums())
        sums = _sum_cells(state, maker, known)
        group = Group(_group_label(maker, state.group, row), known.count, group_token(key), sums)
        group.sum_cells = listing.sum_cells(sums)
        listing.groups = [group]
    return listing


def _lead(state: ListState, rows: Any, totals: Sums) -> Text:
    """The sentence that the register makes of its rows; nothing above an empty list."""
    return state.register.lead(state, rows) if state.register.lead is not None and totals.count else ""


def group_token(key: Any) -> str:
    """What stands for a group in the ids of its page."""
    return hashlib.sha256(str(key).encode()).hexdigest()[:16]


def row_writer(state: ListState, maker: CellMaker) -> RowWriter:
    """What writes the lines of the list."""
    word = _("Select row") if selectable(state.register, state.user) else ""
    units = {bound.name: maker.unit_label(bound) for bound in state.columns}
    return RowWriter(state.register.key, title_column(state), maker.edit_word, word, state.numbered, units)


def make_row(state: ListState, maker: CellMaker, writer: RowWriter, row: Any, number: int) -> Row:
    """The cells of one row, and its line."""
    changeable = bool(getattr(row, MAY_CHANGE, False))
    inline = state.register.inline_fields if changeable else ()
    cells = [maker.cell(bound, row, editable=bound.name in inline) for bound in state.columns]
    return Row(row.pk, number, cells, writer.row(row.pk, number, cells))


def title_column(state: ListState) -> str:
    """The column that names the rows: the primary one where it is shown, else the first."""
    primary = state.register.primary.field
    shown = [bound.name for bound in state.columns]
    return primary if primary in shown else shown[0]


def _groups(state: ListState, maker: CellMaker, rows: Any, shown: list[Any], page: Page[Any]) -> list[Group]:
    first = page.start_index() if shown else 0
    writer = row_writer(state, maker)
    lines = [make_row(state, maker, writer, row, first + place) for place, row in enumerate(shown)]
    if state.group is None:
        return [Group(count=len(lines), rows=lines)]
    bound = state.group
    keys = [bound.value_of(row) for row in shown]
    sums = group_sums(state, rows, list(dict.fromkeys(keys)))
    groups: dict[Any, Group] = {}
    for key, row, line in zip(keys, shown, lines, strict=True):
        if key not in groups:
            known = sums.get(key, Sums())
            sums_of = _sum_cells(state, maker, known)
            groups[key] = Group(_group_label(maker, bound, row), known.count, group_token(key), sums_of)
        groups[key].rows.append(line)
    return list(groups.values())


def _group_label(maker: CellMaker, bound: Bound, row: Any) -> Any:
    value = bound.value_of(row)
    if maker.is_hidden(bound, row):
        return _("hidden")
    if value is None or value == "":
        return _("Without %(label)s") % {"label": bound.label}
    if bound.kind == "fk":
        return str(maker.related(bound, row) or value)
    if bound.kind == "rag":
        return maker.rag_html(bound, row, value)
    return maker.plain(bound, value)


def _header(state: ListState, maker: CellMaker, bound: Bound) -> Header:
    css = {"right": "num", "center": "ctr"}.get(bound.align, "")
    if bound.column.width == "wide":
        css = f"{css} wide".strip()
    how = bound.column.how or bound.column.help
    unit = maker.unit_label(bound)
    if not bound.sortable:
        return Header(bound.name, bound.label, unit, css, how)
    level = next((place for place, key in enumerate(state.sorts, 1) if key.bound.name == bound.name), 0)
    direction = ""
    if level:
        direction = "descending" if state.sorts[level - 1].descending else "ascending"
    return Header(
        bound.name,
        bound.label,
        unit,
        css,
        how,
        sort_address(state, bound.name, add=False),
        sort_address(state, bound.name, add=True),
        direction,
        level if len(state.sorts) > 1 else 0,
    )


def _sum_cells(state: ListState, maker: CellMaker, sums: Sums) -> list[SafeString | None]:
    """Per column its sum as HTML, None where it has none."""
    return [_sum_cell(maker, bound, sums) if bound.column.sum else None for bound in state.columns]


def sum_texts(maker: CellMaker, bound: Bound, sums: Sums) -> list[str]:
    """A sum as text: one line a currency, for currencies are never added; none where nothing is summed."""
    if bound.kind == "money":
        return [text for text, _full in _amounts(maker, bound, sums)]
    value = sums.figures.get(bound.name)
    return [] if value is None else [f"{_extreme_word(bound)}{maker.plain(bound, value)}"]


def _sum_cell(maker: CellMaker, bound: Bound, sums: Sums) -> SafeString:
    if bound.kind == "money":
        return _money_sum(_amounts(maker, bound, sums))
    texts = sum_texts(maker, bound, sums)
    return conditional_escape(texts[0]) if texts else EMPTY


def _extreme_word(bound: Bound) -> str:
    return {"max": _("highest") + " ", "min": _("lowest") + " "}.get(str(bound.column.sum), "")


def _amounts(maker: CellMaker, bound: Bound, sums: Sums) -> list[tuple[str, str]]:
    """The sum of each currency as it is shown, and in full; a single one in the unit of its column."""
    if bound.name in sums.figures:
        value = sums.figures[bound.name]
        pairs = [] if value is None else [(maker.base_currency(), value)]
    else:
        pairs = sorted(sums.money.get(bound.name, {}).items())
    unit = maker.units.get(bound.name) if len(pairs) == 1 else None
    shown = []
    for currency, amount in pairs:
        text = (unit or MoneyUnit()).text(amount, currency, maker.lang)
        shown.append((text, formats.format_money(amount, currency, maker.lang, "full")))
    return shown


def _money_sum(amounts: list[tuple[str, str]]) -> SafeString:
    """One amount, or one per currency side by side."""
    if not amounts:
        return EMPTY
    if len(amounts) == 1:
        ((text, full),) = amounts
        return format_html('<span class="nowrap" title="{}">{}</span>', full, text)
    lines = format_html_join("", "<li>{}</li>", ((text,) for text, _full in amounts))
    words = _("%(count)s currencies") % {"count": len(amounts)}
    markup = '<details class="currencies"><summary>{}</summary><ul class="plain">{}</ul></details>'
    return format_html(markup, words, lines)


def group_addresses(state: ListState) -> list[tuple[str, Text, bool]]:
    """(address, label, active) of every grouping, none first."""
    found: list[tuple[str, Text, bool]] = [(changed(state.params, group=None), _("No grouping"), state.group is None)]
    for name in state.register.all_groupings:
        bound = state.known.get(name)
        if bound is not None:
            active = state.group is not None and state.group.name == name
            found.append((changed(state.params, group=name), bound.label, active))
    return found
