"""Early warnings and put-off data gaps as registers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Column, Filter, Register
from pmo.core.registers.values import is_id
from portfolio.models import EarlyWarning, Snooze
from portfolio.queries.gap_rules import BY_CODE
from portfolio.queries.scope import snapshot_day
from portfolio.registers.filters import portfolio_choices, programme_choices
from portfolio.registers.past import in_portfolio, in_programme


def _why_url(row: Any) -> str:
    """The health of the project on the date of the warning."""
    return (
        reverse("register-tab", kwargs={"key": "projects", "pk": row.project_id, "tab": "health"}) + f"?date={row.date}"
    )


def _placed(narrow: Callable[..., Any]) -> Callable[[Any, list[str], Any], Any]:
    """Rows of projects placed there on the date of the warning."""

    def apply(rows: Any, values: list[str], user: Any) -> Any:
        if not all(is_id(value) for value in values):
            message = _("%(value)s is not the number of a record.")
            raise ValidationError(message % {"value": ", ".join(values)[:200]})
        return narrow(rows, [int(value) for value in values], "date")

    return apply


def _latest() -> str:
    """The last day with computed health."""
    day = snapshot_day()
    return "" if day is None else f"date={day}"


def _chance(weeks: int, label: Any) -> Column:
    name = f"chance_{weeks}"
    return Column(f"{name}_pct", label=label, kind="percent", annotate=F(name) * 100.0, places=0, align="right")


EARLY_WARNINGS = Register(
    key="early-warnings",
    model=EarlyWarning,
    icon="warning",
    read_only=True,
    code_field="",
    columns=[
        Column("date"),
        Column("project", link=True, primary=True, sort="project__code"),
        Column("band", kind="rag"),
        Column("expected", kind="rag", link=_why_url),
        Column("weeks", align="right"),
        _chance(2, _("Chance within 2 weeks")),
        _chance(4, _("Chance within 4 weeks")),
        _chance(8, _("Chance within 8 weeks")),
        _chance(12, _("Chance within 12 weeks")),
        Column("table"),
    ],
    default_columns=["date", "project", "band", "expected", "weeks", "chance_4_pct", "chance_8_pct", "chance_12_pct"],
    default_sort=["-date", "-chance_8_pct"],
    default_query=_latest,
    group_by=["date", "project", "expected", "weeks"],
    filters=[
        Filter("portfolio", label=_("Portfolio"), choices=portfolio_choices, apply=_placed(in_portfolio)),
        Filter(
            "programme", label=_("Programme"), choices=programme_choices, apply=_placed(in_programme), advanced=True
        ),
    ],
    search_fields=["project__code", "project__name_zh", "project__name_en"],
    empty=_("No early warnings yet. The nightly run raises them with the health of each project."),
    description=_("Projects that will probably turn to a worse colour, by date, with the chance within 2 to 12 weeks."),
)


def _rule_label(value: Any, row: Any, language: str) -> str:
    rule = BY_CODE.get(value)
    return str(rule.label) if rule else str(value)


PUT_OFF_GAPS = Register(
    key="put-off-gaps",
    model=Snooze,
    icon="clock",
    code_field="",
    creatable=False,
    columns=[
        Column("project", link=True),
        Column(
            "rule",
            primary=True,
            kind="choice",
            choices=[(code, rule.label) for code, rule in BY_CODE.items()],
            format=_rule_label,
        ),
        Column("until"),
        Column("reason", width="wide"),
        Column("by"),
    ],
    default_sort=["until"],
    group_by=["project", "by"],
    search_fields=["reason", "project__code", "project__name_zh", "project__name_en"],
    empty=_("No data gap is put off. Put one off on the page of data gaps, with a reason."),
    description=_("Gaps in the data that somebody put off until a day. Delete one to have it counted again."),
)
