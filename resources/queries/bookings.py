"""Bookings of equipment by week: what is in use, what is asked for beyond the capacity, what stands in the way."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from pmo.core.calendars.calc import WorkingCalendar
from pmo.core.calendars.queries import working_calendar
from projects.models import Project
from resources.calc.slots import Slot, fits, in_the_way, next_free, occupied, used
from resources.models import Equipment, EquipmentBooking

# Set-up and tear-down reach beyond a booking's own dates by at most this.
_REACH = datetime.timedelta(days=120)
_FAR = datetime.timedelta(days=400)


@dataclass(frozen=True)
class Booked:
    """A booking with the slot it occupies; `project` is None where the reader may not see it."""

    row: EquipmentBooking
    slot: Slot
    project: Project | None


@dataclass(frozen=True)
class Conflict:
    """A requested window that does not fit behind what is confirmed and what comes first in the queue."""

    booked: Booked
    in_the_way: list[Booked]
    free: tuple[datetime.date, datetime.date] | None


@dataclass
class Rig:
    """Equipment with its bookings, confirmed and requested."""

    row: Equipment
    confirmed: list[Booked] = field(default_factory=list)
    requested: list[Booked] = field(default_factory=list)

    def peaks(self, first: datetime.date, last: datetime.date) -> tuple[int, int]:
        """Most items in use on a day of the window: confirmed ones, and with all that is requested."""
        confirmed = [booked.slot for booked in self.confirmed]
        asked = [booked.slot for booked in self.requested]
        return int(used(confirmed, first, last).max()), int(used([*confirmed, *asked], first, last).max())


def read_rigs(user: Any, first: datetime.date, *, unit_path: str = "", kind: str = "") -> list[Rig]:
    """The equipment in service or maintenance with what is booked from `first` on. Four queries."""
    rows = Equipment.objects.visible_to(user).exclude(status=Equipment.Status.RETIRED).select_related("unit")
    if unit_path:
        rows = rows.filter(unit__path__startswith=unit_path)
    if kind:
        rows = rows.filter(kind=kind)
    rigs = {row.pk: Rig(row) for row in rows.order_by("unit__path", "code")}
    bookings = list(
        EquipmentBooking.objects.filter(
            equipment_id__in=list(rigs),
            state__in=[EquipmentBooking.State.CONFIRMED, EquipmentBooking.State.REQUESTED],
            ends_on__gte=first - _REACH,
            starts_on__lte=first + _FAR,
        ).order_by("project__priority", "created_at", "pk")
    )
    ids = {booking.project_id for booking in bookings}
    projects = {row.pk: row for row in Project.objects.visible_to(user).filter(pk__in=ids)} if ids else {}
    calendar = working_calendar()
    for booking in bookings:
        rig = rigs[booking.equipment_id]
        hours = (rig.row.setup_hours, rig.row.teardown_hours)
        slot = Slot(*occupied(booking.starts_on, booking.ends_on, *hours, calendar), booking.quantity, booking.pk)
        booked = Booked(booking, slot, projects.get(booking.project_id))
        where = rig.confirmed if booking.state == EquipmentBooking.State.CONFIRMED else rig.requested
        where.append(booked)
    return list(rigs.values())


def conflicts(rig: Rig, today: datetime.date, calendar: WorkingCalendar) -> list[Conflict]:
    """Requests, in order of project priority, that do not fit behind the confirmed and the requests before them."""
    standing = list(rig.confirmed)
    found = []
    for booked in rig.requested:
        if booked.row.ends_on < today:
            continue
        slots = [other.slot for other in standing]
        wanted, capacity = booked.slot, rig.row.capacity
        if fits(slots, capacity, wanted.quantity, wanted.first, wanted.last):
            standing.append(booked)
            continue
        keys = {slot.key for slot in in_the_way(slots, capacity, wanted)}
        free = next_free(
            slots,
            capacity,
            wanted.quantity,
            booked.row.starts_on,
            booked.row.ends_on,
            (rig.row.setup_hours, rig.row.teardown_hours),
            calendar,
        )
        found.append(Conflict(booked, [other for other in standing if other.slot.key in keys], free))
    return found
