"""The report of a programme or portfolio on paper: a published one is drawn from what was frozen, the same file for ever."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from pmo.core.pdf.blocks import HEADING, LEAD, SMALL, TITLE, Block, Style, Text, rag
from pmo.core.pdf.document import Sheet, make_pdf
from pmo.core.pdf.figures import how_block
from pmo.core.pdf.lines import Span
from pmo.core.pdf.parts import fact_grid
from pmo.core.pdf.printing import house, language
from pmo.core.pdf.table import Cell, Column, Table
from pmo.core.web.formats import EMPTY, format_date, format_money, format_number, format_week, money_unit, with_unit
from pmo.core.web.rag import parse_rag

_SUB = Style(7.5, 10.5, colour="t3", after=1)
_FIGURE = Style(15, 20, bold=True, after=1)


def rollup_pdf(said: dict[str, Any], *, code: str, state: str, note: str, frozen: bool, compress: bool = True) -> bytes:
    """The file of what a report says (`views.reporting.rollup.told`). A draft is marked with its `state` on every page."""
    title = f"{code} · {said['name']}"
    day = said["published_on"] if frozen else None
    sheet = Sheet(
        title=title,
        house=house(day),
        note=note,
        lang=language(),
        mark="" if frozen else state,
        wide=bool(said["money"]),
    )
    return make_pdf(sheet, rollup_blocks(said, code), compress=compress)


def band_span(band: str) -> Span:
    """A colour as shape and word."""
    known = parse_rag(band)
    return rag(known.value, str(known.label))


def rollup_blocks(said: dict[str, Any], code: str) -> list[Block]:
    """What the report says, from top to bottom as on its page."""
    period = f"{said['period_start']:%Y-%m-%d} ~ {said['period_end']:%Y-%m-%d}"
    blocks: list[Block] = [
        Text([Span(said["name"]), Span("  ", small=True), replace(band_span(said["band"]), small=True)], TITLE),
        Text(f"{code} · {period}", SMALL),
        fact_grid(_facts(said)),
        Text(lead(said), LEAD),
        _figures(said),
    ]
    blocks += _prose(_("Executive summary"), said["summary"])
    blocks += _prose(_("Next period"), said["next_period"])
    return [*blocks, *_parts(said), *_decisions(said), *_missing(said), how_block(_how())]


def _facts(said: dict[str, Any]) -> list[tuple[str, str]]:
    published = f"{said['published_on']:%Y-%m-%d}" if said["published_on"] else ""
    known = f"{said['as_of']:%Y-%m-%d}" if said["as_of"] else ""
    facts = [
        (_("Portfolio"), said["portfolio"]),
        (_("Author"), said["author"]),
        (_("Published on"), published),
        (_("Data as of"), known),
    ]
    return [(label, value) for label, value in facts if value]


def lead(said: dict[str, Any]) -> str:
    """The sentence of the page."""
    red, missing, pending = said["counts"]["red"], len(said["missing"]), len(said["decisions"])
    parts = [
        ngettext("%(n)s project is red", "%(n)s projects are red", red) % {"n": red},
        ngettext("%(n)s report is missing", "%(n)s reports are missing", missing) % {"n": missing},
        ngettext("%(n)s decision is pending", "%(n)s decisions are pending", pending) % {"n": pending},
    ]
    text = pgettext("list", ", ").join(parts) + pgettext("end of sentence", ".")
    return f"{text} {_('The colour is held down by the worst critical project.')}" if said["held"] else text


def _figures(said: dict[str, Any]) -> Block:
    money, counts = said["money"], said["counts"]
    colours = [[band_span(band), Span(f" {counts[band]}   ")] for band in ("red", "amber", "green", "grey")]
    heads = [_("Projects by colour")]
    cells: list[list[Block]] = [
        [Text(str(said["total"]), _FIGURE), Text([part for pair in colours for part in pair], _SUB)]
    ]
    if money:
        heads += [_("Budget"), _("Estimate at completion")]
        over = f"{_('Forecast against budget')} {_money(money['eac_over'], money, sign=True)}"
        cpi = f"CPI {format_number(money['cpi'], 2)}" if money["cpi"] is not None else ""
        spent = f"{_('Actual cost')} {_money(money['ac'], money)}"
        cells.append([Text(_money(money["bac"], money), _FIGURE), Text(spent, _SUB)])
        cells.append([Text(_money(money["eac"], money), _FIGURE), Text(f"{over}  {cpi}", _SUB)])
    heads.append(_("Milestones on time"))
    cells.append([Text(f"{said['milestones'][0]} / {said['milestones'][1]}", _FIGURE)])
    shares = [1.5, *([1.0] * (len(heads) - 1))]
    return Table([Column(head, share=share) for head, share in zip(heads, shares, strict=True)], [cells])


def _money(amount: Any, money: dict[str, Any], *, sign: bool = False) -> str:
    return format_money(amount, money["currency"], language(), sign=sign)


def _prose(label: str, text: str) -> list[Block]:
    return [Text(label, HEADING, keep=True), Text(text.strip())] if text.strip() else []


def _parts(said: dict[str, Any]) -> list[Block]:
    money = said["money"]
    head = Text(f"{_('Projects, worst first')} · {len(said['parts'])}", HEADING, keep=True)
    if not said["parts"]:
        return [head, Text(_("No project has computed health yet."), SMALL)]
    columns = [
        Column(_("Project"), share=2.2),
        Column(_("Reviewed"), share=1),
        Column(_("Computed"), share=1),
        Column(_("Status report"), share=1.5),
        Column(_("Executive summary"), share=4),
        Column(_("Forecast finish"), share=1.15),
    ]
    if money:
        unit = money_unit(money["currency"], language())
        for label in (_("Budget"), _("Estimate at completion")):
            columns.append(Column(with_unit(label, unit, language()), numeric=True, share=1.2))
    return [head, Table(columns, [_part(part, said) for part in said["parts"]], size=7.5)]


def _part(part: dict[str, Any], said: dict[str, Any]) -> list[Cell]:
    name = [Span(part["name"], bold=True)]
    if part["critical"]:
        name.append(Span(f"  {_('Critical')}", colour="critical", small=True))
    missing = Span(_("missing"), colour="red-t")
    cells: list[Cell] = [
        [Text(name, Style(7.5, 10.6, after=1)), Text(part["pm"], _SUB)],
        band_span(part["reviewed"]) if part["reviewed"] else EMPTY,
        band_span(part["computed"]),
        format_week(part["period_end"], language()) if part["report"] else missing,
        part["summary"] or EMPTY,
        format_date(part["forecast_finish"], language(), said["period_end"], weekday=False),
    ]
    if said["money"]:
        currency = said["money"]["currency"]
        cells += [format_money(part[key], currency, language(), "column") for key in ("bac", "eac")]
    return cells


def _decisions(said: dict[str, Any]) -> list[Block]:
    head = Text(f"{_('Decisions needed')} · {len(said['decisions'])}", HEADING, keep=True)
    if not said["decisions"]:
        return [head, Text(_("No decisions are pending."), SMALL)]
    columns = [
        Column(_("Decision needed"), share=4),
        Column(_("Project"), share=2),
        Column(_("Decision maker"), share=1.4),
        Column(_("Needed by"), share=1.2),
        Column(_("Cost of delay per week"), numeric=True, share=1.6),
    ]
    rows: list[list[Cell]] = [
        [
            Span(line["title"], bold=True),
            line["project_name"],
            line["decider"] or EMPTY,
            format_date(line["needed_by"], language(), said["period_end"], weekday=False),
            format_money(line["delay_cost"], line["currency"], language()),
        ]
        for line in said["decisions"]
    ]
    return [head, Table(columns, rows)]


def _missing(said: dict[str, Any]) -> list[Block]:
    head = Text(f"{_('Missing reports')} · {len(said['missing'])}", HEADING, keep=True)
    if not said["missing"]:
        return [head, Text(_("Every project has a published report in this period."), SMALL)]
    columns = [Column(_("Project")), Column(_("Project manager")), Column(_("Computed"))]
    rows: list[list[Cell]] = [
        [Span(part["name"], bold=True), part["pm"] or EMPTY, band_span(part["computed"])] for part in said["missing"]
    ]
    return [head, Table(columns, rows)]


def _how() -> str:
    return _(
        "Health is the budget-weighted mean of the projects; money is added first and divided afterwards, over the projects that know both terms. The colour is never better than that of the worst critical project, as reviewed in its report or else as computed, unless an override is on record. A report counts if it is published and its period ends within this one."
    )


def frozen_note(said: dict[str, Any], digest: str) -> str:
    """The foot of a published report: nothing in it depends on who prints it when."""
    day = f"{said['published_on']:%Y-%m-%d}" if said["published_on"] else EMPTY
    return _("Published on %(day)s, check sum %(sum)s") % {"day": day, "sum": digest[:16]}
