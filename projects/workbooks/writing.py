"""Write the Excel form: what is computed is locked, what is asked is open, colours are chosen from a list, texts are texts."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from pmo.core.imports.export_safe import XLSX_WRITER_OPTIONS, xlsx_text
from projects.models.choices import Band
from projects.workbooks.layout import (
    ASK_FIELDS,
    ASK_ROWS,
    ASKS_HEAD,
    ASKS_SHEET,
    COLOUR,
    COMMENT,
    COMPUTED,
    DATE,
    ENTRY,
    FACTS_SHEET,
    FIXED,
    HELP_SHEET,
    REPORT_HEAD,
    REPORT_SHEET,
    Item,
    colour_word,
    label_pair,
)

_LIST_LENGTH = 255


@dataclass(frozen=True)
class Filled:
    """One row as it goes out: the item, what is computed, the entry and the comment."""

    item: Item
    computed: Any = ""
    entry: Any = ""
    comment: str = ""


@dataclass(frozen=True)
class Workbook:
    """Everything in the file: rows, decisions typed so far, whom they can be asked from, and the report as it reads."""

    rows: Sequence[Filled]
    asks: Sequence[Sequence[Any]]
    deciders: Sequence[str]
    document: Any


def write_workbook(content: Workbook) -> bytes:
    """The file. Nothing in it is a formula or a link; the locked cells are protected without a password."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {**XLSX_WRITER_OPTIONS, "in_memory": True}) as book:
        style = _styles(book)
        _report_sheet(book.add_worksheet(REPORT_SHEET), content.rows, style)
        _asks_sheet(book.add_worksheet(ASKS_SHEET), content, style)
        _facts_sheet(book.add_worksheet(FACTS_SHEET), content.document, style)
        _help_sheet(book.add_worksheet(HELP_SHEET), style)
    return target.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    wrap = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D2D8E1"}
    open_cell = {**wrap, "locked": False, "bg_color": "#FFFFFF"}
    locked = {**wrap, "bg_color": "#F1F3F6", "font_color": "#465064"}
    return {
        "head": book.add_format({"bold": True, "bg_color": "#E4E8EE", "valign": "top", "text_wrap": True, "border": 1}),
        "locked": book.add_format(locked),
        "text": book.add_format({**open_cell, "num_format": "@"}),
        "date": book.add_format({**open_cell, "num_format": "yyyy-mm-dd", "align": "left"}),
        "number": book.add_format({**open_cell, "num_format": "#,##0.00", "align": "left"}),
        "colour": book.add_format(open_cell),
        "locked_date": book.add_format({**locked, "num_format": "yyyy-mm-dd", "align": "left"}),
    }


def _put(sheet: Any, line: int, place: int, value: Any, style: Any, dated: Any = None) -> None:
    """A value by its type; a text is a text whatever it begins with."""
    if value is None or value == "":
        sheet.write_blank(line, place, None, style)
    elif isinstance(value, datetime.date):
        sheet.write_datetime(line, place, value, dated or style)
    elif isinstance(value, Decimal | int | float):
        sheet.write_number(line, place, float(value), style)
    else:
        sheet.write_string(line, place, xlsx_text(str(value)), style)


def _head(sheet: Any, titles: Sequence[str], widths: Sequence[int], style: dict[str, Any]) -> None:
    for place, (title, width) in enumerate(zip(titles, widths, strict=True)):
        sheet.write_string(0, place, title, style["head"])
        sheet.set_column(place, place, width)
    sheet.freeze_panes(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _report_sheet(sheet: Any, rows: Sequence[Filled], style: dict[str, Any]) -> None:
    _head(sheet, REPORT_HEAD, (14, 26, 22, 28, 60, 50), style)
    sheet.set_column(0, 0, 14, None, {"hidden": True})
    colours = [colour_word(band) for band in Band.values]
    for line, row in enumerate(rows, 1):
        item = row.item
        english, chinese = label_pair(item.label)
        for place, text in enumerate((item.key, english, chinese)):
            sheet.write_string(line, place, text, style["locked"])
        _put(sheet, line, COMPUTED, row.computed, style["locked"], style["locked_date"])
        entry = style["locked"] if item.kind == FIXED else style[item.kind]
        _put(sheet, line, ENTRY, row.entry, entry)
        _put(sheet, line, COMMENT, row.comment, style["text"] if item.comment else style["locked"])
        if item.kind == COLOUR:
            sheet.data_validation(line, ENTRY, line, ENTRY, {"validate": "list", "source": colours})
        elif item.kind == DATE:
            sheet.data_validation(line, ENTRY, line, ENTRY, _a_date())
        elif item.key == "summary":
            limit = {"validate": "length", "criteria": "<=", "value": 500, "error_type": "warning"}
            sheet.data_validation(line, ENTRY, line, ENTRY, limit)


def _a_date() -> dict[str, Any]:
    return {"validate": "date", "criteria": ">=", "value": datetime.date(2000, 1, 1), "ignore_blank": True}


def _asks_sheet(sheet: Any, content: Workbook, style: dict[str, Any]) -> None:
    _head(sheet, ASKS_HEAD, (60, 30, 16, 28), style)
    kinds = dict(zip(ASK_FIELDS, ("text", "text", "date", "number"), strict=True))
    for line in range(1, ASK_ROWS + 1):
        values = content.asks[line - 1] if line <= len(content.asks) else ("",) * len(ASK_FIELDS)
        for place, (field, value) in enumerate(zip(ASK_FIELDS, values, strict=True)):
            _put(sheet, line, place, value, style[kinds[field]])
    if content.deciders and len(",".join(content.deciders)) <= _LIST_LENGTH:
        choice = {"validate": "list", "source": list(content.deciders), "error_type": "warning"}
        sheet.data_validation(1, 1, ASK_ROWS, 1, choice)
    sheet.data_validation(1, 2, ASK_ROWS, 2, _a_date())


def _facts_sheet(sheet: Any, document: Any, style: dict[str, Any]) -> None:
    """Milestones and lists as the system knows them, to read while writing."""
    labels = document["labels"]
    titles = (labels["milestone"], labels["baseline"], labels["expected"], labels["slip"], labels["status"])
    _head(sheet, titles, (60, 24, 24, 16, 20), style)
    line = 1
    for stone in document["milestones"]:
        values = (stone["name"], stone["baseline"], stone["actual"] or stone["expected"], stone["slip"], stone["word"])
        for place, value in enumerate(values):
            _put(sheet, line, place, value, style["locked"])
        line += 1
    for section in document["sections"]:
        for side in ("pending", "completed"):
            for row in section[side]:
                values = (row["title"], f"{section['label']}, {labels[side]}", row["due"], row["who"], row["word"])
                for place, value in enumerate(values):
                    _put(sheet, line, place, value, style["locked"])
                line += 1


def _help_sheet(sheet: Any, style: dict[str, Any]) -> None:
    told = (
        _("Fill in the white cells of the first sheet; grey cells are computed and are not read back."),
        _("Choose a colour from the list. Write a comment where it is not green or differs from the computed one."),
        _("Dates such as 2026-11-20. The executive summary holds 500 characters."),
        _("Decisions needed: say what, from whom and by when. They are filed when the report is submitted."),
        _("Upload the file on the page of the report: you see every change before it becomes the draft."),
    )
    sheet.set_column(0, 0, 110)
    for line, text in enumerate(told):
        sheet.write_string(line, 0, text, style["locked"])
