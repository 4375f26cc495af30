"""Telling people in the morning which certificates run out: two months, one month and a week before."""

from __future__ import annotations

import datetime
from collections import defaultdict
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.core.messages.api import about, notify
from pmo.core.people.models import Person
from resources.models import Certificate

NAME = "resources.certificates"
DAYS_BEFORE = (60, 30, 7)
_HOUR = 7


def certificate_day(now: datetime.datetime) -> str | None:
    """The day whose certificates are told at a moment of the organisation's clock; None before seven."""
    return now.date().isoformat() if now.hour >= _HOUR else None


def tell_certificates(key: str) -> int:
    """Tell their holders and line managers; returns how many people. A day told twice tells nobody again."""
    day = datetime.date.fromisoformat(key)
    ends = [day + datetime.timedelta(days=before) for before in DAYS_BEFORE]
    rows = Certificate.objects.filter(expires_on__in=ends).select_related("person__line_manager")
    told: dict[Person, list[Certificate]] = defaultdict(list)
    for row in rows.order_by("expires_on", "pk"):
        for person in {row.person, row.person.line_manager} - {None}:
            if person.user_id is not None:
                told[person].append(row)
    url = reverse("register-list", kwargs={"key": "certificates"}) + f"?expires_on__lte={ends[0].isoformat()}"
    for person, certificates in told.items():
        items = [about(row, partial(_line, row)) for row in certificates]
        params = {"certificates": items}
        notify(event="certificate.expiring", recipients=[person], params=params, url=url, key=key, broadcast=False)
    return len(told)


def _line(row: Any) -> str:
    told = {"person": row.person, "certificate": row.name, "day": row.expires_on.isoformat()}
    return _("%(person)s, %(certificate)s (%(day)s)") % told
