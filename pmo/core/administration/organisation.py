"""Changing the organisation's settings: what a change means, told before it is made."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Mapping
from typing import Any

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from pmo.core.administration.access import demand
from pmo.core.audit.actor import Actor
from pmo.core.calendars.calc import WorkingCalendar
from pmo.core.calendars.models import FiscalPeriod, Organisation
from pmo.core.calendars.queries import working_calendar
from pmo.core.history.models import version_of
from pmo.core.money.models import Currency, ExchangeRate
from pmo.core.records.services import create_record, update_record

CHANGE = "core.organisation.change"
FIELDS = (
    "name_zh", "name_en", "time_zone", "base_currency", "fiscal_start_month", "working_weekdays", "nightly_time",
)  # fmt: skip
_VERSIONS = 20


def differing(row: Organisation, values: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that would change."""
    return {name: value for name, value in values.items() if getattr(row, name) != value}


def consequences(row: Organisation, changes: Mapping[str, Any], now: datetime.datetime) -> list[str]:
    """What the changes mean for figures and dates, in sentences. At most three statements."""
    told: list[str] = []
    if "name_zh" in changes or "name_en" in changes:
        told.append(
            _("The new name stands on pages, reports and mails from now on; documents made before keep the old.")
        )
    if "time_zone" in changes:
        told.append(_zone(row, changes["time_zone"], now))
    if "base_currency" in changes:
        told += _currency(row, changes["base_currency"])
    if "fiscal_start_month" in changes:
        told.append(_fiscal())
    if "working_weekdays" in changes:
        told.append(_weekdays(row, changes["working_weekdays"], now))
    if {"nightly_time", "time_zone"} & set(changes):
        told.append(_nightly(row, changes, now))
    return told


def _zone(row: Organisation, zone: str, now: datetime.datetime) -> str:
    before, after = (now.astimezone(zoneinfo.ZoneInfo(name)) for name in (row.time_zone, zone))
    text = _("The organisation's clock goes from %(before)s to %(after)s: due dates and “today” follow it.")
    return text % {"before": f"{before:%Y-%m-%d %H:%M}", "after": f"{after:%Y-%m-%d %H:%M}"}


def _currency(row: Organisation, currency: str) -> list[str]:
    rates = ExchangeRate.objects.count()
    told = [
        _("Totals are shown in %(currency)s from now on; amounts keep their own currency.") % {"currency": currency}
    ]
    if rates:
        text = ngettext(
            "%(count)s exchange rate is stated in %(before)s for one unit of a currency: enter it anew in %(after)s, or totals are wrong.",
            "%(count)s exchange rates are stated in %(before)s for one unit of a currency: enter them anew in %(after)s, or totals are wrong.",
            rates,
        )
        told.append(text % {"count": rates, "before": row.base_currency, "after": currency})
    return told


def _fiscal() -> str:
    count = FiscalPeriod.objects.count()
    text = ngettext(
        "The fiscal year begins in another month; %(count)s fiscal period that is there is not changed by it.",
        "The fiscal year begins in another month; the %(count)s fiscal periods that are there are not changed by it.",
        count,
    )
    return text % {"count": count}


def _weekdays(row: Organisation, weekdays: str, now: datetime.datetime) -> str:
    year = now.astimezone(zoneinfo.ZoneInfo(row.time_zone)).year
    known = working_calendar(settings=row)
    changed = WorkingCalendar(frozenset(int(digit) - 1 for digit in weekdays), known.exceptions)
    first, last = datetime.date(year - 1, 12, 31), datetime.date(year, 12, 31)
    text = _("%(year)s has %(after)s working days in place of %(before)s: durations and slips in working days change.")
    return text % {
        "year": year,
        "before": f"{known.working_days_between(first, last):g}",
        "after": f"{changed.working_days_between(first, last):g}",
    }


def _nightly(row: Organisation, changes: Mapping[str, Any], now: datetime.datetime) -> str:
    zone = zoneinfo.ZoneInfo(changes.get("time_zone", row.time_zone))
    at: datetime.time = changes.get("nightly_time", row.nightly_time)
    local = now.astimezone(zone)
    run = datetime.datetime.combine(local.date(), at, zone)
    if run <= local:
        run += datetime.timedelta(days=1)
    return _("The next nightly run is due at %(time)s.") % {"time": f"{run:%Y-%m-%d %H:%M} ({zone.key})"}


def change_organisation(
    *, actor: Actor, row: Organisation, values: dict[str, Any], expected_version: int, reason: str = ""
) -> Organisation:
    """Change the settings from today on; past days keep theirs. Raises ValidationError by field, StaleRecord, Refused.

    A base currency that is in no list yet is added to the currencies.
    """
    demand(actor.user, CHANGE)
    changed = update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)
    code = changed.base_currency
    if not Currency.objects.filter(code=code).exists():
        create_record(actor=actor, row=Currency(code=code, name_zh=code, name_en=code))
    return changed


def weekdays_in_words(digits: str) -> str:
    """The working weekdays (digits 1, Monday, to 7) by name; three or more in a row as a range."""
    days = sorted({int(digit) for digit in digits})
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return pgettext("list", ", ").join(_run(run) for run in runs)


def _run(days: list[int]) -> str:
    names = [str(WEEKDAYS[day - 1]) for day in days]
    if len(names) > 2:
        return pgettext("weekdays", "%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
    return pgettext("list", ", ").join(names)


def versions() -> list[Any]:
    """The settings by the day from which they held, the newest first; month and weekdays also in words."""
    table: Any = version_of(Organisation)
    rows = list(table.objects.order_by("-valid_from", "-pk")[:_VERSIONS])
    for row in rows:
        row.month_words = str(MONTHS[row.fiscal_start_month])
        row.weekday_words = weekdays_in_words(row.working_weekdays)
    return rows
