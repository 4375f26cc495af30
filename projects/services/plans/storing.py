"""Committing an imported plan as a version of the project's plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.core.audit.actor import Actor
from pmo.core.records.services import update_record
from projects.calc.plan.document import Plan, Remark, Task
from projects.calc.plan.fitting import fitted
from projects.calc.plan.matching import match_resources, match_tasks
from projects.models.plan import PlanFile, PlanVersion
from projects.models.project import Project
from projects.queries.plans import stored
from projects.services.plans.milestones import MilestoneFeed, feed_milestones
from projects.services.plans.refusals import PlanChanged
from projects.services.plans.rows import Kept, PlanWriter, Progress
from projects.services.plans.taking.writing import preview, take
from projects.services.plans.versions import (
    Publication,
    State,
    kept_rows,
    open_version,
    refuse_second_draft,
    say_created,
    supersede,
)

_EXAMPLES = 10


def commit_plan(
    *,
    actor: Actor,
    project: Project,
    plan: Plan,
    file: PlanFile | None = None,
    publish: bool = True,
    reason: str = "",
    progress: Progress | None = None,
    expected_number: int | None = None,
) -> PlanVersion:
    """The plan as a new version, published or as a draft; see `import_plan` for what it did to the milestones."""
    return import_plan(
        actor=actor,
        project=project,
        plan=plan,
        file=file,
        publish=publish,
        reason=reason,
        progress=progress,
        expected_number=expected_number,
    ).version


def import_plan(
    *,
    actor: Actor,
    project: Project,
    plan: Plan,
    file: PlanFile | None = None,
    publish: bool = True,
    reason: str = "",
    progress: Progress | None = None,
    expected_number: int | None = None,
) -> Publication:
    """Write the plan in one transaction: all of it or nothing. What came along for registers is taken where it is published.

    Rows found again keep key, responsible person, remark and milestone; what is lost thereby is named in `version.lost`.
    `expected_number` is the number of the published version that the user compared with, 0 for none; without it the one
    that is published when the call begins. Raises PlanChanged where it is another by then, ValidationError for a draft
    beside a draft and for a plan whose rows cannot be told apart.
    """
    before = stored.published(project)
    seen = (before.number if before else 0) if expected_number is None else expected_number
    if not publish:
        refuse_second_draft(project)
    plan = _fitted(plan)
    with transaction.atomic():
        base = stored.published(project)
        if (base.number if base else 0) != seen:
            raise PlanChanged(base)
        if publish:
            supersede(actor=actor, current=base, reason=reason)
        tasks, resources, gone = _taken_over(base or stored.draft(project), plan)
        plan = replace(plan, lost=(*plan.lost, *gone))
        state = State.PUBLISHED if publish else State.DRAFT
        version = open_version(project=project, state=state, plan=plan, based_on=base, source=file)
        PlanWriter(version, plan, tasks, resources, progress).write()
        feed = _publish(actor, version, reason) if publish else MilestoneFeed()
        if publish:
            taken = take(actor=actor, version=version, plan=plan, reason=reason)
        else:
            taken = preview(actor=actor, project=project, plan=plan, file=file)
        say_created(actor, version, "import.commit", plan.counts(), reason, milestones=feed.counts())
        if file is not None:
            update_record(actor=actor, row=file, values={"state": PlanFile.State.COMMITTED}, reason=reason)
    return Publication(version, feed, tuple(taken))


def _fitted(plan: Plan) -> Plan:
    try:
        return fitted(plan)
    except ValueError as error:
        raise ValidationError(
            _("The plan has rows that cannot be told apart: %(why)s") % {"why": error}, code="uids"
        ) from error


def _publish(actor: Actor, version: PlanVersion, reason: str) -> MilestoneFeed:
    version.published_at, version.published_by = timezone.now(), actor.user
    PlanVersion.all_objects.filter(pk=version.pk).update(
        published_at=version.published_at, published_by=version.published_by
    )
    return feed_milestones(actor=actor, version=version, reason=reason)


def _taken_over(base: PlanVersion | None, plan: Plan) -> tuple[dict[str, Kept], dict[str, Kept], tuple[Remark, ...]]:
    """What tasks and resources of the new plan take over, and what of the old version has no place in it."""
    if base is None:
        return {}, {}, ()
    old = stored.plan_of(base)
    old_tasks, old_resources = kept_rows(base)
    found = match_tasks(old.tasks, plan.tasks)
    tasks = {new: _from_file(old_tasks[uid]) for new, uid in found.items()}
    again = match_resources(old.resources, plan.resources)
    resources = {new: _from_file(old_resources[uid]) for new, uid in again.items()}
    left = set(found.values())
    return tasks, resources, _gone([task for task in old.tasks if task.uid not in left], old_tasks)


def _from_file(kept: Kept) -> Kept:
    return replace(kept, added_here=False)


def _gone(tasks: Sequence[Task], kept: dict[str, Kept]) -> tuple[Remark, ...]:
    """Tasks that the file does not have: those added here, and those to which people added something."""
    here = [task for task in tasks if kept[task.uid].added_here]
    noted = [task for task in tasks if task not in here and (kept[task.uid].responsible_id or kept[task.uid].remark)]
    return tuple(
        Remark("tasks", code, len(rows), tuple(f"{row.wbs} {row.name}".strip() for row in rows[:_EXAMPLES]))
        for code, rows in (("only_here", here), ("additions_gone", noted))
        if rows
    )
