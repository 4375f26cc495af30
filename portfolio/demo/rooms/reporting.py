"""The reporting cycle of the demo: the PMO's rules, and who stands in for whom. What follows is computed when the seed is done."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from portfolio.models import ReportDelegation, ReportingRule

if TYPE_CHECKING:
    from portfolio.demo.sim_run import Run
    from portfolio.demo.track import Book
    from portfolio.demo.world import World

_ONE_DAY = datetime.timedelta(days=1)


class Rule(NamedTuple):
    """A cycle with the working days its reports have, and its reminders."""

    cycle: str
    due_after: int
    reminders: str


class Away(NamedTuple):
    """A project manager, who writes instead, and from when to when in days from today; `handed` days before it was entered."""

    giver: str
    taker: str
    first: int
    last: int
    reason: str
    handed: int = 5


RULES = (
    Rule("weekly", 1, "-2, 0, 1, 3"),
    Rule("fortnightly", 1, "-2, 0, 1, 3"),
    Rule("monthly", 3, "-3, -1, 0, 2, 5"),
)
# The project manager who has a demo login stands in for a colleague, and was away herself in summer.
AWAY = (
    Away("Q2002", "Q2001", -3, 9, "赴供应商现场联调，报告由周工代交"),
    Away("Q2001", "Q2002", -124, -113, "年休假"),
    Away("Q2005", "Q2003", -40, -34, "外部培训"),
    Away("Q2004", "Q2006", 12, 26, "产假前工作交接，先试行两周"),
)


def in_world(world: World, book: Book) -> None:
    """The rules from the first day on, fortnights counted from it; delegations as they were entered. What is there stays."""
    known = set(ReportingRule.objects.filter(portfolio__isnull=True).values_list("cycle", flat=True))
    for rule in RULES:
        if rule.cycle not in known:
            book.add(ReportingRule, world.first, anchor=world.first, **rule._asdict())
    if ReportDelegation.objects.exists():
        return
    for away in AWAY:
        if away.giver not in world.people or away.taker not in world.people:
            continue
        first = world.today + away.first * _ONE_DAY
        book.add(
            ReportDelegation,
            min(world.kept(first - away.handed * _ONE_DAY), world.today),
            from_person_id=world.people[away.giver],
            to_person_id=world.people[away.taker],
            starts_on=first,
            ends_on=world.today + away.last * _ONE_DAY,
            reason=away.reason,
        )


def on_project(run: Run) -> None:
    """The periods of each project are settled from its history when everything is loaded."""
