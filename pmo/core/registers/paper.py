"""A register's list on paper: the columns, filters, order and masks of its page, amounts in the units of its page."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from pmo.core.pdf.blocks import TITLE, Block, Text, rag
from pmo.core.pdf.document import make_pdf
from pmo.core.pdf.lines import Span
from pmo.core.pdf.parts import note_lines, sheet_for
from pmo.core.pdf.printing import house, language, printed_by
from pmo.core.pdf.table import Cell, Column, Table
from pmo.core.registers.cells import CellMaker, choice_label
from pmo.core.registers.exporting import list_notes
from pmo.core.registers.fields import NUMERIC, Bound
from pmo.core.registers.listing import sum_texts
from pmo.core.registers.state import ListState
from pmo.core.registers.sums import sum_columns, total_sums
from pmo.core.registers.units import MoneyUnit
from pmo.core.web.formats import EMPTY, with_unit
from pmo.core.web.rag import parse_rag

# Above this many rows a PDF is a job; above that many it is no use on paper.
MOST_AT_ONCE, MOST_PDF_ROWS = 500, 5000


def list_pdf(state: ListState, rows: QuerySet[Any], user_name: str, view: str = "") -> bytes:
    """The file. Holds all rows: the caller has counted them."""
    maker = CellMaker(state.register)
    shown = list(rows)
    maker.prepare(state.columns, shown)
    heads = [_head(maker, bound) for bound in state.columns]
    cells = [[_cell(maker, bound, row) for bound in state.columns] for row in shown]
    table = Table(heads, cells, foot=_totals(state, maker, rows) if shown else ())
    title = str(state.register.title)
    notes = [*([(_("View"), view)] if view else []), *list_notes(state, maker, len(shown))]
    blocks: list[Block] = [Text(title, TITLE), note_lines(notes)]
    blocks += [table] if shown else [Text(Span(_("No rows"), colour="t3"))]
    sheet = sheet_for(table, title=title, house=house(), note=printed_by(user_name), lang=language())
    return make_pdf(sheet, blocks)


def _head(maker: CellMaker, bound: Bound) -> Column:
    label, unit = str(bound.label), maker.unit_label(bound)
    return Column(with_unit(label, unit, maker.lang) if unit else label, numeric=bound.kind in NUMERIC | {"score"})


def _totals(state: ListState, maker: CellMaker, rows: QuerySet[Any]) -> list[Cell]:
    """The sums that stand under the list on its page; none where no column is summed."""
    if not sum_columns(state):
        return []
    sums = total_sums(state, rows)
    foot: list[Cell] = []
    for bound in state.columns:
        texts = sum_texts(maker, bound, sums) if bound.column.sum else None
        foot.append("" if texts is None else _(", ").join(texts) or EMPTY)
    foot[0] = f"{_('Total')} {foot[0]}".strip()
    return foot


def _cell(maker: CellMaker, bound: Bound, row: Any) -> Cell:
    if maker.is_hidden(bound, row):
        return Span(_("hidden"), colour="t3")
    value = bound.value_of(row)
    if bound.column.format is not None:
        return strip_tags(str(bound.column.format(value, row, maker.lang)))
    if value is None or value == "":
        return Span(EMPTY, colour="t3")
    if bound.kind == "rag":
        return rag(parse_rag(value).value, choice_label(bound, value))
    if bound.kind == "score" and "band" in bound.column.extra:
        band = parse_rag(getattr(row, bound.column.extra_alias("band")))
        return Span(maker.plain(bound, value), mark=band.value)
    if bound.kind == "money":
        unit = maker.units.get(bound.name, MoneyUnit())
        return unit.text(value, maker.currency(bound, row), maker.lang)
    if bound.kind == "fk":
        return str(maker.related(bound, row) or EMPTY)
    text = maker.plain(bound, value)
    return Span(text, bold=True) if bound.column.primary else text
