"""Creating and editing a row: form, errors, and the page for a conflict, on which nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pmo.core.access.decisions import Refused
from pmo.core.audit.actor import request_actor
from pmo.core.records.services import StaleRecord
from pmo.core.registers.access import may_add, may_change
from pmo.core.registers.cells import detail_url
from pmo.core.registers.conflicts import WAS, conflict_of, merged, raw_values
from pmo.core.registers.declaration import Register
from pmo.core.registers.fields import bind, protected_fields
from pmo.core.registers.forms import RegisterForm, editable_names, grouped_fields, make_form
from pmo.core.registers.history import hidden_fields
from pmo.core.registers.once import made_before, new_token, once, sent_token
from pmo.core.registers.queries import get_row
from pmo.core.registers.services import FieldRefusedError, create_row, not_editable, writable_at_all
from pmo.core.registers.undo.edits import edit_remembered, undo_url
from pmo.core.registers.views.common import (
    go,
    list_url,
    register_or_404,
    row_url,
    safe_next,
)


@dataclass(frozen=True)
class Beginning:
    """Where a row begins that is made from something else: what is filled in, and what follows with the row.

    `then(row)` runs in the transaction of the row and may raise ValidationError: then neither stays. `url(row)` is where
    the page goes on, `back` where it is left.
    """

    lead: str
    values: Mapping[str, Any]
    then: Callable[[Any], Any]
    url: Callable[[Any], str]
    back: str


@require_http_methods(["GET", "POST"])
def register_create(request: HttpRequest, key: str) -> HttpResponse:
    """The form for a new row; parameters of the address fill fields in."""
    return create_page(request, register_or_404(key))


def create_page(request: HttpRequest, register: Register, beginning: Beginning | None = None) -> HttpResponse:
    """The form for a new row and what becomes of it, for the register's own page and for pages that begin elsewhere."""
    may_add(register, request.user).or_raise()
    names = writable_at_all(register, request.user)
    if request.method == "GET":
        given = beginning.values if beginning else request.GET
        initial = dict(register.begins(request.user)) if register.begins else {}
        initial |= {name: _filled(register, name, str(value)) for name, value in given.items() if name in names}
        form = make_form(register, request.user, register.model(), names=names, initial=initial)
        return _form_page(request, register, form, None, beginning)
    form = make_form(register, request.user, register.model(), names=names, data=request.POST)
    row = _created_once(request, register, form, beginning)
    if row is not None:
        messages.success(request, _("%(what)s created: %(name)s") % {"what": register.singular, "name": row})
        if beginning is not None:
            return go(request, beginning.url(row))
        if "another" in request.POST:
            return go(request, row_url_again(request))
        return go(request, safe_next(request, detail_url(register, row)))
    return _form_page(request, register, form, None, beginning)


def _created_once(request: HttpRequest, register: Register, form: RegisterForm, beginning: Beginning | None) -> Any:
    """The new row, or the one that this very form made when it was sent before; None with the form's errors."""
    token = sent_token(request.POST)
    if form.is_valid():
        row = once(
            user=request.user,
            token=token,
            purpose=register.key,
            work=lambda: _created(request, register, form, beginning),
        )
        if row is not None:
            return row
    earlier = made_before(user=request.user, token=token, purpose=register.key)
    return register.model._base_manager.filter(pk=earlier).first() if earlier else None


def _filled(register: Register, name: str, text: str) -> Any:
    """A value of the address as the form takes it: records are named by their id."""
    is_id = bind(register, name).kind == "fk" and text.isascii() and text.isdigit()
    return int(text[:18]) if is_id else text


def row_url_again(request: HttpRequest) -> str:
    """The empty form once more, with what the address filled in."""
    return request.get_full_path()


def _created(request: HttpRequest, register: Register, form: RegisterForm, beginning: Beginning | None) -> Any:
    """The new row, or None with the reason in the form's errors."""
    given = [name for name in form.changed_data if form.cleaned_data.get(name) not in (None, "")]
    try:
        with transaction.atomic():
            row = create_row(
                register=register,
                actor=request_actor(request),
                row=form.instance,
                given=given,
                reason=request.POST.get("reason", ""),
            )
            if beginning is not None:
                beginning.then(row)
        return row
    except ValidationError as error:
        form.take_errors(error)
    except Refused as refused:
        form.add_error(None, str(refused.reason))
    except FieldRefusedError as refused_field:
        form.add_error(refused_field.field, str(refused_field.reason))
    return None


@require_http_methods(["GET", "POST"])
def register_edit(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """The form of a row; somebody faster makes the conflict page."""
    register = register_or_404(key)
    seen = get_row(register, request.user, pk, columns=protected_fields(register).values())
    may_change(register, request.user, seen).or_raise()
    names = editable_names(register, hidden_fields(register, seen) | not_editable(register, request.user, seen))
    if request.method == "GET":
        form = make_form(register, request.user, _plain(register, pk), names=names)
        return _form_page(request, register, form, seen)
    current_form = make_form(register, request.user, _plain(register, pk), names=names)
    form = make_form(register, request.user, _plain(register, pk), names=names, data=merged(request.POST, current_form))
    if not form.is_valid():
        return _form_page(request, register, form, seen)
    try:
        row, entry = edit_remembered(
            register=register,
            actor=request_actor(request),
            row=_plain(register, pk),
            values=form.changed_values(),
            expected_version=_version(request),
            reason=request.POST.get("reason", ""),
        )
    except StaleRecord as stale:
        return _conflict_page(request, register, form, stale.current, names)
    except ValidationError as error:
        form.take_errors(error)
        return _form_page(request, register, form, seen)
    except FieldRefusedError as refused:
        form.add_error(refused.field, str(refused.reason))
        return _form_page(request, register, form, seen)
    messages.success(request, _("Saved: %(name)s") % {"name": row}, extra_tags=undo_url(entry))
    return go(request, safe_next(request, detail_url(register, row)))


def _plain(register: Register, pk: int) -> Any:
    """The row with all its own fields, for a form to work on or a service to change."""
    return register.model._base_manager.get(pk=pk)


def _version(request: HttpRequest) -> int:
    """The version the form was opened with; one that cannot be read counts as outdated."""
    text = request.POST.get("version", "")
    return int(text[:9]) if text.isascii() and text.isdigit() else 0


def _form_page(
    request: HttpRequest, register: Register, form: RegisterForm, row: Any, beginning: Beginning | None = None
) -> HttpResponse:
    first = request.method == "GET"
    back = detail_url(register, row) if row is not None else list_url(register)
    back = beginning.back if beginning is not None else back
    context = {
        "register": register,
        "form": form,
        "row": row,
        "groups": grouped_fields(register, form),
        "version": request.POST.get("version", getattr(row, "version", "")),
        "was": raw_values(form) if first else _was(request),
        "reason": request.POST.get("reason", ""),
        "token": "" if row is not None else sent_token(request.POST) or new_token(),
        "back": safe_next(request, back),
        "next": request.POST.get("next", request.GET.get("next", "")),
        "beginning": beginning,
    }
    status = HTTPStatus.OK if first else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "registers/form.html", context, status=status)


def _was(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, value in request.POST.items() if name.startswith(WAS)]


def _conflict_page(
    request: HttpRequest, register: Register, form: RegisterForm, current: Any, names: list[str]
) -> HttpResponse:
    current_form = make_form(register, request.user, current, names=names)
    conflict = conflict_of(register=register, form=form, current_form=current_form, current=current, sent=request.POST)
    context = {
        "register": register,
        "conflict": conflict,
        "row": current,
        "reason": request.POST.get("reason", ""),
        "action": row_url("register-edit", register, current.pk),
        "back": detail_url(register, current),
        "next": request.POST.get("next", ""),
    }
    return render(request, "registers/conflict.html", context, status=HTTPStatus.CONFLICT)
