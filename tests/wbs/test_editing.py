"""Editing a draft: the tree stays right, summaries follow, undo restores exactly, one audit entry an operation."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from pmo.core.audit.actor import Actor, actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.records.services import StaleRecord
from projects.calc.plan.outline import Outline
from projects.models.plan import PlanTask, PlanVersion, TaskLink
from projects.queries.plans.links import links_of
from projects.queries.plans.stored import plan_as_shown, plan_of, uid_of
from projects.services.plans import editing
from projects.services.plans.editing.pasting import paste_rows, read_rows
from tests import factories
from tests.wbs.conftest import MONDAY, draft, rows, shape, state

pytestmark = pytest.mark.django_db


def assert_tree(plan: PlanVersion) -> None:
    """What is stored of the tree is what the order and the levels say."""
    stored = list(PlanTask.objects.filter(plan=plan).order_by("position"))
    outline = Outline(tuple(row.pk for row in stored), tuple(row.level for row in stored))
    assert [row.parent_id for row in stored] == list(outline.parents)
    assert [row.summary for row in stored] == list(outline.summaries)
    assert len({row.position for row in stored}) == len(stored)


def act(actor: Actor, plan: PlanVersion, rng: random.Random, step: int) -> None:
    keys = list(PlanTask.objects.filter(plan=plan).order_by("position").values_list("pk", flat=True))
    row = rng.choice(keys) if keys else None
    kind = rng.choice(
        ("insert", "below", "in", "out", "up", "down", "delete", "name", "duration", "link", "paste", "undo")
    )
    if kind == "undo":
        editing.undo(actor=actor, plan=plan)
    elif kind in {"insert", "below"} or row is None:
        editing.insert_row(actor=actor, plan=plan, near=row, below=kind == "below", name=f"new {step}")
    elif kind in {"in", "out"}:
        editing.indent_row(actor=actor, plan=plan, row=row, out=kind == "out")
    elif kind in {"up", "down"}:
        editing.move_row(actor=actor, plan=plan, row=row, down=kind == "down")
    elif kind == "delete":
        editing.delete_row(actor=actor, plan=plan, row=row)
    elif kind == "paste":
        paste_rows(
            actor=actor, plan=plan, near=row, text=f"p{step}\t2d\n  q{step}\t1d\t\t\t1" if step % 2 else f"p{step}"
        )
    else:
        texts = {"name": f"name {step}", "duration": f"{step % 7}d", "link": str(rng.randint(1, len(keys)))}
        field = "predecessors" if kind == "link" else kind
        editing.edit_cell(actor=actor, plan=plan, row=row, field=field, text=texts[kind])


@pytest.mark.parametrize("seed", range(4))
def test_random_operations_keep_the_tree_and_undo_restores_exactly(plan: PlanVersion, actor: Actor, seed: int) -> None:
    rng = random.Random(seed)
    editing.open_codes(actor=actor, plan=plan)
    states = [state(plan)]
    for step in range(22):
        before = editing.last_edit(plan)
        try:
            act(actor, plan, rng, step)
        except ValidationError:
            assert state(plan) == states[-1]
            continue
        assert_tree(plan)
        after = editing.last_edit(plan)
        if after == before:
            continue
        if after is not None and (before is None or after.pk > before.pk):
            states.append(state(plan))
        else:
            states.pop()
            assert state(plan) == states[-1]
        plan_of(plan)
    forward = list(states)
    while editing.last_edit(plan) is not None:
        assert state(plan) == states.pop()
        editing.undo(actor=actor, plan=plan)
    assert state(plan) == states.pop() == forward[0]
    for wanted in forward[1:]:
        editing.redo(actor=actor, plan=plan)
        assert state(plan) == wanted
    assert len(forward) > 5


def test_inserting_leaves_the_other_rows_alone(plan: PlanVersion, actor: Actor) -> None:
    before = {row["id"]: row for row in state(plan)}
    done = editing.insert_row(actor=actor, plan=plan, near=rows(plan)["C"].pk, name="New")
    assert shape(plan)[:4] == [("A", 1), ("B", 2), ("New", 3), ("C", 3)]
    after = {row["id"]: row for row in state(plan)}
    moved = {key for key, row in before.items() if after[key] != row}
    assert moved <= {rows(plan)["A"].pk, rows(plan)["B"].pk}
    assert done.row == rows(plan)["New"].pk


def test_indent_and_outdent_take_the_branch_along(plan: PlanVersion, actor: Actor) -> None:
    editing.indent_row(actor=actor, plan=plan, row=rows(plan)["F"].pk)
    assert shape(plan)[5:] == [("F", 2), ("G", 3), ("H", 3)]
    editing.indent_row(actor=actor, plan=plan, row=rows(plan)["F"].pk, out=True)
    editing.move_row(actor=actor, plan=plan, row=rows(plan)["F"].pk, down=False)
    assert [name for name, _level in shape(plan)] == list("FGHABCDE")
    assert_tree(plan)


def test_a_duration_moves_the_finish_over_the_weekend_and_the_summaries_follow(plan: PlanVersion, actor: Actor) -> None:
    editing.edit_cell(actor=actor, plan=plan, row=rows(plan)["C"].pk, field="duration", text="6 天")
    found = rows(plan)
    assert found["C"].duration == 6 * 480
    assert found["C"].finishes_at.isoformat() == "2026-11-09T17:00:00+00:00"
    assert found["A"].finishes_at == found["B"].finishes_at == found["C"].finishes_at
    assert found["A"].starts_at == MONDAY
    assert found["A"].duration == 6 * 480
    editing.edit_cell(actor=actor, plan=plan, row=found["C"].pk, field="percent", text="50")
    # C: 6 days half done, D and E: 2 days each, nothing done.
    assert rows(plan)["B"].percent_complete == pytest.approx(100 * 3 / 8, abs=1e-3)
    assert rows(plan)["A"].percent_complete == pytest.approx(100 * 3 / 10, abs=1e-3)


def test_a_finish_changes_the_duration_and_a_milestone_has_none(plan: PlanVersion, actor: Actor) -> None:
    row = rows(plan)["E"].pk
    editing.edit_cell(actor=actor, plan=plan, row=row, field="finish", text="2026-11-06")
    assert rows(plan)["E"].duration == 5 * 480
    editing.edit_cell(actor=actor, plan=plan, row=row, field="milestone", text="1")
    milestone = rows(plan)["E"]
    assert (milestone.duration, milestone.starts_at) == (0, milestone.finishes_at)
    editing.edit_cell(actor=actor, plan=plan, row=row, field="start", text="2026-11-07")
    assert rows(plan)["E"].starts_at.date().isoformat() == "2026-11-09"


@pytest.mark.parametrize(("field", "text"), [
    ("duration", "soon"), ("start", "2026-13-01"), ("finish", "2026-11-01"), ("percent", "101"), ("predecessors", "77"),
    ("predecessors", "3XX"), ("predecessors", "1"), ("predecessors", "5"), ("predecessors", "3,3"), ("responsible", "Nobody"),
    ("name", "x" * 1001),
])  # fmt: skip
def test_what_cannot_be_taken_is_told_at_its_field(plan: PlanVersion, actor: Actor, field: str, text: str) -> None:
    before = state(plan)
    with pytest.raises(ValidationError) as caught:
        editing.edit_cell(actor=actor, plan=plan, row=rows(plan)["E"].pk, field=field, text=text)
    assert list(caught.value.message_dict) == [field]
    assert state(plan) == before


def test_links_are_typed_by_row_numbers_and_never_go_in_circles(plan: PlanVersion, actor: Actor) -> None:
    found = rows(plan)
    editing.edit_cell(actor=actor, plan=plan, row=found["D"].pk, field="predecessors", text="3FS+2d")
    editing.edit_cell(actor=actor, plan=plan, row=found["E"].pk, field="predecessors", text="4SS-50%；8")
    links = (
        TaskLink.objects.filter(plan=plan).order_by("pk").values_list("predecessor__name", "kind", "lag", "lag_unit")
    )
    assert list(links) == [("C", "FS", 960.0, "d"), ("D", "SS", -50.0, "%"), ("H", "FS", 0.0, "d")]
    with pytest.raises(ValidationError):
        editing.edit_cell(actor=actor, plan=plan, row=found["C"].pk, field="predecessors", text="5")
    editing.delete_row(actor=actor, plan=plan, row=found["D"].pk)
    assert links_of(plan).count() == 1
    assert [(one.predecessor, one.successor) for one in plan_of(plan).links] == [
        (uid_of(found["H"]), uid_of(found["E"]))
    ]
    editing.undo(actor=actor, plan=plan)
    assert links_of(plan).count() == 3
    assert len(plan_of(plan).links) == 3


def test_somebody_else_was_faster(plan: PlanVersion, actor: Actor) -> None:
    row = rows(plan)["C"]
    editing.edit_cell(actor=actor, plan=plan, row=row.pk, field="name", text="One", expected_version=row.version)
    with pytest.raises(StaleRecord) as caught:
        editing.edit_cell(actor=actor, plan=plan, row=row.pk, field="name", text="Two", expected_version=row.version)
    assert caught.value.current.name == "One"
    other = actor_of(factories.user(username="other"))
    with pytest.raises(ValidationError, match="only they can undo"):
        editing.undo(actor=other, plan=plan)


def test_one_audit_entry_an_operation(plan: PlanVersion, actor: Actor) -> None:
    before = AuditEntry.objects.count()
    editing.indent_row(actor=actor, plan=plan, row=rows(plan)["F"].pk)
    entry = AuditEntry.objects.order_by("-pk").first()
    assert entry is not None
    assert AuditEntry.objects.count() == before + 1
    assert (entry.model, entry.object_id, entry.project_id) == ("projects.planversion", plan.pk, plan.project_id)


def test_a_published_version_is_not_edited(plan: PlanVersion, actor: Actor) -> None:
    PlanVersion.objects.filter(pk=plan.pk).update(state="published")
    with pytest.raises(ValidationError, match="published or discarded"):
        editing.insert_row(actor=actor, plan=plan, near=None)


def test_codes_follow_the_outline_and_own_codes_stay(plan: PlanVersion, actor: Actor) -> None:
    PlanTask.objects.filter(plan=plan, name="A").update(wbs="1")
    editing.open_codes(actor=actor, plan=plan)
    editing.insert_row(actor=actor, plan=plan, near=rows(plan)["A"].pk, name="First")
    editing.delete_row(actor=actor, plan=plan, row=rows(plan)["H"].pk)
    editing.close_codes(plan)
    assert [(row.name, row.wbs) for row in rows(plan).values()] == [
        ("First", "1"), ("A", "2"), ("B", "W1"), ("C", "2.1.1"), ("D", "2.1.2"), ("E", "2.2"), ("F", "3"), ("G", "3.1"),
    ]  # fmt: skip
    assert not PlanTask.objects.filter(name="H").exists()
    assert editing.last_edit(plan) is None


def test_a_paste_names_every_cell_it_cannot_take(plan: PlanVersion, actor: Actor) -> None:
    text = "WBS编码\t任务名称\t工期\t开始\t备注\n1\tDesign\t5d\t2026-11-02\t\n1.1\tDraw\tsoon\t2026-99-01\tnote"
    found = read_rows(actor=actor, plan=plan, text=text)
    assert [row.level for row in found.rows] == [1, 2]
    assert [(one.line, one.column, one.value) for one in found.errors] == [
        (3, "duration", "soon"), (3, "start", "2026-99-01"), (3, "", "note"),
    ]  # fmt: skip
    before: list[dict[str, Any]] = state(plan)
    with pytest.raises(ValidationError):
        paste_rows(actor=actor, plan=plan, near=None, text=text)
    assert state(plan) == before


def test_a_paste_keeps_outline_and_links(plan: PlanVersion, actor: Actor) -> None:
    text = "Phase\n  Step one\t3d\t2026-11-02\n  Step two\t2d\t\t\t2FS+1d\n\tSub\t1d"
    done = paste_rows(actor=actor, plan=plan, near=rows(plan)["E"].pk, text=text)
    assert shape(plan)[5:9] == [("Phase", 2), ("Step one", 3), ("Step two", 3), ("Sub", 3)]
    assert len(done.changed) >= 4
    link = TaskLink.objects.get(plan=plan)
    assert (link.predecessor.name, link.successor.name, link.lag) == ("Step one", "Step two", 480.0)
    assert rows(plan)["Phase"].starts_at == MONDAY


def test_an_edited_draft_is_exported_with_the_codes_that_people_see() -> None:
    plan = draft(factories.project(), [1, 2, 2, 1])
    PlanTask.objects.filter(plan=plan).update(wbs="")
    PlanTask.objects.filter(plan=plan, name="C").update(wbs="X.9")
    assert [task.wbs for task in plan_as_shown(plan).tasks] == ["1", "1.1", "X.9", "2"]
