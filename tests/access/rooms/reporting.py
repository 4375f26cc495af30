"""The reporting cycle in the table: rules, reports due, delegations, reports that roll up, and the pages of the PMO."""

from __future__ import annotations

import datetime
from typing import Any

from portfolio.models import ReportDelegation, ReportingRule, ReportPeriod, RollupReport
from tests import factories
from tests.access.rights import INSIDE, ROLES, Rights

DAY = datetime.date(2026, 11, 15)

# The delegation is P's to T; a roll-up report belongs to those who see the portfolio as a whole.
RIGHTS: dict[str, Rights] = {
    "reporting-rules": Rights(ROLES, "AN", "AN", "AN"),
    "report-periods": Rights(INSIDE, lists=ROLES),
    "report-delegations": Rights("ANUPT", "ANP", "ANP", "ANP", lists=ROLES),
    "rollup-reports": Rights("ANEOU", "ANO", "ANO", "ANO"),
}
TABS: dict[tuple[str, str], dict[str, int]] = {}
ROUTES: dict[str, dict[str, Any]] = {
    "reporting-queue": {"get": "AN"},
    "reporting-publish-all": {"post": "AN"},
    "reporting-publish": {"post": "AN", "args": "submitted", "hidden": "X"},
    "reporting-return": {"post": "AN", "args": "submitted", "hidden": "X", "form": {"comment": "Why"}},
    "reporting-late": {"get": ROLES},
    "reporting-remind": {"post": "AN", "args": "report_period", "hidden": "X"},
    "reporting-on-time": {"get": ROLES},
    "delegation-end": {"post": "ANP", "args": "delegation", "hidden": "CEORSX"},
    "rollup-new": {"get": "ANO"},
    "rollup-page": {"get": "ANEOU", "args": "rollup", "hidden": "CRPTSX"},
    "rollup-pdf": {"get": "ANEOU", "args": "rollup", "hidden": "CRPTSX"},
    "rollup-publish": {"post": "ANO", "args": "rollup", "hidden": "CRPTSX"},
}


def rows(world: Any) -> dict[str, Any]:
    """A rule, a report that is late, a delegation and a draft of the portfolio's report."""
    people = {letter: world.users[letter].person for letter in "PT"}
    return {
        "reporting-rules": ReportingRule.objects.create(cycle="monthly", due_after=2),
        "report-periods": ReportPeriod.objects.create(
            project=world.project,
            portfolio=world.portfolio,
            owner=people["P"],
            cycle="weekly",
            period_start=DAY - datetime.timedelta(days=6),
            period_end=DAY,
            due_on=DAY + datetime.timedelta(days=1),
        ),
        # Long over: nobody stands in while the table is walked.
        "report-delegations": ReportDelegation.objects.create(
            code="D1",
            from_person=people["P"],
            to_person=people["T"],
            starts_on=datetime.date(2024, 1, 1),
            ends_on=datetime.date(2024, 1, 5),
            reason="Leave",
        ),
        "rollup-reports": RollupReport.objects.create(
            code="R1", portfolio=world.portfolio, period_start=DAY, period_end=DAY, summary="As planned."
        ),
    }


def form(world: Any, key: str) -> dict[str, Any]:
    """What is typed into the form of a new row."""
    number = factories.number()
    if key == "reporting-rules":
        other = factories.portfolio()
        return {
            "cycle": "weekly",
            "portfolio": other.pk,
            "due_after": 1,
            "last_weekday": 7,
            "anchor": "2026-01-05",
            "reminders": "0, 1",
        }
    if key == "report-delegations":
        first = datetime.date(2027, 1, 1) + datetime.timedelta(days=7 * (number % 1000))
        return {
            "from_person": world.users["P"].person.pk,
            "to_person": world.users["T"].person.pk,
            "starts_on": first.isoformat(),
            "ends_on": first.isoformat(),
            "reason": "Leave",
        }
    return {"portfolio": world.portfolio.pk, "period_start": "2026-10-01", "period_end": "2026-10-31"}


def address(world: Any, args: str) -> dict[str, Any] | None:
    """The URL arguments that ROUTES names."""
    keys = {"report_period": "report-periods", "rollup": "rollup-reports", "delegation": "report-delegations"}
    return {"pk": world.rows[keys[args]].pk} if args in keys else None
