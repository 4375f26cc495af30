"""The seven headline tiles of a scorecard: value, colour, history, change, drill-down and how each is calculated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pmo.core.charts.spark import sparkline
from pmo.core.web.formats import format_money, format_number, format_score
from pmo.core.web.rag import rag_html
from pmo.core.web.templatetags.bw import sentences, trend
from portfolio.calc.indicators import Limits, share
from portfolio.models import RollupSnapshot
from portfolio.queries.limits import limits_on
from portfolio.queries.roi import Roi
from portfolio.queries.scope import Scope
from projects.models.choices import Band

MONTH_STEPS = 4
_CODES = {
    "health": "PF-HEALTH",
    "off_track": "PF-OFFTRACK",
    "forecast": "PF-FORECAST",
    "cpi": "PF-CPI",
    "milestones": "PF-MILESTONES",
    "reports": "PF-REPORTS",
    "watermelons": "PF-WATERMELONS",
}


@dataclass(frozen=True)
class Tile:
    """One headline figure, ready to draw."""

    key: str
    label: Any
    value: str
    unit: str
    band: str
    spark: Any
    change: str
    why: str | SafeString
    url: str
    how: Any
    metric: str


@dataclass(frozen=True)
class Measure:
    """How a tile is read from a roll-up. `places` decimals; `points` says that a change is in percentage points."""

    key: str
    label: str | Promise
    read: Callable[[RollupSnapshot], float | None]
    places: int
    unit: str
    higher: bool
    how: str | Promise
    register: str
    query: Callable[[RollupSnapshot], str]
    placed: bool = False  # the query names the scope itself


def placed_in(row: RollupSnapshot) -> str:
    """The filter that keeps the projects that were in the roll-up's group on its day, "" for everything."""
    return "" if row.kind == RollupSnapshot.Kind.ALL else f"placed={row.kind}-{row.ref_id}@{row.date}"


def projects_on(row: RollupSnapshot) -> int:
    """All projects of a roll-up."""
    return row.green + row.amber + row.red + row.grey


MEASURES = (
    Measure(
        "health",
        gettext_lazy("Portfolio health"),
        lambda row: row.overall,
        0,
        "/ 100",
        True,
        gettext_lazy(
            "Budget-weighted mean of the projects' health, 0 to 100. Never greener than the worst critical project unless somebody with the right wrote down why. Projects without a colour do not count."
        ),
        "health",
        lambda row: f"date={row.date}",
    ),
    Measure(
        "off_track",
        gettext_lazy("Off track"),
        lambda row: float(row.red),
        0,
        "",
        False,
        gettext_lazy(
            "Number of projects whose computed health is red on the date. The colour follows their share of all projects."
        ),
        "health",
        lambda row: f"date={row.date}&band=red",
    ),
    Measure(
        "forecast",
        gettext_lazy("Forecast vs budget"),
        lambda row: row.eac_over_pct,
        1,
        "%",
        False,
        gettext_lazy(
            "Sum of the estimates at completion minus sum of the budgets, divided by the sum of the budgets, over the projects that have both."
        ),
        "health",
        lambda row: f"date={row.date}&eac__isnull=0",
    ),
    Measure(
        "cpi",
        gettext_lazy("Cost performance (CPI)"),
        lambda row: row.cpi,
        2,
        "",
        True,
        gettext_lazy(
            "Sum of earned value divided by sum of actual cost, over the projects that have both. Earned value comes from budget-weighted milestones."
        ),
        "health",
        lambda row: f"date={row.date}&ev__isnull=0",
    ),
    Measure(
        "milestones",
        gettext_lazy("Milestones on time"),
        lambda row: share(row.milestones_met, row.milestones_due),
        0,
        "%",
        True,
        gettext_lazy(
            "Milestones whose baseline date has passed and that were reached by then, divided by all whose baseline date has passed."
        ),
        "milestones-past",
        lambda row: f"as_of={row.date}&health_on={row.date}&baseline_date__lte={row.date}",
    ),
    Measure(
        "reports",
        gettext_lazy("Reports up to date"),
        lambda row: None if row.late is None else share(projects_on(row) - row.late, projects_on(row)),
        0,
        "%",
        True,
        gettext_lazy(
            "Projects without a late report, divided by all projects. A report is late from the day after its due date until it is handed in or a later period has ended; the due date comes from the reporting cycle of the portfolio."
        ),
        "report-periods",
        lambda row: "&".join(part for part in (f"standing_at=late@{row.date}", placed_in(row)) if part),
        placed=True,
    ),
    Measure(
        "watermelons",
        gettext_lazy("Watermelon rate"),
        lambda row: share(row.watermelons, row.reports),
        0,
        "%",
        False,
        gettext_lazy(
            "Projects whose last report declares a better colour than the figures, divided by all projects with a report."
        ),
        "health",
        lambda row: f"date={row.date}&watermelon=1",
    ),
)


def tiles(rows: Sequence[RollupSnapshot], scope: Scope, currency: str, lang: str) -> list[Tile]:
    """The tiles for the last of the weekly roll-ups; empty before the first run."""
    if not rows:
        return []
    limits = limits_on(rows[-1].date)
    return [_tile(measure, rows, scope, currency, lang, limits) for measure in MEASURES]


def _tile(
    measure: Measure,
    rows: Sequence[RollupSnapshot],
    scope: Scope,
    currency: str,
    lang: str,
    limits: Mapping[str, Limits],
) -> Tile:
    now = rows[-1]
    series = [measure.read(row) for row in rows]
    value = series[-1]
    band = tile_band(measure, now, value, limits)
    query = "&".join(part for part in (measure.query(now), "" if measure.placed else scope.query) if part)
    return Tile(
        key=measure.key,
        label=measure.label,
        value=_value_text(measure, value, lang),
        unit=measure.unit if value is not None else "",
        band=band,
        spark=sparkline(series, last_band=band, width=None),
        change=_change(measure, series),
        why=_why(measure.key, now, currency, lang),
        url=reverse("register-list", kwargs={"key": measure.register}) + f"?{query}",
        how=sentences([measure.how, *colour_rule(measure, limits, lang)]),
        metric=metric_code(measure.key),
    )


def _value_text(measure: Measure, value: float | None, lang: str) -> str:
    """The figure; a score is rounded down, so that it never contradicts its colour."""
    if measure.key == "health":
        return format_score(value, lang)
    return format_number(value, measure.places, lang, sign=measure.key == "forecast")


def metric_code(key: str) -> str:
    """The code of a tile's metric in the catalogue."""
    return _CODES[key]


def colour_rule(measure: Measure, limits: Mapping[str, Limits], lang: str) -> list[str]:
    """Where the colour turns, as a sentence; none for health, whose colours the health model sets."""
    found = limits.get(measure.key)
    if found is None:
        return []
    # The number of red projects is coloured by their share.
    places, unit = (0, "%") if measure.key == "off_track" else (2, measure.unit)
    values = {
        "green": _limit_text(found.green, places, lang) + unit,
        "red": _limit_text(found.red, places, lang) + unit,
    }
    if found.higher:
        return [_("Green from %(green)s, red below %(red)s.") % values]
    return [_("Green up to %(green)s, red above %(red)s.") % values]


def _limit_text(limit: float, places: int, lang: str) -> str:
    return format_number(limit, 0 if float(limit).is_integer() else places, lang)


def roi_tile(roi: Roi | None, lang: str) -> Tile | None:
    """Planned against realised return; None without benefits in money. It has no limits, so it has no colour."""
    if roi is None or roi.planned is None:
        return None
    realised = format_number(roi.realised, 0, lang, sign=True)
    return Tile(
        key="roi",
        metric="PF-ROI",
        label=_("Portfolio ROI"),
        value=format_number(roi.planned, 0, lang, sign=True),
        unit="%",
        band="",
        spark="",
        change=_("Planned over the life of the benefits"),
        why=_("Realised so far: %(share)s%%") % {"share": realised} if roi.realised is not None else "",
        url=reverse("register-list", kwargs={"key": "benefits"}) + "?monetary=1",
        how=_(
            "Over the projects with a budget and benefits in money: planned benefits less budgets, divided by budgets; and benefits measured so far less actual cost, divided by actual cost."
        ),
    )


def tile_band(measure: Measure, row: RollupSnapshot, value: float | None, limits: Mapping[str, Limits]) -> str:
    """The tile's colour; health carries the roll-up's own, which an override may have set."""
    if measure.key == "health":
        return row.band
    if measure.key == "off_track":
        return limits["off_track"].band(share(row.red, projects_on(row)))
    return limits[measure.key].band(value)


def _change(measure: Measure, series: Sequence[float | None]) -> str | SafeString:
    """The first short line: arrow and size of the change over four weeks, coloured as good or bad."""
    old = series[-1 - MONTH_STEPS] if len(series) > MONTH_STEPS else None
    new = series[-1]
    if old is None or new is None:
        return _("No month to compare with")
    delta = round(new - old, measure.places)
    if delta == 0:
        return _("4 weeks: unchanged")
    unit = _(" pts") if measure.unit == "%" else ""
    shown = trend(delta, "up" if measure.higher else "down", measure.places, unit=unit)
    # The translation is ours and the mark is safe already.
    return mark_safe(_("4 weeks: %(change)s") % {"change": shown})  # noqa: S308


def _why(key: str, row: RollupSnapshot, currency: str, lang: str) -> str | SafeString:
    """The second short line: what the figure is made of, short enough for one line of a narrow tile."""
    total = projects_on(row)
    if key == "health" and row.overall is not None and row.uncapped is not None and row.uncapped - row.overall > 0.5:
        return _("%(score)s without the cap") % {"score": format_score(row.uncapped, lang)}
    if key == "health":
        return colour_counts({band: getattr(row, band) for band in (Band.RED, Band.AMBER, Band.GREEN, Band.GREY)})
    if key == "off_track":
        return ngettext("of %(count)s project", "of %(count)s projects", total) % {"count": total}
    if key == "forecast" and row.eac_over is not None:
        amount = format_money(abs(row.eac_over), currency, lang)
        return (_("%(amount)s over") if row.eac_over >= 0 else _("%(amount)s under")) % {"amount": amount}
    if key == "cpi" and row.ev is not None:
        return _("%(earned)s earned") % {"earned": format_money(row.ev, currency, lang)}
    if key == "milestones":
        return _("%(met)s of %(due)s due") % {"met": row.milestones_met, "due": row.milestones_due}
    if key == "reports" and row.late is not None:
        return ngettext("%(count)s report is late", "%(count)s reports are late", row.late) % {"count": row.late}
    if key == "watermelons":
        return _("%(count)s of %(reports)s reports") % {"count": row.watermelons, "reports": row.reports}
    return ""


def colour_counts(counts: Mapping[str, int]) -> SafeString:
    """Shape and number of each colour, for a line without room for the words."""
    shown = ((rag_html(band, "shape", number),) for band, number in counts.items())
    return format_html('<span class="colour-counts">{}</span>', format_html_join(" ", "{}", shown))
