"""Texts of a report in both languages, made once: `{"zh": …, "en": …}`, with `"money": true` where it is an amount."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.utils import translation

from pmo.core.people.names import localised
from pmo.core.web import formats
from projects.models.choices import Band

LANGUAGES = {"zh": "zh-hans", "en": "en"}
Text = dict[str, Any]


def both(make: Callable[[str], object], *, money: bool = False) -> Text:
    """What `make(language)` says in each language, with that language switched on."""
    found: Text = {}
    for key, language in LANGUAGES.items():
        with translation.override(language):
            found[key] = str(make(language))
    return {**found, "money": True} if money else found


def words(text: Any) -> Text:
    """A lazy text in both languages."""
    return both(lambda language: text)


def name_of(row: Any) -> Text | None:
    """The name of a row that keeps it in two languages; None for no row."""
    if row is None:
        return None
    return both(lambda language: localised(row.name_zh, row.name_en, language) or getattr(row, "code", ""))


def day_text(day: datetime.date | None, year_of: datetime.date) -> Text | None:
    """A date, with its year where it is another than that of `year_of`; None for no date."""
    if day is None:
        return None
    return both(lambda language: formats.format_date(day, language, year_of, weekday=False))


def money_text(amount: Any, currency: str, *, sign: bool = False, open_to_all: bool = False) -> Text | None:
    """An amount in prose, hidden from who may not see the project's money unless `open_to_all`; None for none."""
    if amount is None:
        return None
    return both(lambda language: formats.format_money(amount, currency, language, sign=sign), money=not open_to_all)


def colour(band: str) -> dict[str, Any]:
    """A colour and its word."""
    return {"band": str(band), "label": words(Band(band).label)}
