"""A status report on paper: drawn from its document alone, so that a published one gives the same file for ever."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from pmo.core.pdf.blocks import HEADING, SMALL, TITLE, Block, Style, Text, Together, rag
from pmo.core.pdf.document import Sheet, make_pdf
from pmo.core.pdf.lines import Span
from pmo.core.pdf.parts import fact_grid
from pmo.core.pdf.printing import house, language
from pmo.core.pdf.table import Column, Table
from pmo.core.web.formats import EMPTY

_FIGURE = Style(15, 20, bold=True, after=2)
_NOTE = Style(8, 11.5, colour="t2", after=2)
_SIDE = Style(8.5, 13, bold=True, colour="t2", before=4, after=3)


def report_pdf(
    doc: Any, *, note: str, day: datetime.date | None = None, sha256: str = "", compress: bool = True
) -> bytes:
    """The file of a shown document (`shown_to`).

    `note` is the left of the foot; `day` the day of which the organisation's name is taken. What is not published is
    marked with its state on every page.
    """
    published = doc["report"]["state"]["key"] == "published"
    sheet = Sheet(
        title=f"{doc['labels']['title']} {doc['report']['code']} · {doc['project']['name']}",
        house=house(day),
        note=note,
        lang=language(),
        mark="" if published else doc["report"]["state"]["label"],
        subject=sha256,
    )
    return make_pdf(sheet, report_blocks(doc), compress=compress)


def report_blocks(doc: Any) -> list[Block]:
    """What the report says, from top to bottom as on its page."""
    labels = doc["labels"]
    blocks: list[Block] = [*_head(doc, labels), *_strip(doc, labels), _verdicts(doc, labels)]
    blocks += _prose(labels["summary"], doc["texts"]["summary"])
    blocks += _dimensions(doc, labels)
    for name in ("achievements", "next_period", "help_needed"):
        blocks += _prose(labels[name], doc["texts"][name])
    blocks += [*_forecast(doc, labels), *_decisions(doc, labels), *_milestones(doc, labels)]
    blocks.append(Text(labels["lists"], HEADING, keep=True))
    for section in doc["sections"]:
        blocks += _section(section, labels)
    return [*blocks, *_changes(doc, labels)]


def _head(doc: Any, labels: Any) -> list[Block]:
    project, report = doc["project"], doc["report"]
    declared = doc["overall"]["declared"]
    facts = [
        (labels["pm"], project["pm"]),
        (labels["sponsor"], project["sponsor"]),
        (labels["unit"], project["unit"]),
        (labels["author"], _two(report["author"], report["submitted_on"])),
        (labels["published"], _two(report["published_on"], report["reviewer"]) if report["published_on"] else ""),
        (labels["replaces"], report["replaces"]),
    ]
    known = [(label, value) for label, value in facts if value]
    return [
        Text(
            [
                Span(project["name"]),
                Span("  ", small=True),
                replace(rag(declared["band"], declared["label"]), small=True),
            ],
            TITLE,
        ),
        Text(f"{project['code']} · {labels['title']} {report['code']} · {report['period']}", SMALL),
        fact_grid(known),
    ]


def _two(first: str | None, second: str | None) -> str:
    return " ".join(part for part in (first, second) if part)


def _strip(doc: Any, labels: Any) -> list[Block]:
    strip = doc.get("strip")
    if not strip:
        return []
    small = Style(7, 10, after=0)
    cells = []
    for cell in strip:
        own = [Text([Span(cell["week"], bold=cell["this"])], small)]
        own.append(Text(rag(cell["declared"]["band"], cell["declared"]["label"]), small))
        if cell["reviewed"]["band"] not in {"grey", cell["declared"]["band"]}:
            own.append(Text(rag(cell["reviewed"]["band"], cell["reviewed"]["label"]), small))
        cells.append(own)
    cells += [[Text("", small)] for _missing in range(9 - len(cells))]
    return [Together([Text(labels["strip"], HEADING), Table([Column("", share=1)] * len(cells), [cells], plain=True)])]


def _verdicts(doc: Any, labels: Any) -> Block:
    overall, report = doc["overall"], doc["report"]
    heads, cells = [], []
    if overall["computed"]:
        mark = overall["computed"]
        shown = [rag(mark["band"], mark["label"]), Span(f"  {mark['score'] or ''}")]
        heads.append(labels["computed"])
        cells.append([Text(shown, _FIGURE), *_notes(doc["computed_on"], overall["evidence"])])
    declared: list[Block] = [Text(rag(overall["declared"]["band"], overall["declared"]["label"]), _FIGURE)]
    if overall["better"]:
        declared.append(Text(Span(labels["better"], bold=True, colour="red-t"), _NOTE))
    trend = overall["trend"]["label"] if overall["trend"] else None
    heads += [labels["declared"], labels["reviewed"]]
    cells.append([*declared, *_notes(trend, overall["comment"] or EMPTY)])
    said = report["review_comment"] if report["state"]["key"] != "returned" else ""
    reviewed = Text(rag(overall["reviewed"]["band"], overall["reviewed"]["label"]), _FIGURE)
    cells.append([reviewed, *_notes(report["original_word"], said or EMPTY)])
    return Table([Column(head, share=1) for head in heads], [cells])


def _notes(*texts: str | None) -> list[Block]:
    return [Text(text, _NOTE) for text in texts if text]


def _prose(label: str, text: str) -> list[Block]:
    return [Text(label, HEADING, keep=True), Text(text.strip())] if text.strip() else []


def _dimensions(doc: Any, labels: Any) -> list[Block]:
    if not doc["dimensions"]:
        return []
    heads = [labels[name] for name in ("dimension", "computed", "declared", "trend", "comment")]
    shares = (1.1, 1.25, 1.25, 0.9, 4.2)
    rows = [_dimension(row, labels) for row in doc["dimensions"]]
    columns = [Column(head, share=share) for head, share in zip(heads, shares, strict=True)]
    return [Text(labels["by_dimension"], HEADING, keep=True), Table(columns, rows)]


def _dimension(row: Any, labels: Any) -> list[Any]:
    computed, declared, trend = row["computed"], row["declared"], row["trend"]
    said: list[Block] = [Text(row["comment"], Style(8.5, 12))] if row["comment"] else []
    said += _notes(row["evidence"])
    return [
        Span(row["label"], bold=True),
        [rag(computed["band"], computed["label"]), Span(f" {computed['score'] or ''}")] if computed else EMPTY,
        [
            rag(declared["band"], declared["label"]),
            *([Span(f" {labels['better']}", colour="red-t", small=True)] if row["better"] else []),
        ],
        _trend(trend),
        said or "",
    ]


def _trend(trend: Any) -> Span:
    if not trend:
        return Span(EMPTY)
    tones = {-1: ("↓ ", "red-t"), 0: ("", "t3"), 1: ("↑ ", "green-t")}
    sign, tone = tones[trend["direction"]]
    return Span(sign + trend["label"], colour=tone)


def _forecast(doc: Any, labels: Any) -> list[Block]:
    rows = [
        [line["label"], line["value"] or EMPTY, Span(line["note"] or "", colour="red-t" if line["bad"] else "t3")]
        for line in doc["forecast"]
    ]
    if not rows:
        return []
    columns = [Column("", share=2.2), Column("", numeric=True, share=1.4), Column("", share=2.4)]
    return [Together([Text(labels["forecast"], HEADING), Table(columns, rows, plain=True)])]


def _decisions(doc: Any, labels: Any) -> list[Block]:
    asked = next((section for section in doc["sections"] if section["key"] == "decisions"), None)
    if not asked or not asked["pending"]:
        return []
    columns = [
        Column(labels["decisions"], share=4),
        Column(labels["from"], share=1.5),
        Column(labels["by"], share=1.1),
        Column(labels["delay"], numeric=True, share=1.6),
    ]
    rows = [
        [
            Span(row["title"], bold=True),
            row["who"] or EMPTY,
            Span(row["due"] or EMPTY, colour="red-t" if row["late"] else ""),
            row["amount"] or EMPTY,
        ]
        for row in asked["pending"]
    ]
    title = f"{labels['decisions']} · {asked['pending_count']}"
    more = asked["pending_count"] > len(asked["pending"])
    return [Text(title, HEADING, keep=True), Table(columns, rows), *_more(labels, more)]


def _more(labels: Any, more: bool) -> list[Block]:
    return [Text(labels["more_rows"], SMALL)] if more else []


def _milestones(doc: Any, labels: Any) -> list[Block]:
    head = Text(labels["milestones"], HEADING, keep=True)
    if not doc["milestones"]:
        return [head, Text(labels["none"], SMALL)]
    columns = [
        Column(labels["milestone"], share=4),
        Column(labels["status"], share=1),
        Column(labels["baseline"], numeric=True, share=1.2),
        Column(labels["expected"], numeric=True, share=1.2),
        Column(labels["slip"], numeric=True, share=1),
    ]
    rows = [
        [
            stone["name"],
            Span(stone["word"], colour="red-t" if stone["why"] == "late" else ""),
            stone["baseline"] or EMPTY,
            (stone["actual"] if stone["why"] == "reached" else stone["expected"]) or EMPTY,
            Span(stone["slip"] or EMPTY, colour="red-t" if (stone["days"] or 0) > 0 else ""),
        ]
        for stone in doc["milestones"]
    ]
    return [head, Table(columns, rows)]


def _section(section: Any, labels: Any) -> list[Block]:
    sides: list[Block] = []
    for side in ("pending", "completed"):
        count, rows = section[f"{side}_count"], section[side]
        sides.append(Text(f"{section['label']} · {labels[side]} · {count}", _SIDE, keep=bool(rows)))
        if not rows:
            sides.append(Text(labels["none"], SMALL))
            continue
        columns = [Column("", share=share) for share in (1.1, 4.4, 1.2, 1.2, 1)]
        columns.append(Column("", numeric=True, share=1.4))
        sides.append(Table(columns, [_listed(row) for row in rows], plain=True, size=8))
        sides += _more(labels, count > len(rows))
    return sides


def _listed(row: Any) -> list[Any]:
    return [
        Span(row["code"], colour="t3"),
        Span(row["title"], bold=row["grave"]),
        row["word"] or "",
        row["who"] or "",
        Span(row["due"] or "", colour="red-t" if row["late"] else ""),
        row["amount"] or "",
    ]


def _changes(doc: Any, labels: Any) -> list[Block]:
    changes = doc.get("changes")
    if not changes:
        return []
    blocks: list[Block] = [Text(f"{labels['changes']} · {changes['against']}", HEADING, keep=True)]
    if not changes["groups"]:
        return [*blocks, Text(labels["unchanged"], SMALL)]
    rows: list[list[Any]] = []
    for group in changes["groups"]:
        lines: list[Block] = [Text(line, Style(8.5, 12.5, after=1)) for line in group["lines"]]
        if group["more"]:
            lines.append(Text(f"+{group['more']} {labels['more']}", SMALL))
        rows.append([Span(group["label"], bold=True), lines])
    return [*blocks, Table([Column("", share=1), Column("", share=5)], rows, plain=True)]


def frozen_note(doc: Any, sha256: str) -> str:
    """The foot of a published report: nothing in it depends on who prints it when."""
    told = {"day": doc["report"]["published_on"] or EMPTY, "sum": sha256[:16]}
    return _("Published on %(day)s, check sum %(sum)s") % told
