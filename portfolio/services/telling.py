"""Telling people in the morning which of their projects changed colour in the night, or may do so soon: one notification each."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.core.access.roles import Role
from pmo.core.messages.api import about, announce, notify
from pmo.core.people.models import Person
from portfolio.models import EarlyWarning, HealthSnapshot, Portfolio, PortfolioItem, PortfolioMember
from projects.models.choices import Band

CHANGED, WARNED = "colour.changed", "warning.raised"
_MOST = 20
_WORSE = {Band.GREEN: 0, Band.GREY: 1, Band.AMBER: 2, Band.RED: 3}
# How far back the colour before may lie: what turns old is thinned out to a row a week.
_BACK = datetime.timedelta(days=14)


def tell_colour_changes(*, day: datetime.date) -> int:
    """Tell managers, sponsors and portfolio owners what changed on the day against the snapshot before; returns how many projects.

    A second run for the same day tells nobody again.
    """
    url = reverse("register-list", kwargs={"key": "health"}) + f"?date={day.isoformat()}"
    return _tell_all(CHANGED, changes_of(day), day, url, _change)


def tell_warnings(*, day: datetime.date) -> int:
    """Tell the same people which of their projects may turn worse soon and were not warned of lately; returns how many.

    A second run for the same day tells nobody again.
    """
    return _tell_all(WARNED, new_warnings(day), day, reverse("warnings"), _warning)


def _tell_all(event: str, found: Sequence[Any], day: datetime.date, url: str, line: Callable[[Any], str]) -> int:
    """One notification for each person; webhooks and groups hear of all, those of a portfolio of theirs."""
    if not found:
        return 0
    portfolios = _portfolios([row.project_id for row in found])
    for person, rows in _by_person(found, portfolios).items():
        one = reverse("register-detail", kwargs={"key": "projects", "pk": rows[0].project_id})
        notify(
            event=event,
            recipients=[person],
            params=_params(rows, day, line),
            url=url if len(rows) > 1 else one,
            key=day.isoformat(),
            broadcast=False,
        )
    announce(event=event, params=_params(found, day, line), url=url, key=day.isoformat())
    for portfolio, rows in _by_portfolio(found, portfolios).items():
        key = f"{day.isoformat()} portfolio {portfolio.pk}"
        announce(event=event, params=_params(rows, day, line), url=url, about=portfolio, key=key, scoped=True)
    return len(found)


def changes_of(day: datetime.date) -> list[Any]:
    """Snapshots of the day whose colour differs from the one before (as `before`), worst first. One query."""
    earlier = HealthSnapshot.objects.filter(project_id=OuterRef("project_id"), date__lt=day, date__gte=day - _BACK)
    rows = HealthSnapshot.objects.filter(date=day, project__deleted_at__isnull=True)
    rows = rows.annotate(before=Subquery(earlier.order_by("-date").values("band")[:1]))
    changed = (
        rows.filter(before__isnull=False).exclude(before=F("band")).select_related("project__pm", "project__sponsor")
    )
    return sorted(changed, key=lambda row: (-_WORSE[Band(row.band)], row.project.code))


def new_warnings(day: datetime.date) -> list[Any]:
    """Early warnings of the day whose project was not warned of in the two weeks before, the soonest first. One query."""
    earlier = EarlyWarning.objects.filter(project_id=OuterRef("project_id"), date__lt=day, date__gte=day - _BACK)
    rows = EarlyWarning.objects.filter(~Exists(earlier), date=day, project__deleted_at__isnull=True)
    return list(rows.select_related("project__pm", "project__sponsor").order_by("weeks", "-chance_8", "project__code"))


def _portfolios(project_ids: Sequence[int]) -> dict[int, Portfolio]:
    rows = PortfolioItem.objects.filter(project_id__in=project_ids).select_related("portfolio__owner")
    return {row.project_id: row.portfolio for row in rows}


def _by_person(changed: Sequence[Any], portfolios: dict[int, Portfolio]) -> dict[Person, list[Any]]:
    """Who manages, sponsors, or owns the portfolio of which projects."""
    keepers: dict[int, list[Person]] = defaultdict(list)
    owners = PortfolioMember.objects.filter(role=Role.PORTFOLIO_OWNER).select_related("person")
    for member in owners:
        keepers[member.portfolio_id].append(member.person)
    found: dict[Person, list[Any]] = defaultdict(list)
    for row in changed:
        portfolio = portfolios.get(row.project_id)
        people = {row.project.pm, row.project.sponsor}
        if portfolio is not None:
            people |= {portfolio.owner, *keepers[portfolio.pk]}
        for person in people - {None}:
            if person.user_id is not None:
                found[person].append(row)
    return found


def _by_portfolio(changed: Sequence[Any], portfolios: dict[int, Portfolio]) -> dict[Portfolio, list[Any]]:
    found: dict[Portfolio, list[Any]] = defaultdict(list)
    for row in changed:
        if row.project_id in portfolios:
            found[portfolios[row.project_id]].append(row)
    return found


def _params(rows: Sequence[Any], day: datetime.date, line: Callable[[Any], str]) -> dict[str, Any]:
    items = [about(row.project, partial(line, row)) for row in rows[:_MOST]]
    return {"projects": items, "count": len(rows), "date": day}


def _change(row: Any) -> str:
    words = {"project": row.project, "before": Band(row.before).label, "after": Band(row.band).label}
    return _("“%(project)s” from %(before)s to %(after)s") % words


def _warning(row: Any) -> str:
    words = {"project": row.project, "expected": Band(row.expected).label, "weeks": row.weeks}
    return _("“%(project)s” (%(expected)s within %(weeks)s weeks)") % words
