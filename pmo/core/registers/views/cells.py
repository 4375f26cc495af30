"""Editing one cell of the list in place."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pmo.core.access.decisions import Refused
from pmo.core.audit.actor import request_actor
from pmo.core.records.services import StaleRecord
from pmo.core.registers import access
from pmo.core.registers.cells import CellMaker
from pmo.core.registers.conflicts import present
from pmo.core.registers.declaration import Register
from pmo.core.registers.expressions import MAY_CHANGE, annotate_columns, may_change
from pmo.core.registers.fields import bind, protected_fields
from pmo.core.registers.forms import RegisterForm, make_form
from pmo.core.registers.history import hidden_fields
from pmo.core.registers.listing import make_row, row_writer, sums_beside
from pmo.core.registers.preferences import preference
from pmo.core.registers.queries import get_row, visible
from pmo.core.registers.saved_views.queries import expanded
from pmo.core.registers.services import FieldRefusedError, not_editable
from pmo.core.registers.state import ListState, read_state
from pmo.core.registers.undo.edits import edit_remembered, undo_url
from pmo.core.registers.units import units_said
from pmo.core.registers.views.common import go, register_or_404, row_url, toast, trigger, vary, wants_fragment

_LONGEST_UNITS = 2000


@require_http_methods(["GET", "POST"])
def register_cell(request: HttpRequest, key: str, pk: int, field: str) -> HttpResponse:
    """GET gives the editor of one cell, POST saves it and gives the row anew. Without htmx both lead to the form."""
    register = register_or_404(key)
    if field not in register.inline_fields:
        raise Http404(_("This field is not edited in the list."))
    seen = get_row(register, request.user, pk, columns=protected_fields(register).values())
    access.may_change(register, request.user, seen).or_raise()
    if field in hidden_fields(register, seen) | not_editable(register, request.user, seen):
        raise Refused(_("You may not see or change this field on this record."))
    if not wants_fragment(request):
        return go(request, f"{row_url('register-edit', register, pk)}#field-{field}")
    if request.method == "GET":
        form = _form(request, register, pk, field)
        return vary(_editor(request, register, seen, form, field))
    return vary(_save(request, register, seen, field))


def _form(request: HttpRequest, register: Register, pk: int, field: str, data: Any = None) -> RegisterForm:
    instance = register.model._base_manager.get(pk=pk)
    return make_form(register, request.user, instance, names=[field], data=data)


def _editor(
    request: HttpRequest,
    register: Register,
    row: Any,
    form: RegisterForm,
    field: str,
    status: HTTPStatus = HTTPStatus.OK,
    conflict: str = "",
) -> HttpResponse:
    bound_field = form[field]
    bound_field.field.widget.attrs |= {"aria-label": str(bound_field.label), "data-cell-input": ""}
    context = {
        "register": register,
        "row": row,
        "form": form,
        "field": bound_field,
        "name": field,
        "conflict": conflict,
        "query": request.GET.urlencode(),
        "version": row.version,
    }
    response = render(request, "registers/cell.html", context, status=status)
    if request.method == "POST":
        response["HX-Retarget"] = f"#row-{row.pk} [data-field={field}]"
        response["HX-Reswap"] = "innerHTML"
    return response


def _save(request: HttpRequest, register: Register, seen: Any, field: str) -> HttpResponse:
    form = _form(request, register, seen.pk, field, request.POST)
    if not form.is_valid():
        return _editor(request, register, seen, form, field, HTTPStatus.UNPROCESSABLE_ENTITY)
    text = request.POST.get("version", "")
    version = int(text[:9]) if text.isascii() and text.isdigit() else 0
    row: Any = register.model._base_manager.get(pk=seen.pk)
    try:
        saved, entry = edit_remembered(
            register=register,
            actor=request_actor(request),
            row=row,
            values=form.changed_values(),
            expected_version=version,
        )
    except StaleRecord as stale:
        return _editor(
            request, register, stale.current, form, field, HTTPStatus.CONFLICT, _now(register, stale.current, field)
        )
    except (ValidationError, FieldRefusedError) as error:
        _take(form, error)
        return _editor(request, register, seen, form, field, HTTPStatus.UNPROCESSABLE_ENTITY)
    response = _row(request, register, seen.pk)
    events: dict[str, Any] = {"bw:cell-saved": {"pk": seen.pk, "field": field}}
    if entry is not None:
        events["bw:toast"] = toast(_("Saved: %(name)s") % {"name": saved}, undo=undo_url(entry))
    return trigger(response, events)


def _take(form: RegisterForm, error: ValidationError | FieldRefusedError) -> None:
    if isinstance(error, FieldRefusedError):
        form.add_error(error.field, str(error.reason))
    else:
        form.take_errors(error)


def _now(register: Register, current: Any, field: str) -> str:
    """The other person's value in words."""
    bound = bind(register, field)
    value = present(register, current, field)
    if bound.target is not None and value is not None:
        return str(value)
    return CellMaker(register).plain(bound, value)


def _row(request: HttpRequest, register: Register, pk: int) -> HttpResponse:
    """The line of the list with the row's present values."""
    kept = preference(user=request.user, register=register)
    opened = expanded(register, request.user, request.GET)
    params = opened.params.copy()
    for name in ("n", "_units"):
        params.pop(name, None)
    state = read_state(register, request.user, params, kept.columns, kept.page_size, kept.numbered)
    row = _listed(state, pk)
    if row is None:
        return HttpResponse()
    maker = CellMaker(register)
    maker.prepare(state.needed, [row])
    # The heads of the table stay as they are, and with them the units of its amounts.
    units = units_said(request.GET.get("_units", "")[:_LONGEST_UNITS], maker.lang)
    maker.keep_units(units, state.columns, row)
    number = request.GET.get("n", "1")
    line = make_row(
        state, maker, row_writer(state, maker), row, int(number[:9]) if number.isascii() and number.isdigit() else 1
    )
    beside = sums_beside(state, units, row)
    more = render_to_string("registers/beside.html", {"listing": beside}, request) if beside is not None else ""
    return HttpResponse(f"{line.html}{more}")


def _listed(state: ListState, pk: int) -> Any:
    rows = annotate_columns(visible(state.register, state.user), state.needed, state.user)
    return rows.annotate(**{MAY_CHANGE: may_change(state.register, state.user)}).filter(pk=pk).first()
