"""Taking back: ten minutes, by whoever made the change, and never over somebody else's work."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pmo.core.access.roles import Role
from pmo.core.audit.actor import actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.calendars.queries import org_today
from pmo.core.history.queries import as_of
from pmo.core.records.services import update_record
from pmo.core.registers.undo.models import UndoEntry, UndoRow
from pmo.core.registers.undo.services import forget_old
from projects.models import Milestone, Project
from tests import factories
from tests.conftest import UserClient, client_of
from tests.registers.pages import HTMX, shown, text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(db: None) -> Project:
    return factories.project(name_en="Harbour")


@pytest.fixture
def manager(project: Project) -> UserClient:
    user = factories.user(username="manager")
    factories.member(project, user, Role.PROJECT_MANAGER)
    return client_of(user)


@pytest.fixture
def milestone(project: Project) -> Milestone:
    return factories.milestone(project, name="Handover")


def edit(client: UserClient, row: Milestone, field: str, value: str) -> Any:
    row.refresh_from_db()
    cell = url("cell", "milestones", pk=row.pk, field=field)
    return client.post(cell, {field: value, "version": row.version}, headers=HTMX)


def newest() -> UndoEntry:
    return UndoEntry.objects.latest("pk")


def undo(client: UserClient, entry: UndoEntry, **extra: Any) -> Any:
    return client.post(reverse("change-undo", kwargs={"uid": entry.uid}), **extra)


def test_an_edit_in_the_list_offers_undo_and_undo_takes_it_back(manager: UserClient, milestone: Milestone) -> None:
    response = edit(manager, milestone, "name", "Opening")
    entry = newest()
    assert f'"url": "/changes/{entry.uid}/undo/"' in response["HX-Trigger-After-Settle"]
    undone = undo(manager, entry, headers=HTMX)
    assert undone.status_code == 204
    assert "bw:list-changed" in undone["HX-Trigger"] and "Taken back: Opening" in undone["HX-Trigger"]
    milestone.refresh_from_db()
    assert (milestone.name, milestone.version) == ("Handover", 3)
    acts = AuditEntry.objects.filter(object_id=milestone.pk, model="projects.milestone").order_by("id")
    assert [act.action for act in acts] == ["update", "update"]
    assert acts.last().payload.changes == {"name": ["Opening", "Handover"]}
    assert as_of(Milestone, org_today()).get(row_id=milestone.pk).name == "Handover"


def test_an_edit_that_changes_nothing_leaves_nothing_to_undo(manager: UserClient, milestone: Milestone) -> None:
    response = edit(manager, milestone, "name", "Handover")
    assert "bw:toast" not in response["HX-Trigger-After-Settle"]
    assert not UndoEntry.objects.exists()


def test_a_record_and_an_empty_date_come_back(manager: UserClient, milestone: Milestone) -> None:
    ann, bo = factories.person(), factories.person()
    update_record(actor=actor_of(manager.user), row=milestone, values={"owner": ann})
    edit(manager, milestone, "owner", str(bo.pk))
    undo(manager, newest())
    edit(manager, milestone, "actual_date", "2026-03-01")
    undo(manager, newest())
    milestone.refresh_from_db()
    assert (milestone.owner_id, milestone.actual_date) == (ann.pk, None)


def test_ten_minutes_and_not_one_more(manager: UserClient, milestone: Milestone) -> None:
    start = datetime.datetime(2026, 11, 22, 9, 0, tzinfo=datetime.UTC)
    with time_machine.travel(start, tick=False) as clock:
        edit(manager, milestone, "name", "Opening")
        entry = newest()
        clock.shift(datetime.timedelta(minutes=10, seconds=1))
        page = undo(manager, entry, follow=True)
        assert "The ten minutes for taking this change back are over." in text(page)
        milestone.refresh_from_db()
        assert milestone.name == "Opening"
        assert "min left" not in text(manager.get(reverse("change-list")))
        clock.shift(datetime.timedelta(seconds=-2))
        assert "1 min left" in text(manager.get(reverse("change-list")))
        undo(manager, entry)
        milestone.refresh_from_db()
        assert milestone.name == "Handover"


def test_a_change_is_taken_back_once(manager: UserClient, milestone: Milestone) -> None:
    edit(manager, milestone, "name", "Opening")
    entry = newest()
    undo(manager, entry)
    assert "was taken back already" in text(undo(manager, entry, follow=True))
    milestone.refresh_from_db()
    assert milestone.version == 3


def test_nobody_sees_or_undoes_anothers_change(
    manager: UserClient, pmo_admin: UserClient, milestone: Milestone
) -> None:
    edit(manager, milestone, "name", "Opening")
    entry = newest()
    assert undo(pmo_admin, entry).status_code == 404
    assert pmo_admin.get(reverse("change-detail", kwargs={"uid": entry.uid})).status_code == 404
    assert "Opening" not in text(pmo_admin.get(reverse("change-list")))
    assert "Opening" in text(manager.get(reverse("change-list")))
    milestone.refresh_from_db()
    assert milestone.name == "Opening"


def test_a_row_that_somebody_changed_since_stays_and_is_named(
    manager: UserClient, pmo_admin: UserClient, milestone: Milestone
) -> None:
    edit(manager, milestone, "name", "Opening")
    entry = newest()
    edit(pmo_admin, milestone, "weight", "3")
    page = undo(manager, entry, follow=True)
    assert f"Changed since by {pmo_admin.user.person}." in text(page)
    milestone.refresh_from_db()
    assert (milestone.name, milestone.weight) == ("Opening", 3)
    entry.refresh_from_db()
    assert (entry.state, [item["id"] for item in entry.kept]) == ("done", [milestone.pk])


def test_ones_own_later_change_of_another_field_is_no_obstacle(manager: UserClient, milestone: Milestone) -> None:
    edit(manager, milestone, "name", "Opening")
    first = newest()
    edit(manager, milestone, "weight", "3")
    undo(manager, first)
    milestone.refresh_from_db()
    assert (milestone.name, milestone.weight) == ("Handover", 3)
    edit(manager, milestone, "weight", "4")
    second = newest()
    edit(manager, milestone, "weight", "5")
    assert "You changed it again since." in text(undo(manager, second, follow=True))
    milestone.refresh_from_db()
    assert milestone.weight == 5


def test_who_lost_the_right_meanwhile_cannot_undo(manager: UserClient, project: Project, milestone: Milestone) -> None:
    edit(manager, milestone, "name", "Opening")
    project.members.all().delete()
    page = undo(manager, newest(), follow=True)
    assert "Your roles do not let you change it any more." in text(page)
    milestone.refresh_from_db()
    assert milestone.name == "Opening"


def test_a_deletion_is_taken_back_from_the_toast(manager: UserClient, milestone: Milestone) -> None:
    page = manager.post(url("delete", "milestones", pk=milestone.pk), {"version": "1"}, follow=True)
    found = re.search(r'action="(/changes/[0-9a-f-]{36}/undo/)"', page.content.decode())
    assert found and shown(page) == []
    back = manager.post(found.group(1), follow=True)
    assert shown(back) == [milestone.pk]
    assert "Taken back: Handover" in text(back)
    assert not Milestone.objects.get(pk=milestone.pk).deleted_at


def test_a_stale_edit_leaves_nothing_to_undo(manager: UserClient, milestone: Milestone) -> None:
    cell = url("cell", "milestones", pk=milestone.pk, field="name")
    assert manager.post(cell, {"name": "X", "version": 7}, headers=HTMX).status_code == 409
    assert not UndoEntry.objects.exists() and not UndoRow.objects.exists()


def test_the_page_of_changes_takes_the_same_statements_for_any_number(
    manager: UserClient, milestone: Milestone
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert manager.get(reverse("change-list")).status_code == 200
        return len(captured)

    edit(manager, milestone, "name", "A")
    count()
    few = count()
    for number in range(20):
        edit(manager, milestone, "name", f"Name {number}")
    assert count() == few <= 20


def test_old_changes_are_forgotten_after_a_week(manager: UserClient, milestone: Milestone) -> None:
    edit(manager, milestone, "name", "Opening")
    assert forget_old() == 0
    UndoEntry.objects.update(expires_at=timezone.now() - datetime.timedelta(days=8))
    assert forget_old() == 1
    assert not UndoRow.objects.exists()
