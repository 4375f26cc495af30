"""The verdict on a plan's work breakdown structure by the organisation's rules."""

from __future__ import annotations

from projects.calc.plan.outline import outline_numbers
from projects.calc.plan.wbs_rules import Limits, Row, Verdict, judge
from projects.models.plan import Assignment, PlanTask, PlanVersion, WbsRules


def rules_in_force() -> WbsRules:
    """The organisation's rules; the built-in ones before the PMO has written its own."""
    return WbsRules.objects.order_by("pk").first() or WbsRules()


def limits_of(rules: WbsRules) -> Limits:
    """The rules as plain values."""
    return Limits(
        max_depth=rules.max_depth,
        min_hours=float(rules.min_hours),
        max_hours=float(rules.max_hours),
        code=rules.code_rule,
        name_pattern=rules.name_pattern,
        whole=rules.whole,
        own_work=rules.own_work,
        no_gaps=rules.no_gaps,
        complete=rules.complete,
        remarks_percent=float(rules.remarks_percent),
    )


def verdict_of(plan: PlanVersion, limits: Limits) -> Verdict:
    """Two statements whatever the size of the plan."""
    staffed = set(
        Assignment.objects.filter(plan=plan, resource__isnull=False)
        .order_by()
        .values_list("task_id", flat=True)
        .distinct()
    )
    stored = list(
        PlanTask.objects.filter(plan=plan, active=True)
        .order_by("position", "pk")
        .values_list("pk", "level", "wbs", "name", "milestone", "work", "duration", "responsible_id")
    )
    numbers = outline_numbers(row[1] for row in stored)
    rows = [
        Row(
            id=key,
            level=level,
            code=wbs or number,
            name=name,
            milestone=milestone,
            minutes=work or duration,
            duration=duration,
            staffed=person is not None or key in staffed,
            resources=key in staffed,
        )
        for (key, level, wbs, name, milestone, work, duration, person), number in zip(stored, numbers, strict=True)
    ]
    return judge(rows, limits)
