"""Drafts and publishing: one published version of a project's plan counts, one draft is worked on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import record
from pmo.core.records.services import act_on, delete_record, update_record
from pmo.core.records.written import tell_written
from projects.calc.plan.document import Plan
from projects.calc.plan.stored import fields_json, remarks_json
from projects.models.plan import PlanResource, PlanTask, PlanVersion
from projects.models.project import Project
from projects.queries.plans import stored
from projects.services.plans import shelf
from projects.services.plans.milestones import MilestoneFeed, feed_milestones
from projects.services.plans.refusals import PlanChanged
from projects.services.plans.rows import Kept, PlanWriter, Progress, utc
from projects.services.plans.taking.writing import Outcome, take

State = PlanVersion.State


@dataclass(frozen=True)
class Publication:
    """A version that is published now, and what that did to the milestones."""

    version: PlanVersion
    milestones: MilestoneFeed
    # What became of the rows for registers that came along with its file; of a draft, what will become of them.
    registers: tuple[Outcome, ...] = ()


def start_draft(*, actor: Actor, project: Project, reason: str = "", progress: Progress | None = None) -> PlanVersion:
    """A draft that is a copy of the published version, an empty plan where there is none.

    Raises ValidationError where the project has a draft, PlanChanged where somebody else was faster.
    """
    refuse_second_draft(project)
    base = stored.published(project)
    plan = stored.plan_of(base) if base is not None else Plan()
    with transaction.atomic():
        version = open_version(project=project, state=State.DRAFT, plan=plan, based_on=base, source=None)
        if base is not None:
            version.note = base.note
            PlanVersion.all_objects.filter(pk=version.pk).update(note=base.note)
            tasks, resources = kept_rows(base)
            PlanWriter(version, plan, tasks, resources, progress).write()
        say_created(actor, version, "create", plan.counts(), reason)
    return version


def publish(*, actor: Actor, draft: PlanVersion, expected_version: int | None, reason: str = "") -> Publication:
    """Make the draft the version that counts; the one before is superseded, and the milestones follow the plan.

    Raises ValidationError for a version that is no draft, StaleRecord where the draft was changed meanwhile, PlanChanged
    where another version was published after the draft was begun.
    """
    if draft.state != State.DRAFT:
        raise ValidationError(_("Only a draft can be published."), code="not_draft")
    with transaction.atomic():
        current = stored.published(draft.project_id)
        if (current.pk if current else None) != draft.based_on_id:
            raise PlanChanged(current)
        supersede(actor=actor, current=current, reason=reason)
        values = {"state": State.PUBLISHED, "published_at": timezone.now(), "published_by": actor.user}
        update_record(
            actor=actor, row=draft, values=values, expected_version=expected_version, reason=reason, action="publish"
        )
        feed = feed_milestones(actor=actor, version=draft, reason=reason)
        taken = take(actor=actor, version=draft, plan=_came_along(draft), reason=reason)
    return Publication(draft, feed, tuple(taken))


def _came_along(draft: PlanVersion) -> Plan:
    """What was read of the draft's file; an empty plan for a draft that was begun here, or whose file is no longer kept."""
    if draft.source is None:
        return Plan()
    try:
        return shelf.kept_plan(draft.source)
    except shelf.FileGone:
        return Plan()


def discard_draft(*, actor: Actor, draft: PlanVersion, expected_version: int | None = None, reason: str = "") -> None:
    """Move the draft to the trash. Raises ValidationError for a version that is no draft, StaleRecord."""
    if draft.state != State.DRAFT:
        raise ValidationError(_("Only a draft can be discarded."), code="not_draft")
    delete_record(actor=actor, row=draft, expected_version=expected_version, reason=reason)


def refuse_second_draft(project: Project) -> None:
    """A project has one draft at most."""
    if stored.draft(project) is not None:
        raise ValidationError(
            _("This project has a draft of its plan already. Publish or discard it first."), code="draft_exists"
        )


def supersede(*, actor: Actor, current: PlanVersion | None, reason: str) -> None:
    """The published version counts no longer; also what makes two that publish at once wait for each other."""
    if current is not None:
        update_record(
            actor=actor,
            row=current,
            values={"state": State.SUPERSEDED},
            expected_version=current.version,
            reason=reason,
        )


def open_version(*, project: Project, state: str, plan: Plan, based_on: PlanVersion | None, source: Any) -> PlanVersion:
    """The row of a new version, with the next number. Raises PlanChanged where somebody took the number or place meanwhile."""
    last = PlanVersion.all_objects.filter(project=project).aggregate(last=Max("number"))["last"] or 0
    version = PlanVersion(
        project=project,
        number=last + 1,
        state=state,
        based_on=based_on,
        source=source,
        **version_values(plan),
    )
    version.clean_fields(exclude=["project", "based_on", "source", "published_by", "calendar"])
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as error:
        raise PlanChanged(stored.published(project)) from error
    return version


def version_values(plan: Plan) -> dict[str, Any]:
    """What a version's own row says of the plan."""
    return {
        "title": plan.title,
        "root_name": plan.root_name,
        "starts_at": utc(plan.start),
        "finishes_at": utc(plan.finish),
        "status_at": utc(plan.status_at),
        "schedule_from_finish": plan.schedule_from_finish,
        "minutes_per_day": plan.minutes_per_day,
        "minutes_per_week": plan.minutes_per_week,
        "days_per_month": plan.days_per_month,
        "critical_slack": plan.critical_slack,
        "currency": plan.currency,
        "fields": fields_json(plan.fields),
        "source_format": plan.format,
        "source_application": plan.application,
        "kept": remarks_json(plan.kept),
        "lost": remarks_json(plan.lost),
    }


def kept_rows(version: PlanVersion) -> tuple[dict[str, Kept], dict[str, Kept]]:
    """What the rows of a version hand on, by their uid: of tasks and of resources."""
    tasks = PlanTask.objects.filter(plan=version).values_list("uid", "key", "responsible_id", "remark")
    resources = PlanResource.objects.filter(plan=version).values_list("uid", "key")
    return (
        {uid or str(key): Kept(key, person, remark, not uid) for uid, key, person, remark in tasks},
        {uid or str(key): Kept(key, added_here=not uid) for uid, key in resources},
    )


def say_created(
    actor: Actor, version: PlanVersion, action: str, counts: dict[str, int], reason: str, **more: Any
) -> None:
    """One entry for the version with all its rows."""
    changes = {"state": [None, version.state], "number": [None, version.number], "counts": counts, **more}
    record(actor=actor, act=act_on(version, action, changes, reason))
    tell_written([version])
