"""The metrics that the portfolio room computes: headline figures, money, dimensions and measures of health.

Headlines and earned value read their words and limits from where they are computed, so that page and catalogue cannot
say different things.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any

from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pmo.core.calendars.queries import org_today
from pmo.core.metrics.declaration import MetricSpec, MetricValue, declare_metrics
from portfolio.access import SCORECARD
from portfolio.calc.health import MEASURES as HEALTH_MEASURES
from portfolio.calc.indicators import LIMITS, share
from portfolio.measure_words import EXPLAINED, LABELS
from portfolio.models import RollupSnapshot
from portfolio.queries.health_models import NoHealthModelError, model_in_force, spec_of
from portfolio.queries.reporting import late_on
from portfolio.tiles import MEASURES as TILES
from portfolio.tiles import Measure, metric_code, projects_on
from projects.access import MONEY
from projects.models.choices import Dimension

_TILE_UNITS = {"health": "score", "off_track": "count", "cpi": "ratio"}
_HEALTH_UNITS = {"pct": "percent", "count": "count", "ratio": "ratio", "wd": "wd", "weeks": "weeks", "cycles": "cycles"}
_DIMENSION_MEANING = _("How a project stands in one dimension of health, from its measures.")
_DIMENSION_FORMULA = _("Weighted mean of the scores of the dimension's measures that have data, 0 to 100.")
_WITHOUT_DATA = _(
    "A measure without data does not count; a dimension without any is named as not measured, never as green."
)
_LAST_RUN = _("Projects with a row in the last nightly run; closed and terminated projects have none.")


def declare() -> None:
    """Make the room's metrics known."""
    declare_metrics([*_tiles(), *_shares(), *_counts(), *_values(), *_money(), *_health(), *_measures()])


def _latest() -> RollupSnapshot | None:
    """The newest roll-up of the whole organisation."""
    found: RollupSnapshot | None = RollupSnapshot.objects.filter(kind=RollupSnapshot.Kind.ALL).order_by("-date").first()
    return found


def _rolled(
    read: Callable[[RollupSnapshot], Any], register: str, query: Callable[[RollupSnapshot], str], places: int = 1
) -> Callable[[], MetricValue | None]:
    """A value read off the newest roll-up, with the address of its rows."""

    def value() -> MetricValue | None:
        row = _latest()
        if row is None:
            return None
        number = read(row)
        url = reverse("register-list", kwargs={"key": register}) + f"?{query(row)}"
        return MetricValue(None if number is None else float(number), row.date, url, places)

    return value


def _tiles() -> Iterator[MetricSpec]:
    for one in TILES:
        limits = LIMITS.get(one.key)
        yield MetricSpec(
            code=metric_code(one.key),
            name=one.label,
            formula=one.how,
            rules=_LAST_RUN,
            unit=_TILE_UNITS.get(one.key, "percent"),
            direction="higher" if one.higher else "lower",
            frequency="daily",
            source=one.register.removesuffix("-past"),
            calculated_in=f"portfolio.tiles.MEASURES[{one.key}]",
            permission=SCORECARD,
            value=_rolled(one.read, one.register, one.query, one.places),
            **_tile_limits(one, limits),
        )


def _tile_limits(one: Measure, limits: Any) -> dict[str, Any]:
    if one.key == "health":
        return {"limits": _bands, "limits_page": "health-model"}
    if one.key == "off_track" or limits is None:
        # The number is coloured by the share of red projects, which is a metric of its own.
        return {}
    return {"green": limits.green, "red": limits.red}


def _bands() -> tuple[float | None, float | None]:
    try:
        spec = spec_of(model_in_force(org_today()))
    except NoHealthModelError:
        return None, None
    return spec.green_from, spec.amber_from


def _shares() -> Iterator[MetricSpec]:
    limits = LIMITS["off_track"]
    yield MetricSpec(
        code="PF-OFFTRACK-SHARE",
        name=_("Share of projects off track"),
        formula=_("Projects whose computed health is red, divided by all projects of the last run."),
        rules=_LAST_RUN,
        unit="percent",
        direction="lower",
        frequency="daily",
        source="health",
        calculated_in="portfolio.tiles.tile_band",
        green=limits.green,
        red=limits.red,
        permission=SCORECARD,
        value=_rolled(lambda row: share(row.red, projects_on(row)), "health", lambda row: f"date={row.date}&band=red"),
    )
    yield MetricSpec(
        code="PF-COVERAGE",
        name=_("Projects with health"),
        formula=_("Projects with a computed colour, divided by all projects of the last run."),
        rules=_("Grey means that the data were not enough for a colour."),
        unit="percent",
        direction="higher",
        frequency="daily",
        source="health",
        calculated_in="office.queries.units.UnitFigures.health_share",
        permission=SCORECARD,
        value=_rolled(
            lambda row: share(row.green + row.amber + row.red, projects_on(row)),
            "health",
            lambda row: f"date={row.date}&band=red&band=amber&band=green",
        ),
    )


def _late_reports() -> MetricValue:
    """Reports that are late today."""
    today = org_today()
    url = reverse("register-list", kwargs={"key": "report-periods"}) + f"?standing_at=late@{today}"
    return MetricValue(float(late_on(today).count()), today, url, 0)


def _counts() -> Iterator[MetricSpec]:
    yield MetricSpec(
        code="PF-PROJECTS",
        name=_("Projects in scope"),
        formula=_("Number of projects with a row in the last nightly run."),
        rules=_LAST_RUN,
        unit="count",
        direction="none",
        frequency="daily",
        source="health",
        derived=False,
        calculated_in="portfolio.services.health.rollup",
        permission=SCORECARD,
        value=_rolled(lambda row: projects_on(row), "health", lambda row: f"date={row.date}", 0),
    )
    yield MetricSpec(
        code="PF-LATE-REPORTS",
        name=_("Late reports"),
        formula=_("Number of reports that were not handed in although their due date has passed."),
        rules=_(
            "Due dates follow the reporting cycle of the portfolio. A report counts until it is handed in or a later period has ended, so a project counts once."
        ),
        unit="count",
        direction="lower",
        frequency="daily",
        source="report-periods",
        derived=False,
        calculated_in="portfolio.queries.reporting.late_on",
        permission=SCORECARD,
        value=_late_reports,
    )
    yield MetricSpec(
        code="PF-DECISIONS",
        name=_("Decisions needed"),
        formula=_("Number of decisions that are pending."),
        rules=_("Pending: neither taken nor withdrawn, whatever the date they are needed by."),
        unit="count",
        direction="lower",
        frequency="daily",
        source="decisions",
        derived=False,
        calculated_in="portfolio.boards.work.decisions",
    )


def _values() -> Iterator[MetricSpec]:
    yield MetricSpec(
        code="PF-ROI",
        name=_("Portfolio ROI"),
        formula=_(
            "Over the projects with a budget and benefits in money: planned benefits less budgets, divided by budgets; and benefits measured so far less actual cost, divided by actual cost."
        ),
        unit="percent",
        direction="higher",
        frequency="monthly",
        source="benefits",
        calculated_in="portfolio.queries.roi.portfolio_roi",
    )
    yield MetricSpec(
        code="PF-VALUE",
        name=_("Strategic value"),
        meaning=_("What a project gives to the strategic objectives."),
        formula=_("Sum of a project's contributions to objectives, in per cent."),
        unit="percent",
        direction="higher",
        frequency="monthly",
        source="contributions",
        calculated_in="portfolio.queries.scorecard.value_points",
    )


_MONEY_WORDS: dict[str, tuple[str, Any, Any, str]] = {
    "BAC": (
        "bac",
        _("Budget at completion"),
        _("Sum of the approved budget lines, each at the closing rate of the date."),
        "budget-lines",
    ),
    "PV": (
        "pv",
        _("Planned value"),
        _("Budget of the work that the baseline says is done by the date, from budget-weighted milestones."),
        "milestones",
    ),
    "EV": (
        "ev",
        _("Earned value"),
        _("Budget of the work that is done by the date, from budget-weighted milestones."),
        "milestones",
    ),
    "AC": ("ac", _("Actual cost"), _("Sum of the cost lines booked up to the date."), "cost-lines"),
    "EAC": (
        "eac",
        _("Estimate at completion"),
        _("The project manager's own forecast, else budget divided by CPI."),
        "health",
    ),
}


def _money() -> Iterator[MetricSpec]:
    for code, (field, name, formula, source) in _MONEY_WORDS.items():
        yield MetricSpec(
            code=f"EV-{code}",
            name=name,
            formula=formula,
            rules=_("In the base currency at the closing rate of the date; a project without a rate is left out."),
            unit="money",
            direction="none",
            frequency="daily",
            source=source,
            derived=code not in {"BAC", "AC"},
            calculated_in=f"portfolio.models.HealthSnapshot.{field}",
            permission=MONEY,
            value=_rolled(attrgetter(field), "health", lambda row: f"date={row.date}", 0),
        )
    yield _index("SPI", _("SPI, value"), _("Earned value by planned value."), "spi")
    yield MetricSpec(
        code="EV-TCPI",
        name=_("To-complete performance index"),
        formula=_("Budget minus earned value, divided by budget minus actual cost."),
        rules=_("Only while money is left. Above 1 the rest has to be cheaper than what was done."),
        unit="ratio",
        direction="lower",
        frequency="daily",
        source="health",
        calculated_in="portfolio.views.project_overview.earned_value",
    )


def _index(code: str, name: Any, formula: Any, field: str) -> MetricSpec:
    return MetricSpec(
        code=f"EV-{code}",
        name=name,
        formula=formula,
        rules=_("Sums over the projects that know both terms, then divides."),
        unit="ratio",
        direction="higher",
        frequency="daily",
        source="health",
        calculated_in=f"portfolio.models.RollupSnapshot.{field}",
        permission=SCORECARD,
        value=_rolled(lambda row: getattr(row, field), "health", lambda row: f"date={row.date}&ev__isnull=0", 2),
    )


def _dimension_text(code: str) -> str:
    return gettext("Health: %(dimension)s") % {"dimension": Dimension(code).label}


# Cost as a dimension of health, told from cost as money.
_dimension_name = lazy(_dimension_text, str)


def _health() -> Iterator[MetricSpec]:
    yield MetricSpec(
        code="HM-OVERALL",
        name=_("Health of a project"),
        formula=_("Weighted mean of the dimensions that have data, lowered to a cap where a dimension is off track."),
        rules=_WITHOUT_DATA,
        unit="score",
        direction="higher",
        frequency="daily",
        source="health",
        calculated_in="portfolio.calc.health.engine",
        limits=_bands,
        limits_page="health-model",
    )
    for code in Dimension.values:
        yield MetricSpec(
            code=f"HM-{code.upper()}",
            name=_dimension_name(code),
            meaning=_DIMENSION_MEANING,
            formula=_DIMENSION_FORMULA,
            rules=_WITHOUT_DATA,
            unit="score",
            direction="higher",
            frequency="daily",
            source="health",
            calculated_in=f"portfolio.models.HealthSnapshot.{code}",
            limits=_bands,
            limits_page="health-model",
        )


def measure_code(measure: str) -> str:
    """The metric code of a measure of health."""
    return "HMM-" + measure.upper().replace("_", "-")


def _measures() -> Iterator[MetricSpec]:
    for code, info in HEALTH_MEASURES.items():
        yield MetricSpec(
            code=measure_code(code),
            name=LABELS[code],
            formula=EXPLAINED[code],
            rules=_("Per project and date, from the rows as they stood at the end of that day."),
            unit=_HEALTH_UNITS[info.unit],
            direction=info.direction,
            frequency="daily",
            source="health",
            calculated_in=f"portfolio.queries.measures ({code})",
            limits=_limits_of(code),
            limits_page="health-model",
        )


def _limits_of(code: str) -> Callable[[], tuple[float | None, float | None]]:
    """Where the measure turns green and red under the health model in force."""

    def limits() -> tuple[float | None, float | None]:
        try:
            spec = spec_of(model_in_force(org_today()))
        except NoHealthModelError:
            return None, None
        one = next((item for item in spec.measures if item.code == code), None)
        if one is None:
            return None, None
        return one.value_at(spec.green_from), one.value_at(spec.amber_from)

    return limits
