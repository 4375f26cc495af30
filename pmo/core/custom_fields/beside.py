"""The custom fields of one register, as its forms, services, history and API ask for them (see `registers.beside`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext as _

from pmo.core.custom_fields.columns import column_of
from pmo.core.custom_fields.definitions import Definition
from pmo.core.custom_fields.fields import form_field
from pmo.core.custom_fields.models import CustomValue, Kind
from pmo.core.custom_fields.services.values import write_values
from pmo.core.custom_fields.values import COLUMNS, from_text, shown, stored
from pmo.core.people.models import Person
from pmo.core.registers.declaration import Column, Register

_NUMBERS = {Kind.NUMBER, Kind.MONEY}


class CustomFields:
    """See `registers.beside.Beside`. Formulas are columns only: nobody writes them."""

    def __init__(self, declared: Register, every: Sequence[Definition]) -> None:
        self.declared = declared
        self._every = {one.name: one for one in every}
        self._written = {one.name: one for one in every if one.active and one.written}

    def has(self, name: str) -> bool:
        """See `Beside.has`."""
        return name in self._written

    def definition(self, name: str) -> Definition:
        """The definition of a field people write."""
        return self._written[name]

    def form_field(self, name: str) -> Any:
        """See `Beside.form_field`."""
        return form_field(self._written[name])

    def defaults(self, names: Collection[str]) -> dict[str, Any]:
        """See `Beside.defaults`. A default that no longer means anything is left out."""
        found = {}
        for name in names:
            one = self._written[name]
            if one.default:
                try:
                    found[name] = shown(one, from_text(one, one.default, _people(one)))
                except ValueError:
                    continue
        return found

    def values(self, ids: Sequence[int], names: Collection[str]) -> dict[int, dict[str, Any]]:
        """See `Beside.values`."""
        wanted = {self._written[name].pk: self._written[name] for name in names}
        found: dict[int, dict[str, Any]] = {pk: {one.name: shown(one, None) for one in wanted.values()} for pk in ids}
        for row in CustomValue.objects.filter(field_id__in=wanted, record_id__in=ids):
            one = wanted[row.field_id]
            found[row.record_id][one.name] = shown(one, getattr(row, COLUMNS[one.kind]))
        return found

    def differs(self, name: str, old: Any, new: Any) -> bool:
        """See `Beside.differs`."""
        one = self._written[name]
        return bool(stored(one, old) != stored(one, new))

    def write(
        self, *, actor: Any, row: Any, values: dict[str, Any], expected_version: int | None, reason: str, fresh: bool
    ) -> Any:
        """See `Beside.write`."""
        known = {self._written[name]: value for name, value in values.items()}
        return write_values(
            actor=actor, row=row, values=known, expected_version=expected_version, reason=reason, fresh=fresh
        )

    def fits(self, name: str, value: Any) -> str:
        """See `Beside.fits`."""
        one = self._written[name]
        if value is None:
            return ""
        if one.kind == Kind.BOOL:
            return "" if isinstance(value, bool) else _("true or false is expected.")
        if one.kind == Kind.MULTI:
            right = isinstance(value, list) and all(isinstance(part, str) for part in value)
            return "" if right else _("A list of texts is expected.")
        if isinstance(value, bool):
            return _("Text is expected.")
        if one.kind == Kind.PERSON:
            return "" if isinstance(value, int) else _("The id of a record is expected.")
        if one.kind in _NUMBERS:
            return "" if isinstance(value, str | int | float) else _("A number is expected.")
        return "" if isinstance(value, str) and "\x00" not in value else _("Text is expected.")

    def importing(self) -> list[tuple[Any, Any]]:
        """See `Beside.importing`."""
        from pmo.core.custom_fields.importing import field_of, part_of

        return [(field_of(one), part_of(self.declared, one)) for one in self._written.values()]

    def entries_of(self, pk: int) -> tuple[str, dict[int, str]]:
        """See `Beside.entries_of`."""
        names = {one.pk: one.name for one in self._every.values()}
        rows = CustomValue.objects.filter(record_id=pk, field_id__in=names).values_list("pk", "field_id")
        return CustomValue._meta.label_lower, {value: names[field] for value, field in rows}

    def entry_pair(self, name: str, changes: dict[str, Any], label: str) -> list[Any]:
        """See `Beside.entry_pair`. What an import made says its value in words."""
        one = self._every[name]
        pair = changes.get(COLUMNS.get(one.kind, ""))
        return [shown(one, part) for part in pair] if pair else [None, label.partition(": ")[2]]

    def past_column(self, name: str) -> Column | None:
        """See `Beside.past_column`."""
        one = self._every.get(name)
        return column_of(self.declared, one) if one is not None and one.written else None


def _people(one: Definition) -> dict[str, int]:
    """The one person a default names, by staff number."""
    if one.kind != Kind.PERSON:
        return {}
    return dict(Person.objects.filter(code=one.default.strip()).values_list("code", "pk"))
