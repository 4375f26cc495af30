"""Computed health as registers: one row per project and date, and the versions of the model."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import BASE_CURRENCY, Column, Filter, Register
from portfolio.models import HealthModel, HealthSnapshot
from portfolio.queries.dashboard import BETTER
from portfolio.queries.scope import snapshot_day
from projects.access import MONEY
from projects.models.choices import Dimension


def _watermelons(rows: Any, values: list[str], user: Any) -> Any:
    """Rows whose declared colour is better than the computed one (1), or is not (0)."""
    return rows.filter(BETTER) if values[-1] == "1" else rows.exclude(BETTER)


def _why_url(row: Any) -> str:
    """The explanation of the snapshot."""
    return (
        reverse("register-tab", kwargs={"key": "projects", "pk": row.project_id, "tab": "health"}) + f"?date={row.date}"
    )


def _money(name: str) -> Column:
    return Column(name, permission=MONEY, currency=BASE_CURRENCY, sum=True)


def _latest() -> str:
    """The last day with computed health: a year of days in one list helps nobody."""
    day = snapshot_day()
    return "" if day is None else f"date={day}"


HEALTH = Register(
    key="health",
    model=HealthSnapshot,
    group="portfolio",
    icon="pulse",
    order=5,
    read_only=True,
    code_field="",
    columns=[
        Column("date"),
        Column("project", link=True, primary=True, sort="project__code"),
        Column("overall", kind="score", places=1, extra={"band": F("band")}, link=_why_url),
        Column("band", kind="rag"),
        Column("declared", kind="rag"),
        Column("reviewed", kind="rag"),
        Column("stale"),
        *(Column(name, kind="score", places=0) for name in Dimension.values),
        *(_money(name) for name in ("bac", "pv", "ev", "ac", "eac")),
        Column("model"),
    ],
    default_columns=[
        "date",
        "project",
        "overall",
        "band",
        "declared",
        "reviewed",
        "stale",
        "schedule",
        "cost",
        "governance",
        "bac",
        "ac",
        "eac",
    ],
    default_sort=["-date", "overall"],
    default_query=_latest,
    group_by=["date", "project", "band", "declared"],
    search_fields=["project__code", "project__name_zh", "project__name_en"],
    filters=[
        Filter(
            "watermelon",
            label=_("Declared better than computed"),
            choices=[("1", _("Yes")), ("0", _("No"))],
            apply=_watermelons,
        )
    ],
    empty=_("No health has been computed yet. The nightly run writes one row per project."),
    description=_(
        "The computed health of every project by date. Money in the base currency at the closing rate of the date."
    ),
)

HEALTH_MODELS = Register(
    key="health-models",
    model=HealthModel,
    read_only=True,
    code_field="",
    columns=[Column("number", primary=True), Column("valid_from"), Column("note", width="wide"), Column("created_at")],
    default_sort=["-number"],
)
