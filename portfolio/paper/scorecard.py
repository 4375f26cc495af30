"""The executive scorecard on one sheet of paper."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from pmo.core.pdf.blocks import HEADING, LEAD, SMALL, TITLE, Beside, Block, Style, Text, rag
from pmo.core.pdf.document import Sheet, make_pdf, paged
from pmo.core.pdf.figures import figure_blocks
from pmo.core.pdf.lines import Span
from pmo.core.pdf.picture import Picture
from pmo.core.pdf.printing import house, language, printed_by
from pmo.core.pdf.table import Cell, Column, Table
from pmo.core.web.formats import EMPTY, format_date, format_money, format_week
from pmo.core.web.rag import parse_rag
from portfolio.paper.rollup import band_span
from portfolio.queries.scope import Scope

_VALUE = Style(13, 17, bold=True, after=1)
_LINE = Style(7, 9.5, colour="t3", after=1)
_TEXT = Style(7.5, 10.5, after=1)
_HEAD = replace(HEADING, size=10, leading=14, before=6, after=3)
# How many exceptions, decisions and units are shown, from the most that a sheet may hold to the fewest.
_LENGTHS = ((8, 9), (5, 7), (5, 5), (5, 4), (4, 4), (4, 3), (3, 3), (2, 2))
_MARKUP = re.compile(r"<[^>]*>")


def scorecard_pdf(shown: Mapping[str, Any], scope: Scope, day: datetime.date, user_name: str) -> bytes:
    """The file of what the page shows. Lists are shortened until everything stands on one page, and say so."""
    note = printed_by(user_name)
    sheet = Sheet(title=f"{_('Executive scorecard')} · {scope.name}", house=house(), note=note, lang=language())
    blocks: list[Block] = []
    for most, units in _LENGTHS:
        blocks = _blocks(shown, scope, day, most, units)
        if len(paged(sheet, blocks)) == 1:
            break
    return make_pdf(sheet, blocks)


def plain(markup: object) -> str:
    """What a reader reads of a piece of the page, words for its marks included."""
    return " ".join(html.unescape(_MARKUP.sub(" ", str(markup))).split())


def _blocks(shown: Mapping[str, Any], scope: Scope, day: datetime.date, most: int, units: int) -> list[Block]:
    title = [Span(_("Executive scorecard")), Span(f"  {scope.name}", colour="t2", small=True)]
    dated = f"{format_week(day, language())} · {_('Data as of')} {day:%Y-%m-%d}"
    return [
        Text(title, TITLE),
        Text([Span(dated), *_override(shown)], SMALL),
        *_lead(shown),
        *_tiles(shown),
        Beside(_exceptions(shown, most), _decisions(shown, most, day)),
        *figure_blocks(shown["value"], table=False, how=False),
        *_money(shown, units),
    ]


def _override(shown: Mapping[str, Any]) -> list[Span]:
    override = shown["override"]
    if not override or shown["now"] is None:
        return []
    told = {"who": override.decided_by, "why": override.reason}
    by_rule = band_span(shown["now"].computed_band)
    return [Span(f"  {_('By rule')} "), by_rule, Span(f"  {_('Shown otherwise by %(who)s: %(why)s') % told}")]


def _lead(shown: Mapping[str, Any]) -> list[Block]:
    lead, pending = shown["lead"], shown["decision_count"]
    if not lead:
        return []
    parts = [_("%(red)s of %(total)s projects are off track") % lead]
    if lead["over"]:
        saving = _("the forecast is %(over)s%% under budget") if lead["saving"] else None
        parts.append((saving or _("the forecast is %(over)s%% over budget")) % lead)
    parts.append(ngettext("%(n)s decision is pending", "%(n)s decisions are pending", pending) % {"n": pending})
    text = pgettext("list", ", ").join(parts) + pgettext("end of sentence", ".")
    return [Text([band_span(lead["band"]), Span(f"  {text}")], LEAD)]


def _tiles(shown: Mapping[str, Any]) -> list[Block]:
    cells: list[list[Block]] = []
    for tile in shown["tiles"]:
        band = parse_rag(tile.band).value if tile.band else ""
        value = [Span(str(tile.value), mark=band), Span(f" {tile.unit}" if tile.unit else "", colour="t3", small=True)]
        spark: list[Block] = [Picture(tile.spark)] if tile.spark else []
        words = str(parse_rag(tile.band).label) if tile.band else ""
        lines = [Text(plain(text), _LINE) for text in (words, tile.change, tile.why) if text]
        cells.append([Text(value, _VALUE), *spark, *lines])
    columns = [Column(plain(tile.label), share=1) for tile in shown["tiles"]]
    return [Table(columns, [cells], size=7)] if cells else []


def _exceptions(shown: Mapping[str, Any], most: int) -> list[Block]:
    rows: list[list[Cell]] = []
    for item in shown["exceptions"][:most]:
        known = parse_rag(item["band"])
        mark = [Text(rag(known.value, str(known.label)), _TEXT), Text(plain(item["since"]), _LINE)]
        rows.append([mark, Text([Span(str(item["project"]), bold=True), Span(f" {plain(item['text'])}")], _TEXT)])
    head: list[Block] = [Text(_("Exceptions"), _HEAD, keep=True)]
    if not rows:
        return [*head, Text(_("No project is off track or at risk."), SMALL)]
    table = Table([Column("", share=1), Column("", share=3.6)], rows, plain=True)
    return [*head, table, *_more(len(shown["exceptions"]) - len(rows))]


def _decisions(shown: Mapping[str, Any], most: int, day: datetime.date) -> list[Block]:
    head: list[Block] = [Text(f"{_('Decisions needed')} · {shown['decision_count']}", _HEAD, keep=True)]
    rows: list[list[Cell]] = []
    for item in shown["decisions"][:most]:
        row = item["row"]
        needed = format_date(row.needed_by, language(), day, weekday=False)
        rows.append(
            [
                [Text(Span(row.title, bold=True), _TEXT), Text(str(row.project), _LINE)],
                Text(str(row.decider or EMPTY), _TEXT),
                Text(Span(needed, colour="red-t" if item["urgent"] else ""), _TEXT),
                Text(format_money(row.delay_cost, row.currency, language()), replace(_TEXT, align="right")),
            ]
        )
    if not rows:
        return [*head, Text(_("No decisions are pending."), SMALL)]
    columns = [
        Column(_("Decision needed"), share=3.2),
        Column(_("Decision maker"), share=1.3),
        Column(_("Needed by"), share=1),
        Column(_("Cost of delay per week"), numeric=True, share=1.5),
    ]
    return [*head, Table(columns, rows, size=7), *_more(shown["decision_count"] - len(rows))]


def _money(shown: Mapping[str, Any], most: int) -> list[Block]:
    fig = shown["money"]
    rows = list(fig.table.rows)
    kept = rows[:most]
    bars = replace(fig.drawing, bars=list(fig.drawing.bars)[: len(kept)])
    short = replace(fig, table=replace(fig.table, rows=kept), drawing=bars)
    return [*figure_blocks(short, how=False, size=7), *_more(len(rows) - len(kept))]


def _more(count: int) -> list[Block]:
    return [Text(_("and %(count)s more") % {"count": count}, SMALL)] if count > 0 else []
