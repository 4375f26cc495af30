"""The files that the browser gets: Plotly from its package, and style sheets that know every class a drawing uses."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import override_settings

from pmo.core.charts import finders as ours
from pmo.core.charts.bubble import BubblePoint, bubble
from pmo.core.charts.columns import BarSeries, bars
from pmo.core.charts.legend import swatch
from pmo.core.charts.model import LegendItem, Swatch
from pmo.core.charts.plotly_spec import COLOURS
from pmo.core.charts.spark import StripRow, band_bar, sparkline, strip
from pmo.core.charts.tables import BudgetRow, LostPoints, budget_bars, waterfall
from pmo.core.charts.trend import Line, Marker, Thresholds, line_trend

CSS = Path(settings.BASE_DIR) / "static" / "css"
# Rules of Plotly that we do without: its upload dialog, vertical button bars, tooltips (ours), ids of links.
NOT_NEEDED = re.compile(r"cloud-dialog|vertical|data-title|input|X a|X svg a|X,X div")


def test_plotly_is_found_under_one_path_only():
    found = finders.find(ours.STATIC_PATH)
    assert found is not None and found.endswith("package_data/plotly.min.js")
    finder = ours.PlotlyFinder()
    assert finder.find(ours.STATIC_PATH, find_all=True) == [found]
    for other in (
        "plotly.min.js",
        "vendor/plotly/",
        "vendor/plotly/../plotly/plotly.min.js",
        "vendor/plotly/datasets/iris.csv",
    ):
        assert finder.find(other) == []
    assert [path for path, _storage in finder.list([])] == ["plotly.min.js"]
    assert list(finder.list(["*.js"])) == []


@pytest.mark.parametrize("backend", ["StaticFilesStorage", "ManifestStaticFilesStorage"])
def test_collectstatic_takes_plotly_along(tmp_path, backend):
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": f"django.contrib.staticfiles.storage.{backend}"}}
    only = {
        "STATICFILES_FINDERS": ["pmo.core.charts.finders.PlotlyFinder"],
        "STATIC_ROOT": tmp_path,
        "STORAGES": storages,
    }
    with override_settings(**only):
        call_command("collectstatic", interactive=False, verbosity=0)
    copied = sorted(path.name for path in (tmp_path / "vendor" / "plotly").iterdir())
    assert "plotly.min.js" in copied
    hashed = [name for name in copied if re.fullmatch(r"plotly\.min\.[0-9a-f]{12}\.js", name)]
    assert len(hashed) == (1 if backend.startswith("Manifest") else 0)
    assert (tmp_path / "vendor/plotly/plotly.min.js").stat().st_size > 1_000_000


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(ours, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match="install the Python package plotly"):
        ours.plotly_folder()


def plotly_source() -> str:
    return (ours.plotly_folder() / ours.FILE).read_text(encoding="utf-8")


def test_the_style_elements_that_plotly_would_inject_are_known():
    injected = plotly_source().count('document.createElement("style")')
    # One for its own rules, which the id of our sheet suppresses, and one for each digest.
    assert injected == 1 + len(ours.injected_sheet_ids())


def test_our_sheet_covers_the_rules_plotly_would_inject():
    source = plotly_source()
    start = source.index('"X .modebar"')
    start, end = source.rindex("={", 0, start), source.index("};", start)
    selectors = {
        one for pair in re.findall(r'"([XY][^"]*)":|(?<=[,{])([XY]):', source[start:end]) for one in pair if one
    }
    assert len(selectors) > 30
    sheet = " ".join((CSS / "plotly.css").read_text(encoding="utf-8").split())
    missing = []
    for selector in sorted(selectors):
        if NOT_NEEDED.search(selector):
            continue
        for part in selector.split(","):
            ours_part = (
                part.replace("X", ".js-plotly-plot .plotly").replace("Y", ".plotly-notifier").replace(">", " > ")
            )
            if ours_part not in sheet:
                missing.append(part)
    assert missing == []


def samples() -> str:
    """One of each drawing with all its parts, as markup."""
    day, later = date(2026, 1, 1), date(2026, 12, 1)
    bands = ("red", "amber", "green", "grey")
    points = [BubblePoint(band, 40 + at * 15, at, 9, band, href="/x/") for at, band in enumerate(bands)]
    styles = ("actual-line", "planned", "earned", "forecast-line", "c3")
    lines = [Line("x", [(day, -1), (later, 3)], style) for style in styles]
    series = [BarSeries("b", [1, -1] * 5, "budget"), BarSeries("c", [2] * 10)]
    items = [LegendItem(kind, "x", line=kind.startswith("c")) for kind in get_args(Swatch)]
    falling = waterfall([LostPoints("x", 5, "red")])
    parts = [
        sparkline([1, None, 2, 3], 2, last_band="red"),
        sparkline([1, None, 2]),
        band_bar(dict.fromkeys(bands, 1)),
        strip([StripRow("x", [*bands, None])], list("12345")),
        *budget_bars([BudgetRow("x", 10, 5, 12)]).bars,
        *falling.bars,
        falling.head,
        line_trend(lines, Thresholds(0, 2), title="x", marker=Marker(day, "now")).markup,
        line_trend([], title="x").markup,
        bars(["a"] * 10, series, title="x", notes=["n"] * 10, partial={1}).markup,
        bubble(points, title="x", x_label="x", y_label="y", thresholds=Thresholds(55, 75)).markup,
        *[swatch(item) for item in items],
    ]
    return "".join(parts)


def test_every_class_of_a_drawing_is_in_the_style_sheet():
    sheet = (CSS / "charts.css").read_text(encoding="utf-8")
    known = set(re.findall(r"\.((?:chart|fig)-[a-z0-9-]+)", sheet))
    used = {one for group in re.findall(r'class="([^"]*)"', samples()) for one in group.split()}
    # Roles whose look is the default of the element they stand on.
    plain = {"chart-tick", "chart-l0"} | {one for one in used if one.startswith("chart-says-")}
    assert used - known - plain == set()


def test_colours_come_from_the_tokens_of_the_main_sheet():
    tokens = set(re.findall(r"(--[a-z0-9-]+)\s*:", (CSS / "app.css").read_text(encoding="utf-8")))
    local = {"--ink", "--cl", "--cr", "--ct", "--cb"}
    for name in ("charts.css", "plotly.css"):
        sheet = (CSS / name).read_text(encoding="utf-8")
        assert set(re.findall(r"var\((--[a-z0-9-]+)", sheet)) - local <= tokens
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b", sheet)
    assert {colour[4:-1] for colour in COLOURS.values()} <= tokens
