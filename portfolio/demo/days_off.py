"""Calendar exceptions: Chinese public holidays with their make-up days, and Ramadan in Saudi Arabia."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

import holidays

SAUDI_ARABIA = "SA"
RAMADAN_FACTOR = Decimal("0.70")
# First and last day by the Umm al-Qura calendar: the month follows the moon, so its dates are data.
RAMADAN: dict[int, tuple[datetime.date, datetime.date]] = {
    2024: (datetime.date(2024, 3, 11), datetime.date(2024, 4, 9)),
    2025: (datetime.date(2025, 3, 1), datetime.date(2025, 3, 29)),
    2026: (datetime.date(2026, 2, 18), datetime.date(2026, 3, 19)),
    2027: (datetime.date(2027, 2, 8), datetime.date(2027, 3, 8)),
    2028: (datetime.date(2028, 1, 28), datetime.date(2028, 2, 25)),
}
_ENGLISH = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "农历除夕": "Spring Festival",
    "清明节": "Tomb-sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-autumn Festival",
    "国庆节": "National Day",
}


class Exceptional(NamedTuple):
    """A dated exception: share of a working day, region ("" for the whole organisation), names."""

    day: datetime.date
    factor: Decimal
    region: str
    zh: str
    en: str


def chinese_holidays(years: Iterable[int]) -> Iterator[Exceptional]:
    """Public holidays on weekdays and make-up working days at weekends.

    The State Council publishes next year's arrangement in autumn. A year for which no make-up day is known is left out
    altogether: half an arrangement would give wrong dates.
    """
    for year in years:
        calendar = holidays.country_holidays("CN", years=year, language="zh_CN")
        made_up = sorted(day for day in calendar.weekend_workdays if day.year == year)
        if not made_up:
            continue
        for day, name in sorted(calendar.items()):
            if day.weekday() < 5:
                yield Exceptional(day, Decimal(0), "", _chinese(name), _english(name))
        for day in made_up:
            yield Exceptional(day, Decimal(1), "", "调休上班", "Make-up working day")


def published_years(years: Iterable[int]) -> list[int]:
    """The years whose arrangement of make-up days is known."""
    return sorted({row.day.year for row in chinese_holidays(years) if row.factor == 1})


def _chinese(name: str) -> str:
    return "调休放假" if name.startswith("休息日") else name.split("（")[0].split("；")[0]


def _english(name: str) -> str:
    if name.startswith("休息日"):
        return "Day off in lieu"
    plain = _chinese(name)
    return _ENGLISH.get(plain, plain)


def ramadan_days(years: Iterable[int], days_off: set[datetime.date]) -> Iterator[Exceptional]:
    """Working days of Ramadan at seven tenths and the days of Eid al-Fitr off, for Saudi Arabia, Monday to Friday.

    `days_off` are days on which nobody works anyway.
    """
    for year in years:
        if year not in RAMADAN:
            continue
        first, last = RAMADAN[year]
        span = {first + datetime.timedelta(days=offset) for offset in range((last - first).days + 1)}
        calendar = holidays.country_holidays("SA", years=year, language="en_US")
        feast = {day for day, name in calendar.items() if "Eid al-Fitr" in name}
        for day in sorted(span | feast):
            if day.weekday() >= 5 or day in days_off:
                continue
            if day in feast:
                yield Exceptional(day, Decimal(0), SAUDI_ARABIA, "开斋节", "Eid al-Fitr")
            else:
                yield Exceptional(day, RAMADAN_FACTOR, SAUDI_ARABIA, "斋月", "Ramadan")
