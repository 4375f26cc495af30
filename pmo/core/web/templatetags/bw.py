"""Template tags of the house: marks, figures, dates and small components. `{% load bw %}`"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pmo.core.features import api as features
from pmo.core.web import formats, icons, rag
from pmo.core.web.nav import NavLink
from pmo.core.web.nav_html import links_html

register = template.Library()

_ARROWS = {"up": "arrow-up", "down": "arrow-down", "flat": "arrow-right"}


def _lang() -> str:
    return get_language() or "zh-hans"


@register.simple_tag
def gap() -> str:
    """`{% gap %}`: what stands between two sentences; Chinese has its room in the full stop."""
    return "" if formats.is_zh(_lang()) else " "


@register.filter
def sentences(texts: Iterable[object]) -> str:
    """`{{ reasons|sentences }}`: sentences one after the other."""
    return gap().join(str(text) for text in texts)


def _nowrap(text: str) -> SafeString:
    return format_html('<span class="nowrap">{}</span>', text)


@register.simple_tag
def feature(key: str) -> bool:
    """`{% feature "exports" as wanted %}`: whether the feature is on."""
    return features.is_on(key)


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "", css: str = "") -> SafeString:
    """`{% icon "flag" %}`: decoration. With `label` it is announced."""
    return icons.icon_html(name, size, label, css)


@register.simple_tag
def nav_links(links: Iterable[NavLink]) -> SafeString:
    """`{% nav_links group.links %}`: the entries of a group of the side bar."""
    return links_html(links)


@register.simple_tag(name="rag")
def rag_tag(value: object, style: str = "badge", text: object | None = None) -> SafeString:
    """`{% rag project.health %}`, `{% rag value "word" %}`, "shape", "large", `{% rag value "score" 28 %}`."""
    return rag.rag_html(value, style, text)


@register.simple_tag
def rag_change(before: object, after: object) -> SafeString:
    """`{% rag_change "amber" "red" %}`: the two shapes with a chevron between."""
    return rag.rag_change_html(before, after)


@register.simple_tag
def num(value: formats.Number | None, places: int = 0, sign: bool = False) -> str:
    """`{% num x 1 %}`; `{% num delta 1 sign=True %}` writes the plus."""
    return formats.format_number(value, places, _lang(), sign=sign)


@register.simple_tag
def score(value: formats.Number | None) -> str:
    """`{% score 54.9 %}`: 54, rounded down as a score is everywhere; "—" without a value."""
    return formats.format_score(value, _lang())


@register.simple_tag
def pct(ratio: formats.Number | None, places: int = 0, sign: bool = False) -> str:
    """`{% pct 0.53 %}`: 53%."""
    return formats.format_percent(ratio, _lang(), places, sign=sign)


@register.simple_tag
def money(
    amount: formats.Number | None, currency: str = "CNY", unit: str | None = None, sign: bool = False
) -> SafeString:
    """`{% money amount currency %}` in prose, `{% money amount currency "column" %}` in a column, "full" for every cent."""
    return _nowrap(formats.format_money(amount, currency, _lang(), unit, sign=sign))


@register.simple_tag
def money_unit(currency: str = "CNY") -> str:
    """The unit for the header of a money column."""
    return formats.money_unit(currency, _lang())


@register.simple_tag
def money_header(label: object, currency: str = "CNY") -> str:
    """`{% money_header _("Budget") %}`: the header of a money column with its unit."""
    return formats.with_unit(str(label), formats.money_unit(currency, _lang()), _lang())


@register.simple_tag
def day(date: dt.date | None, weekday: bool = True) -> SafeString | str:
    """`{% day task.due %}`: 11-24 周二 or Tue 24 Nov, in `<time>`. A moment is first taken to the reader's zone."""
    if date is None:
        return formats.EMPTY
    if isinstance(date, dt.datetime):
        date = timezone.localtime(date).date() if timezone.is_aware(date) else date.date()
    text = formats.format_date(date, _lang(), timezone.localdate(), weekday=weekday)
    return format_html('<time datetime="{}">{}</time>', date.isoformat(), text)


@register.simple_tag
def week(date: dt.date | None) -> SafeString:
    """`{% week report.period %}`: 第 47 周（11-16 ~ 11-22）."""
    return _nowrap(formats.format_week(date, _lang()))


@register.simple_tag
def ago(moment: dt.datetime | None) -> SafeString | str:
    """`{% ago change.at %}`: how long ago, with the full moment as title."""
    if moment is None:
        return formats.EMPTY
    local = timezone.localtime(moment)
    text = formats.format_ago(local, _lang(), timezone.localtime())
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat("T", "seconds"), f"{local:%Y-%m-%d %H:%M}", text
    )


@register.simple_tag
def trend(
    delta: formats.Number | None, good: str = "up", places: int = 0, threshold: float = 0, unit: str = ""
) -> SafeString | str:
    """`{% trend -3 %}`: arrow and size of a change, coloured only past `threshold`. `good` is up, down or none."""
    if delta is None:
        return formats.EMPTY
    value = Decimal(str(delta))
    direction = "up" if value > 0 else "down" if value < 0 else "flat"
    word = {"up": _("up"), "down": _("down"), "flat": _("unchanged")}[direction]
    tone = ""
    if direction != "flat" and good != "none" and abs(value) > Decimal(str(threshold)):
        tone = " trend-good" if direction == good else " trend-bad"
    arrow = icons.icon_html(_ARROWS[direction])
    figure = formats.format_number(abs(value), places, _lang()) + unit
    if direction == "flat":
        return format_html('<span class="trend" title="{}">{}</span>', word, figure)
    return format_html('<span class="trend{}">{}<span class="sr">{} </span><b>{}</b></span>', tone, arrow, word, figure)


@register.simple_tag
def trend_arrow(direction: int, good: str = "up") -> SafeString:
    """`{% trend_arrow 1 good="down" %}`: the arrow of a direction (1, 0, -1) without a figure."""
    name = "up" if direction > 0 else "down" if direction < 0 else "flat"
    tone = "" if name == "flat" or good == "none" else " trend-good" if name == good else " trend-bad"
    label = {"up": _("up"), "down": _("down"), "flat": _("unchanged")}[name]
    return format_html('<span class="trend{}">{}</span>', tone, icons.icon_html(_ARROWS[name], label=label))


@register.simple_tag
def kpi_change(
    delta: formats.Number | None, rest: str, good: str = "up", places: int = 0, threshold: float = 0
) -> SafeString | str:
    """`{% kpi_change -3 "较上月" as change %}`: the first short line of a key figure, arrow, size and what it is measured on."""
    return format_html("{} {}", trend(delta, good, places, threshold), rest)


@register.simple_tag
def health(band: object, score: formats.Number | None) -> SafeString:
    """`{% health band score %}`: shape, score and word in columns, for the first column of a heat map."""
    mark = rag.parse_rag(band)
    figure = formats.format_score(score, _lang())
    return format_html(
        '<span class="health rag-{}">{}<span>{}</span><span>{}</span></span>',
        mark.value,
        rag.rag_shape(mark),
        figure,
        mark.label,
    )


@register.simple_tag
def heat_cell(band: object, score: formats.Number | None, url: str = "") -> SafeString:
    """`{% heat_cell band score url %}`: a `<td>` of a heat map; without a score it is hatched and says —."""
    mark = rag.parse_rag(band if score is not None else None)
    figure = formats.format_score(score, _lang())
    inner = format_html("{}<span>{}</span>", rag.rag_shape(mark), figure)
    if url:
        inner = format_html('<a class="cell-in" href="{}">{}</a>', url, inner)
    else:
        inner = format_html('<span class="cell-in">{}</span>', inner)
    return format_html('<td class="cell cell-{}" title="{}">{}</td>', mark.value, mark.label, inner)


@register.simple_tag
def progress(percent: formats.Number | None, label: str = "", tone: str = "") -> SafeString | str:
    """`{% progress 64 label="…" %}`: a bar of 0 to 100. `tone` is quiet, green, amber or red."""
    if percent is None:
        return formats.EMPTY
    value = min(max(Decimal(str(percent)), Decimal(0)), Decimal(100)).normalize()
    shown = formats.format_number(value, 0) + "%"
    css = f"bar bar-{tone}" if tone else "bar"
    return format_html(
        '<progress class="{}" max="100" value="{}" aria-label="{}">{}</progress>',
        css,
        f"{value:f}",
        label or _("Progress"),
        shown,
    )


@register.simple_tag
def avatar(person: object, size: str = "", name: bool = False) -> SafeString | str:
    """`{% avatar person %}`: a round mark with initials; `name=True` adds the name. `size` is sm or lg."""
    if not person:
        return formats.EMPTY
    text = str(person)
    css = f"avatar avatar-{size}" if size else "avatar"
    if name:
        mark = format_html('<span class="{}" aria-hidden="true">{}</span>', css, formats.initials(text))
        return format_html('<span class="person">{}{}</span>', mark, text)
    return format_html(
        '<span class="{}" role="img" aria-label="{}" title="{}">{}</span>', css, text, text, formats.initials(text)
    )


@register.simple_tag
def query_set(request: HttpRequest, **changes: Any) -> str:
    """`{% query_set request page=2 sort=None %}`: the address's query with keys set; None or "" takes a key out."""
    query: QueryDict = request.GET.copy()
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        elif isinstance(value, (list, tuple)):
            query.setlist(key, [str(part) for part in value])
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag
def page_numbers(page: Page[Any]) -> list[int | None]:
    """`{% page_numbers page as numbers %}`: page numbers around the current one, None where some are left out."""
    paginator = page.paginator
    near = paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return [number if isinstance(number, int) else None for number in near]


@register.inclusion_tag("components/empty.html")
def empty_state(
    title: str, text: str = "", url: str = "", action: str = "", icon: str = "plus", box: bool = False
) -> dict[str, Any]:
    """`{% empty_state title text url=… action=… %}`: what is missing and the one thing to do about it."""
    return {"title": title, "text": text, "url": url, "action": action, "icon": icon, "box": box}


@register.inclusion_tag("components/kpi.html")
def kpi(label: str, value: object, **parts: Any) -> dict[str, Any]:
    """`{% kpi label value unit=… rag=… spark=… change=… why=… url=… %}`: one figure of a `.kpis` strip.

    `value` is formatted text; `spark` an SVG; `change` and `why` the two short lines below.
    """
    unknown = set(parts) - {"unit", "rag", "spark", "change", "why", "url", "title"}
    if unknown:
        raise template.TemplateSyntaxError(f"kpi does not know {', '.join(sorted(unknown))}")
    return {"label": label, "value": value, **parts}


@register.filter
def at(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """`{{ mapping|at:key }}`: the value under a key that is a variable, or None."""
    return mapping.get(key) if mapping else None


@register.inclusion_tag("components/rag_field.html")
def rag_field(field: BoundField, computed: object | None = None, score: object | None = None) -> dict[str, Any]:
    """`{% rag_field form.declared computed="red" score=53 %}`: a choice of colours as big buttons, whatever its widget."""
    chosen = "" if field.value() is None else str(field.value())
    choices = getattr(field.field, "choices", [])
    options = [(str(value), str(value) == chosen) for value, _label in choices if value not in ("", None)]
    band = rag.parse_rag(computed).value if computed else ""
    return {"field": field, "options": options, "computed": band, "score": score}
