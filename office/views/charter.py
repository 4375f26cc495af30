"""The charter as a document: text, decision rights, signatures, revisions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from office.access import may_sign
from office.forms.charter import ReasonForm, rights_formset
from office.models import PMOCharter
from office.queries.units import charters_of
from office.services import charters
from office.views.assessment import person_of
from pmo.core.access.api import can, get_or_refuse
from pmo.core.audit.actor import request_actor
from pmo.core.calendars.queries import org_today, organisation
from pmo.core.people.names import localised
from pmo.core.records.services import StaleRecord

State = PMOCharter.State


def _charter(request: HttpRequest, pk: int, action: str = "view") -> PMOCharter:
    found: PMOCharter = get_or_refuse(request.user, PMOCharter, pk, action)
    return found


@require_safe
def pmo_charter(request: HttpRequest, pk: int) -> HttpResponse:
    """One revision of a charter."""
    row = _charter(request, pk)
    revisions, ours = charters_of(row.unit), organisation()
    context: dict[str, Any] = {
        "charter": row,
        "unit": row.unit,
        "today": org_today(),
        "organisation_name": localised(ours.name_zh, ours.name_en),
        "rights": charters.rights_of(row),
        "parts": [_part(request, row, value, label) for value, label in PMOCharter.Part.choices],
        "revisions": revisions,
        "current": next((one for one in revisions if one.state == State.SIGNED), None),
        "draft": next((one for one in revisions if one.state == State.DRAFT), None),
        "change": can(request.user, "change", row),
        "open": row.state == State.DRAFT and not row.signatures,
    }
    return render(request, "office/charter.html", context)


def _part(request: HttpRequest, row: PMOCharter, value: str, label: Any) -> dict[str, Any]:
    return {
        "key": value,
        "label": label,
        "person": getattr(row, value),
        "at": getattr(row, f"{value}_signed_at"),
        "sign": may_sign(request.user, row, value),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def charter_rights(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The decision rights of a draft as an editable table."""
    row = _charter(request, pk, "change")
    try:
        charters.check_open(row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("pmo-charter", pk=row.pk)
    base = organisation().base_currency
    formset = rights_formset(request.user, charters.rights_of(row), base, request.POST or None)
    refused: list[str] = []
    if request.method == "POST" and formset.is_valid():
        try:
            charters.set_rights(actor=request_actor(request), charter=row, lines=formset.lines())
        except ValidationError as error:
            refused = error.messages
        else:
            messages.success(request, _("The decision rights are saved."))
            return redirect("pmo-charter", pk=row.pk)
    failed = bool(refused) or (request.method == "POST" and not formset.is_valid())
    context = {"charter": row, "unit": row.unit, "formset": formset, "refused": refused, "failed": failed}
    return render(request, "office/charter_rights.html", context, status=422 if failed else 200)


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Sign as the person whom the charter names; anybody else is refused with the reason."""
    row = _charter(request, pk)
    part = request.POST.get("part", "")
    if part not in PMOCharter.Part.values:
        raise Http404(_("There is no such signature."))
    may_sign(request.user, row, part).or_raise()
    try:
        charters.sign_charter(actor=request_actor(request), charter=row, part=part, person=person_of(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except StaleRecord as stale:
        messages.error(request, str(stale))
    else:
        text = _("The charter is in force.") if row.state == State.SIGNED else _("You have signed.")
        messages.success(request, text)
    return redirect("pmo-charter", pk=row.pk)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Undo the signatures of a draft."""
    row = _charter(request, pk, "change")
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        charters.take_back_signatures(actor=request_actor(request), charter=row, reason=reason)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except StaleRecord as stale:
        messages.error(request, str(stale))
    else:
        messages.success(request, _("The signatures are taken back; the text can change."))
    return redirect("pmo-charter", pk=row.pk)


@require_POST
def revise(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Begin the next revision."""
    row = _charter(request, pk, "change")
    form = ReasonForm(request.POST)
    note = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        made = charters.revise_charter(actor=request_actor(request), charter=row, note=note)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("pmo-charter", pk=row.pk)
    messages.success(request, _("Revision %(number)s is a draft.") % {"number": made.revision})
    return redirect("pmo-charter", pk=made.pk)
