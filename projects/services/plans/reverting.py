"""Taking back an import that was just published: the version before counts again."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import record
from pmo.core.calendars.queries import org_today
from pmo.core.records.bulk import delete_many
from pmo.core.records.services import act_on, update_record
from projects.access import IMPORT_PLAN, PUBLISH_PLAN
from projects.models import Milestone
from projects.models.plan import PlanFile, PlanTask, PlanVersion
from projects.services.plans import shelf
from projects.services.plans.files import State, change, require
from projects.services.plans.milestones import feed_milestones
from projects.services.plans.taking.undoing import take_back
from projects.services.plans.taking.writing import Outcome, preview
from projects.services.plans.versions import supersede

WITHIN = datetime.timedelta(minutes=10)


def can_revert(version: PlanVersion | None, now: datetime.datetime) -> bool:
    """Whether the version is a fresh import that counts, with a version before it to go back to."""
    if version is None or version.source_id is None or version.published_at is None or version.based_on is None:
        return False
    fresh = now - version.published_at <= WITHIN
    before = version.based_on
    alive = before.deleted_at is None and before.state == PlanVersion.State.SUPERSEDED
    return fresh and alive and version.state == PlanVersion.State.PUBLISHED


def revert_import(*, actor: Actor, version: PlanVersion) -> PlanVersion:
    """Publish the version before again and make the file ready to be imported anew; returns that version.

    Milestones follow the version before; those that the import made and nobody has touched go to the trash, as do risks and
    issues that came along. Raises ValidationError where the time is over or somebody builds on the import, Refused, StaleRecord.
    """
    for permission in (IMPORT_PLAN, PUBLISH_PLAN):
        require(actor, version.project, permission)
    now = timezone.now()
    before, file = version.based_on, version.source
    if before is None or file is None or not can_revert(version, now):
        raise ValidationError(_("Only the latest import can be undone, and only within ten minutes."))
    if PlanVersion.objects.filter(based_on=version).exists():
        raise ValidationError(_("A draft builds on this import. Discard the draft first."))
    with transaction.atomic():
        supersede(actor=actor, current=version, reason="")
        values = {"state": PlanVersion.State.PUBLISHED, "published_at": now, "published_by": actor.user}
        update_record(actor=actor, row=before, values=values, expected_version=before.version, action="publish")
        delete_many(actor=actor, rows=_made_by(version, before), day=org_today())
        feed_milestones(actor=actor, version=before)
        registers = take_back(actor=actor, file=file)
        report = {**file.report, "registers": _again(actor, file)}
        change(file, (State.COMMITTED,), state=State.READ, report=report)
        facts = {"plan": [version.number, before.number], **({"registers": registers} if registers else {})}
        record(actor=actor, act=act_on(version, "plan.revert", facts, ""))
    return before


def _again(actor: Actor, file: PlanFile) -> list[Outcome]:
    """What importing the file once more would do to the registers."""
    try:
        return preview(actor=actor, project=file.project, plan=shelf.kept_plan(file))
    except shelf.FileGone:
        return []


def _made_by(version: PlanVersion, before: PlanVersion) -> list[Milestone]:
    """Milestones that came with the version, stand in no earlier one and were not changed since."""
    known = PlanTask.objects.filter(plan=before, milestone=True, summary=False, active=True).values("key")
    keys = PlanTask.objects.filter(plan=version).exclude(key__in=known).values("key")
    rows = Milestone.objects.filter(project=version.project, task_key__in=keys, version=1)
    return list(rows.filter(created_at__gte=version.created_at))
