"""Values as text and HTML, made in Python column by column: templates only place them."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import get_urlconf, reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pmo.core.calendars.queries import organisation
from pmo.core.registers.declaration import Register, register_for
from pmo.core.registers.fields import Bound
from pmo.core.registers.sums import currency_source
from pmo.core.registers.units import MoneyUnit, money_column_unit, unit_for
from pmo.core.web import formats
from pmo.core.web.icons import icon_html
from pmo.core.web.rag import Rag, parse_rag, rag_html

_LONG_TEXT = 60
_MOST_PLACES = 2
_TONES = {
    "info": "badge-accent",
    "warn": "badge-amber",
    "good": "badge-green",
    "bad": "badge-red",
    "line": "badge-line",
}
EMPTY = format_html('<span class="muted">{}</span>', formats.EMPTY)


@dataclass(frozen=True)
class Cell:
    """One cell: safe HTML, the classes of its <td>, and whether its value is masked."""

    name: str
    label: str
    html: SafeString
    css: str = ""
    hidden: bool = False
    editable: bool = False


class CellMaker:
    """Makes cells in one language for one moment. `prepare` looks at the rows of a page once."""

    def __init__(self, register: Register, lang: str | None = None) -> None:
        self.register = register
        self.lang = lang or get_language() or "zh-hans"
        self.now = timezone.localtime()
        self.today = self.now.date()
        self.units: dict[str, MoneyUnit] = {}
        self.names: dict[str, dict[Any, Any]] = {}
        self.edit_word = _("Edit")
        self._base = ""
        self._looks: dict[str, tuple[str, str]] = {}
        self._choices: dict[tuple[str, Any], SafeString] = {}

    def prepare(self, columns: Iterable[Bound], rows: list[Any]) -> None:
        """Choose the units of money columns; read the names of computed foreign keys, one query for each model."""
        asked: dict[str, tuple[Any, set[Any]]] = {}
        for bound in columns:
            if bound.kind == "money":
                pairs = [(bound.value_of(row), self.currency(bound, row)) for row in rows]
                self.units[bound.name] = money_column_unit(pairs, self.lang)
            elif bound.kind == "fk" and (bound.computed or bound.protected):
                asked[bound.name] = bound.target, {bound.value_of(row) for row in rows} - {None}
        for target in {target for target, _ids in asked.values()}:
            ids = set[Any]().union(*(some for other, some in asked.values() if other is target))
            found = target._base_manager.in_bulk(ids) if ids else {}
            self.names |= {name: found for name, (other, _ids) in asked.items() if other is target}

    def keep_units(self, units: Mapping[str, MoneyUnit], columns: Iterable[Bound], row: Any) -> None:
        """Write the row's amounts in the units that stand in the heads of the columns already."""
        for bound in columns:
            if bound.kind == "money":
                unit = units.get(bound.name, MoneyUnit())
                self.units[bound.name] = unit_for(unit, bound.value_of(row), self.currency(bound, row))

    def unit_label(self, bound: Bound) -> str:
        """The unit for a column's header."""
        unit = self.units.get(bound.name)
        return unit.label if unit else ""

    def currency(self, bound: Bound, row: Any) -> str:
        """The currency of a row's amount."""
        source = currency_source(bound)
        if source:
            return str(getattr(row, source) or "")
        return self.base_currency()

    def base_currency(self) -> str:
        """The organisation's currency, read at most once."""
        if not self._base:
            self._base = organisation().base_currency
        return self._base

    def is_hidden(self, bound: Bound, row: Any) -> bool:
        """Whether the row's value is masked for the user."""
        return bound.protected and getattr(row, bound.column.extra_alias("seen"), True) is False

    def related(self, bound: Bound, row: Any) -> Any:
        """The record a foreign key points to, without a query."""
        if bound.name in self.names or bound.computed or bound.protected:
            return self.names.get(bound.name, {}).get(bound.value_of(row))
        return getattr(row, bound.name)

    def text(self, bound: Bound, row: Any) -> str:
        """The value as plain text, for exports and labels; masked and missing values are empty."""
        value = bound.value_of(row)
        if value is None or value == "":
            return ""
        if bound.kind == "fk":
            return str(self.related(bound, row) or "")
        if bound.kind == "money":
            return formats.format_money(value, self.currency(bound, row), self.lang, "full")
        return self.plain(bound, value)

    def plain(self, bound: Bound, value: Any) -> str:
        """A value without its row as text: history, filters, groups."""
        if value is None or value == "":
            return formats.EMPTY
        if bound.choices or bound.kind == "rag":
            return choice_label(bound, value)
        writer = _TEXTS.get(bound.kind)
        return writer(self, bound, value) if writer else str(value)

    def cell(self, bound: Bound, row: Any, editable: bool = False) -> Cell:
        """The cell of a row."""
        label, css = self._looks.get(bound.name) or self._look(bound)
        if self.is_hidden(bound, row):
            return Cell(bound.name, label, hidden_html(), "hidden-value", hidden=True)
        return Cell(bound.name, label, self.html(bound, row), css, editable=editable)

    def _look(self, bound: Bound) -> tuple[str, str]:
        """Label and classes of a column's cells: worked out once, not for each row."""
        css = {"right": "num", "center": "ctr"}.get(bound.align, "")
        if bound.name == self.register.code_field:
            css = "code"
        if bound.kind == "text" and not bound.column.primary:
            css = f"{css} clip".strip()
        self._looks[bound.name] = (str(bound.label), css)
        return self._looks[bound.name]

    def html(self, bound: Bound, row: Any) -> SafeString:
        """The value as HTML, with the row's link on the primary column."""
        value = bound.value_of(row)
        if bound.column.format is not None:
            shown = conditional_escape(bound.column.format(value, row, self.lang)) or EMPTY
        elif value is None or value == "":
            shown = EMPTY
        else:
            shown = _HTML.get(bound.kind, CellMaker.text_html)(self, bound, row, value)
        return self._linked(bound, row, shown)

    def _linked(self, bound: Bound, row: Any, shown: SafeString) -> SafeString:
        if bound.column.primary:
            text = shown if shown is not EMPTY else conditional_escape(str(row))
            return format_html('<a href="{}">{}</a>', detail_url(self.register, row), text)
        if callable(bound.column.link):
            address = bound.column.link(row)
            return format_html('<a href="{}">{}</a>', address, shown) if address else shown
        return shown

    def text_html(self, bound: Bound, row: Any, value: Any) -> SafeString:
        text = str(value)
        if len(text) > _LONG_TEXT:
            return format_html('<span title="{}">{}</span>', text, text)
        return conditional_escape(text)

    def number_html(self, bound: Bound, row: Any, value: Any) -> SafeString:
        return conditional_escape(self.plain(bound, value))

    def money_html(self, bound: Bound, row: Any, value: Any) -> SafeString:
        currency = self.currency(bound, row)
        unit = self.units.get(bound.name, MoneyUnit())
        full = formats.format_money(value, currency, self.lang, "full")
        return format_html('<span class="nowrap" title="{}">{}</span>', full, unit.text(value, currency, self.lang))

    def date_html(self, bound: Bound, row: Any, value: Any) -> SafeString:
        day = formats.format_date(value, self.lang, self.today, weekday=False)
        return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), value.isoformat(), day)

    def datetime_html(self, bound: Bound, row: Any, value: Any) -> SafeString:
        local = timezone.localtime(value)
        ago = formats.format_ago(local, self.lang, self.now)
        moment = f"{local:%Y-%m-%d %H:%M}"
        return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat("T", "seconds"), moment, ago)

    def choice_html(self, bound: Bound, row: Any, value: Any) -> SafeString:
        known = self._choices.get((bound.name, value))
        if known is None:
            known = self._choices[bound.name, value] = self._choice_html(bound, value)
        return known

    def _choice_html(self, bound: Bound, value: Any) -> SafeString:
        label = choice_label(bound, value)
        if bound.kind != "badge" and bound.name != self.register.state_field and not bound.column.tones:
            return conditional_escape(label)
        tone = _TONES.get((bound.column.tones or {}).get(str(value), ""), "")
        return format_html('<span class="{}">{}</span>', f"badge {tone}".strip(), label)

    def rag_html(self, bound: Bound, row: Any, value: Any) -> SafeString:
        return rag_html(value, "word")

    def score_html(self, bound: Bound, row: Any, value: Any) -> SafeString:
        figure = self.plain(bound, value)
        if "band" not in bound.column.extra:
            return conditional_escape(figure)
        return rag_html(getattr(row, bound.column.extra_alias("band")), "score", figure)

    def bool_html(self, bound: Bound, row: Any, value: Any) -> SafeString:
        if value:
            return format_html('<span class="yes">{}<span class="sr">{}</span></span>', icon_html("check"), _("Yes"))
        dash = '<span class="muted"><span aria-hidden="true">{}</span><span class="sr">{}</span></span>'
        return format_html(dash, formats.EMPTY, _("No"))

    def fk_html(self, bound: Bound, row: Any, value: Any) -> SafeString:
        target = self.related(bound, row)
        if target is None:
            return EMPTY
        linked = bound.column.link is True and not bound.column.primary
        declared = register_for(bound.target) if linked else None
        if declared is None:
            return conditional_escape(str(target))
        return format_html('<a href="{}">{}</a>', detail_url(declared, target), str(target))


def hidden_html() -> SafeString:
    """What stands in a cell whose value the user may not see."""
    words = _("hidden")
    tip = _("You need another role in this record's scope to see this value.")
    return format_html('<span class="muted hidden-mark" title="{}">{} {}</span>', tip, icon_html("lock", 14), words)


def detail_url(register: Register, row: Any) -> str:
    """The address of a row's page."""
    if register.detail_url is not None:
        return register.detail_url(row)
    return _address(get_urlconf(), register.key).replace("/0/", f"/{row.pk}/")


@functools.cache
def _address(urlconf: str | None, key: str) -> str:
    """The address of the row with the number 0: it differs from the others in the number alone."""
    return reverse("register-detail", urlconf=urlconf or settings.ROOT_URLCONF, kwargs={"key": key, "pk": 0})


def choice_label(bound: Bound, value: Any) -> str:
    """The words of a choice in the reader's language."""
    for known, label in bound.choices:
        if known == value:
            return str(label)
    return str(Rag(value).label) if bound.kind == "rag" and value == parse_rag(value).value else str(value)


def _number_text(maker: CellMaker, bound: Bound, value: Any) -> str:
    places = bound.column.places
    if places is None:
        places = _shown_places(value)
    text = formats.format_number(value, places, maker.lang, sign=bound.kind == "days")
    return f"{text}%" if bound.kind == "percent" else text


def _shown_places(value: Any) -> int:
    """As many decimals as the figure has, at most two."""
    number = Decimal(str(value)).normalize()
    exponent = number.as_tuple().exponent
    return min(max(-exponent, 0), _MOST_PLACES) if isinstance(exponent, int) else 0


def _date_text(maker: CellMaker, bound: Bound, value: datetime.date) -> str:
    return value.isoformat()


def _datetime_text(maker: CellMaker, bound: Bound, value: datetime.datetime) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


def _bool_text(maker: CellMaker, bound: Bound, value: Any) -> str:
    return _("Yes") if value else _("No")


_TEXTS: dict[str, Callable[[CellMaker, Bound, Any], str]] = {
    **dict.fromkeys(["number", "percent", "days", "score", "money"], _number_text),
    "date": _date_text,
    "datetime": _datetime_text,
    "bool": _bool_text,
}

_HTML: dict[str, Callable[[CellMaker, Bound, Any, Any], SafeString]] = {
    **dict.fromkeys(["number", "percent", "days"], CellMaker.number_html),
    **dict.fromkeys(["choice", "badge"], CellMaker.choice_html),
    "money": CellMaker.money_html,
    "date": CellMaker.date_html,
    "datetime": CellMaker.datetime_html,
    "rag": CellMaker.rag_html,
    "score": CellMaker.score_html,
    "bool": CellMaker.bool_html,
    "fk": CellMaker.fk_html,
}
