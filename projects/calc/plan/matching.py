"""Which row of a new plan is which row of the old one: a re-import keeps what people added to the rows it finds again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from projects.calc.plan.document import Calendar, Plan, Resource, Task

Row = TypeVar("Row")
KeyOf = Callable[[Row], Hashable]
"""The key of a row; None for a row that has none."""


def match_tasks(old: Sequence[Task], new: Sequence[Task]) -> dict[str, str]:
    """Uid of each new task that is found again: uid of the old one.

    By the source's uid, else WBS code and name, else the path of names. Where more rows carry a name that is under another
    uid in the other plan than kept both, the file numbers its rows anew and the uid says nothing alone: it counts together with the name only.
    """
    ids: dict[tuple[int, str], int] = {}
    old_paths, new_paths = _paths(old, ids), _paths(new, ids)
    keys: list[tuple[KeyOf[Task], KeyOf[Task]]] = [
        (lambda task: (task.uid, task.name), lambda task: (task.uid, task.name)),
        (_uid, _uid),
        (_code_and_name, _code_and_name),
        (lambda task: old_paths[task.uid], lambda task: new_paths[task.uid]),
    ]
    if not _same_numbering(old, new):
        del keys[1]
    return {task.uid: other.uid for task, other in _pairs(old, new, keys)}


def match_resources(old: Sequence[Resource], new: Sequence[Resource]) -> dict[str, str]:
    """Uid of each new resource that is found again: uid of the old one; by uid and name, else name, else code or e-mail."""
    both: list[KeyOf[Resource]] = [
        lambda one: (one.uid, one.name),
        lambda one: one.name or None,
        lambda one: one.code or None,
        lambda one: one.email or None,
    ]
    return {one.uid: other.uid for one, other in _pairs(old, new, [(key, key) for key in both])}


def match_calendars(old: Sequence[Calendar], new: Sequence[Calendar]) -> dict[str, str]:
    """Uid of each new calendar that is found again: uid of the old one; by uid and name, else name."""
    both: list[KeyOf[Calendar]] = [lambda one: (one.uid, one.name), lambda one: one.name or None]
    return {one.uid: other.uid for one, other in _pairs(old, new, [(key, key) for key in both])}


def _uid(task: Task) -> Hashable:
    return task.uid


def _code_and_name(task: Task) -> Hashable:
    mark = task.code or task.wbs
    return (mark, task.name) if mark else None


_SEVERAL = 3


def _same_numbering(old: Iterable[Task], new: Iterable[Task]) -> bool:
    """Whether at least as many rows kept name and uid as carry a name that the other plan has under another uid.

    Where none of several rows kept both, the plans have nothing to do with each other: numbers begin at 1 in every file.
    """
    before, after = ({task.uid: task.name for task in tasks} for tasks in (old, new))
    old_names, new_names = set(before.values()), set(after.values())
    shared = [(before[uid], name) for uid, name in after.items() if uid in before]
    kept = sum(was == name for was, name in shared)
    strayed = sum(was != name and (was in new_names or name in old_names) for was, name in shared)
    return kept >= strayed and (kept > 0 or len(shared) < _SEVERAL)


def _paths(tasks: Sequence[Task], ids: dict[tuple[int, str], int]) -> dict[str, int]:
    """A number for each path of names from the plan down to the task; the same path has the same number in both plans."""
    found: dict[str, int] = {}
    for task in tasks:
        above = found.get(task.parent, 0) if task.parent is not None else 0
        found[task.uid] = ids.setdefault((above, task.name), len(ids) + 1)
    return found


def _pairs(
    old: Sequence[Row], new: Sequence[Row], keys: Sequence[tuple[KeyOf[Row], KeyOf[Row]]]
) -> list[tuple[Row, Row]]:
    """Pairs (new, old), one key after the other; several rows with one key pair up in their order."""
    pairs: list[tuple[Row, Row]] = []
    old_left, new_left = list(old), list(new)
    for old_key, new_key in keys:
        waiting: dict[Hashable, list[Row]] = defaultdict(list)
        for row in reversed(old_left):
            waiting[old_key(row)].append(row)
        waiting.pop(None, None)
        paired, rest = [], []
        for row in new_left:
            candidates = waiting.get(new_key(row))
            if candidates:
                paired.append((row, candidates.pop()))
            else:
                rest.append(row)
        taken = {id(other) for _row, other in paired}
        old_left, new_left = [row for row in old_left if id(row) not in taken], rest
        pairs += paired
    return pairs


def same_parts(old: Plan, new: Plan) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Tasks, resources and calendars of the new plan that are found in the old one: uid to uid."""
    return (
        match_tasks(old.tasks, new.tasks),
        match_resources(old.resources, new.resources),
        match_calendars(old.calendars, new.calendars),
    )
