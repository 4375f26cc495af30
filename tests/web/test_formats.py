"""Figures, money and dates as people read them, in both languages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo.core.web import formats

TODAY = dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("value", "places", "sign", "expected"),
    [
        (1234567.891, 1, False, "1,234,567.9"),
        (-44, 0, False, "−44"),
        (-44, 0, True, "−44"),
        (1621, 0, True, "+1,621"),
        (0, 0, True, "0"),
        (-0.04, 1, True, "0.0"),
        (2.5, 0, False, "3"),
        (-2.5, 0, False, "−3"),
        (1.005, 2, False, "1.01"),
        (Decimal("0.125"), 2, False, "0.13"),
        (None, 1, True, "—"),
    ],
)
def test_numbers(value: float | Decimal | None, places: int, sign: bool, expected: str) -> None:
    assert formats.format_number(value, places, "zh-hans", sign=sign) == expected
    assert formats.format_number(value, places, "en", sign=sign) == expected


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4), st.integers(0, 3))
def test_a_number_reads_back_as_its_rounded_value(value: Decimal, places: int) -> None:
    text = formats.format_number(value, places)
    assert "-" not in text
    back = Decimal(text.replace(",", "").replace("−", "-"))
    assert abs(back - value) <= Decimal(5).scaleb(-places - 1)


def test_percentages() -> None:
    assert formats.format_percent(0.53) == "53%"
    assert formats.format_percent(Decimal("0.087"), "en", 1, sign=True) == "+8.7%"
    assert formats.format_percent(None) == "—"


@pytest.mark.parametrize(
    ("amount", "currency", "zh", "en"),
    [
        (17_350_000, "CNY", "1,735 万元", "CNY 17.4 m"),
        (964_000_000, "CNY", "9.64 亿元", "CNY 964.0 m"),
        (100_000_000, "CNY", "1 亿元", "CNY 100.0 m"),
        (99_999_999, "CNY", "1 亿元", "CNY 100.0 m"),
        (99_990_000, "CNY", "9,999 万元", "CNY 100.0 m"),
        (380_000, "CNY", "38 万元", "CNY 0.38 m"),
        (965_000, "CNY", "96.5 万元", "CNY 0.97 m"),
        (999_999, "CNY", "100 万元", "CNY 1.0 m"),
        (8_500, "CNY", "8,500 元", "CNY 8,500"),
        (8_500.5, "CNY", "8,500.50 元", "CNY 8,500.50"),
        (-8_000_000, "USD", "−800 万美元", "USD −8.0 m"),
        (1_234_000_000, "EUR", "12.34 亿欧元", "EUR 1.23 bn"),
        (2_500_000, "XAF", "250 万 XAF", "XAF 2.5 m"),
        (0, "CNY", "0 元", "CNY 0"),
        (None, "CNY", "—", "—"),
    ],
)
def test_money_in_prose(amount: float | None, currency: str, zh: str, en: str) -> None:
    assert formats.format_money(amount, currency, "zh-hans") == zh
    assert formats.format_money(amount, currency, "en") == en


def test_money_in_a_column_has_its_unit_in_the_header() -> None:
    assert formats.format_money(186_000_000, "CNY", "zh", "column") == "18,600"
    assert formats.format_money(186_000_000, "CNY", "en", "column") == "186.0"
    assert formats.format_money(-440_000, "CNY", "zh", "column", sign=True) == "−44"
    assert [formats.money_unit("CNY", lang) for lang in ("zh-hans", "en")] == ["万元", "CNY million"]
    assert formats.money_unit("XAF", "zh") == "万 XAF"
    assert formats.with_unit("敞口", "万元", "zh") == "敞口，万元"
    assert formats.with_unit("Exposure", "CNY million", "en") == "Exposure, CNY million"


def test_full_money_keeps_every_cent() -> None:
    assert formats.format_money(Decimal("17350000.5"), "CNY", "zh", "full") == "17,350,000.50 元"
    assert formats.format_money(Decimal("17350000.5"), "CNY", "en", "full") == "CNY 17,350,000.50"


def test_an_unknown_money_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="wan"):
        formats.format_money(1, "CNY", "zh", "wan")


@pytest.mark.parametrize(
    ("day", "weekday", "zh", "en"),
    [
        (dt.date(2026, 11, 24), True, "11-24 周二", "Tue 24 Nov"),
        (dt.date(2026, 11, 22), True, "11-22 周日", "Sun 22 Nov"),
        (dt.date(2026, 11, 24), False, "11-24", "24 Nov"),
        (dt.date(2027, 6, 18), True, "2027-06-18", "18 Jun 2027"),
        (None, True, "—", "—"),
    ],
)
def test_dates(day: dt.date | None, weekday: bool, zh: str, en: str) -> None:
    assert formats.format_date(day, "zh-hans", TODAY, weekday=weekday) == zh
    assert formats.format_date(day, "en", TODAY, weekday=weekday) == en


@pytest.mark.parametrize(
    ("day", "zh", "en"),
    [
        (dt.date(2026, 11, 16), "第 47 周（11-16 ~ 11-22）", "Week 47 (16 – 22 Nov)"),
        (dt.date(2026, 11, 22), "第 47 周（11-16 ~ 11-22）", "Week 47 (16 – 22 Nov)"),
        (dt.date(2026, 12, 1), "第 49 周（11-30 ~ 12-06）", "Week 49 (30 Nov – 6 Dec)"),
        (dt.date(2026, 12, 30), "第 53 周（2026-12-28 ~ 2027-01-03）", "Week 53 (28 Dec 2026 – 3 Jan 2027)"),
        (None, "—", "—"),
    ],
)
def test_weeks(day: dt.date | None, zh: str, en: str) -> None:
    assert formats.format_week(day, "zh-hans") == zh
    assert formats.format_week(day, "en") == en


def test_a_range_in_another_year_names_it() -> None:
    start, end = dt.date(2027, 2, 8), dt.date(2027, 3, 8)
    assert formats.format_range(start, end, "zh", TODAY) == "2027-02-08 ~ 03-08"
    assert formats.format_range(start, end, "en", TODAY) == "8 Feb – 8 Mar 2027"
    assert formats.format_range(start, dt.date(2027, 2, 12), "en", TODAY) == "8 – 12 Feb 2027"


NOW = dt.datetime(2026, 11, 20, 8, 41, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("back", "zh", "en"),
    [
        (dt.timedelta(seconds=59), "刚刚", "just now"),
        (dt.timedelta(seconds=60), "1 分钟前", "1 min ago"),
        (dt.timedelta(minutes=59, seconds=59), "59 分钟前", "59 min ago"),
        (dt.timedelta(hours=1), "今天 07:41", "Today 07:41"),
        (dt.timedelta(hours=9), "昨天 23:41", "Yesterday 23:41"),
        (dt.timedelta(days=4), "11-16", "16 Nov"),
        (dt.timedelta(days=400), "2025-10-16", "16 Oct 2025"),
        (dt.timedelta(hours=-2), "今天 10:41", "Today 10:41"),
        (dt.timedelta(hours=-16), "明天 00:41", "Tomorrow 00:41"),
    ],
)
def test_how_long_ago(back: dt.timedelta, zh: str, en: str) -> None:
    assert formats.format_ago(NOW - back, "zh-hans", NOW) == zh
    assert formats.format_ago(NOW - back, "en", NOW) == en


def test_moments() -> None:
    assert formats.format_datetime(NOW, "zh", TODAY) == "11-20 08:41"
    assert formats.format_datetime(NOW, "en", TODAY) == "20 Nov, 08:41"
    assert formats.format_datetime(NOW, "en", dt.date(2027, 1, 1)) == "20 Nov 2026, 08:41"
    assert formats.format_datetime(None, "en", TODAY) == "—"


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (0, "0 秒", "0 s"),
        (18.4, "18 秒", "18 s"),
        (200, "3 分 20 秒", "3 min 20 s"),
        (180, "3 分", "3 min"),
        (7500, "2 小时 5 分", "2 h 5 min"),
        (7200, "2 小时", "2 h"),
        (7203, "2 小时", "2 h"),
        (None, "—", "—"),
    ],
)
def test_durations(seconds: float | None, zh: str, en: str) -> None:
    assert formats.format_duration(seconds, "zh") == zh
    assert formats.format_duration(seconds, "en") == en


def test_sizes() -> None:
    sizes = [formats.format_size(size) for size in (812, 96_000, 3_400_000, 12_000_000_000, None)]
    assert sizes == ["812 B", "96 kB", "3.4 MB", "12.0 GB", "—"]


@pytest.mark.parametrize(
    ("name", "mark"),
    [("苏晴", "苏"), ("Zhou Qiming", "ZQ"), ("Ada", "A"), ("mary jane watson", "MW"), ("", "?"), ("  ", "?")],
)
def test_initials(name: str, mark: str) -> None:
    assert formats.initials(name) == mark
