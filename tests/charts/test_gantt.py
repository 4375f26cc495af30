"""The chart beside a plan's outline: labels of its axis do not run into each other."""

from __future__ import annotations

import datetime
import re

import pytest

from pmo.core.charts import gantt as drawn
from pmo.core.charts.gantt import gantt

FIRST = datetime.date(2026, 1, 1)


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize("days", [5, 12, 40, 90, 250, 400, 900, 4000])
@pytest.mark.parametrize("offset", [0, 13, 29])
def test_labels_keep_apart_and_inside(lang: str, days: int, offset: int) -> None:
    first = FIRST + datetime.timedelta(days=offset)
    axis = gantt([], first, first + datetime.timedelta(days=days), FIRST, lang=lang).head
    found = re.findall(r'<text([^>]*) x="([\d.]+)%"([^>]*)>([^<]+)</text>', axis)
    assert found
    free = 0.0
    for before, x, after, label in found:
        anchor = re.search(r'text-anchor="(\w+)"', before + after)
        wide = drawn._width(label) / drawn._LEAST_WIDE * 100
        left = float(x) - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor.group(1) if anchor else "start"]
        assert left >= free - 0.1, (label, left, free)
        free = left + wide
    assert free <= 100.1


def test_a_label_that_names_its_year_goes_before_one_that_needs_it() -> None:
    axis = gantt([], datetime.date(2026, 1, 15), datetime.date(2027, 6, 15), FIRST, lang="zh-hans").head
    labels = re.findall(r">([^<]+)</text>", axis)
    assert labels == ["2026年3月", "9月", "2027年1月", "5月"]
