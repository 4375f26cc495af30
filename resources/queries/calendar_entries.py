"""Bookings of equipment for calendar feeds."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.messages.api import CalendarSource, Entry, register_calendar_source
from projects.queries.calendar_entries import MOST, projects_of
from resources.models import EquipmentBooking


def declare() -> None:
    """Let calendar feeds show the bookings of one's projects."""
    register_calendar_source(CalendarSource("bookings", gettext_lazy("Equipment booked for my projects"), bookings))


def bookings(user: Any, first: datetime.date, last: datetime.date) -> Iterable[Entry]:
    """Requested and confirmed ones, over all their days."""
    rows = EquipmentBooking.objects.visible_to(user).filter(
        project__in=projects_of(user).order_by().values("pk"), starts_on__lte=last, ends_on__gte=first
    )
    rows = rows.exclude(state=EquipmentBooking.State.CANCELLED).select_related("project", "equipment")
    for row in rows.order_by("starts_on", "pk")[:MOST]:
        title = _("%(equipment)s for %(project)s, %(state)s") % {
            "equipment": row.equipment,
            "project": row.project,
            "state": row.get_state_display(),
        }
        url = reverse("register-detail", kwargs={"key": "equipment-bookings", "pk": row.pk})
        yield Entry(str(row.uid), row.starts_on, title, row.ends_on, row.note, url, row.updated_at)
