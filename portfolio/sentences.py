"""Why a project has its health, in sentences: who or what, figure, cause, date.

Rendered from a snapshot's stored inputs and its version of the rules, in the reader's language; nothing of it is stored.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo.core.web.formats import format_date, format_money, format_number, is_zh
from portfolio.calc.health.explain import MeasureItem
from portfolio.measure_words import value_text
from portfolio.queries.health_rooms import MOST_PCT
from portfolio.queries.health_story import Story
from projects.calc.slip import expected_date


@dataclass(frozen=True)
class Teller:
    """Who reads: language, the day that counts as today, and whether amounts of this project's money may be shown."""

    lang: str
    today: datetime.date
    money: bool

    def date(self, day: datetime.date) -> str:
        """A date without its weekday."""
        return format_date(day, self.lang, self.today, weekday=False)

    def number(self, value: float, places: int = 0) -> str:
        """A figure."""
        return format_number(value, places, self.lang)

    def listed(self, names: Sequence[str]) -> str:
        """Names in a row."""
        return ("、" if is_zh(self.lang) else ", ").join(names)


@dataclass(frozen=True)
class Telling:
    """One measure of one story, for the function that makes its sentence."""

    story: Story
    item: MeasureItem
    teller: Teller
    words: dict[str, Any] = field(default_factory=dict)


def measure_sentence(story: Story, item: MeasureItem, teller: Teller) -> str:
    """What a measure says about the project, in one sentence."""
    maker = _MAKERS.get(item.measure, _generic)
    return maker(Telling(story, item, teller))


def _generic(telling: Telling) -> str:
    value = value_text(telling.item.measure, telling.item.value)
    return _("The value is %(value)s.") % {"value": value}


def _days(value: float) -> int:
    return round(abs(value))


def _milestone(telling: Telling) -> str:
    stone, teller, day = telling.story.milestone, telling.teller, telling.story.day
    if stone is None:
        return _generic(telling)
    expected = expected_date(stone.baseline_date, stone.forecast_date, stone.actual_date, day)
    words = {"milestone": stone.name, "date": teller.date(expected or day), "days": _days(telling.item.value)}
    reached = stone.actual_date is not None and stone.actual_date <= day
    return (_reached if reached else _expected)(telling.item.value, words)


def _reached(slip: float, words: dict[str, Any]) -> str:
    if slip > 0:
        return _("%(milestone)s was reached on %(date)s, %(days)s working days after the baseline.") % words
    if slip < 0:
        return _("%(milestone)s was reached on %(date)s, %(days)s working days before the baseline.") % words
    return _("%(milestone)s was reached on %(date)s, as in the baseline.") % words


def _expected(slip: float, words: dict[str, Any]) -> str:
    if slip > 0:
        return _("%(milestone)s is expected on %(date)s, %(days)s working days after the baseline.") % words
    if slip < 0:
        return _("%(milestone)s is expected on %(date)s, %(days)s working days before the baseline.") % words
    return _("%(milestone)s is expected on %(date)s, as in the baseline.") % words


def _finish(telling: Telling) -> str:
    project, teller, day = telling.story.project, telling.teller, telling.story.day
    if project is None or project.planned_finish is None:
        return _generic(telling)
    expected = expected_date(project.planned_finish, project.forecast_finish, project.actual_finish, day)
    words = {"date": teller.date(expected or day), "days": _days(telling.item.value)}
    if telling.item.value > 0:
        return _("Finish is expected on %(date)s, %(days)s working days later than planned.") % words
    if telling.item.value < 0:
        return _("Finish is expected on %(date)s, %(days)s working days earlier than planned.") % words
    return _("Finish is expected on %(date)s, as planned.") % words


def _late(telling: Telling) -> str:
    count = round(telling.item.value)
    if not count:
        return _("No milestone is past its baseline and open.")
    text = ngettext(
        "%(count)s milestone is past its baseline and open.",
        "%(count)s milestones are past their baseline and open.",
        count,
    )
    return text % {"count": count}


def _pace_in_time(telling: Telling) -> str:
    percent = telling.teller.number(100 * telling.item.value)
    return _("The work done was planned to take %(percent)s%% of the working days used so far.") % {"percent": percent}


def _pace(telling: Telling) -> str:
    row, teller = telling.story.snapshot, telling.teller
    if not teller.money or row.ev is None or row.pv is None:
        return _("Work earns %(value)s of what was planned by now.") % {"value": teller.number(telling.item.value, 2)}
    words = {"earned": _money(telling, row.ev), "planned": _money(telling, row.pv)}
    return _("%(planned)s of work was planned by now, %(earned)s is done.") % words


def _efficiency(telling: Telling) -> str:
    row, teller = telling.story.snapshot, telling.teller
    if not teller.money or row.ev is None or row.ac is None:
        return _("Each unit of money spent has earned %(value)s.") % {"value": teller.number(telling.item.value, 2)}
    words = {"earned": _money(telling, row.ev), "spent": _money(telling, row.ac)}
    return _("%(spent)s is spent for work worth %(earned)s.") % words


def _overrun(telling: Telling) -> str:
    row, teller, value = telling.story.snapshot, telling.teller, telling.item.value
    percent = teller.number(abs(value), 1)
    if not teller.money or row.eac is None or row.bac is None:
        return _share_over(value, percent)
    words = {
        "eac": _money(telling, row.eac),
        "budget": _money(telling, row.bac),
        "difference": _money(telling, abs(row.eac - row.bac)),
        "percent": percent,
    }
    if value > 0:
        return (
            _("It is forecast to cost %(eac)s, %(difference)s (+%(percent)s%%) over the budget of %(budget)s.") % words
        )
    if value < 0:
        return (
            _("It is forecast to cost %(eac)s, %(difference)s (−%(percent)s%%) under the budget of %(budget)s.") % words
        )
    return _("It is forecast to cost %(eac)s, as budgeted.") % words


def _share_over(value: float, percent: str) -> str:
    if value > 0:
        return _("The cost at completion is forecast %(percent)s%% over budget.") % {"percent": percent}
    if value < 0:
        return _("The cost at completion is forecast %(percent)s%% under budget.") % {"percent": percent}
    return _("The cost at completion is forecast as budgeted.")


def _money(telling: Telling, amount: Any) -> str:
    return format_money(amount, telling.story.currency, telling.teller.lang)


def _report(telling: Telling) -> str:
    inputs, teller, day = telling.story.inputs, telling.teller, telling.story.day
    cycle = inputs.get("cycle_days", 0)
    if inputs.get("never_reported"):
        days = round(telling.item.value * cycle)
        text = ngettext(
            "No report has been published in %(days)s day; one is due every %(cycle)s days.",
            "No report has been published in %(days)s days; one is due every %(cycle)s days.",
            days,
        )
        return text % {"days": days, "cycle": cycle}
    if "report_on" not in inputs:
        return _generic(telling)
    published = datetime.date.fromisoformat(inputs["report_on"])
    days = (day - published).days
    text = ngettext(
        "The last report is of %(date)s, %(days)s day old; one is due every %(cycle)s days.",
        "The last report is of %(date)s, %(days)s days old; one is due every %(cycle)s days.",
        days,
    )
    return text % {"date": teller.date(published), "days": days, "cycle": cycle}


def _decisions(telling: Telling) -> str:
    count = round(telling.item.value)
    if not count:
        return _("No decision is overdue.")
    return ngettext("%(count)s decision is overdue.", "%(count)s decisions are overdue.", count) % {"count": count}


def _actions(telling: Telling) -> str:
    count = round(telling.item.value)
    if not count:
        return _("No action is overdue.")
    return ngettext("%(count)s action is overdue.", "%(count)s actions are overdue.", count) % {"count": count}


def _over_allocation(telling: Telling) -> str:
    if telling.item.value <= 0:
        return _("The people committed have the time that is promised for the next four weeks.")
    percent = telling.teller.number(telling.item.value, 1)
    return _("Over the next four weeks the people committed are promised %(percent)s%% beyond their capacity.") % {
        "percent": percent
    }


def _findings(telling: Telling) -> str:
    count = round(telling.item.value)
    if not count:
        return _("No major finding is open.")
    return ngettext("%(count)s major finding is open.", "%(count)s major findings are open.", count) % {"count": count}


def _deliverables(telling: Telling) -> str:
    count = round(telling.item.value)
    if not count:
        return _("No deliverable is overdue.")
    return ngettext(
        "%(count)s deliverable is due and not accepted.", "%(count)s deliverables are due and not accepted.", count
    ) % {"count": count}


def _exposure(telling: Telling) -> str:
    value = telling.item.value
    if value <= 0:
        return _("No open risk threatens the reserve.")
    if value >= MOST_PCT:
        return _("The open risks exceed what is left of the reserve by far.")
    percent = telling.teller.number(value)
    return _("The open risks expose %(percent)s%% of the reserve that is left.") % {"percent": percent}


def _red_risks(telling: Telling) -> str:
    count = round(telling.item.value)
    if not count:
        return _("No open risk is in the red zone.")
    return ngettext("%(count)s open risk is in the red zone.", "%(count)s open risks are in the red zone.", count) % {
        "count": count
    }


def _benefit_start(telling: Telling) -> str:
    weeks = round(abs(telling.item.value))
    if not weeks:
        return _("Benefits are expected to start as planned.")
    words = {"weeks": weeks}
    if telling.item.value > 0:
        text = ngettext(
            "Benefits are expected to start %(weeks)s week later than planned.",
            "Benefits are expected to start %(weeks)s weeks later than planned.",
            weeks,
        )
    else:
        text = ngettext(
            "Benefits are expected to start %(weeks)s week earlier than planned.",
            "Benefits are expected to start %(weeks)s weeks earlier than planned.",
            weeks,
        )
    return text % words


def _benefits(telling: Telling) -> str:
    if telling.item.value >= 0:
        return _("Benefits come in as planned.")
    percent = telling.teller.number(100 + telling.item.value)
    return _("By now %(percent)s%% of the planned benefits have come in.") % {"percent": percent}


def _charter(telling: Telling) -> str:
    if telling.item.value:
        return _("Work has begun without an approved charter.")
    return _("An approved charter is in force.")


_MAKERS: dict[str, Callable[[Telling], str]] = {
    "key_milestone_slip_wd": _milestone,
    "finish_slip_wd": _finish,
    "late_milestones": _late,
    "spi_t": _pace_in_time,
    "spi": _pace,
    "cpi": _efficiency,
    "eac_over_budget_pct": _overrun,
    "report_age_cycles": _report,
    "overdue_decisions": _decisions,
    "overdue_actions": _actions,
    "over_allocation_pct": _over_allocation,
    "open_major_findings": _findings,
    "overdue_deliverables": _deliverables,
    "exposure_to_reserve_pct": _exposure,
    "open_red_risks": _red_risks,
    "benefit_start_slip_weeks": _benefit_start,
    "benefit_variance_pct": _benefits,
    "charter_missing": _charter,
}
