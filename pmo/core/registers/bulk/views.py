"""The pages of a bulk change: what to do with the chosen rows, what that would do, and then the result."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pmo.core.audit.actor import request_actor
from pmo.core.registers.access import may_edit_some, may_see_trash
from pmo.core.registers.bulk.operations import (
    DAYS,
    SHIFT,
    VERB,
    VERBS,
    Reading,
    bulk_form,
    raw_of,
    read_operations,
    verbs_of,
)
from pmo.core.registers.bulk.requests import (
    ALL,
    DELETE,
    EDIT,
    RESTORE,
    ROWS,
    BulkRequest,
    SelectionError,
    matching,
    read_request,
)
from pmo.core.registers.bulk.services import preview
from pmo.core.registers.bulk.starting import start_bulk
from pmo.core.registers.controls import sentence
from pmo.core.registers.declaration import Register
from pmo.core.registers.forms import grouped_fields
from pmo.core.registers.once import made_before, new_token, once, sent_token
from pmo.core.registers.undo.models import UndoEntry
from pmo.core.registers.undo.services import AT_ONCE
from pmo.core.registers.views.common import list_url, register_or_404

STEP, PREVIEW, RUN, BACK = "step", "preview", "run", "back"
PURPOSE = "bulk"


@dataclass(frozen=True)
class FieldLine:
    """One field of the page: what can be done, what was chosen, its input."""

    field: Any
    verbs: list[tuple[str, Any]]
    chosen: str
    days: str
    movable: bool
    errors: list[str]


@require_POST
def register_bulk(request: HttpRequest, key: str) -> HttpResponse:
    """Step by step: choose what to do, preview, run. The rows come along: chosen ones, or the filter of the address."""
    register = register_or_404(key)
    _check(register, request)
    asked = read_request(request.POST, request.GET.urlencode())
    if not asked.ids and not asked.all_matching:
        messages.warning(request, _("Choose rows first."))
        return HttpResponseRedirect(_back(register, asked))
    try:
        return _step(request, register, asked)
    except SelectionError as error:
        messages.error(request, " ".join(sentence(error.errors)))
        return HttpResponseRedirect(_back(register, asked))


def _check(register: Register, request: HttpRequest) -> None:
    """Refuse who may do this with no row at all."""
    if request.POST.get("act") in {DELETE, RESTORE}:
        may_see_trash(register, request.user).or_raise()
    else:
        may_edit_some(register, request.user).or_raise()


def _step(request: HttpRequest, register: Register, asked: BulkRequest) -> HttpResponse:
    step = request.POST.get(STEP, "")
    if asked.act == EDIT:
        if step not in {PREVIEW, RUN}:
            # From the preview one comes back with everything that was typed.
            return _fields_page(request, register, asked, Reading())
        reading = read_operations(register, request.user, request.POST)
        if reading.errors or not reading.operations:
            return _fields_page(request, register, asked, reading)
        asked = _with_raw(asked, raw_of(reading.operations, request.POST))
    return _run(request, register, asked) if step == RUN else _preview_page(request, register, asked)


def _with_raw(asked: BulkRequest, raw: dict[str, list[str]]) -> BulkRequest:
    return BulkRequest(**{**vars(asked), "raw": raw})


def _fields_page(request: HttpRequest, register: Register, asked: BulkRequest, reading: Reading) -> HttpResponse:
    step = request.POST.get(STEP, "")
    sent = step in {PREVIEW, RUN}
    form = bulk_form(register, request.user, request.POST if sent or step == BACK else None)
    context = {
        "register": register,
        "groups": [
            (title, [_line(register, request, reading, item) for item in items])
            for title, items in grouped_fields(register, form)
        ],
        "form": form,
        "count": matching(register, request.user, asked).count(),
        "nothing": sent and not reading.operations and not reading.errors,
        "errors": reading.errors,
        "hidden": _hidden(asked, {}),
        "query": asked.query,
        "back": _back(register, asked),
        "reason": asked.reason,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if sent else HTTPStatus.OK
    return render(request, "registers/bulk_fields.html", context, status=status)


def _line(register: Register, request: HttpRequest, reading: Reading, bound_field: Any) -> FieldLine:
    name, form_field = bound_field.name, bound_field.field
    form_field.widget.attrs |= {"aria-label": str(bound_field.label), "data-bulk-value": ""}
    verbs = verbs_of(register, name, form_field)
    return FieldLine(
        field=bound_field,
        verbs=[(verb, VERBS[verb]) for verb in verbs],
        chosen=request.POST.get(f"{VERB}{name}", ""),
        days=request.POST.get(f"{DAYS}{name}", ""),
        movable=SHIFT in verbs,
        errors=reading.errors.get(name, []),
    )


def _preview_page(request: HttpRequest, register: Register, asked: BulkRequest) -> HttpResponse:
    seen = preview(actor=request_actor(request), register=register, request=asked)
    context = {
        "register": register,
        "act": asked.act,
        "preview": seen,
        "outcome": seen.outcome,
        "untried": seen.matched - seen.outcome.tried,
        "as_job": seen.matched > AT_ONCE,
        "hidden": [*_hidden(asked, seen.outcome.versions), *_raw_pairs(asked)],
        "query": asked.query,
        "back": _back(register, asked),
        "reason": asked.reason,
        "token": new_token(),
    }
    return render(request, "registers/bulk_preview.html", context)


def _run(request: HttpRequest, register: Register, asked: BulkRequest) -> HttpResponse:
    """Once for each preview: a second click leads to the result of the first."""
    token = sent_token(request.POST)
    purpose = f"{PURPOSE}:{register.key}"
    entry = once(
        user=request.user,
        token=token,
        purpose=purpose,
        work=lambda: start_bulk(actor=request_actor(request), register=register, request=asked),
    )
    if entry is None:
        earlier = made_before(user=request.user, token=token, purpose=purpose)
        entry = UndoEntry.objects.filter(pk=earlier or 0, user_id=int(request.user.pk or 0)).first()
    if entry is None:
        return HttpResponseRedirect(_back(register, asked))
    return HttpResponseRedirect(reverse("change-detail", kwargs={"uid": entry.uid}))


def _hidden(asked: BulkRequest, versions: dict[int, int]) -> list[tuple[str, str]]:
    """The rows and the act for the next step; from the preview on with the versions that were seen."""
    if asked.all_matching:
        return [("act", asked.act), (ALL, "1")]
    rows = [(ROWS, f"{pk}:{versions[pk]}" if pk in versions else str(pk)) for pk in asked.ids]
    return [("act", asked.act), *rows]


def _raw_pairs(asked: BulkRequest) -> list[tuple[str, str]]:
    return [(key, text) for key, texts in asked.raw.items() for text in texts]


def _back(register: Register, asked: BulkRequest) -> str:
    if asked.act == RESTORE:
        return reverse("register-trash", kwargs={"key": register.key})
    return f"{list_url(register)}?{asked.query}" if asked.query else list_url(register)
