"""Telling risk owners in the morning whose review is due on the day: one notification each."""

from __future__ import annotations

import datetime
from collections import defaultdict
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.core.messages.api import about, notify
from pmo.core.people.models import Person
from risks.models.risk import OPEN, Risk

NAME = "risks.reviews"
_HOUR = 7


def review_day(now: datetime.datetime) -> str | None:
    """The day whose reviews are told at a moment of the organisation's clock; None before seven."""
    return now.date().isoformat() if now.hour >= _HOUR else None


def tell_reviews(key: str) -> int:
    """Tell who owns open risks to be reviewed on the day; returns how many people. A day told twice tells nobody again."""
    day = datetime.date.fromisoformat(key)
    rows = Risk.objects.filter(review_on=day, status__in=OPEN, owner__user__isnull=False)
    mine: dict[Person, list[Risk]] = defaultdict(list)
    for row in rows.select_related("owner", "project").order_by("project__code", "pk"):
        mine[row.owner].append(row)
    url = reverse("register-list", kwargs={"key": "risks"}) + f"?owner=me&review_on__lte={key}"
    for owner, risks in mine.items():
        items = [about(row, partial(_line, row)) for row in risks]
        notify(event="risk.review_due", recipients=[owner], params={"risks": items}, url=url, key=key, broadcast=False)
    return len(mine)


def _line(row: Any) -> str:
    if row.project is None:
        return str(row.title)
    return _("%(risk)s (%(project)s)") % {"risk": row.title, "project": row.project}
