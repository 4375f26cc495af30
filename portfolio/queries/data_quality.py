"""The data-quality queue: how many gaps each rule finds, and the rows behind each number.

For tiles and pages: `gap_counts` (a number per rule, one query per kind of record), `gap_rows` (the queryset behind one of
them: count it, page it, export it), `gaps` (the same as plain rows), `total_gaps`. A gap that somebody put off is not counted
until its day. Mending a gap takes it off at once; with `past` everything is read as it stood at the end of a day.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Q, Value
from django.urls import reverse

from pmo.core.access.units import below
from pmo.core.people.models import OrgUnit, Person
from portfolio.models import PortfolioItem
from portfolio.queries.gap_day import At
from portfolio.queries.gap_rules import BY_CODE, LIVE, RULES, Rule
from projects.models import Project


@dataclass(frozen=True)
class GapFilter:
    """What narrows the queue: ids of a portfolio, a unit (with what is below it) by path, a project manager."""

    portfolio: int | None = None
    unit_path: str = ""
    pm: int | None = None

    def q(self, rule: Rule, at: At) -> Q:
        """The filter on the rule's rows."""
        own, found = "project_id" if rule.project else at.pk, Q()
        if self.portfolio is not None:
            items = at.rows(PortfolioItem).filter(portfolio_id=self.portfolio).order_by().values("project_id")
            found &= Q(**{f"{own}__in": items})
        if self.unit_path:
            units = OrgUnit.objects.filter(below([self.unit_path])).order_by().values("pk")
            found &= Q(**{_of(rule, at, "unit_id__in"): units})
        if self.pm is not None:
            found &= Q(**{_of(rule, at, "pm_id"): self.pm})
        return found


def _of(rule: Rule, at: At, lookup: str) -> str:
    """A lookup on the project of the rule's rows."""
    return at.project(lookup) if rule.project else lookup


EVERYTHING = GapFilter()


@dataclass(frozen=True)
class Gap:
    """One row that breaks a rule; `url` opens the field to mend."""

    rule: Rule
    row: Any
    project: Project
    owner: Any
    url: str


def gap_counts(
    user: Any, today: datetime.date, narrow: GapFilter = EVERYTHING, *, past: bool = False
) -> dict[str, int]:
    """{rule code: number of gaps in what the user may see}, every rule. One query per kind of record (seven).

    With `past` as the records stood at the end of the day.
    """
    at, found = At(today, past), dict[str, int]()
    for model in dict.fromkeys(rule.model for rule in RULES):
        rules = [rule for rule in RULES if rule.model is model]
        live = Q(**{_of(rules[0], at, "status__in"): LIVE})
        rows = at.seen(model, user).filter(live, narrow.q(rules[0], at))
        found |= _counted_then(rows, rules, at) if past else _counted(rows, rules, at)
    return {rule.code: found[rule.code] for rule in RULES}


def _counted(rows: Any, rules: list[Rule], at: At) -> dict[str, int]:
    counts = {rule.code: Count("pk", filter=_gap(rule, at), distinct=True) for rule in rules}
    return dict(rows.order_by().aggregate(**counts))


def _counted_then(rows: Any, rules: list[Rule], at: At) -> dict[str, int]:
    """Versions ask their project by subqueries, which an aggregate with filters cannot hold: a part for each rule, one query."""
    parts = [
        rows.filter(_gap(rule, at)).order_by().annotate(gap=Value(rule.code)).values("gap").annotate(n=Count("pk"))
        for rule in rules
    ]
    lines = [part.values_list("gap", "n") for part in parts]
    numbers = dict(lines[0].union(*lines[1:], all=True) if len(lines) > 1 else lines[0])
    return {rule.code: numbers.get(rule.code, 0) for rule in rules}


def _gap(rule: Rule, at: At) -> Q:
    return rule.when(at) & ~Q(Exists(at.put_off(rule.code)))


def total_gaps(counts: dict[str, int], severities: Iterable[str] = ()) -> int:
    """The sum of the counts, of some severities only where given."""
    wanted = set(severities)
    return sum(number for code, number in counts.items() if not wanted or BY_CODE[code].severity in wanted)


def gap_rows(user: Any, code: str, today: datetime.date, narrow: GapFilter = EVERYTHING, *, past: bool = False) -> Any:
    """The rows behind a rule's number, by project: a queryset of the rule's model, with `past` of its versions.

    KeyError for an unknown rule.
    """
    rule, at = BY_CODE[code], At(today, past)
    rows = at.seen(rule.model, user).filter(_gap(rule, at), narrow.q(rule, at))
    if past:
        if rule.project:
            return rows.annotate(pm_then=F("then_pm_id")).order_by("project_id", "row_id")
        return rows.order_by("code", "row_id")
    related = {"pm", "unit"} if not rule.project else {"project", "project__pm", "project__unit"}
    if rule.owner not in related:
        related.add(rule.owner)
    order = "code" if not rule.project else "project__code"
    return rows.select_related(*sorted(related)).order_by(order, "pk")


def gaps(rows: Iterable[Any], code: str) -> list[Gap]:
    """Rows of `gap_rows` with project, owner and the address of the field to mend. No query."""
    rule = BY_CODE[code]
    return [_as_gap(rule, row) for row in rows]


def gaps_then(rows: Iterable[Any], code: str) -> list[Gap]:
    """The same for versions: the owner is who it was then, row and project are called as they are now. Three queries."""
    rule, found = BY_CODE[code], list(rows)
    ids = {row.project_id if rule.project else row.row_id for row in found}
    projects = Project.all_objects.in_bulk(ids)
    records = rule.model.all_objects.in_bulk([row.row_id for row in found]) if rule.project else projects
    owners = [_owner_then(rule, row) for row in found]
    people = Person.all_objects.in_bulk({pk for pk in owners if pk})
    return [
        Gap(rule, records[row.row_id], projects[row.project_id if rule.project else row.row_id], people.get(pk), "")
        for row, pk in zip(found, owners, strict=True)
        if row.row_id in records
    ]


def _owner_then(rule: Rule, row: Any) -> int | None:
    found: int | None = row.pm_then if rule.owner == "project__pm" else getattr(row, f"{rule.owner}_id")
    return found


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
