"""Parameters of an event as JSON that keeps what differs by language and time zone."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext

from pmo.core.audit.actor import Actor

_SYSTEM = gettext_lazy("System")
_TEXT, _DATE, _TIME, _LIST, _ABOUT = "$text", "$date", "$time", "$list", "$about"


def pack(value: Any) -> Any:
    """A JSON-safe form. Rows and translatable strings are kept in every language, dates and times as such."""
    if isinstance(value, models.Model | Promise):
        return {_TEXT: _in_every_language(value)}
    if isinstance(value, datetime.datetime):
        return {_TIME: value.isoformat()}
    if isinstance(value, datetime.date):
        return {_DATE: value.isoformat()}
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        return {_LIST: [pack(item) for item in value]}
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Mapping) and _TEXT in value and set(value) <= {_TEXT, _ABOUT}:
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be a parameter of an event")


def each_language(make: Any) -> dict[str, dict[str, str]]:
    """A parameter whose text `make()` gives in the language that is switched on when it is called."""
    return {_TEXT: _in_every_language(make)}


def about(row: models.Model, make: Any) -> dict[str, Any]:
    """An item of a list whose text `make()` gives, shown only to readers who may see the row."""
    return {**each_language(make), _ABOUT: [row._meta.label_lower, row.pk]}


def who_acts(actor: Actor) -> Any:
    """A parameter that names who acts in the reader's language: the person, the login's name where there is none."""
    if actor.is_system:
        return _SYSTEM
    return getattr(actor.user, "person", None) or actor.name


def rows_in(params: Mapping[str, Any]) -> set[tuple[str, int]]:
    """The rows that items of lists are about."""
    return {tuple(item[_ABOUT]) for items in _lists(params) for item in items if _is_about(item)}


def without(params: Mapping[str, Any], hidden: set[tuple[str, int]]) -> dict[str, Any] | None:
    """The parameters without the items about hidden rows; None where a list has nothing left."""
    left = dict(params)
    for name, value in params.items():
        if isinstance(value, dict) and _LIST in value:
            kept = [item for item in value[_LIST] if not (_is_about(item) and tuple(item[_ABOUT]) in hidden)]
            if value[_LIST] and not kept:
                return None
            left[name] = {_LIST: kept}
    return left


def _lists(params: Mapping[str, Any]) -> list[list[Any]]:
    return [value[_LIST] for value in params.values() if isinstance(value, dict) and _LIST in value]


def _is_about(item: Any) -> bool:
    return isinstance(item, dict) and _ABOUT in item


def _in_every_language(value: Any) -> dict[str, str]:
    texts = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            texts[code] = str(value() if callable(value) and not isinstance(value, Promise) else value)
    return texts


def unpack(value: Any) -> Any:
    """What a reader sees: text in the language, times in the zone that are switched on."""
    if not isinstance(value, dict):
        return value
    if _TEXT in value:
        texts: dict[str, str] = value[_TEXT]
        return texts.get(translation.get_language() or "") or texts.get(settings.LANGUAGE_CODE, "")
    if _DATE in value:
        return value[_DATE]
    if _TIME in value:
        return f"{timezone.localtime(datetime.datetime.fromisoformat(value[_TIME])):%Y-%m-%d %H:%M}"
    if _LIST in value:
        return pgettext("between the items of a list", ", ").join(str(unpack(item)) for item in value[_LIST])
    return value


def unpack_all(params: Mapping[str, Any]) -> dict[str, Any]:
    """All parameters as a reader sees them."""
    return {name: unpack(value) for name, value in params.items()}


def outside(value: Any) -> Any:
    """What programs outside get: text by language, dates and times in ISO form, lists."""
    if not isinstance(value, dict):
        return value
    if _LIST in value:
        return [outside(item) for item in value[_LIST]]
    return next((value[mark] for mark in (_TEXT, _DATE, _TIME) if mark in value), value)
