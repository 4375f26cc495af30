"""Official holidays of a country for a year, from the package `holidays`: a proposal that the administrator checks."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import holidays
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.audit.actor import Actor
from pmo.core.calendars.models import CalendarException
from pmo.core.records.services import create_many, update_record

COUNTRIES: dict[str, Any] = {
    "CN": gettext_lazy("China"),
    "HK": gettext_lazy("Hong Kong SAR"),
    "MO": gettext_lazy("Macao SAR"),
    "SG": gettext_lazy("Singapore"),
    "MY": gettext_lazy("Malaysia"),
    "TH": gettext_lazy("Thailand"),
    "VN": gettext_lazy("Vietnam"),
    "ID": gettext_lazy("Indonesia"),
    "IN": gettext_lazy("India"),
    "JP": gettext_lazy("Japan"),
    "KR": gettext_lazy("South Korea"),
    "AE": gettext_lazy("United Arab Emirates"),
    "SA": gettext_lazy("Saudi Arabia"),
    "GB": gettext_lazy("United Kingdom"),
    "IE": gettext_lazy("Ireland"),
    "DE": gettext_lazy("Germany"),
    "FR": gettext_lazy("France"),
    "NL": gettext_lazy("Netherlands"),
    "CH": gettext_lazy("Switzerland"),
    "US": gettext_lazy("United States"),
    "CA": gettext_lazy("Canada"),
    "BR": gettext_lazy("Brazil"),
    "AU": gettext_lazy("Australia"),
    "ZA": gettext_lazy("South Africa"),
}
FIRST_YEAR, LAST_YEAR = 1990, 2100
HOLIDAY, WORKING = Decimal("0.00"), Decimal("1.00")
_NAME = 100
_MAKE_UP = ("调休上班", "Make-up working day")
NEW, DIFFERENT, SAME = "new", "different", "same"


@dataclass(frozen=True)
class OfficialDay:
    """A holiday (share 0) or a day on which work is made up for (share 1)."""

    day: datetime.date
    factor: Decimal
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class Proposal:
    """An official day beside what the calendar says of it: new, different (`row` counts otherwise) or same; names may differ."""

    official: OfficialDay
    row: CalendarException | None

    @property
    def standing(self) -> str:
        """Whether taking it over adds a day, changes one, or nothing."""
        if self.row is None:
            return NEW
        return SAME if self.official.factor == self.row.factor else DIFFERENT


def subdivisions(country: str) -> tuple[str, ...]:
    """Codes of the parts of a country that have holidays of their own."""
    _check(country, FIRST_YEAR)
    return tuple(holidays.country_holidays(country).subdivisions)


def official_days(country: str, year: int, part: str = "") -> list[OfficialDay]:
    """The official days by date. Raises ValidationError for an unknown country, part or year.

    Names are in Chinese where the source has them; what is made up for in China is known once it is announced.
    """
    _check(country, year)
    if part and part not in subdivisions(country):
        raise ValidationError({"part": _("There is no such state or province.")})
    english, chinese = (_read(country, year, part, language) for language in ("en_US", "zh_CN"))
    days = [
        OfficialDay(day, HOLIDAY, _short(chinese.get(day, "")) if chinese is not english else "", _short(name))
        for day, name in english.items()
    ]
    found = {one.day for one in days}
    make_up = {day for day in getattr(english, "weekend_workdays", ()) if day.year == year and day not in found}
    days += [OfficialDay(day, WORKING, *_MAKE_UP) for day in make_up]
    return sorted(days, key=lambda one: one.day)


def has_make_up(country: str) -> bool:
    """Whether the country makes up for bridge days on weekends."""
    return country == "CN"


def _check(country: str, year: int) -> None:
    if country not in COUNTRIES:
        raise ValidationError({"country": _("There is no such country in the list.")})
    if not FIRST_YEAR <= year <= LAST_YEAR:
        told = _("Expected a year from %(first)s to %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise ValidationError({"year": told})


def _read(country: str, year: int, part: str, language: str) -> Any:
    plain: Any = holidays.country_holidays(country, subdiv=part or None, years=year)
    known = plain.supported_languages
    if language in known:
        return holidays.country_holidays(country, subdiv=part or None, years=year, language=language)
    return plain if language == "en_US" else {}


def _short(name: str) -> str:
    return " ".join(name.split())[:_NAME]


def proposals(country: str, year: int, part: str = "", region: str = "") -> list[Proposal]:
    """The official days beside the calendar of the region. One statement."""
    rows = {row.day: row for row in CalendarException.objects.filter(day__year=year, region=region)}
    return [Proposal(one, rows.get(one.day)) for one in official_days(country, year, part)]


@transaction.atomic
def take_over(
    *, actor: Actor, found: Sequence[Proposal], days: set[datetime.date], region: str = ""
) -> tuple[int, int]:
    """Put the chosen official days into the calendar; (added, changed). What was not chosen stays as it is."""
    chosen = [one for one in found if one.official.day in days]
    reason = _("Official holidays")
    rows = [
        CalendarException(
            day=one.official.day,
            factor=one.official.factor,
            region=region,
            name_zh=one.official.name_zh,
            name_en=one.official.name_en,
        )
        for one in chosen
        if one.row is None
    ]
    for row in rows:
        row.full_clean()
    create_many(actor=actor, rows=rows, reason=reason)
    changed = [one for one in chosen if one.row is not None and one.standing == DIFFERENT]
    for one in changed:
        wanted = {
            "factor": one.official.factor,
            "name_zh": one.official.name_zh,
            "name_en": one.official.name_en,
        }
        if one.row is not None:
            update_record(actor=actor, row=one.row, values=wanted, reason=reason)
    return len(rows), len(changed)
