"""The preview of a field: how its form field looks, what the first rows have, and what a formula can read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pmo.core.calendars.queries import org_today
from pmo.core.custom_fields.columns import column_of
from pmo.core.custom_fields.fields import form_field
from pmo.core.custom_fields.formula.checking import FUNCTIONS
from pmo.core.custom_fields.formula.tree import FormulaError, fields_of
from pmo.core.custom_fields.formula.working import work_out
from pmo.core.custom_fields.formulas import checked, expression_for, usable
from pmo.core.custom_fields.models import CustomField, Kind
from pmo.core.custom_fields.services.definitions import described, living_of
from pmo.core.people.models import Person
from pmo.core.registers.cells import CellMaker
from pmo.core.registers.declaration import Register, UnknownRegisterError, declared_register
from pmo.core.registers.expressions import annotate_columns
from pmo.core.registers.fields import Bound
from pmo.core.registers.queries import visible
from pmo.core.registers.views.details import fact_html
from pmo.core.web import formats

ROWS, OFFERED = 5, 20
TYPES: dict[str, Any] = {
    "number": pgettext_lazy("type of field", "Number"),
    "money": gettext_lazy("Money"),
    "date": gettext_lazy("Date"),
    "text": pgettext_lazy("type of field", "Text"),
    "bool": gettext_lazy("Yes or no"),
}


def preview(request: HttpRequest, row: Any) -> HttpResponse:
    """The tab of a definition."""
    field = CustomField.objects.get(pk=row.pk)
    try:
        declared = declared_register(field.register)
    except UnknownRegisterError:
        return render(request, "custom_fields/preview.html", {"field": field, "gone": True})
    one = described(field)
    others = living_of(field.register, field.pk)
    fields = usable(declared, others)
    worked = worked_out(request.user, declared, field.formula, fields) if field.kind == Kind.FORMULA else []
    lines, numeric = _lines(request, declared, one, others)
    context = {
        "field": field,
        "register": declared,
        "control": None if field.kind == Kind.FORMULA else _control(one),
        "lines": lines,
        "numeric": numeric,
        "usable": [(name, bound.label, TYPES[kind.name]) for name, (kind, bound) in fields.items()],
        "functions": FUNCTIONS,
        "how": worked,
        "read": [label for label, _value in worked[0][2]] if worked else [],
    }
    return render(request, "custom_fields/preview.html", context)


def _control(one: Any) -> Any:
    """The form field, unbound; of the people it offers only the first are drawn."""
    shown = form_field(one)
    if isinstance(shown, forms.ModelChoiceField):
        shown.queryset = Person.objects.all()[:OFFERED]
    made: Any = type("Preview", (forms.Form,), {one.name: shown})
    return made(prefix="preview")[one.name]


def _said(value: Any) -> Any:
    """A result as the reader writes it."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return formats.format_number(value, 2) if isinstance(value, Decimal) else value


def _lines(request: HttpRequest, declared: Register, one: Any, others: list[Any]) -> tuple[list[tuple[str, Any]], bool]:
    """(row, value) of the first rows the reader sees, and whether the values stand at the right."""
    formula = expression_for(declared, one, others) if one.kind == Kind.FORMULA else None
    bound = Bound(declared, column_of(declared, one, formula), None)
    rows = list(annotate_columns(visible(declared, request.user), [bound], request.user).order_by("pk")[:ROWS])
    maker = CellMaker(declared)
    maker.prepare([bound], rows)
    return [(str(row), fact_html(maker, bound, row)) for row in rows], bound.align == "right"


def worked_out(
    user: Any, declared: Register, formula: str, fields: Any, most: int = ROWS
) -> list[tuple[str, Any, list[Any]]]:
    """(row, result, [(field, value)]) of the first rows, worked out in Python from what the reader sees."""
    try:
        tree, _kind = checked(formula, fields)
    except FormulaError:
        return []
    bounds = [fields[name][1] for name in sorted(fields_of(tree))]
    rows = list(annotate_columns(visible(declared, user), bounds, user).order_by("pk")[:most])
    found = []
    maker = CellMaker(declared)
    maker.prepare(bounds, rows)
    for row in rows:
        values = {bound.name: bound.value_of(row) for bound in bounds}
        found.append(
            (str(row), _said(work_out(tree, values, org_today())), [(b.label, maker.text(b, row)) for b in bounds])
        )
    return found
