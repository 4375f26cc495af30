"""The evidence of an early warning as sentences in the reader's language, made from stored numbers."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pmo.core.web.formats import format_date, format_number
from portfolio.calc.warning.moves import Move
from portfolio.measure_words import dimension_label, measure_label, value_text
from portfolio.queries.warnings import WarningRow
from projects.models.choices import Band

MOST = 4
"""Sentences of a warning, the moves before the outlook."""

CONFIDENCE = {"high": gettext_lazy("High"), "medium": gettext_lazy("Medium"), "low": gettext_lazy("Low")}


def evidence(row: WarningRow, lang: str, today: datetime.date, most: int = MOST) -> list[str]:
    """What moves, by how much a week and since when; then what the coming weeks hold. `most` sentences at most."""
    said = [move_sentence(move, lang, today) for move in row.moves[: max(most - 2, 1)]]
    for text in _outlook(row.inputs, lang):
        if text not in said:
            said.append(text)
    return said[:most] or [_standing(row.inputs, lang)]


def move_sentence(move: Move, lang: str, today: datetime.date) -> str:
    """CPI: 0.98 to 0.91 since 1 Nov, 0.02 a week."""
    words = {
        "measure": measure_label(move.code),
        "before": value_text(move.code, move.before),
        "now": value_text(move.code, move.now),
        "date": format_date(move.since, lang, today, weekday=False),
        "step": _step(move, lang),
    }
    return _("%(measure)s went from %(before)s to %(now)s since %(date)s, %(step)s a week.") % words


def _step(move: Move, lang: str) -> str:
    size = abs(move.per_week)
    places = 3 if size < 0.1 else 2 if size < 1 else 1
    return format_number(move.per_week, places, lang, sign=True)


def _outlook(inputs: dict[str, Any], lang: str) -> list[str]:
    """Sentences in the order of what raises the chance most."""
    order = [_SAID_BY[name] for name, _odds in inputs.get("parts", []) if name in _SAID_BY]
    makers = list(dict.fromkeys([*order, _low, _red, _late, _planned, _earned, _issues]))
    return [text for maker in makers if (text := maker(inputs, lang))]


def _low(inputs: dict[str, Any], lang: str) -> str:
    low, week, score = inputs.get("low"), inputs.get("low_week", 0), inputs.get("score")
    if low is None or score is None or not week or low > score - 1:
        return ""
    text = ngettext(
        "If work and spending go on as known today, health falls to %(low)s within %(weeks)s week.",
        "If work and spending go on as known today, health falls to %(low)s within %(weeks)s weeks.",
        round(week),
    )
    return text % {"low": format_number(low, 1, lang), "weeks": round(week)}


def _cpi(inputs: dict[str, Any], lang: str) -> str:
    now, low, week = inputs.get("cpi"), inputs.get("cpi_low"), inputs.get("cpi_week", 0)
    if now is None or low is None or not week or low > now - 0.02:
        return ""
    words = {
        "now": format_number(now, 2, lang),
        "low": format_number(low, 2, lang),
        "weeks": round(week),
    }
    return (
        _(
            "Money is spent while the next milestone is open: the CPI of %(now)s falls to %(low)s within %(weeks)s weeks."
        )
        % words
    )


def _late(inputs: dict[str, Any], lang: str) -> str:
    more = round(inputs.get("late_8", 0) - inputs.get("late", 0))
    if more <= 0:
        return ""
    text = ngettext(
        "By today's forecasts %(n)s more milestone will be past its baseline in 8 weeks.",
        "By today's forecasts %(n)s more milestones will be past their baseline in 8 weeks.",
        more,
    )
    return text % {"n": more}


def _finish(inputs: dict[str, Any], lang: str) -> str:
    days = round(inputs.get("finish_slip_wd", 0))
    if days <= 0:
        return ""
    return ngettext(
        "The finish is forecast %(days)s working day late.", "The finish is forecast %(days)s working days late.", days
    ) % {"days": days}


def _red(inputs: dict[str, Any], lang: str) -> str:
    red = _(", ").join(dimension_label(name) for name in inputs.get("red", []))
    near = _(", ").join(dimension_label(name) for name in inputs.get("near", []))
    if red and near:
        return _("Off track already: %(red)s. Close to it: %(near)s.") % {"red": red, "near": near}
    if red:
        return _("Off track already: %(red)s.") % {"red": red}
    return _("Close to off track: %(near)s.") % {"near": near} if near else ""


def _over(inputs: dict[str, Any], lang: str) -> str:
    over = inputs.get("over_allocation_pct", 0)
    if over <= 0:
        return ""
    return _("The people committed are promised %(percent)s%% beyond their capacity.") % {
        "percent": format_number(over, 0, lang)
    }


def _report(inputs: dict[str, Any], lang: str) -> str:
    age = inputs.get("report_age_cycles", 0)
    if age < 1:
        return ""
    return _("The last report is %(age)s cycles old.") % {"age": format_number(age, 1, lang)}


def _melon(inputs: dict[str, Any], lang: str) -> str:
    declared = inputs.get("declared", "grey")
    return "" if declared == "grey" else _("Declared: %(colour)s.") % {"colour": Band(declared).label}


def _exposure(inputs: dict[str, Any], lang: str) -> str:
    share = inputs.get("exposure_to_reserve_pct", 0)
    if share < 50:
        return ""
    if share > 300:
        return _("The open risks exceed what is left of the reserve by far.")
    return _("The open risks expose %(percent)s%% of the reserve that is left.") % {
        "percent": format_number(share, 0, lang)
    }


def _actions(inputs: dict[str, Any], lang: str) -> str:
    count = round(inputs.get("overdue_actions", 0))
    if not count:
        return ""
    return ngettext("%(count)s action is overdue.", "%(count)s actions are overdue.", count) % {"count": count}


def _planned(inputs: dict[str, Any], lang: str) -> str:
    share = inputs.get("planned_8", 0)
    if share < 0.05:
        return ""
    return _("%(percent)s%% of the work is planned for the next 8 weeks.") % {
        "percent": format_number(100 * share, 0, lang)
    }


def _earned(inputs: dict[str, Any], lang: str) -> str:
    share = inputs.get("earned")
    if share is None or share > 0.5:
        return ""
    return _("Only %(percent)s%% of the work is earned yet.") % {"percent": format_number(100 * share, 0, lang)}


def _issues(inputs: dict[str, Any], lang: str) -> str:
    count = round(inputs.get("open_issues", 0))
    if count < 2:
        return ""
    return ngettext("%(count)s issue is open.", "%(count)s issues are open.", count) % {"count": count}


def _standing(inputs: dict[str, Any], lang: str) -> str:
    return _("Health is %(score)s: projects that stood like this have often turned worse.") % {
        "score": format_number(inputs.get("score"), 1, lang)
    }


_SAID_BY: dict[str, Callable[[dict[str, Any], str], str]] = {
    **dict.fromkeys(("ahead_margin", "ahead_crosses", "ahead_soon", "green_ahead_margin", "green_ahead_soon"), _low),
    **dict.fromkeys(("ahead_cost", "cpi", "spent_ahead", "next_milestone", "over_budget"), _cpi),
    **dict.fromkeys(("schedule", "late_milestones"), _late),
    "planned_ahead": _planned,
    "earned": _earned,
    "open_issues": _issues,
    **dict.fromkeys(
        ("red_dimensions", "near_red_schedule", "near_red_cost", "near_red_resource", "near_red_risk"), _red
    ),
    **dict.fromkeys(("resources", "over_allocation"), _over),
    "finish_slip": _finish,
    "to_stale": _report,
    "watermelon": _melon,
    "exposure": _exposure,
    "overdue_actions": _actions,
}
