"""Template tag that puts a figure on a page: {% load bwcharts %}{% figure fig %}."""

from __future__ import annotations

from typing import Any

from django import template
from django.templatetags.static import static

from pmo.core.charts.finders import STATIC_PATH, injected_sheet_ids
from pmo.core.charts.legend import swatch
from pmo.core.charts.model import Figure, Plot
from pmo.core.templatetags.metrics import metric_link

register = template.Library()
register.simple_tag(swatch)


@register.inclusion_tag("charts/figure.html")
def figure(fig: Figure, heading: int = 2) -> dict[str, Any]:
    """Render a figure; heading is the level of its title (2 to 4)."""
    if heading not in {2, 3, 4}:
        raise template.TemplateSyntaxError("the title of a figure is a heading of level 2, 3 or 4")
    context: dict[str, Any] = {"fig": fig, "heading": heading, "metric": metric_link(fig.metric) if fig.metric else ""}
    if isinstance(fig.drawing, Plot):
        context["plotly_src"] = static(STATIC_PATH)
        context["plotly_css"] = static("css/plotly.css")
        context["plotly_ids"] = " ".join(injected_sheet_ids())
    return context
