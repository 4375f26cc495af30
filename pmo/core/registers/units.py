"""The unit a money column is written in: one for the whole column where its rows share a currency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pmo.core.web.formats import currency_name, format_money, format_number, is_zh, money_unit

_WAN, _MILLION = Decimal(10_000), Decimal(1_000_000)
_SCALES = ("1", str(_WAN), str(_MILLION))


@dataclass(frozen=True)
class MoneyUnit:
    """How to write a column's amounts. `label` stands in the header; empty: each amount carries its own unit."""

    label: str = ""
    scale: Decimal = Decimal(1)
    places: int = 2
    currency: str = ""

    def text(self, amount: Any, currency: str, lang: str) -> str:
        """The amount in this unit, or with its own where the column mixes currencies."""
        if amount is None or not self.label:
            return format_money(amount, currency, lang)
        return format_number(Decimal(amount) / self.scale, self.places, lang)


def money_column_unit(amounts: Iterable[tuple[Any, str]], lang: str) -> MoneyUnit:
    """The unit for (amount, currency) pairs: 万元 or CNY million for large amounts, whole units for small ones.

    Decimals are chosen so that the smallest amount still shows two figures, at most two (Chinese) or three (English).
    """
    known = [(abs(Decimal(amount)), currency) for amount, currency in amounts if amount is not None]
    currencies = {currency for _amount, currency in known}
    if len(currencies) != 1:
        return MoneyUnit()
    currency = currencies.pop()
    sizes = [amount for amount, _currency in known if amount]
    scale, most = (_WAN, 2) if is_zh(lang) else (_MILLION, 3)
    if not sizes or max(sizes) < scale * (10 if is_zh(lang) else 1):
        whole = all(size == size.to_integral_value() for size in sizes)
        return MoneyUnit(currency_name(currency, lang), Decimal(1), 0 if whole else 2, currency)
    smallest = min(sizes) / scale
    places = next((count for count in range(most) if smallest >= Decimal(10) ** (1 - count)), most)
    return MoneyUnit(money_unit(currency, lang), scale, places, currency)


def units_text(units: Mapping[str, MoneyUnit]) -> str:
    """The units of the columns of a table, for its page to give back: `amount:CNY:10000:1`, comma between columns."""
    known = ((name, unit) for name, unit in units.items() if unit.label)
    return ",".join(f"{name}:{unit.currency}:{unit.scale}:{unit.places}" for name, unit in known)


def units_said(text: str, lang: str) -> dict[str, MoneyUnit]:
    """The units by column that `units_text` wrote; parts that it never writes are left out."""
    found = {}
    for part in text.split(","):
        name, _colon, rest = part.partition(":")
        currency, _colon, rest = rest.partition(":")
        scale, _colon, places = rest.partition(":")
        if len(currency) != 3 or scale not in _SCALES or places not in ("0", "1", "2", "3"):
            continue
        label = currency_name(currency, lang) if scale == "1" else money_unit(currency, lang)
        found[name] = MoneyUnit(label, Decimal(scale), int(places), currency)
    return found


def unit_for(unit: MoneyUnit, amount: Any, currency: str) -> MoneyUnit:
    """The column's unit for an amount that came later: with its own where the column's cannot say it."""
    if amount is None or not unit.label:
        return unit
    size = abs(Decimal(amount))
    if currency != unit.currency or (size and round(size / unit.scale, unit.places) == 0):
        return MoneyUnit()
    return replace(unit, places=2) if unit.scale == 1 and size != size.to_integral_value() else unit
