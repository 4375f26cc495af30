"""Custom fields in imports: a column of the file fills one value record that hangs on the row."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from pmo.core.calendars.queries import organisation
from pmo.core.custom_fields.definitions import Definition
from pmo.core.custom_fields.models import CustomValue, Kind
from pmo.core.custom_fields.values import COLUMNS, LARGEST, LONG, SHORT, check_link, from_text
from pmo.core.imports.amounts import Money
from pmo.core.imports.fields import ImportField
from pmo.core.imports.fields import Kind as ImportKind
from pmo.core.imports.messages import Message
from pmo.core.imports.parts import Draft, Lookup, Part, Values
from pmo.core.imports.register_fields import spoken
from pmo.core.imports.texts import in_all_languages
from pmo.core.imports.words import Choice
from pmo.core.people.models import Person
from pmo.core.registers.declaration import Register

_KINDS: dict[str, ImportKind] = {
    Kind.NUMBER: "decimal",
    Kind.MONEY: "money",
    Kind.DATE: "date",
    Kind.BOOL: "bool",
    Kind.CHOICE: "choice",
}
_SETTLED = "settled "


def field_of(one: Definition) -> ImportField:
    """The field as the wizard offers it, known by its names in both languages and by its key."""
    kind = _KINDS.get(one.kind, "text")
    words = [alias for name in one.names for alias in spoken(name)]
    return ImportField(
        one.name,
        one.label,
        kind,
        aliases=tuple(dict.fromkeys([*words, one.name])),
        choices=tuple(Choice(option.code, (*option.names, option.code), option.label) for option in one.options)
        if kind == "choice"
        else (),
        help=one.help,
        multiline=one.kind == Kind.LONG_TEXT,
        max_length=(LONG if one.kind == Kind.LONG_TEXT else SHORT) if kind == "text" else None,
        places={"decimal": 6, "money": 2}.get(kind),
        digits=one.kind == Kind.TEXT,
        needed=one.required,
    )


def part_of(declared: Register, one: Definition) -> Part:
    """The value record of a row."""
    column = COLUMNS[one.kind]

    def values(draft: Draft, old: Any) -> Values | None:
        if one.name in draft.cleared:
            return {column: None} if old is not None else None
        kept = draft.ids.get(_SETTLED + one.name)
        return None if kept is None or draft.get(one.name) is None else {column: kept}

    def resolve(draft: Draft, lookup: Lookup) -> None:
        value = draft.get(one.name)
        if value is None or _SETTLED + one.name in draft.ids:
            return
        kept, wrong = _kept(declared, one, draft, value, lookup)
        if wrong is not None:
            draft.refuse(one.name, wrong)
        else:
            draft.ids[_SETTLED + one.name] = kept

    return Part(
        one.name,
        CustomValue,
        values,
        sources={column: one.name},
        owner="record",
        where=lambda day: {"field_id": one.pk},
        blanks=lambda draft: {"record_id": draft.main_id},
        resolve=resolve,
        spoken=("field", "person", "choice"),
    )


def _kept(declared: Register, one: Definition, draft: Draft, value: Any, lookup: Lookup) -> tuple[Any, Message | None]:
    """The value as its column keeps it, or why it is refused."""
    if one.kind == Kind.MONEY:
        return _amount(declared, one, draft, value)
    if one.kind == Kind.NUMBER:
        return (value, None) if abs(value) < LARGEST else (None, _told("The number is too large."))
    if one.kind in {Kind.DATE, Kind.BOOL}:
        return _unrepeated(one, draft, value, lookup)
    text = str(value)
    people: dict[str, int] = {}
    if one.kind == Kind.PERSON:
        named = lookup.once("custom fields: people", people_by_words)
        people = {text.strip(): named[key] for key in [text.strip().casefold()] if key in named}
    try:
        kept = check_link(text) if one.kind == Kind.LINK else from_text(one, text, people)
    except ValidationError:
        return None, Message("not_accepted", {"detail": in_all_languages(lambda: _why(text))})
    except ValueError:
        return None, _told("There is no such value.")
    return _unrepeated(one, draft, kept, lookup)


def _why(link: str) -> str:
    """Why an address is refused, in the language of the moment."""
    try:
        check_link(link)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _told(text: str) -> Message:
    sentences = {
        "The number is too large.": lambda: _("The number is too large."),
        "There is no such value.": lambda: _("There is no such value."),
        "Another record has this value already.": lambda: _("Another record has this value already."),
    }
    return Message("not_accepted", {"detail": in_all_languages(sentences[text])})


def _amount(declared: Register, one: Definition, draft: Draft, value: Any) -> tuple[Any, Message | None]:
    """Amounts are kept in the currency of the field or row; another one is refused, never converted."""
    if not isinstance(value, Money):
        return value, None
    kept = one.currency or _currency_of_row(draft) or organisation().base_currency
    if value.currency and value.currency != kept:
        return None, Message("currency_differs", {"given": value.currency, "kept": kept})
    return value.amount, None


def _currency_of_row(draft: Draft) -> str:
    wanted = draft.wanted.get("main", {}).get("currency")
    return str(wanted or getattr(draft.stood.get("main"), "currency", "") or "")


def people_by_words() -> dict[str, int]:
    """People by staff number, by either name and by both as lists write them; names that several have mean nobody."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    rows = Person.objects.values_list("pk", "code", "name_zh", "name_en")
    for pk, code, zh, en in rows:
        for text in (code, zh, en, f"{code} {zh}", f"{code} {en}"):
            if text.strip():
                found[text.strip().casefold()].add(pk)
    return {text: min(ids) for text, ids in found.items() if len(ids) == 1}


def _unrepeated(one: Definition, draft: Draft, kept: Any, lookup: Lookup) -> tuple[Any, Message | None]:
    """What may not stand twice: neither in another record nor in another row of the file."""
    if not one.unique or kept is None:
        return kept, None
    held = lookup.once(f"custom fields: {one.name}", lambda: _holders(one))
    owner = held.setdefault(kept, draft.main_id)
    if owner != draft.main_id:
        return None, _told("Another record has this value already.")
    return kept, None


def _holders(one: Definition) -> dict[Any, int]:
    column = COLUMNS[one.kind]
    rows = CustomValue.objects.filter(field_id=one.pk).exclude(**{f"{column}__isnull": True})
    return dict(rows.annotate(kept=F(column)).values_list("kept", "record_id"))
