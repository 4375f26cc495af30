"""A plan for those who may not see money: without costs and rates, everywhere they may stand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from projects.calc.plan.document import Assignment, Baseline, Field, Plan, Remark, Resource, Task

_EMPTY: dict[type, dict[str, Any]] = {
    Task: {"cost": None, "actual_cost": None, "remaining_cost": None, "fixed_cost": None, "fixed_cost_accrual": ""},
    Resource: {"rate": None, "overtime_rate": None, "cost_per_use": None, "cost": None},
    Assignment: {"cost": None, "actual_cost": None, "remaining_cost": None},
    Baseline: {"cost": None},
}
_MONEY_WORDS = (
    "COST", "RATE", "BUDGET", "PRICE", "AMOUNT", "成本", "费用", "预算", "单价", "金额", "价格", "费率", "造价",
)  # fmt: skip


def without_money(plan: Plan) -> Plan:
    """The plan with its costs, rates and the custom fields that hold money taken out."""
    return replace(
        plan,
        tasks=tuple(_row(one) for one in plan.tasks),
        resources=tuple(_row(one) for one in plan.resources),
        assignments=tuple(_row(one) for one in plan.assignments),
        fields=_fields(plan.fields),
        kept=_remarks(plan.kept),
        lost=_remarks(plan.lost),
    )


def _remarks(remarks: tuple[Remark, ...]) -> tuple[Remark, ...]:
    """Examples of costs may name amounts."""
    return tuple(replace(one, examples=()) if one.area == "costs" else one for one in remarks)


def _row(row: Any) -> Any:
    values = {**_EMPTY[type(row)], "fields": _fields(row.fields)}
    if hasattr(row, "baselines"):
        values["baselines"] = tuple(replace(one, **_EMPTY[Baseline]) for one in row.baselines)
    return replace(row, **values)


def _fields(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Money by kind, and fields that say costs or rates as numbers or text, by the program's name or by people's."""
    return tuple(one for one in fields if not holds_money(one))


def holds_money(field: Field) -> bool:
    """Whether a field is, or is called, an amount of money."""
    called = f"{field.name} {field.label}".upper()
    return field.kind == "money" or any(word in called for word in _MONEY_WORDS)
