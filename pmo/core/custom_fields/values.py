"""Values between what a form cleans, what the table keeps, what the audit trail says, and text."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pmo.core.custom_fields.definitions import Definition
from pmo.core.custom_fields.models import Kind

# The column of the value table in which each type is kept.
COLUMNS: dict[str, str] = {
    Kind.TEXT: "text",
    Kind.LONG_TEXT: "text",
    Kind.LINK: "text",
    Kind.MULTI: "text",
    Kind.NUMBER: "number",
    Kind.MONEY: "number",
    Kind.DATE: "day",
    Kind.BOOL: "flag",
    Kind.PERSON: "person_id",
    Kind.CHOICE: "choice_id",
}
# Between several choices: as lists and exports of either language write them.
_BETWEEN = re.compile(r"[,;，、；]")
SHORT, LONG = 500, 20_000
LARGEST = Decimal(10) ** 18
_SCHEMES = {"http", "https"}


def stored(one: Definition, value: Any) -> Any:
    """A form's value as its column keeps it; None for nothing."""
    if value is None or value == "" or value == []:
        return None
    if one.kind == Kind.MULTI:
        chosen = [option.code for option in one.options if option.code in set(value)]
        return joined(chosen)
    if one.kind == Kind.CHOICE:
        return next((option.pk for option in one.options if option.code == value), None)
    if one.kind == Kind.PERSON:
        return getattr(value, "pk", value)
    return value


def joined(codes: list[str]) -> str | None:
    """Several codes in one text that can be searched for one of them."""
    return f",{','.join(codes)}," if codes else None


def split(text: str | None) -> list[str]:
    """The codes of such a text."""
    return [code for code in (text or "").split(",") if code]


def shown(one: Definition, kept: Any) -> Any:
    """What a column keeps, as a form takes it."""
    if one.kind == Kind.MULTI:
        return split(kept)
    if one.kind == Kind.CHOICE:
        return next((option.code for option in one.options if option.pk == kept), None)
    if isinstance(kept, Decimal):
        return trimmed(kept)
    return kept


def trimmed(number: Decimal) -> Decimal:
    """A decimal without zeros at its end."""
    short = number.normalize()
    return Decimal(format(short, "f"))


def check_link(text: str) -> str:
    """An address of the web. Raises ValidationError for any other scheme."""
    parts = urlsplit(text)
    if parts.scheme not in _SCHEMES or not parts.netloc or any(letter.isspace() for letter in text):
        raise ValidationError(_("An address that begins with https:// or http:// is expected."))
    return text


def to_text(one: Definition, kept: Any, people: dict[int, str]) -> str:
    """What a column keeps in words that `from_text` reads again: for defaults and for a change of type."""
    if kept is None:
        return ""
    if one.kind == Kind.PERSON:
        return people.get(kept, str(kept))
    if one.kind == Kind.CHOICE:
        return str(shown(one, kept) or "")
    if one.kind == Kind.MULTI:
        return ", ".join(split(kept))
    if one.kind == Kind.BOOL:
        return "true" if kept else "false"
    if isinstance(kept, Decimal):
        return format(trimmed(kept), "f")
    return kept.isoformat() if isinstance(kept, datetime.date) else str(kept)


def from_text(one: Definition, text: str, people: dict[str, int]) -> Any:
    """A text as the column of the type keeps it. Raises ValueError where it means nothing there."""
    text = text.strip()
    if not text:
        return None
    if one.kind in {Kind.TEXT, Kind.LONG_TEXT}:
        return text
    if one.kind in {Kind.NUMBER, Kind.MONEY}:
        return _number(text)
    if one.kind == Kind.DATE:
        return datetime.date.fromisoformat(text)
    if one.kind == Kind.BOOL:
        return {"true": True, "false": False}[text.lower()] if text.lower() in {"true", "false"} else _refuse(text)
    if one.kind == Kind.LINK:
        return _link(text)
    if one.kind == Kind.PERSON:
        return people[text] if text in people else _refuse(text)
    return _from_options(one, text)


def _from_options(one: Definition, text: str) -> Any:
    known = {word.casefold(): option for option in one.options for word in (*option.names, option.code)}
    words = [text] if one.kind == Kind.CHOICE else [part.strip() for part in _BETWEEN.split(text)]
    found = [known[word.casefold()] for word in words if word and word.casefold() in known]
    if len(found) != len([word for word in words if word]):
        _refuse(text)
    return (
        found[0].pk if one.kind == Kind.CHOICE else joined([option.code for option in one.options if option in found])
    )


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= LARGEST:
        _refuse(text)
    return number


def _link(text: str) -> str:
    try:
        return check_link(text)
    except ValidationError:
        _refuse(text)
    return text


def _refuse(text: str) -> Any:
    raise ValueError(text)
