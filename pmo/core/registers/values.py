"""Reading values out of an address: text to number, date, choice, record; a refusal names what is expected."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.core.access.grants import grants_of
from pmo.core.people.models import Person, User
from pmo.core.registers.fields import Bound, field_at

_RELATIVE = re.compile(r"^today(?:\s*([+-]|\s)\s*(\d{1,4}))?$")
_TRUE = frozenset(["1", "true", "yes", "on"])
_FALSE = frozenset(["0", "false", "no", "off"])
ME = "me"
LARGEST_ID = 2**63 - 1
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


class BadParameterError(ValueError):
    """A parameter of the address cannot be used: which one, what it said, what is expected."""

    def __init__(self, parameter: str, value: str, expected: str) -> None:
        super().__init__(parameter, value, expected)
        self.parameter, self.value, self.expected = parameter, value, expected

    @property
    def sentence(self) -> str:
        """The whole message for a person."""
        return _("%(parameter)s=%(value)s cannot be used: %(expected)s") % {
            "parameter": self.parameter,
            "value": self.value,
            "expected": self.expected,
        }


def parse_number(parameter: str, text: str) -> Decimal:
    """A finite decimal."""
    try:
        number = Decimal(text.replace(",", "").strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= Decimal(10) ** 24:
        raise BadParameterError(parameter, text, _("a number is expected, such as 12.5."))
    return number


def parse_whole_number(parameter: str, text: str) -> int:
    """An integer."""
    number = parse_number(parameter, text)
    if number != number.to_integral_value() or abs(number) > LARGEST_ID:
        raise BadParameterError(parameter, text, _("a whole number is expected."))
    return int(number)


def parse_date(parameter: str, text: str) -> datetime.date:
    """A day as 2027-01-31, or relative to today: today, today-7, today+30."""
    relative = _RELATIVE.match(text.strip())
    if relative:
        days = int(relative.group(2) or 0)
        return timezone.localdate() + datetime.timedelta(days=-days if relative.group(1) == "-" else days)
    try:
        day = datetime.date.fromisoformat(text.strip())
    except ValueError:
        day = None
    if day is None or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise BadParameterError(parameter, text, _("a date is expected, such as 2027-01-31 or today-7."))
    return day


def parse_bool(parameter: str, text: str) -> bool:
    """true or false."""
    word = text.strip().lower()
    if word not in _TRUE | _FALSE:
        raise BadParameterError(parameter, text, _("true or false is expected."))
    return word in _TRUE


def parse_choice(parameter: str, text: str, bound: Bound) -> Any:
    """One of the column's choices."""
    for value, _label in bound.choices:
        if str(value) == text:
            return value
    allowed = ", ".join(str(value) for value, _label in bound.choices)
    raise BadParameterError(parameter, text, _("one of these is expected: %(allowed)s.") % {"allowed": allowed})


def is_id(text: str) -> bool:
    """Whether the text is a number that an id can be; longer ones the database could not compare."""
    return text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ID)) and int(text) <= LARGEST_ID


def parse_reference(parameter: str, text: str, bound: Bound, user: Any) -> int:
    """An id, `me` for a person or login, or the code (or code and name) of a record the user may see."""
    word = text.strip()
    if is_id(word):
        return int(word)
    if word == ME and bound.target in {Person, User}:
        mine = grants_of(user).person_id if bound.target is Person else user.pk
        return mine or 0
    found = find_by_label(bound.target, word, user)
    if len(found) == 1:
        return int(found[0].pk)
    expected = _("an id or code is expected; %(count)s records match.") % {"count": len(found)}
    raise BadParameterError(parameter, text, expected)


def visible_rows(model: Any, user: Any) -> Any:
    """Rows of a model the user may choose from: visible ones of a record, all of others."""
    manager = model._default_manager
    return manager.visible_to(user) if hasattr(manager, "visible_to") else manager.all()


def label_paths(model: Any) -> list[str]:
    """Text fields by which people name a row of the model."""
    wanted = ("code", "name", "name_zh", "name_en", "title", "username", "filename")
    return [name for name in wanted if field_at(model, name) is not None]


def find_by_label(model: Any, text: str, user: Any) -> list[Any]:
    """Up to six visible rows whose code or name is the text, or whose code is its first word."""
    paths = label_paths(model)
    if not paths or not text or "\x00" in text:
        return []
    exact = Q(pk__in=[])
    for path in paths:
        exact |= Q(**{path: text})
    if "code" in paths and text.split():
        exact |= Q(code=text.split()[0])
    return list(visible_rows(model, user).filter(exact)[:6])
