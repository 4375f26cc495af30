"""Early warnings are for who sees the project; data gaps for those who mend them; days of use for the PMO and the auditor."""

from __future__ import annotations

import datetime
from typing import Any

from portfolio.models import EarlyWarning, Snooze
from tests.access.rights import INSIDE, ROLES, Rights

DAY = datetime.date(2026, 11, 16)

RIGHTS: dict[str, Rights] = {
    "early-warnings": Rights(INSIDE, lists=ROLES),
    "put-off-gaps": Rights("ANCOPU", delete="ANCOP"),
}
TABS: dict[tuple[str, str], dict[str, int]] = {}
ROUTES: dict[str, dict[str, Any]] = {
    "warnings": {"get": ROLES},
    "data-quality": {"get": "ANCOPU"},
    "data-quality-export": {"get": "ANCOPU"},
    "data-quality-put-off": {"post": "ANCOPU", "form": {"rule": "no_forecast", "row": "0", "until": "2026-11-30"}},
    "adoption": {"get": "ANU"},
}


def rows(world: Any) -> dict[str, Any]:
    """A warning of the world's project, and a gap of it that is put off."""
    return {
        "early-warnings": EarlyWarning.objects.create(
            project=world.project,
            date=DAY,
            band="green",
            expected="amber",
            weeks=4,
            chance_2=0.1,
            chance_4=0.4,
            chance_8=0.6,
            chance_12=0.7,
            table=1,
        ),
        "put-off-gaps": Snooze.objects.create(
            project=world.project, rule="no_forecast", row_id=world.project.pk, until=DAY, reason="Because"
        ),
    }


def form(world: Any, key: str) -> dict[str, Any]:
    """Neither is typed into a form."""
    raise KeyError(key)


def address(world: Any, args: str) -> dict[str, Any] | None:
    """No route of this room takes an argument."""
    return None
