"""How I want to be told: a table of events and channels, presets, hours."""

from __future__ import annotations

import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from pmo.core.audit.actor import request_actor
from pmo.core.messages.events import GROUPS, EventKind, all_events
from pmo.core.messages.models import Mode
from pmo.core.messages.preferences import Wish, address_of, default_mail, roles_of, zone_of
from pmo.core.messages.services.choosing import (
    PRESETS,
    apply_preset,
    hours_for,
    save_choices,
    save_hours,
    wishes_of,
)


class HoursForm(forms.Form):
    """When mail may come, by the user's own clock."""

    digest_hour = forms.TypedChoiceField(
        label=gettext_lazy("Hour of the digest"),
        coerce=int,
        choices=[(hour, f"{hour:02d}:00") for hour in range(24)],
    )
    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    quiet_to = forms.TimeField(
        label=gettext_lazy("Quiet until"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("Mail that would come at once waits until then."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def message_settings(request: HttpRequest) -> HttpResponse:
    """The table; POST keeps it as a whole."""
    if request.method == "POST":
        return _save(request)
    return _page(request, _hours_form(request))


def _save(request: HttpRequest) -> HttpResponse:
    wanted = {}
    for kind in all_events():
        mode = request.POST.get(f"email-{kind.key}", "")
        if mode in Mode.values:
            wanted[kind.key] = Wish(f"centre-{kind.key}" in request.POST, Mode(mode))
    number = save_choices(actor=request_actor(request), wanted=wanted)
    messages.success(request, _("Saved.") if number else _("Nothing changed."))
    return redirect("message-settings")


@require_POST
def message_preset(request: HttpRequest) -> HttpResponse:
    """Choose for all events at once."""
    try:
        apply_preset(actor=request_actor(request), key=request.POST.get("preset", ""))
        messages.success(request, _("Saved."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("message-settings")


@require_POST
def message_hours(request: HttpRequest) -> HttpResponse:
    """Keep digest hour and quiet hours."""
    form = HoursForm(request.POST)
    if form.is_valid():
        try:
            save_hours(actor=request_actor(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
    if form.errors:
        return _page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("Saved."))
    return redirect("message-settings")


def _hours_form(request: HttpRequest) -> HoursForm:
    row = hours_for(request.user)
    values: dict[str, int | datetime.time | None] = {
        "digest_hour": row.digest_hour,
        "quiet_from": row.quiet_from,
        "quiet_to": row.quiet_to,
    }
    return HoursForm(initial=values)


def _page(request: HttpRequest, form: HoursForm, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    wishes = wishes_of(request.user)
    user: Any = request.user
    roles = roles_of([user.pk]).get(user.pk, set())
    lines = [(kind, wishes[kind.key], default_mail(kind, roles)) for kind in all_events()]
    context = {
        "groups": _grouped(lines),
        "modes": Mode.choices,
        "presets": PRESETS,
        "form": form,
        "address": address_of(request.user),
        "zone": zone_of(request.user),
        "at_once": sum(wish.email == Mode.NOW for wish in wishes.values()),
        "in_digest": sum(wish.email == Mode.DIGEST for wish in wishes.values()),
    }
    return render(request, "messages/settings.html", context, status=status)


def _grouped(lines: list[tuple[EventKind, Wish, Mode]]) -> list[tuple[Any, list[tuple[EventKind, Wish, Mode]]]]:
    return [
        (label, mine) for key, label in GROUPS.items() if (mine := [line for line in lines if line[0].group == key])
    ]
