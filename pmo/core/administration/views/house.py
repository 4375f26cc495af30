"""The overview of the administration, the organisation's settings, feature switches, and where lookups are kept."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.core.access.api import can
from pmo.core.administration import organisation as settings_of
from pmo.core.administration import vocabularies
from pmo.core.administration.access import demand, for_readers, may
from pmo.core.administration.cards import overview
from pmo.core.administration.forms import OrganisationForm
from pmo.core.audit.actor import request_actor
from pmo.core.audit.models import AuditEntry
from pmo.core.calendars.models import Organisation
from pmo.core.calendars.queries import org_today, organisation
from pmo.core.features.api import off_keys
from pmo.core.features.declaration import UnknownFeature, all_features, feature
from pmo.core.features.models import FeatureSwitch
from pmo.core.features.services import CHANGE as SWITCH
from pmo.core.features.services import switch_feature
from pmo.core.people.names import localised
from pmo.core.records.services import StaleRecord
from pmo.core.registers.history import name_shown


@require_safe
@for_readers
def administration(request: HttpRequest) -> HttpResponse:
    """What the installation is set to, what needs attention first."""
    context = {"found": overview(request.user), "today": org_today(), "change": may(request.user)}
    return render(request, "administration/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def organisation_settings(request: HttpRequest) -> HttpResponse:
    """Name, clock, currency, fiscal year and working week. The first POST tells what a change means, the second makes it."""
    row = organisation()
    change = can(request.user, "change", row) if row.pk else may(request.user, settings_of.CHANGE)
    if request.method != "POST":
        return _settings_page(request, OrganisationForm(row=row), row, change)
    demand(request.user, settings_of.CHANGE)
    if not row.pk:
        raise Http404(_("There is no organisation yet."))
    form = OrganisationForm(request.POST, row=row)
    if not form.is_valid():
        return _settings_page(request, form, row, change, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    values = {name: form.cleaned_data[name] for name in settings_of.FIELDS}
    changes = settings_of.differing(row, values)
    if changes and "confirm" not in request.POST:
        told = settings_of.consequences(row, changes, timezone.now())
        return _settings_page(request, form, row, change, told=told)
    return _save_settings(request, form, row, changes, change)


def _save_settings(
    request: HttpRequest, form: OrganisationForm, row: Organisation, changes: dict[str, Any], change: Any
) -> HttpResponse:
    try:
        settings_of.change_organisation(
            actor=request_actor(request),
            row=row,
            values=changes,
            expected_version=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
    except StaleRecord as stale:
        form.add_error(None, str(stale))
    else:
        messages.success(request, _("Saved.") if changes else _("Nothing was changed."))
        return redirect("organisation-settings")
    return _settings_page(request, form, row, change, status=HTTPStatus.CONFLICT)


def _settings_page(
    request: HttpRequest,
    form: OrganisationForm,
    row: Organisation,
    change: Any,
    *,
    told: list[str] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    versions = settings_of.versions() if row.pk else []
    context = {
        "form": form,
        "row": row,
        "house": localised(row.name_zh, row.name_en),
        "change": change,
        "told": told,
        "lines": [
            (one, versions[place + 1] if place + 1 < len(versions) else None) for place, one in enumerate(versions)
        ],
    }
    return render(request, "administration/organisation.html", context, status=status)


@require_safe
@for_readers
def features(request: HttpRequest) -> HttpResponse:
    """Every switch with what it does, what switching it off means, and who turned it last."""
    off = off_keys()
    rows = {row.key: row for row in FeatureSwitch.objects.all()}
    entries = AuditEntry.objects.filter(model="core.featureswitch", object_id__in=[row.pk for row in rows.values()])
    last = {entry.object_id: entry for entry in entries.order_by("id")}
    lines = []
    for one in all_features():
        entry = last.get(rows[one.key].pk) if one.key in rows else None
        lines.append((one, one.key not in off, entry, name_shown(entry.actor_name) if entry else ""))
    context = {
        "lines": lines,
        "off": sum(not on for _one, on, _entry, _name in lines),
        "change": may(request.user, SWITCH),
    }
    return render(request, "administration/features.html", context)


@require_POST
@for_readers
def feature_switch(request: HttpRequest, key: str) -> HttpResponse:
    """Turn a switch."""
    demand(request.user, SWITCH)
    try:
        known = feature(key)
    except UnknownFeature:
        raise Http404(_("There is no such feature.")) from None
    on = request.POST.get("on") == "1"
    reason = request.POST.get("reason", "")[:200]
    switch_feature(actor=request_actor(request), key=key, on=on, reason=reason)
    told = _("Switched on: %(feature)s") if on else _("Switched off: %(feature)s")
    messages.success(request, told % {"feature": known.label})
    return redirect("features")


@require_safe
@for_readers
def lookups(request: HttpRequest) -> HttpResponse:
    """Every vocabulary that the organisation edits, in one place."""
    context = {"groups": vocabularies.shown(request.user), "tables": vocabularies.tables()}
    return render(request, "administration/lookups.html", context)
