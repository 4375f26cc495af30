"""Taking one's reports back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pmo.core.access.api import get_or_refuse
from pmo.core.audit.actor import request_actor
from pmo.core.calendars.queries import org_today
from pmo.core.records.services import StaleRecord
from portfolio.models import ReportDelegation
from portfolio.services.reporting.delegations import end_delegation


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponseBase:
    """From today on the project manager writes the reports again."""
    row = get_or_refuse(request.user, ReportDelegation, pk, "change")
    try:
        end_delegation(actor=request_actor(request), row=row, day=org_today())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except StaleRecord:
        messages.error(request, _("Somebody else was faster: look at the delegation again."))
    else:
        messages.success(request, _("%(person)s writes the reports again from today on.") % {"person": row.from_person})
    return redirect("register-list", key="report-delegations")
