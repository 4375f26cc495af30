"""The parts of a Plotly figure that all our charts share: configuration, layout, axes. Plain dicts, no plotly import.

Colours are names of CSS custom properties, "var(--c1)"; the loader puts in their values when it draws, so that one
figure serves both themes. Texts are escaped, because Plotly reads a little HTML in them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from html import escape
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from .axes import Value, drawable
from .markup import clean
from .model import Swatch, check_href
from .shapes import Band, django_language, language
from .ticks import Ticks, value_text

Format = Callable[[float], str]
HOUR = 3_600_000
COLOURS: dict[Swatch, str] = {
    "budget": "var(--budget)",
    "actual": "var(--c1)",
    "forecast": "var(--t1)",
    "forecast-line": "var(--c1)",
    "overrun": "var(--red)",
    "planned": "var(--baseline)",
    "earned": "var(--c2)",
    "actual-line": "var(--c1)",
    "baseline": "var(--baseline)",
    "c1": "var(--c1)",
    "c2": "var(--c2)",
    "c3": "var(--c3)",
    "c4": "var(--c4)",
    "c5": "var(--c5)",
    "c6": "var(--c6)",
    "red": "var(--red)",
    "amber": "var(--amber)",
    "green": "var(--green)",
    "grey": "var(--grey)",
}
SYMBOLS: dict[Band, str] = {"red": "square", "amber": "triangle-up", "green": "circle", "grey": "circle-open"}
_ZH_MONTHS = [f"{month}月" for month in range(1, 13)]
_FORMATS: dict[str, dict[str, Any]] = {
    "zh": {
        "days": [f"星期{day}" for day in "日一二三四五六"],
        "shortDays": [f"周{day}" for day in "日一二三四五六"],
        "months": _ZH_MONTHS,
        "shortMonths": _ZH_MONTHS,
        "periods": ["上午", "下午"],
        "dateTime": "%Y-%m-%d %H:%M",
        "date": "%Y-%m-%d",
        "time": "%H:%M",
        "year": "%Y年",
        "month": "%Y年%-m月",
        "dayMonth": "%m-%d",
        "dayMonthYear": "%Y-%m-%d",
        "decimal": ".",
        "thousands": ",",
        "grouping": [3],
        "currency": ["¥", ""],
    },
    "en": {"date": "%-d %b %Y", "dateTime": "%-d %b %Y %H:%M", "dayMonth": "%-d %b", "dayMonthYear": "%-d %b %Y"},
}
_HOVER_DATE = {"zh": "%Y-%m-%d", "en": "%-d %b %Y"}
# The second line of a tick is written where it changes: the year under its first month.
_DATE_STOPS = {
    "zh": ["%H:%M\n%m-%d", "%m-%d\n%Y年", "%-m月\n%Y年", "%Y年"],
    "en": ["%H:%M\n%-d %b", "%-d %b\n%Y", "%b\n%Y", "%Y"],
}
_DATE_RANGES: list[list[int | str | None]] = [
    [None, 23 * HOUR],
    [23 * HOUR, "M1"],
    ["M1", "M12"],
    ["M12", None],
]


def plotly_text(text: str) -> str:
    """A text that Plotly shows as it stands, tags and entities included."""
    return escape(clean(text), quote=False)


def hover_texts(values: Sequence[Value], shown: Format) -> list[str]:
    """What the hover box says for each value; "" for a gap."""
    return ["" if (known := drawable(value)) is None else plotly_text(shown(known)) for value in values]


def formatter(compact: bool, lang: str | None, value_format: Format | None) -> Format:
    """How values are written in hover boxes: as the caller wants, or like the axis."""
    return value_format or (lambda value: value_text(value, compact, lang))


def link_meta(hrefs: Sequence[str]) -> dict[str, Any]:
    """The trace's `meta` by which the loader makes its points clickable; addresses of other sites are refused."""
    for href in hrefs:
        check_href(href)
    return {"hrefs": list(hrefs)} if any(hrefs) else {}


def iso(day: date) -> str:
    """A date as Plotly reads it."""
    return day.isoformat()


def config(key: str, lang: str | None = None) -> dict[str, Any]:
    """The configuration of every chart: few buttons, no logo, and nothing that sends data anywhere."""
    with override(django_language(lang)):
        dictionary = {
            "Download plot as a PNG": _("Save as image"),
            "Zoom": _("Zoom"),
            "Pan": _("Pan"),
            "Zoom in": _("Zoom in"),
            "Zoom out": _("Zoom out"),
            "Reset axes": _("Show all"),
        }
    locale = "zh-CN" if language(lang) == "zh" else "en"
    return {
        "displaylogo": False,
        "showSendToCloud": False,
        "plotlyServerURL": "",
        "responsive": True,
        "scrollZoom": False,
        "editable": False,
        "showTips": False,
        "displayNotifier": False,
        "typesetMath": False,
        "modeBarButtons": [["toImage"], ["zoom2d", "pan2d"], ["zoomIn2d", "zoomOut2d", "resetScale2d"]],
        "toImageButtonOptions": {"format": "png", "filename": key, "scale": 2},
        "locale": locale,
        "locales": {locale: {"dictionary": dictionary, "format": _FORMATS[language(lang)]}},
    }


def layout(key: str, height: int, *, hovermode: str = "closest") -> dict[str, Any]:
    """Margins, fonts and colours; the loader adds the page's font family."""
    return {
        "height": height,
        "autosize": True,
        "margin": {"l": 8, "r": 16, "t": 24, "b": 8, "pad": 4},
        "paper_bgcolor": "var(--surface)",
        "plot_bgcolor": "var(--surface)",
        "font": {"size": 11, "color": "var(--t3)"},
        "hoverlabel": {
            "bgcolor": "var(--raised)",
            "bordercolor": "var(--line-2)",
            "font": {"size": 12, "color": "var(--t1)"},
            "align": "left",
            "namelength": -1,
        },
        "hovermode": hovermode,
        "showlegend": False,
        "dragmode": "zoom",
        "uirevision": key,
        "modebar": {"bgcolor": "transparent", "color": "var(--t3)", "activecolor": "var(--accent)"},
        "separators": ".,",
        "shapes": [],
        "annotations": [],
    }


def _axis() -> dict[str, Any]:
    return {
        "automargin": True,
        "gridcolor": "var(--line)",
        "zerolinecolor": "var(--line-2)",
        "linecolor": "var(--line-2)",
        "tickfont": {"size": 11, "color": "var(--t3)"},
        "showgrid": False,
        "showline": False,
        "zeroline": False,
    }


def _levels(levels: Sequence[Ticks]) -> list[dict[str, Any]]:
    return [{"vals": list(ticks.values), "texts": [plotly_text(text) for text in ticks.texts]} for ticks in levels]


def set_number_axis(
    figure: dict[str, Any], name: str, levels: Sequence[Ticks], *, title: str = "", zoom: bool = True
) -> None:
    """Put an axis with ticks made on the server into a layout; the finer levels serve when the reader zooms in."""
    coarse = levels[0]
    figure[name] = _axis() | {
        "type": "linear",
        "range": [coarse.low, coarse.high],
        "tickmode": "array",
        "tickvals": list(coarse.values),
        "ticktext": [plotly_text(text) for text in coarse.texts],
        "showgrid": name.startswith("y"),
        "zeroline": coarse.low < 0 < coarse.high,
        "fixedrange": not zoom,
    }
    if title:
        figure[name]["title"] = {"text": plotly_text(title), "standoff": 8, "font": {"size": 11, "color": "var(--t3)"}}
    if zoom and len(levels) > 1:
        figure.setdefault("meta", {}).setdefault("ticks", {})[name] = _levels(levels)


def set_category_axis(figure: dict[str, Any], labels: Sequence[str], *, shown: int = 8) -> None:
    """Named places on the horizontal axis, at 0, 1, 2 …; at most `shown` names until the reader zooms in."""
    every = max(1, math.ceil(len(labels) / shown))
    levels = [
        Ticks(tuple(float(place) for place in range(0, len(labels), step)), tuple(labels[::step]))
        for step in ([every, 1] if every > 1 else [1])
    ]
    figure["xaxis"] = _axis() | {
        "type": "linear",
        "range": [-0.5, len(labels) - 0.5],
        "tickmode": "array",
        "tickvals": list(levels[0].values),
        "ticktext": [plotly_text(text) for text in levels[0].texts],
        "showline": True,
    }
    figure.setdefault("meta", {}).setdefault("ticks", {})["xaxis"] = _levels(levels)


def set_date_axis(figure: dict[str, Any], start: date, end: date, lang: str | None = None) -> None:
    """A time axis: formats for years, months, days and hours in the reader's language, whatever the zoom."""
    code = language(lang)
    stops = zip(_DATE_RANGES, _DATE_STOPS[code], strict=True)
    figure["xaxis"] = _axis() | {
        "type": "date",
        "range": [iso(start), iso(end)],
        "tickformatstops": [{"dtickrange": limits, "value": value} for limits, value in stops],
        "hoverformat": _HOVER_DATE[code],
        "showline": True,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": "var(--line-2)",
        "nticks": 7,
        "spikecolor": "var(--t3)",
        "spikethickness": 1,
        "spikedash": "dot",
    }


def vertical_line(
    figure: dict[str, Any], x: float | str, label: str, *, fraction: float, colour: str = "var(--accent)"
) -> None:
    """A dashed line across the plot with a word beside its top: today, a data date, a percentile.

    fraction: where it lies between the left (0) and the right edge (1); near the right the word stands before it.
    """
    line = {"color": colour, "width": 1.5, "dash": "dot"}
    place = {"x0": x, "x1": x, "y0": 0, "y1": 1, "xref": "x", "yref": "paper"}
    figure["shapes"].append({"type": "line", "layer": "above", "line": line, **place})
    side = {"xanchor": "left", "xshift": 2} if fraction < 0.75 else {"xanchor": "right", "xshift": -2}
    word = {"x": x, "y": 1, "xref": "x", "yref": "paper", "yanchor": "top", "showarrow": False, **side}
    style = {"font": {"size": 11, "color": colour}, "bgcolor": "var(--surface)", "opacity": 0.9}
    figure["annotations"].append({**word, **style, "text": plotly_text(label)})


def horizontal_band(figure: dict[str, Any], low: float, high: float, band: Band) -> None:
    """A status band behind the drawing, between two values of the vertical axis."""
    place = {"x0": 0, "x1": 1, "y0": low, "y1": high, "xref": "paper", "yref": "y"}
    shape = {"type": "rect", "layer": "below", "fillcolor": f"var(--{band}-bg)", "opacity": 0.35, "line": {"width": 0}}
    figure["shapes"].append({**shape, **place})
