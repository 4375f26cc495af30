"""A milestone that the plan feeds: owned here from now on, or led by the plan again; both can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pmo.core.access.api import get_or_refuse
from pmo.core.audit.actor import request_actor
from pmo.core.records.services import StaleRecord
from pmo.core.registers.declaration import get_register
from pmo.core.registers.undo.edits import undo_url
from pmo.core.registers.undo.services import last_audit, remember_edit
from pmo.core.registers.undo.snapshots import snapshots
from projects.models import Milestone
from projects.services.plans import detaching
from projects.views.plans.common import number_of


@require_POST
def milestone_detach(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Own the milestone here."""
    return _done(request, pk, detaching.detach, _("%(name)s is owned here now; the plan changes it no more."))


@require_POST
def milestone_attach(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Let the plan lead again."""
    return _done(request, pk, detaching.attach, _("%(name)s follows the plan again."))


def _done(request: HttpRequest, pk: int, act: Callable[..., Milestone], text: str) -> HttpResponseBase:
    row: Milestone = get_or_refuse(request.user, Milestone, pk, "change")
    actor, register = request_actor(request), get_register("milestones")
    version: Any = number_of(request.POST, "version")
    try:
        with transaction.atomic():
            since, before = last_audit(), snapshots(register, [row])[row.pk]
            row = act(actor=actor, milestone=row, expected_version=version)
            entry = remember_edit(actor=actor, register=register, before=before, row=row, since=since)
    except (ValidationError, StaleRecord) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
    else:
        messages.success(request, text % {"name": row}, extra_tags=undo_url(entry))
    return redirect("register-detail", key="milestones", pk=pk)
