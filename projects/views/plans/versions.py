"""Starting, publishing and discarding the draft of a plan."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pmo.core.audit.actor import request_actor
from pmo.core.records.services import StaleRecord
from projects.access import EDIT_PLAN, PUBLISH_PLAN
from projects.queries.plans import stored
from projects.services.plans import versions
from projects.services.plans.editing import close_codes, open_codes
from projects.views.plans.common import draft_for, number_of, project_for, tab_url


@require_POST
def plan_start(request: HttpRequest, pk: int) -> HttpResponseBase:
    """To the editor; where there is no draft, with one that is a copy of the published plan."""
    project = project_for(request, pk, EDIT_PLAN)
    actor = request_actor(request)
    try:
        draft = stored.draft(project) or versions.start_draft(actor=actor, project=project)
    except (ValidationError, StaleRecord) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
        return redirect(tab_url(pk))
    open_codes(actor=actor, plan=draft)
    return redirect("plan-edit", pk=pk)


@require_POST
def plan_publish(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Make the draft the plan that counts."""
    draft = draft_for(request, pk, PUBLISH_PLAN)
    actor = request_actor(request)
    try:
        with transaction.atomic():
            close_codes(draft)
            versions.publish(actor=actor, draft=draft, expected_version=number_of(request.POST, "version"))
    except StaleRecord as error:
        messages.error(request, str(error))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Version %(number)s of the plan is published.") % {"number": draft.number})
    return redirect(tab_url(pk))


@require_POST
def plan_discard(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Move the draft to the trash."""
    draft = draft_for(request, pk)
    try:
        versions.discard_draft(actor=request_actor(request), draft=draft)
    except (ValidationError, StaleRecord) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
    else:
        messages.success(request, _("The draft is discarded."))
    return redirect(tab_url(pk))
