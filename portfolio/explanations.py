"""The account of a score: dimensions, measures, points, rules, and the way to the rows behind each measure."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portfolio.calc.health import BAND_CODES
from portfolio.calc.health.codes import RED
from portfolio.calc.health.explain import (
    RULE_CAP_ONE_RED,
    RULE_CAP_TWO_RED,
    RULE_MISSING,
    RULE_NO_DATA,
    RULE_NOT_ENOUGH,
    RULE_STALE,
    Explanation,
    MeasureItem,
    RuleItem,
)
from portfolio.calc.health.model import HealthModelSpec
from portfolio.measure_words import dimension_label, measure_label, score_text, threshold_text, value_text
from portfolio.queries.health_rooms import HORIZON_DAYS
from portfolio.queries.health_story import Story
from portfolio.sentences import Teller, measure_sentence

Query = list[tuple[str, str]]


@dataclass(frozen=True)
class MeasureLine:
    """One measure with data, as text; `lost` is the number of points it took and `url` opens the rows behind it ("" none)."""

    code: str
    label: str
    value: str
    green: str
    red: str
    band: str
    lost: float
    sentence: str
    url: str


@dataclass(frozen=True)
class DimensionBlock:
    """A dimension with data: score, colour, weight in percent, its measures with the most points lost first."""

    code: str
    label: str
    score: str
    band: str
    weight: int
    lines: list[MeasureLine]


@dataclass(frozen=True)
class RuleLine:
    """A rule that took points, or one that says why there is no more to say (`lost` 0)."""

    code: str
    label: str
    sentence: str
    lost: float


@dataclass(frozen=True)
class Account:
    """Everything the page says. `lost` is the sum of all points; 100 less it is the score shown."""

    shown: str
    band: str
    blocks: list[DimensionBlock]
    rules: list[RuleLine]
    notes: list[str]
    missing: list[str]
    lost: float


def account_of(story: Story, spec: HealthModelSpec, teller: Teller) -> Account:
    """The account of a story under its rules, for one reader."""
    found = story.explanation
    blocks = _blocks(story, teller)
    rules = _rules(story, teller)
    lost = sum(line.lost for block in blocks for line in block.lines) + sum(rule.lost for rule in rules)
    return Account(
        shown=score_text(found.shown),
        band=BAND_CODES[found.band],
        blocks=blocks,
        rules=rules,
        notes=_notes(story, spec, teller),
        missing=_missing(found),
        lost=round(lost, 1),
    )


def _blocks(story: Story, teller: Teller) -> list[DimensionBlock]:
    """Dimensions with data and weight or measures, the one that took the most points first."""
    lines: dict[str, list[MeasureLine]] = {}
    for item in story.explanation.measures:
        lines.setdefault(item.dimension, []).append(_line(story, item, teller))
    blocks = [
        DimensionBlock(
            item.dimension,
            dimension_label(item.dimension),
            score_text(item.score),
            BAND_CODES[item.band],
            round(100 * item.weight_share),
            lines[item.dimension],
        )
        for item in story.explanation.dimensions
        if item.dimension in lines
    ]
    return sorted(blocks, key=lambda block: -sum(line.lost for line in block.lines))


def _line(story: Story, item: MeasureItem, teller: Teller) -> MeasureLine:
    return MeasureLine(
        code=item.measure,
        label=measure_label(item.measure),
        value=value_text(item.measure, item.value),
        green=threshold_text(item.direction, item.green_threshold, good=True),
        red=threshold_text(item.direction, item.red_threshold, good=False),
        band=BAND_CODES[item.band],
        lost=item.shown_points,
        sentence=measure_sentence(story, item, teller),
        url=rows_url(story, item.measure, teller),
    )


def _missing(found: Explanation) -> list[str]:
    names: tuple[str, ...] = ()
    for rule in found.rules:
        if rule.rule in {RULE_MISSING, RULE_NOT_ENOUGH, RULE_NO_DATA}:
            names = rule.dimensions
    return [dimension_label(code) for code in names]


def rule_label(code: str) -> str:
    """The name of a rule that takes points."""
    return _RULES[code][0]()


def _rules(story: Story, teller: Teller) -> list[RuleLine]:
    """Caps and the stale penalty, each from the score before it to the score after it."""
    score = 100.0 - sum(item.shown_points for item in story.explanation.measures)
    lines = []
    for rule in story.explanation.rules:
        if rule.rule not in _RULES:
            continue
        label, maker = _RULES[rule.rule]
        words = {"before": teller.number(score, 1), "after": teller.number(score - rule.shown_points, 1)}
        lines.append(RuleLine(rule.rule, label(), maker(story, rule, teller, words), rule.shown_points))
        score -= rule.shown_points
    return lines


def _cap(story: Story, rule: RuleItem, teller: Teller, words: dict[str, str]) -> str:
    names = teller.listed([dimension_label(code) for code in rule.dimensions])
    words = {**words, "dimensions": names, "limit": teller.number(rule.limit or 0, 1)}
    return _("Off track: %(dimensions)s. That caps health at %(limit)s: %(before)s to %(after)s.") % words


def _stale(story: Story, rule: RuleItem, teller: Teller, words: dict[str, str]) -> str:
    count = max(int(story.inputs.get("report_age_cycles", 0)), 1)
    if not rule.shown_points:
        text = ngettext(
            "%(count)s report missing: the figure is stale.", "%(count)s reports missing: the figure is stale.", count
        )
        return text % {"count": count}
    text = ngettext(
        "%(count)s report missing, minus %(points)s by rule: %(before)s to %(after)s.",
        "%(count)s reports missing, minus %(points)s by rule: %(before)s to %(after)s.",
        count,
    )
    return text % {**words, "count": count, "points": teller.number(rule.limit or 0)}


_RULES: dict[str, tuple[Callable[[], str], Callable[[Story, RuleItem, Teller, dict[str, str]], str]]] = {
    RULE_CAP_ONE_RED: (lambda: _("Cap, one dimension off track"), _cap),
    RULE_CAP_TWO_RED: (lambda: _("Cap, two or more dimensions off track"), _cap),
    RULE_STALE: (lambda: _("Stale figure"), _stale),
}


def _notes(story: Story, spec: HealthModelSpec, teller: Teller) -> list[str]:
    """What took no points but must be said: caps not reached, missing data, missing rates."""
    notes = [_cap_not_reached(story.explanation, spec, teller)]
    for rule in story.explanation.rules:
        names = teller.listed([dimension_label(code) for code in rule.dimensions])
        if rule.rule == RULE_MISSING:
            notes.append(_("No data for %(dimensions)s: left out, never counted as on track.") % {"dimensions": names})
        elif rule.rule == RULE_NOT_ENOUGH:
            words = {
                "share": teller.number(100 * story.explanation.weight_share),
                "needed": teller.number(100 * (rule.limit or 0)),
                "dimensions": names,
            }
            notes.append(
                _("%(share)s%% of the weight has data, a colour needs %(needed)s%%. No data for %(dimensions)s.")
                % words
            )
        elif rule.rule == RULE_NO_DATA:
            notes.append(_("No dimension has data yet."))
    currencies = story.inputs.get("missing_rate", "")
    if currencies:
        words = {"currencies": teller.listed(currencies.split(",")), "date": teller.date(story.day)}
        notes.append(_("No exchange rate for %(currencies)s on %(date)s: this money is left out.") % words)
    return [note for note in notes if note]


def _cap_not_reached(found: Explanation, spec: HealthModelSpec, teller: Teller) -> str:
    reds = [item.dimension for item in found.dimensions if item.band == RED and item.weight_share > 0]
    capped = any(rule.rule in {RULE_CAP_ONE_RED, RULE_CAP_TWO_RED} for rule in found.rules)
    if not reds or capped or found.shown is None:
        return ""
    limit = spec.cap_one_red if len(reds) == 1 else spec.cap_two_red
    words = {"dimensions": teller.listed([dimension_label(code) for code in reds]), "limit": teller.number(limit, 1)}
    return _("Off track: %(dimensions)s. The cap of %(limit)s is not reached.") % words


def rows_url(story: Story, code: str, teller: Teller) -> str:
    """The register filtered to the rows behind a measure; "" where there is none, or where they show money one may not see."""
    source = _ROWS.get(code)
    if source is None:
        return ""
    key, query, is_money = source
    if is_money and not teller.money:
        return ""
    project = story.snapshot.project_id
    if key == "projects":
        return reverse("register-detail", kwargs={"key": key, "pk": project})
    pairs: Query = [("project", str(project)), *query(story.day)]
    return f"{reverse('register-list', kwargs={'key': key})}?{urlencode(pairs)}"


def _days_after(day: datetime.date, days: int = HORIZON_DAYS) -> str:
    return (day + datetime.timedelta(days=days)).isoformat()


def _day_before(day: datetime.date) -> str:
    return (day - datetime.timedelta(days=1)).isoformat()


_ROWS: dict[str, tuple[str, Callable[[datetime.date], Query], bool]] = {
    "key_milestone_slip_wd": ("milestones", lambda day: [("is_key", "true")], False),
    "finish_slip_wd": ("projects", lambda day: [], False),
    "late_milestones": (
        "milestones",
        lambda day: [("actual_date__isnull", "true"), ("baseline_date__lte", _day_before(day))],
        False,
    ),
    "spi_t": ("milestones", lambda day: [], False),
    "spi": ("milestones", lambda day: [], False),
    "cpi": ("cost-lines", lambda day: [("booked_on__lte", day.isoformat())], True),
    "eac_over_budget_pct": ("budget-lines", lambda day: [], True),
    "report_age_cycles": ("status-reports", lambda day: [("state", "published")], False),
    "overdue_actions": (
        "actions",
        lambda day: [("state", "open"), ("state", "doing"), ("due_on__lte", _day_before(day))],
        False,
    ),
    "overdue_decisions": ("decisions", lambda day: [("state", "open"), ("needed_by__lte", _day_before(day))], False),
    "over_allocation_pct": (
        "allocations",
        lambda day: [
            ("state", "committed"),
            ("ends_on__gte", _days_after(day, 1)),
            ("starts_on__lte", _days_after(day)),
        ],
        False,
    ),
    "open_major_findings": (
        "quality-findings",
        lambda day: [("severity", "1_major"), ("state", "open"), ("state", "doing")],
        False,
    ),
    "overdue_deliverables": (
        "deliverables",
        lambda day: [
            ("due_on__lte", _day_before(day)),
            *(("state", state) for state in ("planned", "doing", "submitted", "rejected")),
        ],
        False,
    ),
    "exposure_to_reserve_pct": ("risks", lambda day: [("open", "1"), ("kind", "threat")], False),
    "open_red_risks": ("risks", lambda day: [("open", "1"), ("kind", "threat"), ("zone", "red")], False),
    "benefit_start_slip_weeks": ("benefits", lambda day: [], False),
    "benefit_variance_pct": ("benefit-lines", lambda day: [("period__lte", day.isoformat())], False),
    "charter_missing": ("charters", lambda day: [], False),
}
