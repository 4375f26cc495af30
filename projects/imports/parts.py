"""What a row of a project list becomes: the project, one budget line, one cost line, one rating of its date."""

from __future__ import annotations

import datetime
import re
from typing import Any

from pmo.core.calendars.queries import organisation
from pmo.core.imports.amounts import Money
from pmo.core.imports.messages import Message
from pmo.core.imports.targets import Draft, Lookup, Part, Values
from pmo.core.imports.words import Rating
from projects.models import BudgetLine, CostLine, Project, StatusReport
from projects.models.choices import Band
from projects.services.reports import imported_rating

LINE = "IMPORT"
"""Code of the one budget line and the one cost line that carry imported totals."""

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_PLAIN = (
    "code",
    "name_zh",
    "name_en",
    "summary",
    "type",
    "status",
    "stage",
    "method",
    "delivery_driver",
    "priority",
    "visibility",
    "country",
    "currency",
    "planned_start",
    "planned_finish",
    "forecast_finish",
    "actual_start",
    "actual_finish",
    "percent_complete",
)
_REFERENCES = {"unit": "unit", "pm": "person", "sponsor": "person"}
_MONEY = ("budget", "forecast_cost", "actual_cost")


def _resolve_project(draft: Draft, lookup: Lookup) -> None:
    for key, kind in _REFERENCES.items():
        found = lookup.find(draft, key, kind)
        if found is not None:
            draft.ids[key] = found
    if "main" not in draft.stood:
        draft.ids["base_currency"] = lookup.once("base_currency", lambda: organisation().base_currency)


def _project(draft: Draft, old: Project | None) -> Values:
    values = {key: draft.get(key) for key in _PLAIN}
    name = draft.get("name")
    if name:
        column = "name_zh" if _CHINESE.search(name) else "name_en"
        values[column] = values[column] or name
    values |= {f"{key}_id": draft.ids.get(key) for key in _REFERENCES}
    if old is None and not values["currency"]:
        values["currency"] = _currency_of_amounts(draft) or draft.ids["base_currency"]
    values["forecast_cost"] = _forecast_cost(draft, values["currency"] or (old.currency if old else ""))
    return {column: value for column, value in values.items() if value is not None}


def _currency_of_amounts(draft: Draft) -> str:
    """The currency that the row's own amounts name."""
    amounts = (draft.get(key) for key in _MONEY)
    return next((one.currency for one in amounts if isinstance(one, Money) and one.currency), "")


def _forecast_cost(draft: Draft, currency: str) -> Any:
    """The forecast is kept in the project's own currency; another one is refused, never converted."""
    money = draft.get("forecast_cost")
    if not isinstance(money, Money):
        return None
    if money.currency and money.currency != currency:
        draft.refuse("forecast_cost", Message("currency_differs", {"given": money.currency, "kept": currency}))
        return None
    return money.amount


def _currency(draft: Draft, money: Money, old: Any) -> str:
    """The amount's own currency, else that of the line, else the project's."""
    if money.currency:
        return money.currency
    if old is not None:
        return str(old.currency)
    wanted = draft.wanted["main"].get("currency")
    return str(wanted or draft.stood["main"].currency)


def _budget(draft: Draft, old: BudgetLine | None) -> Values | None:
    money = draft.get("budget")
    if not isinstance(money, Money):
        return None
    return {"amount": money.amount, "currency": _currency(draft, money, old)}


def _cost(draft: Draft, old: CostLine | None) -> Values | None:
    """The total spent so far; booked on the first date for which it was reported."""
    money = draft.get("actual_cost")
    if not isinstance(money, Money):
        return None
    values: Values = {"amount": money.amount, "currency": _currency(draft, money, old)}
    same = (
        old is not None
        and old.amount == money.amount
        and old.currency == values["currency"]
        and old.booked_on <= draft.day
    )
    if not same:
        values["booked_on"] = draft.day
    return values


def _rating(draft: Draft, old: StatusReport | None) -> Values | None:
    """A published report that says no more than the file: the colours, the original word, the rater, the comment."""
    declared, reviewed = draft.get("declared_rating"), draft.get("reviewed_rating")
    comments = [text for key in ("reviewed_comment", "declared_comment") if (text := draft.get(key))]
    if not (isinstance(declared, Rating) or isinstance(reviewed, Rating) or comments):
        return None
    values: Values = {}
    if isinstance(declared, Rating):
        values |= {"declared": declared.colour, "original_word": declared.word[:60]}
    if isinstance(reviewed, Rating):
        values |= {"reviewed": reviewed.colour, "original_word": reviewed.word[:60]}
    if comments:
        values["comment"] = "\n\n".join(comments)
    if draft.get("rater"):
        values["rater"] = draft.get("rater")
    if old is None:
        values = {"declared": Band.GREY.value, "reviewed": Band.GREY.value, **values}
    return values


def _rating_of(day: datetime.date) -> Values:
    return {"source": StatusReport.Source.IMPORT.value, "period_end": day}


def _blank_rating(draft: Draft) -> Values:
    """What a filed rating says besides the file's own words."""
    report = imported_rating(project=Project(), day=draft.day)
    names = ("period_start", "state", "submitted_on", "published_on")
    return {name: getattr(report, name) for name in names}


PROJECT = Part(
    "main",
    Project,
    _project,
    sources={
        **{column: column for column in _PLAIN},
        "name_zh": ("name_zh", "name"),
        "name_en": ("name_en", "name"),
        "forecast_cost": "forecast_cost",
        **{f"{key}_id": key for key in _REFERENCES},
    },
    resolve=_resolve_project,
    carried=("code", "name_zh", "name_en", "summary", "type", "visibility", "unit_id", "country", "currency"),
)
BUDGET = Part(
    "budget",
    BudgetLine,
    _budget,
    sources={"amount": "budget", "currency": "currency"},
    owner="project",
    where=lambda day: {"code": LINE},
)
COST = Part(
    "cost",
    CostLine,
    _cost,
    sources={"amount": "actual_cost", "currency": "currency"},
    owner="project",
    where=lambda day: {"code": LINE},
)
RATING = Part(
    "rating",
    StatusReport,
    _rating,
    owner="project",
    where=_rating_of,
    blanks=_blank_rating,
    sources={
        "declared": "declared_rating",
        "reviewed": "reviewed_rating",
        "original_word": ("reviewed_rating", "declared_rating"),
        "comment": ("reviewed_comment", "declared_comment"),
        "rater": "rater",
    },
)
