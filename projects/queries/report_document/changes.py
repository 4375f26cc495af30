"""What changed since the previous published report, in words."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pmo.core.web.formats import format_date, format_money
from projects.calc import report_changes as calc
from projects.models.choices import Band, Dimension
from projects.queries.report_document.texts import Text, both, words

_SIDES = {
    "declared": gettext_lazy("declared"),
    "computed": gettext_lazy("computed"),
    "reviewed": gettext_lazy("reviewed"),
}
_COSTS = {"cost": gettext_lazy("Estimate at completion, own"), "eac": gettext_lazy("Estimate at completion, computed")}
_GROUPS = {
    gettext_lazy("Colours"): (calc.COLOUR,),
    gettext_lazy("Forecast"): (calc.FINISH, calc.COST),
    gettext_lazy("Milestones"): (calc.STONE_NEW, calc.STONE_REACHED, calc.STONE_MOVED, calc.STONE_GONE),
    pgettext_lazy("change", "New"): (calc.OPENED,),
    pgettext_lazy("change", "Closed"): (calc.CLOSED,),
}
_MOST = 12


def difference(before: Mapping[str, Any], after: Mapping[str, Any], labels: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Groups of lines {label, lines: [text], more}: what differs between the facts of two reports.

    `labels` names the lists by the key of their register. A group without a difference is left out.
    """
    found = calc.changes(before, after)
    year_of = datetime.date.fromisoformat(after["end"])
    groups = []
    for label, kinds in _GROUPS.items():
        lines = [_line(change, year_of, after, labels) for change in found if change.kind in kinds]
        if lines:
            shown = lines[:_MOST]
            groups.append({"label": words(label), "lines": shown, "more": len(lines) - len(shown)})
    return groups


def _line(change: calc.Change, year_of: datetime.date, facts: Mapping[str, Any], labels: Mapping[str, Any]) -> Text:
    if change.kind == calc.COST:
        return both(lambda language: _cost(change, language, facts), money=True)
    return both(lambda language: _WORDS[change.kind](_Told(change, language, year_of, labels)))


class _Told:
    """One change with what its sentence needs."""

    def __init__(self, change: calc.Change, lang: str, year_of: datetime.date, labels: Mapping[str, Any]) -> None:
        self.change, self.lang, self.year_of, self.labels = change, lang, year_of, labels

    def dates(self) -> dict[str, Any]:
        days = (self.change.before, self.change.after)
        before, after = (
            format_date(datetime.date.fromisoformat(day) if day else None, self.lang, self.year_of, weekday=False)
            for day in days
        )
        return {"name": self.change.what, "before": before, "after": after}


def _colour(told: _Told) -> str:
    side, _colon, dimension = told.change.what.partition(":")
    return _("%(what)s, %(side)s: %(before)s → %(after)s") % {
        "what": Dimension(dimension).label if dimension else _("Overall"),
        "side": _SIDES[side],
        "before": Band(told.change.before).label,
        "after": Band(told.change.after).label,
    }


def _finish(told: _Told) -> str:
    return _("Forecast finish: %(before)s → %(after)s") % told.dates()


def _cost(change: calc.Change, lang: str, facts: Mapping[str, Any]) -> str:
    currency = facts["currency"] if change.what == "cost" else facts["base"]
    before, after = (
        format_money(Decimal(amount) if amount else None, currency, lang) for amount in (change.before, change.after)
    )
    return _("%(what)s: %(before)s → %(after)s") % {"what": _COSTS[change.what], "before": before, "after": after}


def _listed(told: _Told) -> str:
    label = told.labels.get(told.change.where) or {}
    lang = "zh" if told.lang.startswith("zh") else "en"
    return _("%(list)s: %(title)s") % {"list": label.get(lang, told.change.where), "title": told.change.what}


_WORDS: dict[str, Callable[[_Told], str]] = {
    calc.COLOUR: _colour,
    calc.FINISH: _finish,
    calc.STONE_NEW: lambda told: _("%(name)s is new, expected %(after)s") % told.dates(),
    calc.STONE_REACHED: lambda told: _("%(name)s was reached on %(after)s") % told.dates(),
    calc.STONE_MOVED: lambda told: _("%(name)s: %(before)s → %(after)s") % told.dates(),
    calc.STONE_GONE: lambda told: _("%(name)s was taken out") % told.dates(),
    calc.OPENED: _listed,
    calc.CLOSED: _listed,
}


def kinds() -> Iterator[str]:
    """Every kind of change that has words (for the test that none is forgotten)."""
    yield from (*_WORDS, calc.COST)
