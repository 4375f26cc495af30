"""Telling people in the morning which of their projects changed colour in the night: one notification each."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.core.access.roles import Role
from pmo.core.messages.api import about, announce, notify
from pmo.core.people.models import Person
from portfolio.models import HealthSnapshot, Portfolio, PortfolioItem, PortfolioMember
from projects.models.choices import Band

EVENT = "colour.changed"
_MOST = 20
_WORSE = {Band.GREEN: 0, Band.GREY: 1, Band.AMBER: 2, Band.RED: 3}
# How far back the colour before may lie: what turns old is thinned out to a row a week.
_BACK = datetime.timedelta(days=14)


def tell_colour_changes(*, day: datetime.date) -> int:
    """Tell managers, sponsors and portfolio owners what changed on the day against the snapshot before; returns how many projects.

    A second run for the same day tells nobody again.
    """
    changed = changes_of(day)
    if not changed:
        return 0
    portfolios = _portfolios([row.project_id for row in changed])
    url = reverse("register-list", kwargs={"key": "health"}) + f"?date={day.isoformat()}"
    for person, rows in _by_person(changed, portfolios).items():
        _tell(person, rows, day, url)
    announce(event=EVENT, params=_params(changed, day), url=url, key=day.isoformat())
    for portfolio, rows in _by_portfolio(changed, portfolios).items():
        key = f"{day.isoformat()} portfolio {portfolio.pk}"
        announce(event=EVENT, params=_params(rows, day), url=url, about=portfolio, key=key, scoped=True)
    return len(changed)


def changes_of(day: datetime.date) -> list[Any]:
    """Snapshots of the day whose colour differs from the one before (as `before`), worst first. One query."""
    earlier = HealthSnapshot.objects.filter(project_id=OuterRef("project_id"), date__lt=day, date__gte=day - _BACK)
    rows = HealthSnapshot.objects.filter(date=day, project__deleted_at__isnull=True)
    rows = rows.annotate(before=Subquery(earlier.order_by("-date").values("band")[:1]))
    changed = (
        rows.filter(before__isnull=False).exclude(before=F("band")).select_related("project__pm", "project__sponsor")
    )
    return sorted(changed, key=lambda row: (-_WORSE[Band(row.band)], row.project.code))


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


def _tell(person: Person, rows: Sequence[Any], day: datetime.date, url: str) -> None:
    notify(
        event=EVENT,
        recipients=[person],
        params=_params(rows, day),
        url=url if len(rows) > 1 else reverse("register-detail", kwargs={"key": "projects", "pk": rows[0].project_id}),
        key=day.isoformat(),
        broadcast=False,
    )


def _params(rows: Sequence[Any], day: datetime.date) -> dict[str, Any]:
    return {"projects": [_line(row) for row in rows[:_MOST]], "count": len(rows), "date": day}


def _line(row: Any) -> Any:
    words = {"project": row.project, "before": Band(row.before).label, "after": Band(row.band).label}
    return about(row.project, lambda: _("%(project)s from %(before)s to %(after)s") % words)
