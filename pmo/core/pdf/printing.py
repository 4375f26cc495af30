"""What the frame of a file says: whose it is, and when and by whom it was printed."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, record
from pmo.core.calendars.queries import organisation, organisation_as_of
from pmo.core.pdf.document import PDF_TYPE
from pmo.core.people.names import localised


def language() -> str:
    """The language that is switched on."""
    return get_language() or "zh-hans"


def house(day: datetime.date | None = None) -> str:
    """The organisation's name in the active language, now or as it was called on a day."""
    unit = organisation() if day is None else organisation_as_of(day)
    return localised(unit.name_zh, unit.name_en) or "Bellwether"


def printed_by(name: str) -> str:
    """When and by whom, in the reader's time zone."""
    return _("Printed at %(moment)s by %(name)s") % {"moment": f"{timezone.localtime():%Y-%m-%d %H:%M}", "name": name}


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """The file to download under the name, whose letters stay those of a file name."""
    response = HttpResponse(content, content_type=PDF_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def record_pdf(*, actor: Actor, model: str, label: str, **told: Any) -> None:
    """Say in the audit trail who took what out as a file."""
    record(actor=actor, act=Act("export", model, None, label, None, {"format": "pdf", **told}))
