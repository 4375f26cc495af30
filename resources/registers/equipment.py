"""Equipment and its bookings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Column, Register
from resources.models import Equipment, EquipmentBooking
from resources.registers.common import PROJECT, PROJECT_SEARCH
from resources.services import bookings

EQUIPMENT = Register(
    key="equipment",
    model=Equipment,
    group="resources",
    icon="rig",
    order=50,
    columns=[
        Column("code", width="narrow"),
        Column("name", label=_("Equipment"), primary=True, width="wide"),
        Column("kind"),
        Column("unit", sort="unit__path"),
        Column("location"),
        Column("capacity", sum=True),
        Column("setup_hours"),
        Column("teardown_hours"),
        Column("status", kind="badge", tones={"in_service": "good", "maintenance": "warn", "retired": "quiet"}),
        Column("note"),
    ],
    default_columns=["code", "name", "kind", "unit", "location", "capacity", "setup_hours", "teardown_hours", "status"],
    default_sort=["code"],
    group_by=["kind", "unit", "location", "status"],
    search_fields=["code", "name_zh", "name_en", "location"],
    form_fields=[
        "code",
        "name_zh",
        "name_en",
        "kind",
        "unit",
        "location",
        "capacity",
        "setup_hours",
        "teardown_hours",
        "status",
        "note",
    ],
    inline_fields=["location", "status", "note"],
    state_field="status",
    empty=_("No equipment yet. Add what several projects need at the same time."),
)

BOOKINGS = Register(
    key="equipment-bookings",
    model=EquipmentBooking,
    group="resources",
    icon="calendar",
    order=52,
    columns=[
        Column("code", primary=True, width="narrow"),
        Column("equipment", link=True, sort="equipment__code"),
        PROJECT,
        Column("project__priority", label=_("Priority")),
        Column("starts_on"),
        Column("ends_on"),
        Column("quantity"),
        Column("state", kind="badge", tones={"requested": "warn", "confirmed": "good", "cancelled": "quiet"}),
        Column("note", width="wide"),
        Column("updated_at"),
    ],
    default_columns=[
        "code",
        "equipment",
        "project",
        "project__priority",
        "starts_on",
        "ends_on",
        "quantity",
        "state",
        "note",
    ],
    default_sort=["-starts_on"],
    group_by=["equipment", "project", "state", "project__priority"],
    search_fields=["code", "note", "equipment__name_zh", "equipment__name_en", *PROJECT_SEARCH],
    form_fields=["equipment", "project", "starts_on", "ends_on", "quantity", "state", "note"],
    inline_fields=["starts_on", "ends_on", "quantity", "state", "note"],
    state_field="state",
    create=bookings.create_booking,
    update=bookings.update_booking,
    delete=bookings.delete_booking,
    restore=bookings.restore_booking,
    empty=_("No bookings yet. Request a window; who keeps the equipment confirms it."),
    description=_("Windows in which projects use equipment."),
)
