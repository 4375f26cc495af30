"""Booking equipment. A project requests a window; who keeps the equipment, or the PMO, confirms it within its capacity."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.calendars.calc import WorkingCalendar
from pmo.core.calendars.queries import org_today, working_calendar
from pmo.core.records.services import create_record, delete_record, restore_record, update_record
from pmo.core.web.formats import format_range
from projects.models import Project
from resources.access import confirms_for
from resources.calc.slots import Slot, fits, in_the_way, next_free, occupied
from resources.models import Equipment, EquipmentBooking

_CONFIRMED = EquipmentBooking.State.CONFIRMED
_NAMED = 3


def create_booking(*, actor: Actor, row: EquipmentBooking, reason: str = "") -> EquipmentBooking:
    """Add a booking; a confirmed one only by who keeps the equipment and within its capacity. Raises ValidationError."""
    with transaction.atomic():
        if row.state == _CONFIRMED:
            _may_confirm(actor, row.equipment)
            _check_free(actor, row)
        return create_record(actor=actor, row=row, reason=reason)


def update_booking(
    *,
    actor: Actor,
    row: EquipmentBooking,
    values: dict[str, Any],
    expected_version: int | None = None,
    reason: str = "",
) -> EquipmentBooking:
    """Change a booking. What is or becomes confirmed is for who keeps the equipment, and must fit within its capacity."""
    was = row.state
    equipment = values.get("equipment") or row.equipment
    wanted = EquipmentBooking(
        pk=row.pk,
        equipment=equipment,
        project=values.get("project") or row.project,
        **{name: values.get(name, getattr(row, name)) for name in ("starts_on", "ends_on", "quantity", "state")},
    )
    with transaction.atomic():
        if _CONFIRMED in {was, wanted.state}:
            _may_confirm(actor, row.equipment)
            _may_confirm(actor, equipment)
        if wanted.state == _CONFIRMED and wanted.starts_on and wanted.ends_on and wanted.quantity:
            _check_free(actor, wanted)
        return update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)


def delete_booking(
    *, actor: Actor, row: EquipmentBooking, expected_version: int | None = None, reason: str = ""
) -> None:
    """Move a booking to the trash; a confirmed one only by who keeps the equipment."""
    if row.state == _CONFIRMED:
        _may_confirm(actor, row.equipment)
    delete_record(actor=actor, row=row, expected_version=expected_version, reason=reason)


def restore_booking(*, actor: Actor, row: EquipmentBooking, reason: str = "") -> None:
    """Take a booking out of the trash, with the rule of making it anew."""
    with transaction.atomic():
        if row.state == _CONFIRMED:
            _may_confirm(actor, row.equipment)
            _check_free(actor, row)
        restore_record(actor=actor, row=row, reason=reason)


def _may_confirm(actor: Actor, equipment: Equipment) -> None:
    if actor.is_system or confirms_for(actor.user, equipment.unit_id):
        return
    text = _(
        "Only the resource manager of %(unit)s or the PMO confirms %(equipment)s or changes what is confirmed. "
        "You may request a window; they decide."
    )
    raise ValidationError({"state": text % {"unit": equipment.unit, "equipment": equipment}})


def _check_free(actor: Actor, row: EquipmentBooking) -> None:
    """Refuse what does not fit, naming what stands in the way and the next free window. Locks the equipment row.

    The lock makes two confirmations of one piece of equipment follow each other on PostgreSQL; SQLite has one writer at
    a time.
    """
    equipment = Equipment.all_objects.select_for_update(of=("self",)).get(pk=row.equipment_id)
    if equipment.status != Equipment.Status.IN_SERVICE:
        raise ValidationError({"equipment": _("%(equipment)s is not in service.") % {"equipment": equipment}})
    calendar = working_calendar()
    others = list(
        EquipmentBooking.objects.filter(equipment=equipment, state=_CONFIRMED).exclude(pk=row.pk).order_by("starts_on")
    )
    hours = (equipment.setup_hours, equipment.teardown_hours)
    slots = [
        Slot(*occupied(other.starts_on, other.ends_on, *hours, calendar), quantity=other.quantity, key=other.pk)
        for other in others
    ]
    first, last = occupied(row.starts_on, row.ends_on, *hours, calendar)
    if fits(slots, equipment.capacity, row.quantity, first, last):
        return
    blocking = in_the_way(slots, equipment.capacity, Slot(first, last, row.quantity))
    by_key = {other.pk: other for other in others}
    text = _told(actor, equipment, row, [by_key[slot.key] for slot in blocking])
    raise ValidationError({"starts_on": text + _next_text(slots, equipment, row, hours, calendar)})


def _told(actor: Actor, equipment: Equipment, row: EquipmentBooking, blocking: Sequence[EquipmentBooking]) -> str:
    """What stands in the way; projects the actor may not see stay unnamed."""
    lang, today = get_language() or "zh-hans", org_today()
    ids = {booking.project_id for booking in blocking}
    rows = Project.objects.filter(pk__in=ids)
    seen = rows if actor.is_system else rows.visible_to(actor.user)
    names = {project.pk: str(project) for project in seen}
    said = [
        _("%(project)s %(dates)s, %(quantity)s of %(capacity)s")
        % {
            "project": names.get(booking.project_id, _("another project")),
            "dates": format_range(booking.starts_on, booking.ends_on, lang, today),
            "quantity": booking.quantity,
            "capacity": equipment.capacity,
        }
        for booking in blocking[:_NAMED]
    ]
    values = {"equipment": equipment, "quantity": row.quantity, "others": pgettext("list", "; ").join(said)}
    if not blocking:
        return _("%(equipment)s has fewer than %(quantity)s items.") % values
    return _("%(equipment)s is not free, set-up and tear-down counted. In the way: %(others)s.") % values


def _next_text(
    slots: Sequence[Slot],
    equipment: Equipment,
    row: EquipmentBooking,
    hours: tuple[int, int],
    calendar: WorkingCalendar,
) -> str:
    window = next_free(slots, equipment.capacity, row.quantity, row.starts_on, row.ends_on, hours, calendar)
    if window is None:
        return ""
    lang = get_language() or "zh-hans"
    gap = "" if lang.startswith("zh") else " "
    return gap + _("Next free window: %(dates)s.") % {"dates": _dates(window, lang)}


def _dates(window: tuple[datetime.date, datetime.date], lang: str) -> str:
    return format_range(window[0], window[1], lang, org_today())
