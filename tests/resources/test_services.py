"""Proposing and committing people, requesting and confirming equipment."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.audit.models import AuditEntry
from resources.models import Allocation, EquipmentBooking
from resources.services import allocations, bookings
from resources.services.pool import update_of_person
from tests import factories
from tests.resources.builders import MONDAY, allocation, booking, equipment, member

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def pm() -> Any:
    return factories.user()


@pytest.fixture
def project(pm: Any) -> Any:
    return factories.project(pm=pm.person, unit=factories.unit())


def proposed(project: Any, person: Any, **values: Any) -> Allocation:
    given = {"percent": 50, "starts_on": MONDAY, "ends_on": MONDAY + 20 * DAY, **values}
    return Allocation(project=project, person=person, **given)


def test_a_project_manager_proposes(pm: Any, project: Any) -> None:
    who = member()
    row = allocations.create_allocation(actor=actor_of(pm), row=proposed(project, who.person))
    assert (row.state, row.code) == ("proposed", f"ALC-{row.pk:05d}")
    assert AuditEntry.objects.filter(model="resources.allocation", object_id=row.pk, project_id=project.pk).exists()


@pytest.mark.usefixtures("english")
def test_the_refusal_to_commit_names_who_does(pm: Any, project: Any) -> None:
    who = member()
    with pytest.raises(ValidationError) as refused:
        allocations.create_allocation(actor=actor_of(pm), row=proposed(project, who.person, state="committed"))
    [text] = refused.value.message_dict["state"]
    assert str(who.person.unit) in text and "resource manager" in text and "propose" in text
    row = allocation(project, who.person, 50, state="proposed")
    with pytest.raises(ValidationError):
        allocations.update_allocation(actor=actor_of(pm), row=row, values={"state": "committed"})
    assert Allocation.objects.get(pk=row.pk).state == "proposed"


def test_a_project_manager_withdraws_what_is_proposed_and_leaves_what_is_committed(pm: Any, project: Any) -> None:
    who = member()
    open_row, firm = allocation(project, who.person, 50, state="proposed"), allocation(project, who.person, 30)
    allocations.update_allocation(actor=actor_of(pm), row=open_row, values={"state": "cancelled"})
    assert Allocation.objects.get(pk=open_row.pk).state == "cancelled"
    for act in ({"percent": 80}, {"state": "cancelled"}, {"ends_on": MONDAY}):
        with pytest.raises(ValidationError):
            allocations.update_allocation(actor=actor_of(pm), row=Allocation.objects.get(pk=firm.pk), values=act)
    with pytest.raises(ValidationError):
        allocations.delete_allocation(actor=actor_of(pm), row=Allocation.objects.get(pk=firm.pk))
    assert Allocation.objects.get(pk=firm.pk).percent == 30


def test_the_resource_manager_of_the_unit_commits_his_people_and_nobody_elses(project: Any) -> None:
    above = factories.unit()
    keeper = factories.user(Role.RESOURCE_MANAGER, within=above)
    own, other = factories.person(unit=factories.unit(above)), factories.person(unit=factories.unit())
    row = allocation(project, own, 50, state="proposed")
    allocations.update_allocation(actor=actor_of(keeper), row=row, values={"state": "committed", "percent": 40})
    assert Allocation.objects.get(pk=row.pk).percent == 40
    foreign = allocation(project, other, 50, state="proposed")
    for values in ({"state": "committed"}, {"percent": 10}):
        with pytest.raises(ValidationError):
            allocations.update_allocation(
                actor=actor_of(keeper), row=Allocation.objects.get(pk=foreign.pk), values=values
            )
    with pytest.raises(ValidationError):
        allocations.update_allocation(actor=actor_of(keeper), row=row, values={"person": other})
    allocations.update_allocation(
        actor=actor_of(factories.user(Role.PMO_ANALYST)),
        row=Allocation.objects.get(pk=foreign.pk),
        values={"state": "committed"},
    )
    assert Allocation.objects.get(pk=foreign.pk).state == "committed"


def test_a_resource_manager_sees_the_projects_that_use_his_people(project: Any) -> None:
    unit = factories.unit()
    keeper = factories.user(Role.RESOURCE_MANAGER, within=unit)
    type(project).objects.filter(pk=project.pk).update(visibility="private")
    assert not type(project).objects.visible_to(keeper).filter(pk=project.pk).exists()
    row = allocation(project, factories.person(unit=unit), 50, state="proposed")
    assert type(project).objects.visible_to(keeper).filter(pk=project.pk).exists()
    assert Allocation.objects.allowed_to(keeper, "change").filter(pk=row.pk).exists()
    assert not type(project).objects.allowed_to(keeper, "change").filter(pk=project.pk).exists()


def test_skills_do_not_move_to_people_of_other_units() -> None:
    unit = factories.unit()
    keeper = factories.user(Role.RESOURCE_MANAGER, within=unit)
    row = member(factories.person(unit=unit))
    with pytest.raises(ValidationError):
        update_of_person(actor=actor_of(keeper), row=row, values={"person": factories.person(unit=factories.unit())})
    update_of_person(actor=actor_of(keeper), row=row, values={"person": factories.person(unit=unit)})


def test_a_booking_beyond_the_capacity_is_refused_and_told_why(project: Any) -> None:
    rig = equipment(capacity=3)
    other = factories.project(name_en="Smart cockpit")
    booking(rig, other, MONDAY, MONDAY + 11 * DAY, quantity=2)
    wanted = booking(rig, project, MONDAY + 4 * DAY, MONDAY + 8 * DAY, quantity=2, state="requested")
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        bookings.update_booking(actor=SYSTEM, row=wanted, values={"state": "confirmed"})
    [text] = refused.value.message_dict["starts_on"]
    assert "Smart cockpit 16 – 27 Nov, 2 of 3" in text
    assert EquipmentBooking.objects.get(pk=wanted.pk).state == "requested"
    fitting = EquipmentBooking.objects.get(pk=wanted.pk)
    bookings.update_booking(actor=SYSTEM, row=fitting, values={"state": "confirmed", "quantity": 1})
    assert EquipmentBooking.objects.get(pk=wanted.pk).state == "confirmed"


def test_the_refusal_gives_the_next_free_window(project: Any) -> None:
    rig = equipment(capacity=1, setup_hours=8, teardown_hours=8)
    booking(rig, factories.project(name_en="Smart cockpit"), MONDAY, MONDAY + 4 * DAY)
    row = EquipmentBooking(
        equipment=rig, project=project, starts_on=MONDAY + 7 * DAY, ends_on=MONDAY + 8 * DAY, state="confirmed"
    )
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        bookings.create_booking(actor=SYSTEM, row=row)
    [text] = refused.value.message_dict["starts_on"]
    # Torn down on Monday 23; set up on Tuesday 24; used Wednesday and Thursday.
    assert "In the way: Smart cockpit 16 – 20 Nov, 1 of 1" in text
    assert "25 – 26 Nov" in text
    row = EquipmentBooking(
        equipment=rig, project=project, starts_on=MONDAY + 9 * DAY, ends_on=MONDAY + 10 * DAY, state="confirmed"
    )
    assert bookings.create_booking(actor=SYSTEM, row=row).pk


def test_a_project_that_may_not_be_seen_is_not_named(project: Any) -> None:
    unit = factories.unit()
    keeper = factories.user(Role.RESOURCE_MANAGER, within=unit)
    rig = equipment(unit=unit)
    secret = factories.project(name_en="Secret merger", name_zh="", visibility="private")
    row = booking(rig, secret, MONDAY, MONDAY + 4 * DAY)
    wanted = booking(rig, project, MONDAY, MONDAY, state="requested")
    with pytest.raises(ValidationError) as refused:
        bookings.update_booking(actor=actor_of(keeper), row=wanted, values={"state": "confirmed"})
    # The keeper of the equipment sees what uses it; a stranger to the unit is not told.
    assert "Secret merger" in str(refused.value)
    EquipmentBooking.objects.filter(pk=row.pk).update(equipment=rig)
    told = bookings._told(actor_of(factories.user()), rig, wanted, [row])
    assert "Secret merger" not in told


def test_only_the_keeper_of_the_equipment_confirms(pm: Any, project: Any) -> None:
    unit = factories.unit()
    rig = equipment(unit=unit)
    row = EquipmentBooking(equipment=rig, project=project, starts_on=MONDAY, ends_on=MONDAY, state="confirmed")
    with pytest.raises(ValidationError) as refused:
        bookings.create_booking(actor=actor_of(pm), row=row)
    assert str(unit) in str(refused.value)
    row.state = "requested"
    asked = bookings.create_booking(actor=actor_of(pm), row=row)
    keeper = factories.user(Role.RESOURCE_MANAGER, within=unit)
    bookings.update_booking(actor=actor_of(keeper), row=asked, values={"state": "confirmed"})
    for values in ({"ends_on": MONDAY + 9 * DAY}, {"state": "cancelled"}):
        with pytest.raises(ValidationError):
            bookings.update_booking(actor=actor_of(pm), row=EquipmentBooking.objects.get(pk=asked.pk), values=values)
    with pytest.raises(ValidationError):
        bookings.delete_booking(actor=actor_of(pm), row=EquipmentBooking.objects.get(pk=asked.pk))


def test_a_booking_comes_back_from_the_trash_only_where_it_fits(project: Any) -> None:
    rig = equipment()
    row = booking(rig, project, MONDAY, MONDAY + DAY)
    bookings.delete_booking(actor=SYSTEM, row=row)
    booking(rig, factories.project(), MONDAY, MONDAY)
    with pytest.raises(ValidationError):
        bookings.restore_booking(actor=SYSTEM, row=EquipmentBooking.all_objects.get(pk=row.pk))


def test_equipment_out_of_service_and_more_than_there_is_are_refused(project: Any) -> None:
    broken = equipment(status="maintenance")
    row = EquipmentBooking(equipment=broken, project=project, starts_on=MONDAY, ends_on=MONDAY, state="confirmed")
    with pytest.raises(ValidationError, match="."):
        bookings.create_booking(actor=SYSTEM, row=row)
    rig = equipment(capacity=2)
    row = EquipmentBooking(equipment=rig, project=project, starts_on=MONDAY, ends_on=MONDAY, quantity=3)
    with pytest.raises(ValidationError) as refused:
        bookings.create_booking(actor=SYSTEM, row=row)
    assert "quantity" in refused.value.message_dict
