"""Tiles read from the computed health of a day: counts, heat map, what changed, late reports, watermelons, exceptions."""

from __future__ import annotations

import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from pmo.core.calendars.queries import working_calendar
from pmo.core.charts.model import Cell
from pmo.core.charts.spark import band_bar
from pmo.core.web.formats import format_date, format_score
from pmo.core.web.rag import rag_change_html, rag_html
from portfolio import wording
from portfolio.boards.declaration import Look, Number, TileData, periods_url
from portfolio.boards.lists import export_of, rows_in
from portfolio.heat import health_heat
from portfolio.models import HealthSnapshot
from portfolio.queries import dashboard as figures
from portfolio.queries import scorecard as card
from portfolio.views.homes.cards import Line
from projects.models.choices import Band

SHOWN, DRAWN = 6, 25
GRAVE = (Band.RED.value, Band.AMBER.value, Band.GREEN.value, Band.GREY.value)


def rows_of(look: Look) -> Any:
    """The snapshots of the look's day that the reader may see."""
    return card.snapshots(look.scope, look.computed, look.user)


def counts(look: Look) -> TileData | None:
    """Projects by colour. One statement."""
    if look.day is None:
        return None
    found = card.counts(look.scope, look.day, look.user)
    ordered = {band: found[band] for band in GRAVE}
    numbers = [
        Number(f"band-{band}", Band(band).label, number, look.health_url(f"band={band}"), band=band)
        for band, number in ordered.items()
    ]
    total = Number("total", _("Projects"), sum(found.values()), look.health_url())
    lead = _("%(red)s of %(total)s projects are off track.") % {"red": found[Band.RED], "total": total.value}
    return TileData(
        lead=lead,
        numbers=[total, *numbers],
        more=total.url,
        export=export_of(total.url),
        extra={"bar": band_bar(ordered, lang=look.lang)},
    )


def heat(look: Look) -> TileData | None:
    """Every project against every dimension, the worst first. Three statements."""
    if look.day is None:
        return None
    rows = rows_of(look)
    shown = list(figures.worst_first(rows)[:DRAWN])
    total = len(shown) if len(shown) < DRAWN else rows.count()
    url = look.health_url()
    number = Number("total", _("Projects"), total, url)
    text = _("All %(n)s projects") % {"n": total}
    figure = health_heat(figures.heat_rows(shown, look.day), key="tile-heat", more=Cell(text, url))
    return TileData(numbers=[number], figure=figure, more=url, export=export_of(url))


def changes(look: Look) -> TileData | None:
    """What differs from the run before: colours, new reds, slips, reports newly late. Five statements."""
    if look.day is None:
        return None
    if look.before is None:
        return TileData(empty=_("There is no run before this day to compare with."))
    moved = figures.colour_changes(look.scope, look.day, look.user)
    late_url = periods_url(look.scope, look.on, f"newly_late={look.before}@{look.on}")
    late = rows_in(late_url, look.user)
    slipped = look.list_url("milestones", f"slipped_since={look.before}")
    slips = rows_in(slipped, look.user)
    red = sum(row.snapshot.band == Band.RED for row in moved)
    numbers = [
        Number("colours", _("Colour changes"), len(moved), look.health_url("changed=colour")),
        Number("red", _("Newly red"), red, look.health_url("changed=red"), bad=red > 0),
        Number("slips", _("Milestones slipped"), slips, slipped, bad=slips > 0),
        Number("late", _("Reports newly late"), late, late_url, bad=late > 0),
    ]
    lines = [
        Line(row.snapshot.project, why_url(row.snapshot), "", rag_change_html(row.was, row.snapshot.band))
        for row in moved[:SHOWN]
    ]
    return TileData(
        lead=_since(look.before, look),
        numbers=numbers,
        lines=lines,
        empty=_("No project changed colour."),
        more=numbers[0].url,
    )


def _since(before: datetime.date, look: Look) -> str:
    return _("Since the run of %(date)s.") % {"date": format_date(before, look.lang, look.today, weekday=False)}


def why_url(row: HealthSnapshot) -> str:
    """The explanation of a snapshot."""
    page = {"key": "projects", "pk": row.project_id, "tab": "health"}
    return reverse("register-tab", kwargs=page) + f"?date={row.date}"


def watermelons(look: Look) -> TileData | None:
    """Projects declared better than computed, each with what the figures say against it. Four statements."""
    if look.day is None:
        return None
    rows = rows_of(look).filter(figures.BETTER)
    counted = rows.count()
    reported = rows_of(look).exclude(declared=Band.GREY).count()
    found = card.tell(rows.select_related("model").order_by("overall", "pk")[:SHOWN], look.day)
    url = look.health_url("watermelon=1")
    numbers = [
        Number("total", _("Watermelons"), counted, url, bad=counted > 0),
        Number(
            "reported",
            _("Projects with a declared colour"),
            reported,
            look.health_url("declared=green&declared=amber&declared=red"),
        ),
    ]
    voice = _voice(look)
    lines = [
        Line(
            row.snapshot.project,
            why_url(row.snapshot),
            wording.exception_sentence(row, card.explanation_of(row.snapshot), voice),
            rag_change_html(row.snapshot.declared, row.snapshot.band),
        )
        for row in found
    ]
    return TileData(
        numbers=numbers, lines=lines, empty=_("No report is better than its figures."), more=url, export=export_of(url)
    )


def _voice(look: Look) -> wording.Voice:
    return wording.Voice(look.lang, look.today, look.currency, working_calendar(day=look.computed))


def exceptions(look: Look) -> TileData | None:
    """The worst projects, a sentence each. Five statements."""
    if look.day is None:
        return None
    rows = rows_of(look).filter(band__in=[Band.RED, Band.AMBER])
    total = rows.count()
    voice = _voice(look)
    lines = [
        Line(
            row.snapshot.project,
            why_url(row.snapshot),
            wording.exception_sentence(row, card.explanation_of(row.snapshot), voice),
            format_html(
                "{} <b>{}</b>", rag_html(row.snapshot.band, "word"), format_score(row.snapshot.overall, look.lang)
            ),
        )
        for row in card.exceptions(look.scope, look.day, look.user)
    ]
    url = look.health_url("band=red&band=amber")
    number = Number("total", _("Red or amber"), total, url, bad=total > 0)
    return TileData(
        numbers=[number], lines=lines, empty=_("No project is off track or at risk."), more=url, export=export_of(url)
    )
