"""What the register of milestones says of those that the plan feeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.core.access.api import can
from pmo.core.registers.declaration import Fixed, FixedFields
from projects.models import Milestone
from projects.queries.plans import stored
from projects.queries.plans.fed import feeds

_BEFORE = 3


def fixed_by_plan(rows: Sequence[Any]) -> FixedFields:
    """The fields that the published plan gives, with its row. One statement, none where the plan feeds none of the rows."""
    projects = {one.pk: one.project_id for one in rows}
    return {pk: {name: _fixed(projects[pk], feed.row) for name in feed.fields} for pk, feed in feeds(rows).items()}


def _fixed(project: int, row: int) -> Fixed:
    why = _("Comes from the plan, row %(row)s.") % {"row": row}
    advice = _("Change it there, or own the milestone here.")
    return Fixed(why, advice, row_url(project, row), _("Open the row"))


def row_url(project: int, row: int) -> str:
    """The plan's page from a few rows above the row on."""
    tab = reverse("register-tab", kwargs={"key": "projects", "pk": project, "tab": "plan"})
    first = max(row - 1 - _BEFORE, 0)
    return f"{tab}?from={first}#row-{row}" if first else f"{tab}#row-{row}"


def plan_notice(request: HttpRequest, row: Milestone) -> str:
    """Which row of the plan feeds the milestone, and the way out; or the way back."""
    feed = feeds([row]).get(row.pk)
    if feed is None and row.left_task_key is None:
        return ""
    if feed is None and not stored.has_milestone(row.project_id, row.left_task_key):
        return ""
    context = {
        "row": row,
        "feed": feed,
        "url": row_url(row.project_id, feed.row) if feed else "",
        "change": can(request.user, "change", row),
    }
    return render_to_string("projects/plans/fed.html", context, request)
