"""Pages full of figures for the browser tests; they go through all middleware of the product, its CSP included."""

from __future__ import annotations

import math
from datetime import date, timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path
from django.utils.translation import get_language

from pmo.core.charts.bubble import BubblePoint, bubble
from pmo.core.charts.columns import BarSeries, bars
from pmo.core.charts.model import DataTable, Figure, Plot, RowBars, Svg
from pmo.core.charts.plotly_points import Quantile, ScatterPoint, distribution, scatter
from pmo.core.charts.plotly_series import column_chart, time_lines
from pmo.core.charts.spark import StripRow, strip
from pmo.core.charts.tables import BudgetRow, LostPoints, budget_bars, waterfall
from pmo.core.charts.trend import Line, Marker, Thresholds, line_trend

PAGE = """{% load static bwcharts %}<!doctype html><html lang="{{ lang }}" data-theme="{{ theme }}"><head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Charts</title>
<link rel="icon" href="{% static 'img/logo.svg' %}"><link rel="stylesheet" href="{% static 'css/app.css' %}">
<link rel="stylesheet" href="{% static 'css/charts.css' %}"><script src="{% static 'js/charts.js' %}" defer></script>
</head><body><main><h1>Charts</h1>{% for fig in figures %}{% figure fig %}{% endfor %}</main></body></html>"""

START = date(2026, 1, 1)
DAILY = [(START + timedelta(days=at), None if 100 < at < 112 else 1e8 * (2 + math.sin(at / 30))) for at in range(420)]
WORST = (("New-energy platform", 49, 94, 90), ("Payment gateway", 51, 71, 6))
OTHERS = (("Smart cockpit", 63, 91, 42), ("Riyadh solar plant", 66, 79, 74), ("Warehouse robots", 70, 74, 28))


def figure(key: str, drawing: Svg | RowBars | Plot) -> Figure:
    rows = len(drawing.bars) if isinstance(drawing, RowBars) else 2
    table = DataTable(["Unit", "Budget"], [[f"Unit {at}", f"{at},800"] for at in range(1, rows + 1)])
    return Figure(
        key, f"Figure {key}", "One sentence that says what to see.", table, drawing, unit="CNY", how="By rule."
    )


def plots(lang: str | None) -> list[Figure]:
    cloud = [
        ScatterPoint(f"Set {at}", at * 2e7, at * at * 1e6, "c2", ["12 projects"], "/arrived/") for at in range(1, 30)
    ]
    weeks = [BarSeries("Hours", [400 + at for at in range(52)], "c1")]
    return [
        figure(
            "lines",
            time_lines("lines", [Line("Load", DAILY)], markers=[Marker(date(2026, 11, 21), "Today")], lang=lang),
        ),
        figure("cloud", scatter("cloud", cloud, x_label="Budget", y_label="Value", lang=lang)),
        figure("weeks", column_chart("weeks", [f"W{at}" for at in range(52)], weeks, lang=lang)),
        figure(
            "cost", distribution("cost", [3e7, 4e7, 5e7, 6e7], [1, 5, 2], quantiles=[Quantile(5e7, "P80")], lang=lang)
        ),
    ]


def drawings(lang: str | None) -> list[Figure]:
    points = [BubblePoint(*one, "red", href="/arrived/") for one in WORST] + [
        BubblePoint(*one, "amber") for one in OTHERS
    ]
    health = [(START + timedelta(weeks=at), 80 - at) for at in range(30)]
    zones = Thresholds(55, 75)
    return [
        figure("value", bubble(points, title="v", x_label="Health", y_label="Value", thresholds=zones, lang=lang)),
        figure(
            "money",
            budget_bars([BudgetRow("Automotive", 27800, 15820, 29614), BudgetRow("Retail", 12790, 7710, 13487)]),
        ),
        figure("why", waterfall([LostPoints("Slip", 10.8, "red"), LostPoints("Approved change", 1.6, "green")])),
        figure("past", Svg(strip([StripRow("Declared", ["green", "amber", None])], ["44", "45", "46"]))),
        figure("health", line_trend([Line("Health", health)], zones, title="h", low=0, high=100, lang=lang)),
        figure(
            "months",
            bars(
                ["Jul", "Aug"],
                [BarSeries("Budget", [4350, 4700], "budget"), BarSeries("Actual", [4420, 4810])],
                title="m",
            ),
        ),
    ]


@login_not_required
def charts(request: HttpRequest, kind: str) -> HttpResponse:
    lang = get_language()
    if kind == "many":
        curve = plots(lang)[0].drawing
        figures = [figure(f"copy-{at}", curve) for at in range(12)]
    else:
        figures = drawings(lang) + plots(lang)
    shown = {"figures": figures, "lang": lang, "theme": request.GET.get("theme", "light")}
    return HttpResponse(Template(PAGE).render(Context(shown)))


@login_not_required
def arrived(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<!doctype html><title>Arrived</title><p>Arrived")


urlpatterns = [path("arrived/", arrived), path("charts/<str:kind>/", charts)]
