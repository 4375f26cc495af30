"""What two states of a plan differ in."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st

from projects.calc.plan.difference import AREAS, Difference, difference
from projects.calc.plan.document import Field, Link, Plan, Span, Task
from tests.plans import build

NAMES = st.sampled_from(["Dig", "Pour", "Test", "Ship", "Plan", "Build"])
DAYS = st.integers(1, 28).map(lambda day: datetime.datetime(2027, 3, day, 8))


@st.composite
def plans(draw: Any) -> Plan:
    """Up to twelve tasks in an outline, with links among them."""
    tasks: list[Task] = []
    for uid in range(draw(st.integers(0, 12))):
        above = draw(st.sampled_from([None, *tasks])) if tasks else None
        tasks.append(
            Task(
                uid=str(uid + 1),
                name=draw(NAMES),
                level=above.level + 1 if above else 1,
                parent=above.uid if above else None,
                start=draw(DAYS),
            )
        )
    uids = [task.uid for task in tasks]
    pairs = draw(st.lists(st.tuples(st.sampled_from(uids), st.sampled_from(uids)), max_size=6)) if uids else []
    return Plan(tasks=tuple(tasks), links=tuple(Link(a, b) for a, b in pairs))


def names(rows: Any) -> list[str]:
    return [row.name for row in rows]


def only(found: Difference, **counts: int) -> bool:
    """Whether nothing differs but this; `tasks_added=1` for "tasks.added"."""
    wanted = {name.replace("_", ".", 1): count for name, count in counts.items()}
    return {name: count for name, count in found.counts().items() if count} == wanted


def changed(plan: Plan, uid: str, **values: Any) -> Plan:
    return replace(plan, tasks=tuple(replace(one, **values) if one.uid == uid else one for one in plan.tasks))


@budget(max_examples=40)
@given(plans())
def test_a_plan_does_not_differ_from_itself(plan: Plan) -> None:
    found = difference(plan, plan)
    assert found.empty
    assert set(found.parts) == set(AREAS)


@budget(max_examples=40)
@given(plans(), plans())
def test_every_row_is_told_once_and_the_reverse_is_the_mirror(old: Plan, new: Plan) -> None:
    there, back = difference(old, new), difference(new, old)
    for area, part in there.parts.items():
        mirror = back.parts[area]
        assert (len(part.added), len(part.removed)) == (len(mirror.removed), len(mirror.added))
        assert len(part.changed) == len(mirror.changed)
    tasks = there.parts["tasks"]
    assert len(new.tasks) - len(old.tasks) == len(tasks.added) - len(tasks.removed)
    links = there.parts["links"]
    assert len(new.links) - len(old.links) == len(links.added) - len(links.removed)


@budget(max_examples=40)
@given(plans(), st.data())
def test_applying_what_is_told_of_a_task_gives_the_new_task(plan: Plan, data: Any) -> None:
    if not plan.tasks:
        return
    at = data.draw(st.sampled_from(plan.tasks))
    new = changed(
        plan,
        at.uid,
        start=data.draw(DAYS),
        priority=data.draw(st.integers(0, 1000)),
        notes=data.draw(st.text(max_size=3)),
    )
    for row in difference(plan, new).parts["tasks"].changed:
        assert row.old.row.uid == at.uid
        applied = replace(row.old.row, **{one.field: one.new for one in row.changes})
        assert applied == row.new.row
    same = difference(plan, new).parts["tasks"].changed == ()
    assert same == (plan == new)


def test_a_plan_that_uses_everything_does_not_differ_from_itself() -> None:
    assert difference(build.plan(), build.plan()).empty


def test_a_field_is_told_with_both_values() -> None:
    plan = build.plan()
    found = difference(plan, changed(plan, "13", duration=Span(960.0, "d")))
    (row,) = found.parts["tasks"].changed
    assert (row.new.place, row.new.name) == ("1.2.1", "Carpentry")
    assert [(one.field, one.old, one.new) for one in row.changes] == [("duration", Span(2400.0, "w"), Span(960.0, "d"))]
    assert only(found, tasks_changed=1)


def test_custom_fields_are_told_one_by_one() -> None:
    plan = build.plan()
    fields = (*build.fields()[1:], Field("TEXT2", "Crew", "text", "B"))
    (row,) = difference(plan, changed(plan, "11", fields=fields)).parts["tasks"].changed
    assert {one.field: (one.old, one.new) for one in row.changes} == {
        "fields.Cost centre": ("=CC-100 工程", None),
        "fields.Crew": (None, "B"),
    }


def test_calendars_are_told_by_their_names() -> None:
    plan = build.plan()
    found = difference(plan, changed(plan, "11", calendar="1"))
    (row,) = found.parts["tasks"].changed
    assert [(one.field, one.old, one.new) for one in row.changes] == [("calendar", "Night", "Standard")]


def test_a_row_added_in_front_moves_nothing() -> None:
    plan = build.plan()
    found = difference(plan, replace(plan, tasks=(Task("99", "Survey", 1), *plan.tasks)))
    assert names(found.parts["tasks"].added) == ["Survey"]
    assert only(found, tasks_added=1)


def test_one_row_behind_its_siblings_is_one_move() -> None:
    tasks = tuple(Task(str(n), f"T{n}", 1) for n in range(6))
    plan = Plan(tasks=tasks)
    found = difference(plan, replace(plan, tasks=(*tasks[1:], tasks[0])))
    assert names(one.new for one in found.moved) == ["T0"]
    assert only(found, tasks_moved=1)


def test_a_row_under_another_summary_is_a_move_with_both_names() -> None:
    plan = build.plan()
    moved = changed(plan, "13", parent="10", level=2)
    (move,) = difference(plan, moved).moved
    assert (move.new.name, move.old_parent, move.new_parent) == ("Carpentry", "Formwork", "Foundation")


def test_new_numbers_alone_are_no_difference() -> None:
    plan = build.plan()
    uids = {task.uid: str(int(task.uid) + 1) for task in plan.tasks}
    tasks = tuple(
        replace(task, uid=uids[task.uid], parent=uids[task.parent] if task.parent else None) for task in plan.tasks
    )
    links = tuple(replace(one, predecessor=uids[one.predecessor], successor=uids[one.successor]) for one in plan.links)
    assignments = tuple(replace(one, task=uids[one.task]) for one in plan.assignments)
    assert difference(plan, replace(plan, tasks=tasks, links=links, assignments=assignments)).empty


def test_no_delay_is_no_delay_in_every_unit() -> None:
    plan = build.plan()

    def delayed(span: Span | None) -> Plan:
        return replace(plan, assignments=(replace(plan.assignments[0], delay=span), *plan.assignments[1:]))

    assert difference(delayed(Span(0.0, "h")), delayed(Span(0.0, "m"))).empty
    assert difference(delayed(Span(0.0, "h")), delayed(None)).empty
    (row,) = difference(delayed(Span(0.0, "h")), delayed(Span(60.0, "h"))).parts["assignments"].changed
    assert [(one.field, one.new) for one in row.changes] == [("delay", Span(60.0, "h"))]


def test_links_resources_assignments_calendars_baselines_and_the_plan_itself() -> None:
    plan = build.plan()
    links = (replace(plan.links[0], lag=Span(480.0, "d")), *plan.links[2:], Link("11", "15"))
    resources = (replace(plan.resources[0], max_units=100.0), *plan.resources[1:])
    calendars = (*plan.calendars[:1], replace(plan.calendars[1], exceptions=()), *plan.calendars[2:])
    tasks = tuple(replace(task, baselines=task.baselines[:1]) for task in plan.tasks)
    new = replace(
        plan,
        title="Shed",
        links=links,
        resources=resources,
        calendars=calendars,
        tasks=tasks,
        assignments=plan.assignments[:2],
    )
    found = difference(plan, new)
    assert only(
        found,
        plan_changed=1,
        links_added=1,
        links_removed=1,
        links_changed=1,
        resources_changed=1,
        calendars_changed=1,
        baselines_removed=1,
        assignments_removed=1,
    )
    assert found.parts["links"].added[0].name == "Dig → Foundation done"
    (lag,) = found.parts["links"].changed[0].changes
    assert (lag.field, lag.new) == ("lag", Span(480.0, "d"))
