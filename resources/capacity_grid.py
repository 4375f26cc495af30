"""The capacity heat map: from arrays to rows and cells as the page, the file and the sentence write them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from numpy.typing import NDArray

from pmo.core.web.formats import format_date, format_number, format_week
from resources.calc import load
from resources.queries.capacity import Asked, Names, Pool

FloatArray = NDArray[np.float64]
UNITS = ("percent", "hours", "fte", "days")
CSS = {
    "none": "cell cell-empty",
    "under": "cell load-under",
    "calm": "cell",
    "near": "cell cell-green",
    "over": "cell load-over",
    "extreme": "cell load-extreme",
}


@dataclass(frozen=True)
class Line:
    """A row: its name and address, capacity and demand by period (person-days); `group` rows hold the sums of a group."""

    label: str
    url: str
    capacity: FloatArray
    demand: FloatArray
    group: bool = False
    count: int = 0
    query: dict[str, Any] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Cell:
    """One figure: text, class of the load, what is said on hover and to screen readers, and the rows behind it."""

    text: str
    css: str
    title: str
    url: str = ""


def load_words() -> dict[str, str]:
    """Classes of load in words."""
    return {
        "none": pgettext("load", "no capacity"),
        "under": pgettext("load", "under-used"),
        "calm": pgettext("load", "room left"),
        "near": pgettext("load", "near capacity"),
        "over": pgettext("load", "over capacity"),
        "extreme": pgettext("load", "far over capacity"),
    }


def people_lines(pool: Pool, names: Names) -> list[Line]:
    """People by unit, the unit's sums above them; within a unit the highest load first."""
    found: list[Line] = []
    peaks = _peaks(pool)
    for unit_id in _unit_order(pool, names):
        places = [place for place, member in enumerate(pool.members) if member.unit_id == unit_id]
        found.append(_sum(pool, places, _unit_name(unit_id, names), {"person__unit": unit_id or ""}))
        for place in sorted(places, key=lambda place: (-peaks[place], pool.members[place].name)):
            member = pool.members[place]
            found.append(
                Line(
                    member.name,
                    reverse("register-detail", kwargs={"key": "people", "pk": member.person_id}),
                    pool.capacity[place],
                    pool.demand[place],
                    query={"person": member.person_id},
                    note=names.roles.get(member.role_id, ""),
                )
            )
    return found


def unit_lines(pool: Pool, names: Names) -> list[Line]:
    """A row for each unit: sums of its people."""
    return [
        _sum(
            pool,
            [place for place, member in enumerate(pool.members) if member.unit_id == unit_id],
            _unit_name(unit_id, names),
            {"person__unit": unit_id or ""},
        )
        for unit_id in _unit_order(pool, names)
    ]


def role_lines(pool: Pool, names: Names) -> list[Line]:
    """A row for each role of the pool: sums of the people who have it, the highest load first."""
    found = []
    for role_id, name in names.roles.items():
        places = [place for place, member in enumerate(pool.members) if member.role_id == role_id]
        if places:
            found.append(_sum(pool, places, name, {"pool_role": role_id}))
    return sorted(found, key=lambda line: (-_peak(line), line.label))


def total_line(pool: Pool) -> Line:
    """The sums of everybody shown."""
    return _sum(pool, list(range(len(pool.members))), _("All together"), {})


def _sum(pool: Pool, places: list[int], label: str, query: dict[str, Any]) -> Line:
    return Line(
        label,
        "",
        pool.capacity[places].sum(axis=0),
        pool.demand[places].sum(axis=0),
        group=True,
        count=len(places),
        query=query,
    )


def _unit_order(pool: Pool, names: Names) -> list[int | None]:
    ids = {member.unit_id for member in pool.members}
    return sorted(ids, key=lambda pk: names.units[pk][1] if pk in names.units else "~")


def _unit_name(unit_id: int | None, names: Names) -> str:
    return names.units[unit_id][0] if unit_id in names.units else _("Without a unit")


def _ranked(percent: FloatArray) -> FloatArray:
    """Loads to sort by: nothing at all comes last, demand without capacity first."""
    return np.nan_to_num(percent, nan=-1.0, posinf=np.inf)


def _peaks(pool: Pool) -> list[float]:
    percent = load.load_percent(pool.demand, pool.capacity)
    return [float(value) for value in _ranked(percent).max(axis=1)] if len(percent) else []


def _peak(line: Line) -> float:
    return float(_ranked(load.load_percent(line.demand, line.capacity)).max())


def cells(line: Line, asked: Asked, unit: str, working: FloatArray, lang: str, *, linked: bool) -> list[Cell]:
    """The cells of a row in the unit asked for."""
    percent = load.load_percent(line.demand, line.capacity)
    words = load_words()
    found = []
    for place, (first, last) in enumerate(asked.periods):
        held, wanted = float(line.capacity[place]), float(line.demand[place])
        kind = load.load_class(float(percent[place]))
        title = _("%(word)s: %(demand)s of %(capacity)s hours") % {
            "word": words[kind],
            "demand": format_number(wanted * load.HOURS_PER_DAY, 0, lang),
            "capacity": format_number(held * load.HOURS_PER_DAY, 0, lang),
        }
        url = drill_url(line, asked, first, last) if linked and wanted > 0 else ""
        found.append(
            Cell(_text(float(percent[place]), held, wanted, unit, float(working[place]), lang), CSS[kind], title, url)
        )
    return found


def _text(percent: float, held: float, wanted: float, unit: str, working: float, lang: str) -> str:
    if np.isnan(percent):
        return "—"
    if unit == "percent":
        return "∞" if np.isinf(percent) else f"{format_number(percent, 0, lang)}%"
    pair = [figure(value, unit, working) for value in (wanted, held)]
    places = 0 if unit == "hours" else 1
    return "/".join(format_number(value, places, lang) for value in pair)


def figure(days: float, unit: str, working: float) -> float:
    """Person-days in hours, full-time equivalents (of a period's working days) or person-days."""
    if unit == "hours":
        return days * load.HOURS_PER_DAY
    if unit == "fte":
        return days / working if working else 0.0
    return days


def drill_url(line: Line, asked: Asked, first: datetime.date, last: datetime.date) -> str:
    """The allocations that make a cell: those of the row's people that touch the period."""
    query: dict[str, Any] = {
        **line.query,
        "state": ["committed", "proposed"] if asked.proposed else ["committed"],
        "starts_on__lte": last.isoformat(),
        "ends_on__gte": first.isoformat(),
    }
    if asked.role and "pool_role" not in query:
        query["pool_role"] = asked.role
    if asked.skill:
        query["has_skill"] = asked.skill
    if asked.unit and "person__unit" not in query and "person" not in query:
        query["in_unit"] = asked.unit
    return f"{reverse('register-list', kwargs={'key': 'allocations'})}?{urlencode(query, doseq=True)}"


def heads(asked: Asked, by: str, lang: str) -> list[tuple[str, str]]:
    """Column headers: (short text, full text)."""
    if by == "month":
        return [(f"{first:%Y-%m}", f"{first:%Y-%m}") for first, _last in asked.periods]
    return [
        (format_date(first, lang, first, weekday=False), format_week(first, lang)) for first, _last in asked.periods
    ]


@dataclass(frozen=True)
class Peak:
    """Somebody over capacity: where the load is highest."""

    name: str
    url: str
    percent: float
    place: int


def over_people(pool: Pool) -> list[Peak]:
    """People over capacity in any period, the highest load first."""
    percent = load.load_percent(pool.demand, pool.capacity)
    found = []
    for place, member in enumerate(pool.members):
        row = _ranked(percent[place])
        best = int(row.argmax())
        if load.load_class(float(row[best])) in {"over", "extreme"}:
            url = reverse("register-detail", kwargs={"key": "people", "pk": member.person_id})
            found.append(Peak(member.name, url, float(row[best]), best))
    return sorted(found, key=lambda peak: (-peak.percent, peak.name))
