"""Dates of projects for calendar feeds: what concerns a person, of what they may see."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.access.grants import person_id_of
from pmo.core.messages.api import CalendarSource, Entry, register_calendar_source
from projects.models import Action, Decision, Milestone, Project, ProjectMember
from projects.models.ridac import WorkState

MOST = 1000


def projects_of(user: Any) -> Any:
    """Projects the user manages, pays for or is a member of, as far as they may be seen."""
    person = person_id_of(user)
    if person is None:
        return Project.objects.none()
    members = ProjectMember.objects.filter(person_id=person).order_by().values("project_id")
    mine = Q(pm_id=person) | Q(sponsor_id=person) | Q(pk__in=members)
    return Project.objects.visible_to(user).filter(mine)


def declare() -> None:
    """Let calendar feeds show milestones, decisions and actions."""
    register_calendar_source(
        CalendarSource("milestones", gettext_lazy("Milestones of my projects"), milestones),
        CalendarSource("decisions", gettext_lazy("Decisions I have to take"), decisions),
        CalendarSource("actions", gettext_lazy("My actions"), actions),
    )


def milestones(user: Any, first: datetime.date, last: datetime.date) -> Iterable[Entry]:
    """On their actual, else forecast, else baseline day."""
    rows = Milestone.objects.visible_to(user).filter(project__in=projects_of(user).order_by().values("pk"))
    rows = rows.annotate(on=Coalesce("actual_date", "forecast_date", "baseline_date")).filter(on__range=(first, last))
    for row in rows.select_related("project").order_by("on", "pk")[:MOST]:
        done = _("reached") if row.actual_date else _("planned")
        note = _("Baseline %(day)s") % {"day": row.baseline_date} if row.baseline_date else ""
        title = _("%(milestone)s (%(project)s), %(state)s") % {
            "milestone": row.name,
            "project": row.project,
            "state": done,
        }
        yield _entry("milestones", row, row.on, title, note)


def decisions(user: Any, first: datetime.date, last: datetime.date) -> Iterable[Entry]:
    """Pending ones, on the day they are needed by."""
    rows = Decision.objects.visible_to(user).filter(
        decider_id=person_id_of(user), state=Decision.State.OPEN, needed_by__range=(first, last)
    )
    for row in rows.select_related("project").order_by("needed_by", "pk")[:MOST]:
        title = _("Decide: %(decision)s (%(project)s)") % {"decision": row.title, "project": row.project}
        yield _entry("decisions", row, row.needed_by, title, row.context)


def actions(user: Any, first: datetime.date, last: datetime.date) -> Iterable[Entry]:
    """Open ones, on the day they are due."""
    rows = Action.objects.visible_to(user).filter(
        owner_id=person_id_of(user), state__in=[WorkState.OPEN, WorkState.DOING], due_on__range=(first, last)
    )
    for row in rows.select_related("project").order_by("due_on", "pk")[:MOST]:
        title = _("%(action)s (%(project)s)") % {"action": row.title, "project": row.project}
        yield _entry("actions", row, row.due_on, title, row.note)


def _entry(register: str, row: Any, day: datetime.date, title: str, note: str) -> Entry:
    url = reverse("register-detail", kwargs={"key": register, "pk": row.pk})
    return Entry(uid=str(row.uid), day=day, title=title, note=note, url=url, changed_at=row.updated_at)
