"""A milestone that the plan feeds, taken out of its hands, and given back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pmo.core.access.api import can
from pmo.core.audit.actor import Actor
from pmo.core.records.services import update_record
from projects.models import Milestone
from projects.queries.plans import stored
from projects.services.plans.milestones import values_of

DETACH, ATTACH = "milestone.detach", "milestone.attach"


def detach(*, actor: Actor, milestone: Milestone, expected_version: int | None = None, reason: str = "") -> Milestone:
    """Own the milestone here: name and dates stay as they are, and no publication changes them or makes another one.

    Raises ValidationError where the plan does not feed it, Refused, StaleRecord.
    """
    _require(actor, milestone)
    if milestone.task_key is None:
        raise ValidationError(_("The plan does not feed this milestone."))
    values: dict[str, Any] = {"task_key": None, "left_task_key": milestone.task_key}
    return _changed(actor, milestone, values, expected_version, reason, DETACH)


def attach(*, actor: Actor, milestone: Milestone, expected_version: int | None = None, reason: str = "") -> Milestone:
    """Let the plan lead again: name and dates as the published plan has them now.

    Raises ValidationError where the milestone was not taken off the plan or its task is gone, Refused, StaleRecord.
    """
    _require(actor, milestone)
    key, plan = milestone.left_task_key, stored.published(milestone.project_id)
    fed = values_of(plan).get(key) if plan is not None and key is not None else None
    if fed is None:
        raise ValidationError(_("The published plan has no row for this milestone any more."))
    with transaction.atomic():
        if Milestone.objects.filter(project=milestone.project_id, task_key=key).exists():
            raise ValidationError(_("Another milestone follows this row of the plan already."))
        values = {**fed, "task_key": key, "left_task_key": None}
        return _changed(actor, milestone, values, expected_version, reason, ATTACH)


def _require(actor: Actor, milestone: Milestone) -> None:
    if not actor.is_system:
        can(actor.user, "change", milestone).or_raise()


def _changed(
    actor: Actor, milestone: Milestone, values: dict[str, Any], version: int | None, reason: str, action: str
) -> Milestone:
    row: Milestone = update_record(
        actor=actor, row=milestone, values=values, expected_version=version, reason=reason, action=action
    )
    return row
