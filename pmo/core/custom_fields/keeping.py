"""A column of an imported file becomes a custom field: its key from the header, its choices from the values."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pmo.core.access.api import can
from pmo.core.access.decisions import Decision
from pmo.core.audit.actor import Actor
from pmo.core.custom_fields.definitions import definitions
from pmo.core.custom_fields.importing import people_by_words
from pmo.core.custom_fields.models import KEY, CustomField, Kind, LookupTable, LookupValue
from pmo.core.custom_fields.services.definitions import create_field
from pmo.core.custom_fields.services.lookups import create_lookup
from pmo.core.custom_fields.taking import takes_fields
from pmo.core.imports.looks import CHOICE, MOST_WORDS, TEXT, Look
from pmo.core.registers.declaration import UnknownRegisterError, declared_register
from pmo.core.search.tokens import syllables

_LONGEST_KEY = 30
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_OTHER = re.compile(r"[^a-z0-9]+")


class ColumnKeeper:
    """See `imports.keeping.Keeper`. Who may add a definition may keep a column."""

    def takes(self, register: str) -> bool:
        """See `Keeper.takes`."""
        try:
            return takes_fields(declared_register(register))
        except UnknownRegisterError:
            return False

    def decision(self, user: Any) -> Decision:
        """See `Keeper.decision`."""
        return can(user, "add", CustomField)

    def kinds(self) -> Sequence[tuple[str, Any]]:
        """See `Keeper.kinds`. A formula holds no values."""
        return [(kind.value, kind.label) for kind in Kind if kind != Kind.FORMULA]

    def refined(self, looks: Sequence[Look]) -> list[Look]:
        """See `Keeper.refined`."""
        people = people_by_words() if any(_may_be_people(look) for look in looks) else {}
        return [
            dataclasses.replace(look, kind=Kind.PERSON.value, fits=(*look.fits, Kind.PERSON.value))
            if _may_be_people(look) and all(word.casefold() in people for word in look.words)
            else look
            for look in looks
        ]

    @transaction.atomic
    def make(self, *, actor: Actor, register: str, name: str, kind: str, look: Look) -> str:
        """See `Keeper.make`. A lookup table that has all the words is used, else one is made of them."""
        if kind not in {value for value, _label in self.kinds()}:
            raise ValidationError(_("Choose a type for the new field."))
        if not name:
            raise ValidationError(_("Give the new field a name."))
        taken = [one for one in definitions().of(register) if name.casefold() in {n.casefold() for n in one.names}]
        if taken:
            raise ValidationError(_("This register has a field called %(name)s already.") % {"name": name})
        code = key_of(name, set(CustomField.objects.filter(register=register).values_list("code", flat=True)))
        row = CustomField(register=register, code=code, kind=kind, **_named(name[:80]))
        if kind in {Kind.CHOICE, Kind.MULTI}:
            row.lookup = self._lookup(actor, name, look.words if kind == Kind.CHOICE else look.parts)
        return create_field(actor=actor, row=row).name

    def _lookup(self, actor: Actor, name: str, words: Sequence[str]) -> LookupTable:
        if not words:
            told = _("The column has more than %(most)s different values, or none: choose another type.")
            raise ValidationError(told % {"most": MOST_WORDS})
        known = _table_with(words)
        if known is not None:
            return known
        codes = set(LookupTable.objects.values_list("code", flat=True))
        table: LookupTable = create_lookup(actor=actor, row=LookupTable(code=key_of(name, codes), **_named(name[:100])))
        keys: set[str] = set()
        for order, word in enumerate(words, 1):
            code = key_of(word, keys)
            keys.add(code)
            create_lookup(actor=actor, row=LookupValue(table=table, code=code, order=order * 10, **_named(word)))
        return table


def _may_be_people(look: Look) -> bool:
    return bool(look.words) and look.kind in {TEXT, CHOICE}


def _table_with(words: Sequence[str]) -> LookupTable | None:
    """The first lookup table in use whose values have all these words among their names and keys."""
    offered: dict[int, set[str]] = {}
    rows = LookupValue.objects.filter(active=True, table__active=True).order_by("table_id")
    for table, code, zh, en in rows.values_list("table_id", "code", "name_zh", "name_en"):
        offered.setdefault(table, set()).update(text.casefold() for text in (code, zh, en) if text)
    wanted = {word.casefold() for word in words}
    found = next((table for table, texts in offered.items() if wanted <= texts), None)
    return LookupTable.objects.get(pk=found) if found is not None else None


def _named(text: str) -> dict[str, str]:
    """A text as the name in its own language."""
    return {"name_zh" if _CHINESE.search(text) else "name_en": text}


def key_of(text: str, taken: Collection[str]) -> str:
    """A key that is not taken: the text in small ASCII letters, Chinese by its pinyin."""
    spelt = _CHINESE.sub(lambda found: f" {' '.join(syllables(found[0]))} ", text.casefold())
    words = _OTHER.sub("_", spelt).strip("_")
    base = words if KEY.match(words) else f"f_{words}".strip("_")
    base = base[:_LONGEST_KEY].rstrip("_")
    number, found = 1, base
    while found in taken:
        number += 1
        found = f"{base[: _LONGEST_KEY - len(str(number)) - 1].rstrip('_')}_{number}"
    return found
