"""The plan of a project: versions, calendars, tasks, links, resources, assignments, baselines, and what came along."""

from projects.models.plan.edit import CodeRule, PlanEdit, WbsRules
from projects.models.plan.file import PlanFile
from projects.models.plan.resource import Assignment, PlanResource
from projects.models.plan.taken import TakenRow
from projects.models.plan.task import PlanTask, TaskBaseline, TaskLink
from projects.models.plan.version import PlanCalendar, PlanVersion

__all__ = [
    "Assignment",
    "CodeRule",
    "PlanCalendar",
    "PlanEdit",
    "PlanFile",
    "PlanResource",
    "PlanTask",
    "PlanVersion",
    "TakenRow",
    "TaskBaseline",
    "TaskLink",
    "WbsRules",
]
