"""An empty file to fill in: the target's fields as headers in the reader's language, and a sheet that explains them."""

from __future__ import annotations

import csv
import io
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from pmo.core.imports.export_safe import XLSX_WRITER_OPTIONS, safe_csv_cell, xlsx_text
from pmo.core.imports.fields import ImportField
from pmo.core.imports.shown import meanings
from pmo.core.imports.targets import ImportTarget

KINDS = ("xlsx", "csv")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BOM = "\ufeff"
_FORMATTED_ROWS = 1000
KIND_NAMES: dict[str, Any] = {
    "text": pgettext_lazy("kind of value", "text"),
    "integer": pgettext_lazy("kind of value", "whole number"),
    "decimal": pgettext_lazy("kind of value", "number"),
    "money": pgettext_lazy("kind of value", "amount of money"),
    "percent": pgettext_lazy("kind of value", "percent"),
    "date": pgettext_lazy("kind of value", "date"),
    "bool": pgettext_lazy("kind of value", "yes or no"),
    "choice": pgettext_lazy("kind of value", "one of the words"),
    "rag": pgettext_lazy("kind of value", "rating"),
    "reference": pgettext_lazy("kind of value", "record"),
}


def template_of(target: ImportTarget, user: Any, kind: str) -> tuple[bytes, str]:
    """The file's content and its type; fields that the user may not fill are left out."""
    fields = headed(target, user)
    if kind == "csv":
        return _csv(fields), "text/csv; charset=utf-8"
    return _xlsx(target, fields), XLSX_TYPE


def headed(target: ImportTarget, user: Any) -> list[ImportField]:
    """The fields of the template; a name in either language stands beside its two languages and is not repeated."""
    engine = target.engine_target(user)
    pairs = {key for key in engine.fields if f"{key}_zh" in engine.fields and f"{key}_en" in engine.fields}
    return [one for key, one in engine.fields.items() if key not in pairs]


def _csv(fields: list[ImportField]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([safe_csv_cell(str(one.label)) for one in fields])
    return (_BOM + text.getvalue()).encode()


def _xlsx(target: ImportTarget, fields: list[ImportField]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {**XLSX_WRITER_OPTIONS, "in_memory": True}) as book:
        head = book.add_format({"bold": True, "bg_color": "#F1F3F6", "bottom": 1, "text_wrap": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(_name(str(target.label)))
        for place, one in enumerate(fields):
            sheet.write_string(0, place, xlsx_text(str(one.label)), head)
            sheet.set_column(place, place, 18, day if one.kind == "date" else None)
            _offer_words(sheet, place, target, one)
        sheet.freeze_panes(1, 0)
        _explain(book.add_worksheet(_name(_("How to fill in"))), target, fields, head, wrap)
    return content.getvalue()


def _offer_words(sheet: Any, place: int, target: ImportTarget, one: ImportField) -> None:
    """A list to choose from where a spreadsheet can hold it (255 characters)."""
    words = [str(label) for _value, label in meanings(target, one)]
    if words and len(",".join(words)) <= 255 and not any("," in word for word in words):
        sheet.data_validation(1, place, _FORMATTED_ROWS, place, {"validate": "list", "source": words})


def _explain(sheet: Any, target: ImportTarget, fields: list[ImportField], head: Any, wrap: Any) -> None:
    titles = (_("Column"), _("Required"), _("What it holds"), _("Words that are understood"), _("Remarks"))
    for place, (title, width) in enumerate(zip(titles, (24, 14, 18, 48, 60), strict=True)):
        sheet.write_string(0, place, title, head)
        sheet.set_column(place, place, width)
    key = [target.field(name) for name in target.match_key]
    for line, one in enumerate(fields, 1):
        required = _("always") if one.required else _("for new rows") if one.needed else ""
        remarks = [str(one.help)] if one.help else []
        if any(other is not None and other.key == one.key for other in key):
            remarks.append(_("Part of the key by which an existing record is found."))
        words = _(", ").join(str(label) for _value, label in meanings(target, one))
        texts = (str(one.label), required, str(KIND_NAMES[one.kind]), words, " ".join(remarks))
        for place, text in enumerate(texts):
            sheet.write_string(line, place, xlsx_text(text), wrap)
    sheet.freeze_panes(1, 1)


def _name(title: str) -> str:
    """A sheet name that a spreadsheet takes."""
    clean = "".join(" " if letter in "[]:*?/\\'" else letter for letter in title).strip()
    return clean[:31] or "1"
