"""Tiles that compare: portfolios, units, themes, month-ends. Every figure of their tables leads to its projects."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Case, Count, Q, Sum, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.core.access.api import allowed_q, scoped_q
from pmo.core.history.queries import as_of
from pmo.core.people.models import OrgUnit
from pmo.core.web.formats import format_date, format_number
from pmo.core.web.rag import rag_html
from portfolio.boards.declaration import Look, Number, TileData, TileTable
from portfolio.boards.health import rows_of
from portfolio.boards.lists import export_of
from portfolio.calc.indicators import over_budget
from portfolio.models import Contribution, HealthSnapshot, Objective, Portfolio, PortfolioItem, RollupSnapshot
from portfolio.queries.groupings import business_units, themes
from portfolio.queries.scope import Kind, project_filter
from projects.access import MONEY
from projects.models import Project
from projects.models.choices import Band

BANDS = (Band.RED.value, Band.AMBER.value, Band.GREEN.value, Band.GREY.value)
MONTHS, MOST_GROUPS = 6, 30
BOTH = "bac__isnull=0&eac__isnull=0"


@dataclass
class Group:
    """What a group of snapshots adds up to; money over the projects that know both budget and forecast."""

    bands: dict[str, int] = field(default_factory=lambda: dict.fromkeys(BANDS, 0))
    bac: Decimal = Decimal(0)
    eac: Decimal = Decimal(0)
    known: int = 0

    @property
    def total(self) -> int:
        """All projects of the group."""
        return sum(self.bands.values())

    @property
    def over(self) -> float | None:
        """Forecast against budget in per cent."""
        return over_budget(float(self.eac), float(self.bac)) if self.known else None


def may_see_money(look: Look) -> Any:
    """True in the statement where the reader may see the project's money."""
    condition = scoped_q(look.user, "project", MONEY, "project_id")
    if not condition.children:
        return Value(True, output_field=BooleanField())
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _grouped(look: Look, keys_of: Callable[[int], list[int]]) -> dict[int, Group]:
    """The day's snapshots added up under each key of their project. One statement."""
    found: dict[int, Group] = {}
    rows = rows_of(look).select_related(None).annotate(money=may_see_money(look)).order_by()
    for project, band, bac, eac, money in rows.values_list("project_id", "band", "bac", "eac", "money"):
        for key in keys_of(project):
            group = found.setdefault(key, Group())
            group.bands[band] += 1
            if money and bac is not None and eac is not None:
                group.known += 1
                group.bac, group.eac = group.bac + bac, group.eac + eac
    return found


def _numbers(look: Look, key: str, label: Any, group: Group, query: str, day: datetime.date | None = None) -> list[Any]:
    """Total, the four colours and forecast against budget, each with the rows behind it."""
    made: list[Any] = [Number(f"{key}-total", label, group.total, look.health_url(query, day))]
    for band in BANDS:
        url = look.health_url("&".join(part for part in (query, f"band={band}") if part), day)
        made.append(Number(f"{key}-{band}", label, group.bands[band], url, band=band))
    if group.over is None:
        return [*made, "—"]
    url = look.health_url("&".join(part for part in (query, BOTH) if part), day)
    text = format_number(group.over, 1, look.lang, sign=True)
    return [*made, Number(f"{key}-over", label, group.over, url, text=text, recount="over:eac/bac")]


def _heads(first: str) -> list[tuple[Any, bool]]:
    return [
        (first, False),
        (_("Projects"), True),
        *((rag_html(band, "shape"), True) for band in BANDS),
        (_("vs budget, %"), True),
    ]


def _table(look: Look, first: str, rows: list[list[Any]], empty: str, lead: str) -> TileData:
    numbers = [cell for row in rows for cell in row if isinstance(cell, Number)]
    url = look.health_url()
    table = TileTable(_heads(first), rows) if rows else None
    return TileData(lead=lead, numbers=numbers, table=table, empty=empty, more=url, export=export_of(url))


def _compared(
    look: Look, first: str, groups: Mapping[int, Group], names: Mapping[int, tuple[str, str]], parameter: str
) -> TileData:
    """The groups, most reds first."""
    order = sorted(
        groups, key=lambda key: (-groups[key].bands[Band.RED], -groups[key].total, names.get(key, ("", ""))[0])
    )
    rows = [
        [
            names.get(key, (_("None"), "")),
            *_numbers(
                look, f"{parameter}-{key}", names.get(key, (_("None"), ""))[0], groups[key], f"{parameter}={key}"
            ),
        ]
        for key in order[:MOST_GROUPS]
    ]
    lead = ""
    if order and groups[order[0]].bands[Band.RED]:
        values = {"name": names.get(order[0], (_("None"), ""))[0], "n": groups[order[0]].bands[Band.RED]}
        lead = _("%(name)s has the most projects off track: %(n)s.") % values
    return _table(look, first, rows, _("No project in this choice has health on this date."), lead)


def by_portfolio(look: Look) -> TileData | None:
    """Portfolios side by side. Three statements."""
    if look.day is None:
        return None
    placed = dict(as_of(PortfolioItem, look.day).values_list("project_id", "portfolio_id"))
    groups = _grouped(look, lambda project: [placed[project]] if project in placed else [])
    names = {
        row.pk: (str(row), _page("portfolios", row.pk)) for row in Portfolio.all_objects.filter(pk__in=list(groups))
    }
    return _compared(look, _("Portfolio"), groups, names, "portfolio")


def by_unit(look: Look) -> TileData | None:
    """Business units side by side, by where each project belonged on the day. Three statements."""
    if look.day is None:
        return None
    counted = business_units()
    placed = {
        project: counted[unit]
        for project, unit in as_of(Project, look.day).values_list("row_id", "unit_id")
        if unit in counted
    }
    groups = _grouped(look, lambda project: [placed[project]] if project in placed else [])
    names = {row.pk: (str(row), "") for row in OrgUnit.all_objects.filter(pk__in=list(groups))}
    return _compared(look, _("Business unit"), groups, names, "business_unit")


def by_theme(look: Look) -> TileData | None:
    """Strategic themes side by side; a project counts in each theme it contributes to. Three statements."""
    if look.day is None:
        return None
    tops = themes()
    placed: dict[int, set[int]] = {}
    for project, objective in as_of(Contribution, look.day).values_list("project_id", "objective_id"):
        if objective in tops:
            placed.setdefault(project, set()).add(tops[objective])
    groups = _grouped(look, lambda project: sorted(placed.get(project, ())))
    names = {
        row.pk: (str(row), _page("objectives", row.pk)) for row in Objective.all_objects.filter(pk__in=list(groups))
    }
    return _compared(look, _("Strategic theme"), groups, names, "theme")


def _page(key: str, pk: int) -> str:
    return reverse("register-detail", kwargs={"key": key, "pk": pk})


def months(look: Look) -> TileData | None:
    """The look's day beside the last month-ends. Three statements."""
    if look.day is None:
        return None
    days = month_ends(look.day)
    inside = Q(pk__in=[])
    for day in days:
        inside |= Q(date=day) & project_filter(look.scope, day)
    groups = _by_day(look, inside)
    shown = [
        [_day_name(day, look), *_numbers(look, f"day-{day}", str(day), groups.get(day, Group()), "", day)]
        for day in days
    ]
    return _table(look, _("As of"), shown, "", _month_lead(groups, days))


def month_ends(day: datetime.date) -> list[datetime.date]:
    """The day, and before it the last computed day of each of the months before, newest first. One statement."""
    first = (day - datetime.timedelta(days=31 * MONTHS)).replace(day=1)
    computed = RollupSnapshot.objects.filter(kind=Kind.ALL, ref_id=0, date__gte=first, date__lt=day.replace(day=1))
    last: dict[tuple[int, int], datetime.date] = {}
    for one in computed.order_by("date").values_list("date", flat=True):
        last[(one.year, one.month)] = one
    return [day, *sorted(last.values(), reverse=True)[: MONTHS - 1]]


def _by_day(look: Look, inside: Q) -> dict[datetime.date, Group]:
    rows = HealthSnapshot.objects.filter(allowed_q(look.user, HealthSnapshot, "view"), inside).order_by()
    rows = rows.annotate(money=may_see_money(look))
    counted = rows.values("date", "band").annotate(number=Count("pk"))
    found: dict[datetime.date, Group] = {}
    for row in counted:
        found.setdefault(row["date"], Group()).bands[row["band"]] = row["number"]
    known = rows.filter(money=True, bac__isnull=False, eac__isnull=False).values("date")
    for sums in known.annotate(number=Count("pk"), budget=Sum("bac"), forecast=Sum("eac")):
        group = found.setdefault(sums["date"], Group())
        group.known, group.bac, group.eac = sums["number"], sums["budget"], sums["forecast"]
    return found


def _day_name(day: datetime.date, look: Look) -> tuple[str, str]:
    return (format_date(day, look.lang, look.today, weekday=False), "")


def _month_lead(groups: Mapping[datetime.date, Group], days: list[datetime.date]) -> str:
    if len(days) < 2:
        return _("There is no month-end to compare with yet.")
    now, then = (groups.get(day, Group()).bands[Band.RED] for day in days[:2])
    if now == then:
        return _("%(n)s projects are off track, as many as at the last month-end.") % {"n": now}
    return _("%(n)s projects are off track; at the last month-end there were %(then)s.") % {"n": now, "then": then}
