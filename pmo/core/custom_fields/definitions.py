"""The definitions as a process keeps them: read in two statements when the stamp changed, and not at all else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import lazy

from pmo.core.custom_fields import stamp
from pmo.core.custom_fields.models import PREFIX, CustomField, Kind, LookupValue
from pmo.core.people.names import localised

bilingual = lazy(lambda zh, en, other: localised(zh, en) or other, str)


@dataclass(frozen=True, eq=False)
class Option:
    """One value of a lookup table."""

    pk: int
    code: str
    label: Any
    tone: str
    active: bool
    names: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Definition:
    """One custom field, as columns and forms are made from it."""

    pk: int
    register: str
    name: str
    label: Any
    names: tuple[str, ...]
    help: Any
    kind: str
    options: tuple[Option, ...] = ()
    currency: str = ""
    places: int | None = None
    formula: str = ""
    result: str = ""
    unit: str = ""
    required: bool = False
    unique: bool = False
    default: str = ""
    section: Any = ""
    section_key: tuple[str, str] = ("", "")
    seen_by: tuple[str, ...] = ()
    edited_by: tuple[str, ...] = ()
    in_list: bool = True
    in_form: bool = True
    in_filter: bool = True
    active: bool = True

    @property
    def written(self) -> bool:
        """Whether people fill it in."""
        return self.kind != Kind.FORMULA


@dataclass(frozen=True)
class Definitions:
    """Everything at one stamp, by register key, in order."""

    stamp: int | None = None
    by_register: Mapping[str, tuple[Definition, ...]] = field(default_factory=dict)

    def of(self, key: str, *, past: bool = False) -> list[Definition]:
        """The fields of a register; with `past` those out of use too."""
        return [one for one in self.by_register.get(key, ()) if past or one.active]


_kept: Definitions = Definitions()


def definitions() -> Definitions:
    """The definitions of now."""
    global _kept
    number = stamp.current()
    if number is None:
        return Definitions()
    if _kept.stamp != number:
        _kept = Definitions(number, _read())
    return _kept


def _read() -> dict[str, tuple[Definition, ...]]:
    options: dict[int, list[Option]] = {}
    for value in LookupValue.objects.order_by("order", "code"):
        options.setdefault(value.table_id, []).append(option_of(value))
    found: dict[str, list[Definition]] = {}
    for row in CustomField.objects.order_by("register", "order", "code"):
        found.setdefault(row.register, []).append(definition_of(row, options.get(row.lookup_id or 0, [])))
    return {key: tuple(rows) for key, rows in found.items()}


def option_of(value: LookupValue) -> Option:
    """A lookup value as it is kept."""
    names = tuple(dict.fromkeys(text for text in (value.name_zh, value.name_en) if text))
    label = bilingual(value.name_zh, value.name_en, value.code)
    return Option(value.pk, value.code, label, value.tone, value.active, names)


def definition_of(row: CustomField, options: list[Option]) -> Definition:
    """A definition as it is kept, from a row that need not be saved."""
    return Definition(
        pk=row.pk or 0,
        register=row.register,
        name=PREFIX + row.code,
        label=bilingual(row.name_zh, row.name_en, row.code),
        names=tuple(dict.fromkeys(text for text in (row.name_zh, row.name_en, row.code) if text)),
        help=bilingual(row.help_zh, row.help_en, ""),
        kind=row.kind,
        options=tuple(options),
        currency=row.currency,
        places=row.places,
        formula=row.formula,
        result=row.result,
        unit=row.unit,
        required=row.required,
        unique=row.unique,
        default=row.default,
        section=bilingual(row.section_zh, row.section_en, ""),
        section_key=(row.section_zh, row.section_en),
        seen_by=tuple(row.seen_by),
        edited_by=tuple(row.edited_by),
        in_list=row.in_list,
        in_form=row.in_form,
        in_filter=row.in_filter,
        active=row.active,
    )
