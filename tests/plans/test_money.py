"""Which fields of a plan are money, whoever named them."""

from __future__ import annotations

import pytest

from projects.calc.plan.document import Field, Plan, Task
from projects.calc.plan.money import without_money


@pytest.mark.parametrize(
    ("field", "kept"),
    [
        (Field("COST1", "Cost1", "number", 5), False),
        (Field("NUMBER1", "Approved budget", "number", 5), False),
        (Field("TEXT3", "已批预算", "text", "五百万"), False),
        (Field("X", "X", "money", 5), False),
        (Field("TEXT4", "Lot", "text", "B"), True),
    ],
)
def test_fields_called_money_go_with_the_amounts(field: Field, kept: bool) -> None:
    plan = without_money(Plan(tasks=(Task("1", "A", 1, fields=(field,)),), fields=(field,)))
    assert (plan.tasks[0].fields, plan.fields) == (((field,), (field,)) if kept else ((), ()))
