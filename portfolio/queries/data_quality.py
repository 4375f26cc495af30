"""The data-quality queue: how many gaps each rule finds, and the rows behind each number.

For tiles and pages: `gap_counts` (a number per rule, one query per kind of record), `gap_rows` (the queryset behind one of
them: count it, page it, export it), `gaps` (the same as plain rows), `total_gaps`. A gap that somebody put off is not counted
until its day. Everything is as of now: mending a gap takes it off at once.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from pmo.core.access.api import allowed_q
from pmo.core.access.units import below
from portfolio.models import PortfolioItem, Snooze
from portfolio.queries.gap_rules import BY_CODE, LIVE, RULES, Rule
from projects.models import Project


@dataclass(frozen=True)
class GapFilter:
    """What narrows the queue: ids of a portfolio, a unit (with what is below it) by path, a project manager."""

    portfolio: int | None = None
    unit_path: str = ""
    pm: int | None = None

    def q(self, rule: Rule) -> Q:
        """The filter on the rule's rows."""
        path = f"{rule.project}__" if rule.project else ""
        found = Q()
        if self.portfolio is not None:
            items = PortfolioItem.objects.filter(portfolio_id=self.portfolio).order_by().values("project_id")
            found &= Q(**{f"{path}pk__in": items})
        if self.unit_path:
            found &= below([self.unit_path], f"{path}unit__path")
        if self.pm is not None:
            found &= Q(**{f"{path}pm_id": self.pm})
        return found


EVERYTHING = GapFilter()


@dataclass(frozen=True)
class Gap:
    """One row that breaks a rule; `url` opens the field to mend."""

    rule: Rule
    row: Any
    project: Project
    owner: Any
    url: str


def gap_counts(user: Any, today: datetime.date, narrow: GapFilter = EVERYTHING) -> dict[str, int]:
    """{rule code: number of gaps in what the user may see}, every rule. One query per kind of record (seven)."""
    found: dict[str, int] = {}
    for model in dict.fromkeys(rule.model for rule in RULES):
        rules = [rule for rule in RULES if rule.model is model]
        rows = model.objects.filter(allowed_q(user, model, "view"), _everyone(rules, today), narrow.q(rules[0]))
        counts = rows.order_by().aggregate(
            **{rule.code: Count("pk", filter=_gap(rule, today), distinct=True) for rule in rules}
        )
        found |= counts
    return {rule.code: found[rule.code] for rule in RULES}


def _everyone(rules: list[Rule], today: datetime.date) -> Q:
    """Only live projects matter to any rule."""
    path = f"{rules[0].project}__" if rules[0].project else ""
    return Q(**{f"{path}status__in": LIVE})


def _gap(rule: Rule, today: datetime.date) -> Q:
    put_off = Snooze.objects.filter(rule=rule.code, row_id=OuterRef("pk"), until__gt=today)
    return rule.when(today) & ~Q(Exists(put_off))


def total_gaps(counts: dict[str, int], severities: Iterable[str] = ()) -> int:
    """The sum of the counts, of some severities only where given."""
    wanted = set(severities)
    return sum(number for code, number in counts.items() if not wanted or BY_CODE[code].severity in wanted)


def gap_rows(user: Any, code: str, today: datetime.date, narrow: GapFilter = EVERYTHING) -> Any:
    """The rows behind a rule's number, by project: a queryset of the rule's model. KeyError for an unknown rule."""
    rule = BY_CODE[code]
    rows = rule.model.objects.filter(allowed_q(user, rule.model, "view"), _gap(rule, today), narrow.q(rule))
    related = {"pm", "unit"} if not rule.project else {"project", "project__pm", "project__unit"}
    if rule.owner not in related:
        related.add(rule.owner)
    order = "code" if not rule.project else "project__code"
    return rows.select_related(*sorted(related)).order_by(order, "pk")


def gaps(rows: Iterable[Any], code: str) -> list[Gap]:
    """Rows of `gap_rows` with project, owner and the address of the field to mend. No query."""
    rule = BY_CODE[code]
    return [_as_gap(rule, row) for row in rows]


def _as_gap(rule: Rule, row: Any) -> Gap:
    project = row if not rule.project else row.project
    return Gap(rule, row, project, _follow(row, rule.owner), mend_url(rule, row))


def mend_url(rule: Rule, row: Any) -> str:
    """The form of the row at the field; for what lies in another register, that register's list of the project."""
    if rule.code in _ELSEWHERE:
        return reverse("register-list", kwargs={"key": _ELSEWHERE[rule.code]}) + f"?project={row.pk}"
    return reverse("register-edit", kwargs={"key": rule.register, "pk": row.pk}) + f"#id_{rule.field}"


_ELSEWHERE = {
    "no_portfolio": "portfolio-items",
    "no_milestones": "milestones",
    "never_reported": "status-reports",
    "report_stale": "status-reports",
    "no_budget": "budget-lines",
    "costs_old": "cost-lines",
}


def _follow(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name, None)
        if row is None:
            return None
    return row
