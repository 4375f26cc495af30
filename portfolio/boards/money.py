"""Tiles of money, roadmap, headline figures, value and course; charts that other pages draw too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, When
from django.utils.translation import gettext as _

from pmo.core.access.api import has_any, holds_everywhere, scoped_q
from pmo.core.web.formats import format_money
from portfolio import charts, tiles
from portfolio.access import DASHBOARD, SCORECARD
from portfolio.boards.declaration import Look, Number, TileData
from portfolio.boards.groups import BOTH
from portfolio.boards.health import rows_of
from portfolio.boards.lists import export_of
from portfolio.models import HealthSnapshot
from portfolio.queries import scorecard as card
from portfolio.queries.dashboard import WORST_FIRST
from portfolio.queries.scope import Kind, scopes
from portfolio.queries.structure_page import DRAWN, plans_of
from portfolio.structure_figures import budget_bridge, roadmap_figure
from projects.access import MONEY

_AMOUNTS = {"forecast", "cpi"}


def with_money(look: Look) -> Any:
    """Snapshots of the projects whose money the reader may see."""
    return rows_of(look).filter(scoped_q(look.user, "project", MONEY, "project_id"))


def bridge(look: Look) -> TileData | None:
    """From budget to forecast over the projects that have both. One statement."""
    if look.day is None or not has_any(look.user, MONEY):
        return None
    rows = list(with_money(look).filter(bac__isnull=False, eac__isnull=False))
    url = look.health_url(BOTH)
    if not rows:
        return TileData(empty=_("No project has a budget and a forecast yet."), more=url)
    numbers = _sums(rows, look, url)
    return TileData(
        numbers=numbers, figure=budget_bridge(rows, look.currency, look.lang, url), more=url, export=export_of(url)
    )


def _sums(rows: Sequence[HealthSnapshot], look: Look, url: str) -> list[Number]:
    named = (("bac", _("Budget")), ("ac", _("Actual")), ("eac", _("Forecast at completion")))
    found = []
    for name, label in named:
        amount = sum((getattr(row, name) or Decimal(0) for row in rows), Decimal(0))
        text = format_money(amount, look.currency, look.lang)
        found.append(Number(name, label, amount, url, text=text, recount=f"sum:{name}"))
    return found


def money_by_unit(look: Look) -> TileData | None:
    """Budget, actual and forecast by business unit. Four statements."""
    if look.day is None or not has_any(look.user, MONEY):
        return None
    rows = list(with_money(look).filter(bac__isnull=False, eac__isnull=False))
    units = card.money_by_unit(look.scope, look.day, look.user, with_money(look))
    url = look.health_url(BOTH)
    figure = charts.money_figure(units, look.scope, look.day, look.currency, look.lang)
    return TileData(numbers=_sums(rows, look, url), figure=figure, more=url, export=export_of(url))


def roadmap(look: Look) -> TileData | None:
    """Plan and forecast of the worst projects with their key milestones, as they stood on the day. Three statements."""
    if look.day is None:
        return None
    rank = Case(*(When(band=band, then=place) for band, place in WORST_FIRST.items()))
    rows = list(rows_of(look).order_by(rank, F("overall").asc(nulls_first=True), "pk"))
    if not rows:
        return TileData(empty=_("No project in this choice has health on this date."))
    plans, left_out = plans_of(rows, look.user, DRAWN, on=look.on if look.past else None)
    number = Number("total", _("Projects"), len(rows), look.health_url())
    figure = roadmap_figure(plans, look.on, look.lang, left_out=left_out, dated=look.on if look.past else None)
    return TileData(numbers=[number], figure=figure, more=number.url)


def _official(look: Look) -> bool:
    """Whether the reader sees everything that the roll-up of the scope counts."""
    for permission in (SCORECARD, DASHBOARD):
        if holds_everywhere(look.user, permission):
            return True
        if look.scope.kind != Kind.ALL and look.scope in scopes(look.user, permission, look.scope.name):
            return True
    return False


def headlines(look: Look) -> TileData | None:
    """The headline figures with their course, of a scope the reader sees as a whole. Five statements."""
    if look.day is None:
        return None
    if not _official(look):
        return TileData(empty=_("Choose a portfolio: these figures are of whole portfolios."))
    rows = card.roll_ups(look.scope, look.day)
    made = tiles.tiles(rows, look.scope, look.currency, look.lang)
    if not (holds_everywhere(look.user, MONEY) or look.scope in scopes(look.user, MONEY, look.scope.name)):
        made = [tile for tile in made if tile.key not in _AMOUNTS]
    found = {tile.key: _headline(tile, rows[-1], look) for tile in made}
    numbers = [number for number in found.values() if number is not None]
    shown = [tile if (number := found[tile.key]) is None else replace(tile, url=number.url) for tile in made]
    return TileData(
        numbers=numbers, extra={"tiles": shown}, empty=_("No health has been computed for this choice yet.")
    )


def _headline(tile: tiles.Tile, row: Any, look: Look) -> Number | None:
    """The number behind a headline, with how to recount it."""
    measure = next(one for one in tiles.MEASURES if one.key == tile.key)
    value = measure.read(row)
    if value is None:
        return None
    total = look.health_url()
    how = {
        "health": ("health", total),
        "off_track": ("count", look.health_url("band=red")),
        "forecast": ("over:eac/bac", look.health_url("eac__isnull=0")),
        "cpi": ("ratio:ev/ac", look.health_url("ev__isnull=0")),
        "reports": (f"rest:{total}", tile.url),
        "watermelons": (
            f"share:{look.health_url('declared=green&declared=amber&declared=red')}",
            look.health_url("watermelon=1"),
        ),
        "milestones": ("met", tile.url),
    }.get(tile.key)
    return None if how is None else Number(tile.key, tile.label, value, how[1], text=tile.value, recount=how[0])


def value(look: Look) -> TileData | None:
    """Strategic value against health. One statement."""
    if look.day is None:
        return None
    points = card.value_points(look.scope, look.day, look.user)
    if not has_any(look.user, MONEY):
        points = [card.ValuePoint(point.snapshot, point.value, Decimal(0)) for point in points]
    return TileData(figure=charts.value_figure(points, look.currency, look.lang), more=look.health_url())


def course(look: Look) -> TileData | None:
    """Health of the scope week by week. One statement."""
    if look.day is None:
        return None
    if not _official(look):
        return TileData(empty=_("Choose a portfolio: these figures are of whole portfolios."))
    return TileData(
        figure=charts.trend_figure(card.roll_ups(look.scope, look.day), look.lang, look.today), more=look.health_url()
    )
