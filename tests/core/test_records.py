"""Creating, changing, deleting: locks, codes, audit, history."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError

from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.history.queries import as_of
from pmo.core.records.bulk import delete_many, update_many
from pmo.core.records.models import LONGEST_TEXT
from pmo.core.records.services import (
    StaleRecord,
    create_many,
    create_record,
    delete_record,
    restore_record,
    update_record,
)
from pmo.core.records.trees import create_in_tree, update_in_tree
from projects.models import Milestone, Project
from tests.core import build

pytestmark = pytest.mark.django_db
D = datetime.date


def make(day=None, **values) -> Project:
    return create_record(actor=SYSTEM, row=Project(**{"name_en": "Rig", "code": "R1", **values}), day=day)


def names_on(day) -> list[str]:
    return sorted(as_of(Project, day).values_list("name_en", flat=True))


def test_creating_writes_the_row_its_version_and_who_did_it():
    user = build.user()
    row = create_record(actor=actor_of(user), row=Project(name_en="Rig"), day=D(2026, 3, 1))
    assert row.code == f"P-{row.pk:04d}"
    entry = AuditEntry.objects.get(model="projects.project", object_id=row.pk)
    assert (entry.action, entry.actor, entry.project_id) == ("create", user, row.pk)
    assert entry.payload.changes["name_en"] == [None, "Rig"]
    assert names_on(D(2026, 3, 1)) == ["Rig"]
    assert names_on(D(2026, 2, 28)) == []


def test_a_wrong_row_is_refused_by_field_and_leaves_no_trace():
    with pytest.raises(ValidationError) as refused:
        make(name_en="")
    assert "name_zh" in refused.value.message_dict
    assert not Project.all_objects.exists()
    assert not AuditEntry.objects.exists()


def test_past_days_keep_what_was_true():
    row = make(day=D(2026, 1, 5))
    update_record(actor=SYSTEM, row=row, values={"name_en": "Rig 2"}, day=D(2026, 2, 1))
    update_record(actor=SYSTEM, row=row, values={"name_en": "Rig 3"}, day=D(2026, 2, 1))
    delete_record(actor=SYSTEM, row=row, day=D(2026, 3, 1))
    assert names_on(D(2026, 1, 31)) == ["Rig"]
    assert names_on(D(2026, 2, 1)) == ["Rig 3"]
    assert names_on(D(2026, 2, 28)) == ["Rig 3"]
    assert names_on(D(2026, 3, 1)) == []


def test_nothing_changed_writes_nothing():
    row = make()
    before = AuditEntry.objects.count()
    update_record(actor=SYSTEM, row=row, values={"name_en": "Rig"}, expected_version=1)
    assert AuditEntry.objects.count() == before
    assert Project.objects.get(pk=row.pk).version == 1


def test_the_second_of_two_editors_is_told_and_writes_nothing():
    first = make()
    second = Project.objects.get(pk=first.pk)
    update_record(actor=SYSTEM, row=first, values={"name_en": "First"}, expected_version=1)
    with pytest.raises(StaleRecord) as stale:
        update_record(actor=SYSTEM, row=second, values={"name_en": "Second"}, expected_version=1)
    assert stale.value.current.name_en == "First"
    assert Project.objects.get(pk=first.pk).name_en == "First"


def test_only_the_changed_columns_are_written():
    first = make()
    second = Project.objects.get(pk=first.pk)
    update_record(actor=SYSTEM, row=first, values={"country": "SA"})
    second.version = 2
    update_record(actor=SYSTEM, row=second, values={"name_en": "New"})
    stored = Project.objects.get(pk=first.pk)
    assert (stored.country, stored.name_en) == ("SA", "New")


def test_the_trash_gives_back_what_it_holds():
    row = make()
    delete_record(actor=SYSTEM, row=row)
    assert not Project.objects.exists()
    other = make()
    with pytest.raises(ValidationError):
        restore_record(actor=SYSTEM, row=Project.all_objects.get(pk=row.pk))
    delete_record(actor=SYSTEM, row=other)
    restore_record(actor=SYSTEM, row=Project.all_objects.get(pk=row.pk))
    assert list(Project.objects.values_list("pk", flat=True)) == [row.pk]


def test_many_rows_at_once_keep_the_same_promises():
    project = make()
    stones = create_many(
        actor=SYSTEM, rows=[Milestone(project=project, name=f"M{n}") for n in range(5)], day=D(2026, 1, 1)
    )
    assert len({stone.code for stone in stones}) == 5
    touched = update_many(
        actor=SYSTEM,
        changes=[(stone, {"name": "New" if n else "M0"}) for n, stone in enumerate(stones)],
        day=D(2026, 2, 1),
    )
    assert len(touched) == 4
    assert sorted(as_of(Milestone, D(2026, 1, 31)).values_list("name", flat=True)) == [f"M{n}" for n in range(5)]
    delete_many(actor=SYSTEM, rows=stones[:2], day=D(2026, 3, 1))
    assert as_of(Milestone, D(2026, 3, 1)).count() == 3
    assert AuditEntry.objects.filter(model="projects.milestone").count() == 5 + 4 + 2


def test_writing_the_past_leaves_today_alone():
    row = make(day=D(2026, 5, 1), name_en="Now")
    old = Project.objects.get(pk=row.pk)
    update_many(actor=SYSTEM, changes=[(old, {"name_en": "Then"})], day=D(2026, 1, 1))
    assert Project.objects.get(pk=row.pk).name_en == "Now"
    assert names_on(D(2026, 2, 1)) == ["Then"]
    assert names_on(D(2026, 5, 1)) == ["Now"]


def test_a_tree_moves_with_everything_below():
    from pmo.core.models import OrgUnit

    top = create_in_tree(actor=SYSTEM, row=OrgUnit(code="A", name_en="A"))
    middle = create_in_tree(actor=SYSTEM, row=OrgUnit(code="B", name_en="B", parent=top))
    leaf = create_in_tree(actor=SYSTEM, row=OrgUnit(code="C", name_en="C", parent=middle))
    other = create_in_tree(actor=SYSTEM, row=OrgUnit(code="D", name_en="D"))
    update_in_tree(actor=SYSTEM, row=middle, values={"parent": other})
    assert OrgUnit.objects.get(pk=leaf.pk).path == f"/{other.pk}/{middle.pk}/{leaf.pk}/"
    with pytest.raises(ValidationError):
        update_in_tree(actor=SYSTEM, row=other, values={"parent": OrgUnit.objects.get(pk=leaf.pk)})


def test_the_limit_of_a_long_text_holds_for_every_way_in():
    row = make(summary="x" * LONGEST_TEXT)
    with pytest.raises(ValidationError) as refused:
        update_record(actor=SYSTEM, row=row, values={"summary": "x" * (LONGEST_TEXT + 1), "code": ""})
    assert "summary" in refused.value.error_dict
    with pytest.raises(ValidationError) as refused:
        make(code="R2", summary="x" * (LONGEST_TEXT + 1))
    assert list(refused.value.error_dict) == ["summary"]
    assert list(Project.objects.values_list("summary", flat=True)) == ["x" * LONGEST_TEXT]
