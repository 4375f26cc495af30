"""The executive scorecard as a PDF."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pmo.core.audit.actor import request_actor
from pmo.core.pdf.printing import pdf_response, record_pdf
from portfolio.access import SCORECARD
from portfolio.paper.scorecard import scorecard_pdf
from portfolio.views.scorecard import asked_scope, asked_time, page_figures


@require_safe
def scorecard_file(request: HttpRequest) -> HttpResponse:
    """What the page shows for the same scope and day, on one sheet. 404 before the first computation."""
    scope, _options = asked_scope(request, SCORECARD)
    day, _time = asked_time(request)
    if day is None:
        raise Http404(_("No health has been computed yet"))
    actor = request_actor(request)
    content = scorecard_pdf(page_figures(request, scope, day), scope, day, actor.name)
    record_pdf(
        actor=actor, model="portfolio.rollupsnapshot", label=f"scorecard {scope.code}".strip(), day=day.isoformat()
    )
    return pdf_response(content, f"scorecard-{day:%Y%m%d}.pdf")
