from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo.core.charts.dates import date_ticks, full_date
from pmo.core.charts.ticks import fixed_ticks, number_ticks, tick_levels, value_text

VALUES = st.floats(min_value=-1e15, max_value=1e15, allow_nan=False)
LANGUAGES = st.sampled_from(["zh-hans", "en"])


@given(VALUES, VALUES, st.integers(2, 9), LANGUAGES, st.booleans())
def test_ticks_enclose_the_values_evenly_and_their_texts_differ(low, high, count, lang, compact):
    ticks = number_ticks(low, high, lang=lang, count=count, compact=compact)
    assert ticks.low <= min(low, high)
    assert ticks.high >= max(low, high)
    steps = [after - before for before, after in pairwise(ticks.values)]
    assert min(steps) > 0
    assert max(steps) - min(steps) <= 1e-6 * max(abs(ticks.low), abs(ticks.high), max(steps))
    assert 2 <= len(ticks.values) <= count * 2 + 3
    assert len(set(ticks.texts)) == len(ticks.texts) == len(ticks.values)


@given(VALUES, VALUES, LANGUAGES)
def test_tick_texts_read_back_as_the_values(low, high, lang):
    factors = {"亿": 1e8, "万": 1e4, "bn": 1e9, "m": 1e6, "k": 1e3}
    ticks = number_ticks(low, high, lang=lang)
    for value, text in zip(ticks.values, ticks.texts, strict=True):
        plain = text.replace(",", "").replace("−", "-")
        factor = 1.0
        for suffix, size in factors.items():
            if plain.endswith(suffix):
                plain, factor = plain.removesuffix(suffix), size
                break
        assert float(plain) * factor == pytest.approx(value, rel=1e-9, abs=1e-9)


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_whole_ticks_have_no_fractions(low, high):
    assert all(value == int(value) for value in number_ticks(low, high, whole=True).values)


@pytest.mark.parametrize(
    ("low", "high", "lang", "expected"),
    [
        (0, 5640, "zh", ["0", "2,000", "4,000", "6,000"]),
        (0, 202.2e6, "zh", ["0", "1亿", "2亿", "3亿"]),
        (0, 202.2e6, "en", ["0", "100m", "200m", "300m"]),
        (-1.1e7, 3.2e7, "zh", ["−2,000万", "0", "2,000万", "4,000万"]),
        (0, 1.2e9, "en", ["0", "0.5bn", "1.0bn", "1.5bn"]),
        (0, 12000, "en", ["0", "5k", "10k", "15k"]),
    ],
)
def test_units_by_language(low, high, lang, expected):
    assert list(number_ticks(low, high, lang=lang, count=4).texts) == expected


def test_values_already_in_wan_are_not_shortened_again():
    assert number_ticks(0, 27800, lang="zh", count=4, compact=False).texts[-1] == "30,000"


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e16])
def test_bounds_that_cannot_be_drawn_are_refused(bad):
    with pytest.raises(ValueError, match="axis"):
        number_ticks(0, bad)


def test_equal_values_still_make_an_axis():
    for value in (0.0, 5.0, -3.0, 1e15, 1e-12):
        ticks = number_ticks(value, value)
        assert ticks.low < value < ticks.high


def test_finer_levels_cover_the_same_range_with_more_ticks():
    levels = tick_levels(0, 9e8, lang="zh")
    counts = [len(level.values) for level in levels]
    assert counts == sorted(counts)
    assert counts[-1] > 40
    assert {(level.low, level.high) for level in levels} == {(levels[0].low, levels[0].high)}


def test_thresholds_become_ticks_in_order_without_repeats():
    assert fixed_ticks([75, 0, 55, 100, 75], lang="en").texts == ("0", "55", "75", "100")
    assert fixed_ticks([0.85, 0.95]).texts == ("0.85", "0.95")


@pytest.mark.parametrize(
    ("value", "lang", "expected"),
    [
        (27_800_000, "zh", "2,780万"),
        (202_200_000, "zh", "2.02亿"),
        (27_800_000, "en", "27.8m"),
        (63, "en", "63"),
        (63.25, "en", "63.3"),
        (-74, "zh", "−74"),
    ],
)
def test_one_value(value, lang, expected):
    assert value_text(value, lang=lang) == expected


DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31))


@given(DAYS, st.integers(0, 40000), st.integers(2, 9), LANGUAGES)
def test_date_ticks_are_few_ascending_and_within_the_span(start, days, count, lang):
    end = start + timedelta(days=days)
    ticks = date_ticks(start, end, lang=lang, count=count)
    assert 1 <= len(ticks.values) <= count
    assert list(ticks.values) == sorted(set(ticks.values))
    assert start <= ticks.values[0] and ticks.values[-1] <= end
    assert len(ticks.texts) == len(ticks.values)


@given(DAYS, st.integers(0, 40000), LANGUAGES)
def test_the_year_is_written_first_and_whenever_it_changes(start, days, lang):
    ticks = date_ticks(start, start + timedelta(days=days), lang=lang)
    before = None
    for day, text in zip(ticks.values, ticks.texts, strict=True):
        if day.year != before:
            assert f"{day.year % 100:02d}" in text
        before = day.year


def test_dates_are_written_as_each_language_writes_them():
    year = (date(2026, 1, 1), date(2027, 6, 18))
    assert date_ticks(*year, lang="zh", count=6).texts == ("2026年1月", "4月", "7月", "10月", "2027年1月", "4月")
    assert date_ticks(*year, lang="en", count=6).texts == ("Jan 26", "Apr", "Jul", "Oct", "Jan 27", "Apr")
    week = (date(2026, 12, 30), date(2027, 1, 2))
    assert date_ticks(*week, lang="zh").texts == ("2026-12-30", "12-31", "2027-01-01", "01-02")
    assert date_ticks(*week, lang="en").texts == ("30 Dec 2026", "31 Dec", "1 Jan 2027", "2 Jan")
    assert full_date(date(2026, 11, 4), "en") == "4 Nov 2026"


def test_weeks_begin_on_monday():
    ticks = date_ticks(date(2026, 10, 7), date(2026, 11, 20), count=8)
    assert {day.weekday() for day in ticks.values} == {0}


def test_an_end_before_the_start_is_refused():
    with pytest.raises(ValueError, match="ends after"):
        date_ticks(date(2026, 2, 1), date(2026, 1, 1))
