"""A built report on paper: its chart and its table, what it counts under which filters, and how."""

from __future__ import annotations

from django.utils.translation import gettext as _

from pmo.core.pdf.blocks import LEAD, SMALL, TITLE, Block, Text, Together
from pmo.core.pdf.document import make_pdf
from pmo.core.pdf.figures import data_table, drawing_of, how_block
from pmo.core.pdf.lines import Span
from pmo.core.pdf.parts import note_lines, sheet_for
from pmo.core.pdf.printing import house, language, printed_by
from pmo.core.pdf.table import Column, Table
from pmo.core.report_builder.answer import Answer
from pmo.core.report_builder.figures import about, figure
from pmo.core.report_builder.question import TABLE, Question


def report_pdf(question: Question, answer: Answer, title: str, user_name: str) -> bytes:
    """The file, in the language that is switched on, with what its reader may see."""
    fig = figure(question, answer, language(), title)
    blocks: list[Block] = [Text(title, TITLE)]
    if fig is None:
        nothing = _("There is nothing to show with these filters.")
        blocks += [Text(nothing, LEAD), note_lines(about(question))]
        table = Table([Column("")], [])
    else:
        drawn = question.chart != TABLE and not answer.several_currencies
        unit = [Span(f"  {fig.unit}", colour="t3", small=True)] if fig.unit else []
        bars, picture = drawing_of(fig) if drawn else (None, None)
        table = data_table(fig, bars)
        blocks += [Text([Span(fig.takeaway), *unit], LEAD), note_lines(about(question))]
        blocks += [Together([picture])] if picture else []
        blocks += [table, *([Text(fig.note, SMALL)] if fig.note else []), how_block(_how(question, user_name))]
    return make_pdf(sheet_for(table, title=title, house=house(), note=printed_by(user_name), lang=language()), blocks)


def _how(question: Question, user_name: str) -> str:
    told = {"measure": question.measure.label, "register": question.register.title, "name": user_name}
    return _("%(measure)s over the rows of “%(register)s” that %(name)s may see and that meet the filters.") % told
