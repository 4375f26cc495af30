"""A project charter on paper, with lines to sign on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo.core.pdf.blocks import HEADING, SMALL, TITLE, Block, Rule, Style, Text, Together
from pmo.core.pdf.document import Sheet, make_pdf
from pmo.core.pdf.lines import Span
from pmo.core.pdf.parts import fact_grid
from pmo.core.pdf.printing import house, language
from pmo.core.pdf.table import Cell, Column, Table
from pmo.core.web.formats import EMPTY, format_money, format_number
from projects.models import ProjectCharter
from projects.queries.charter import CharterDocument

_LABEL = Style(9, 13.5, colour="t3")
_MOST_PLACES = 2


def charter_pdf(charter: ProjectCharter, doc: CharterDocument, *, money: bool, note: str) -> bytes:
    """The file of a revision; one that is not approved is marked. Amounts only with `money`."""
    approved = doc.text.approved_on is not None and doc.number <= charter.in_force
    mark = "" if approved else _("Replaced") if doc.old else charter.get_state_display()
    sheet = Sheet(
        title=f"{_('Project charter')} {charter.code} · {charter.project}",
        house=house(),
        note=note,
        lang=language(),
        mark=mark,
    )
    return make_pdf(sheet, charter_blocks(charter, doc, money=money, approved=approved))


def charter_blocks(charter: ProjectCharter, doc: CharterDocument, *, money: bool, approved: bool) -> list[Block]:
    """The document from top to bottom as on its page."""
    text = doc.text
    blocks: list[Block] = [*_head(charter, doc, approved), *_prose(_("Purpose"), text.purpose, always=True)]
    blocks += _prose(_("Background"), text.background)
    blocks += [*_objectives(doc), *_criteria(doc)]
    blocks += _prose(_("In scope"), text.scope_in, always=True)
    blocks += _prose(_("Out of scope"), text.scope_out, always=True)
    for label, words in (
        (_("Approach"), text.approach),
        (_("Assumptions"), text.assumptions),
        (_("Constraints"), text.constraints),
    ):
        blocks += _prose(label, words)
    blocks += _milestones(doc)
    blocks += _budget(charter, doc) if money else []
    return [*blocks, *_limits(charter, doc, money=money), _signatures(doc), Text(_how(doc), SMALL)]


def _day(day: Any) -> str:
    return f"{day:%Y-%m-%d}" if day else EMPTY


def _head(charter: ProjectCharter, doc: CharterDocument, approved: bool) -> list[Block]:
    project, text = charter.project, doc.text
    state = _("Replaced") if doc.old else charter.get_state_display()
    revision = _("Revision %(number)s") % {"number": doc.number}
    facts = [
        (_("Project code"), project.code),
        (_("Sponsor"), str(project.sponsor or EMPTY)),
        (_("Project manager"), str(project.pm or EMPTY)),
        (_("Business unit"), str(project.unit or EMPTY)),
        (_("Planned"), f"{_day(project.planned_start)} – {_day(project.planned_finish)}"),
    ]
    if approved:
        facts.append((_("Approved by"), f"{text.approved_by or EMPTY} {_day(text.approved_on)}"))
        facts.append((_("Valid from"), _day(text.effective_on)))
    return [
        Text(str(project), TITLE),
        Text(f"{_('Project charter')} · {charter.code} · {revision} · {state}", SMALL),
        fact_grid(facts),
    ]


def _prose(label: str, text: str, *, always: bool = False) -> list[Block]:
    shown = text.strip() or (EMPTY if always else "")
    return [Text(label, HEADING, keep=True), Text(shown)] if shown else []


def _table(label: str, columns: list[Column], rows: list[list[Cell]], none: str) -> list[Block]:
    head = Text(label, HEADING, keep=True)
    return [head, Table(columns, rows)] if rows else [head, Text(none, SMALL)]


def _objectives(doc: CharterDocument) -> list[Block]:
    columns = [
        Column(_("Objective"), share=3),
        Column(_("Measure"), share=2),
        Column(_("Baseline value"), numeric=True, share=1.2),
        Column(_("Target value"), numeric=True, share=1.2),
        Column(_("Due"), share=1.2),
    ]
    rows: list[list[Cell]] = [
        [
            Span(row.name, bold=True),
            [Span(row.measure), Span(f" {row.unit}" if row.unit else "", colour="t3")],
            _plain(row.baseline),
            _plain(row.target),
            _day(row.due_on),
        ]
        for row in doc.objectives
    ]
    return _table(_("Objectives"), columns, rows, _("No objectives are entered."))


def _plain(value: Decimal | None) -> str:
    if value is None:
        return EMPTY
    exponent = value.normalize().as_tuple().exponent
    return format_number(value, min(max(-exponent, 0), _MOST_PLACES) if isinstance(exponent, int) else 0)


def _criteria(doc: CharterDocument) -> list[Block]:
    columns = [
        Column(_("Success criterion"), share=3),
        Column(_("Measure"), share=2),
        Column(_("Target"), share=2),
        Column(_("Due"), share=1.2),
    ]
    rows: list[list[Cell]] = [
        [Span(row.name, bold=True), row.measure, row.target, _day(row.due_on)] for row in doc.criteria
    ]
    return _table(_("Success criteria"), columns, rows, _("No success criteria are entered."))


def _milestones(doc: CharterDocument) -> list[Block]:
    columns = [Column(_("Milestone"), share=4), Column(_("Baseline"), share=1)]
    key = Span(f"  {_('Key milestone')}", colour="accent", small=True)
    rows: list[list[Cell]] = [
        [[Span(row.name, bold=True), *([key] if row.is_key else [])], _day(row.baseline_date)] for row in doc.milestones
    ]
    return _table(_("Milestones"), columns, rows, _("No milestones yet"))


def _budget(charter: ProjectCharter, doc: CharterDocument) -> list[Block]:
    project = charter.project
    rows: list[list[Cell]] = []
    for row in doc.budget:
        split = f"CAPEX {_money(row.capex, row.currency)} · OPEX {_money(row.opex, row.currency)}"
        total = Span(_money(row.total, row.currency), bold=True)
        rows.append([Span(_("Budget at completion"), colour="t3"), [total, Span(f"   {split}", colour="t3")]])
    if doc.budget and project.contingency_reserve is not None and not doc.old:
        reserve = _money(project.contingency_reserve, project.currency)
        rows.append([Span(_("Contingency reserve"), colour="t3"), reserve])
    if not rows:
        return [Text(_("Budget"), HEADING, keep=True), Text(_("No budget is entered."), SMALL)]
    return [Together([Text(_("Budget"), HEADING), _facts(rows)])]


def _money(amount: Any, currency: str) -> str:
    return format_money(amount, currency, language())


def _facts(rows: list[list[Cell]]) -> Block:
    return Table([Column("", share=1), Column("", share=3.6)], rows, plain=True, size=9)


def _limits(charter: ProjectCharter, doc: CharterDocument, *, money: bool) -> list[Block]:
    text, project = doc.text, charter.project
    days, staff = text.limit_days, text.limit_staff
    moved = ngettext(
        "a key milestone by up to %(days)s working day", "a key milestone by up to %(days)s working days", days or 0
    )
    lines = [
        (_("Schedule change"), moved % {"days": days} if days is not None else EMPTY),
        (
            _("Staffing change"),
            _("up to %(percent)s%% of the planned head-count") % {"percent": format_number(staff)}
            if staff is not None
            else EMPTY,
        ),
        (_("Scope changes"), text.limit_scope or EMPTY),
        (_("Escalation path"), text.escalation or EMPTY),
    ]
    if money:
        amount = text.limit_spend
        spent = EMPTY if amount is None else _("up to %(amount)s") % {"amount": _money(amount, project.currency)}
        lines.insert(0, (_("Spending per decision"), spent))
    appointed = _(
        "%(pm)s is appointed as project manager and decides alone within these limits. What goes beyond follows the escalation path."
    ) % {"pm": project.pm or EMPTY}
    rows: list[list[Cell]] = [[Span(label, colour="t3"), said] for label, said in lines]
    return [Text(_("Limits of the project manager's authority"), HEADING, keep=True), Text(appointed), _facts(rows)]


def _signatures(doc: CharterDocument) -> Block:
    cells: list[list[Block]] = []
    for line in doc.signatures:
        signed = line.signature
        name = str(signed.person) if signed else ""
        whom = f" {line.who}" if line.who and not signed else ""
        when = f"{_('Signed on')} {_day(signed.signed_on)}" if signed else _("Date:")
        cells.append(
            [
                Text(name or " ", Style(11, 34, after=0)),
                Rule(before=0, after=4, shade="t3"),
                Text([Span(str(line.label), bold=True), Span(whom)]),
                Text(when, _LABEL),
            ]
        )
    return Together([Text(_("Signatures"), HEADING), Table([Column("", share=1)] * len(cells), [cells], plain=True)])


def _how(doc: CharterDocument) -> str:
    if doc.old:
        return _("Objectives, criteria, milestones and budget are those of the day of approval, %(then)s.") % {
            "then": _day(doc.text.approved_on)
        }
    return _(
        "Objectives, criteria, milestones and budget come from the project's own registers and are not typed here."
    )
