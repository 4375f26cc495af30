"""One plain sentence per exception, made from the figures: who or what, figure, cause, date."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo.core.calendars.calc import WorkingCalendar
from pmo.core.web.formats import format_date, format_money, format_number
from portfolio.calc.health.explain import Explanation
from portfolio.queries.scorecard import ProjectException
from projects.calc.slip import expected_date
from projects.models.choices import Band

_RANK = {Band.GREY: 0, Band.RED: 1, Band.AMBER: 2, Band.GREEN: 3}


@dataclass(frozen=True)
class Voice:
    """What sentences need besides the facts: language, today, base currency, working calendar."""

    lang: str
    today: datetime.date
    currency: str
    calendar: WorkingCalendar


def band_word(band: str) -> str:
    """The word of a colour in the reader's language."""
    return str(Band(band).label)


def exception_sentence(found: ProjectException, why: Explanation, voice: Voice) -> str:
    """Why the project needs attention: the gap between declared and computed, then the measure that costs the most points."""
    parts = [_declared_gap(found)]
    parts += measure_sentences(found, why, voice, 1)
    return _joined([part for part in parts if part]) or _fallback(why)


def measure_sentences(found: ProjectException, why: Explanation, voice: Voice, limit: int) -> list[str]:
    """A sentence for each of the measures that cost the most points, without saying one thing twice."""
    texts: list[str] = []
    for item in why.measures:
        text = _measure_text(item.measure, found, item.value, voice) if item.points > 0 else ""
        if text and text not in texts:
            texts.append(text)
    return texts[:limit]


def _joined(parts: list[str]) -> str:
    return _("%(first)s %(second)s") % {"first": parts[0], "second": parts[1]} if len(parts) == 2 else "".join(parts)


def _declared_gap(found: ProjectException) -> str:
    row = found.snapshot
    if row.declared == Band.GREY or _RANK[Band(row.declared)] <= _RANK[Band(row.band)]:
        return ""
    words = {"declared": band_word(row.declared).lower(), "computed": band_word(row.band).lower()}
    return _("Declared %(declared)s, computed %(computed)s.") % words


def _measure_text(code: str, found: ProjectException, value: float, voice: Voice) -> str:
    """The sentence for a measure; "" where the facts for it are missing."""
    maker = _MAKERS.get(code)
    return maker(found, value, voice) if maker else ""


def _milestone(found: ProjectException, value: float, voice: Voice) -> str:
    stone = found.milestone
    if stone is None:
        return ""
    days = round(voice.calendar.working_days_between(stone.baseline, stone.expected))
    text = (
        _("%(milestone)s was reached on %(date)s, %(days)s working days after the baseline.")
        if stone.reached
        else _("%(milestone)s is expected on %(date)s, %(days)s working days after the baseline.")
    )
    date = format_date(stone.expected, voice.lang, voice.today, weekday=False)
    return text % {"milestone": stone.name, "date": date, "days": days}


def _finish(found: ProjectException, value: float, voice: Voice) -> str:
    row = found.snapshot
    date = expected_date(row.project.planned_finish, row.project.forecast_finish, row.project.actual_finish, row.date)
    if date is None:
        return ""
    values = {"date": format_date(date, voice.lang, voice.today, weekday=False), "days": round(value)}
    return _("Finish is expected on %(date)s, %(days)s working days later than planned.") % values


def _cost(found: ProjectException, value: float, voice: Voice) -> str:
    row = found.snapshot
    if not row.bac or row.ac is None or row.ev is None or row.eac is None or row.eac <= row.bac:
        return ""
    over = row.eac - row.bac
    return _(
        "%(spent)s is spent for %(done)s%% of the work; at this rate it ends %(over)s (+%(percent)s%%) over budget."
    ) % {
        "spent": format_money(row.ac, voice.currency, voice.lang),
        "done": format_number(100 * row.ev / row.bac, 0, voice.lang),
        "over": format_money(over, voice.currency, voice.lang),
        "percent": format_number(100 * over / row.bac, 0, voice.lang),
    }


def _pace(found: ProjectException, value: float, voice: Voice) -> str:
    return _("Work earns %(value)s of what was planned by now.") % {"value": format_number(value, 2, voice.lang)}


def _late(found: ProjectException, value: float, voice: Voice) -> str:
    count = round(value)
    return ngettext(
        "%(count)s milestone is past its baseline and open.",
        "%(count)s milestones are past their baseline and open.",
        count,
    ) % {"count": count}


def _report(found: ProjectException, value: float, voice: Voice) -> str:
    return _("The last status report is %(cycles)s reporting cycles old.") % {
        "cycles": format_number(value, 1, voice.lang)
    }


def _decisions(found: ProjectException, value: float, voice: Voice) -> str:
    count = round(value)
    return ngettext("%(count)s decision is overdue.", "%(count)s decisions are overdue.", count) % {"count": count}


def _actions(found: ProjectException, value: float, voice: Voice) -> str:
    count = round(value)
    return ngettext("%(count)s action is overdue.", "%(count)s actions are overdue.", count) % {"count": count}


_MAKERS: dict[str, Any] = {
    "key_milestone_slip_wd": _milestone,
    "finish_slip_wd": _finish,
    "late_milestones": _late,
    "spi": _pace,
    "spi_t": _pace,
    "cpi": _cost,
    "eac_over_budget_pct": _cost,
    "report_age_cycles": _report,
    "overdue_decisions": _decisions,
    "overdue_actions": _actions,
}


def _fallback(why: Explanation) -> str:
    if why.shown is None:
        return _("There is not enough data for a colour.")
    return _("Health is %(score)s of 100.") % {"score": f"{why.shown:g}"}


def since_text(since: datetime.date | None, day: datetime.date) -> str:
    """How long the colour has held, in weeks."""
    if since is None:
        return ""
    weeks = (day - since).days // 7
    return _("this week") if weeks < 1 else ngettext("%(count)s week", "%(count)s weeks", weeks) % {"count": weeks}
