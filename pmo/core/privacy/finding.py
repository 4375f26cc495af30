"""The rows that are about a person, in every table: by a link, by a copy of the name, by a mention in a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from pmo.core.privacy.declaration import Kind, all_models, declared, kinds_of, links_of
from pmo.core.privacy.subjects import Names, Subject
from pmo.core.records.json_text import as_text, holds_text

# Not what others are called: a namesake keeps the name. The person's own identity is replaced by its fields.
SEARCHED = frozenset({Kind.TEXT, Kind.NAME, Kind.CONTENT, Kind.INDEX})


@dataclass(frozen=True)
class Table:
    """One table with the kinds of its fields."""

    model: type[models.Model]
    kinds: dict[str, Kind]

    @property
    def label(self) -> str:
        return self.model._meta.label

    def rows(self) -> Any:
        """Every row, those in the trash too."""
        return self.model._base_manager.all()

    def of_kind(self, *kinds: Kind) -> list[str]:
        """Names of the fields of these kinds."""
        return [name for name, kind in self.kinds.items() if kind in kinds]


def tables() -> list[Table]:
    """Every table that can hold a person's data. Raises Unclassified for a field that nobody declared."""
    return [Table(model, kinds_of(model)) for model in all_models()]


def linked(table: Table, subject: Subject) -> Q | None:
    """Rows that point to the person or the login, and their own rows; None where the table has no way to say so."""
    found = Q()
    for target, row in (("core.person", subject.person), ("core.user", subject.user)):
        if row is None:
            continue
        for name in links_of(table.model, target):
            found |= Q(**{name: row.pk})
        if table.model is type(row):
            found |= Q(pk=row.pk)
        said = declared(table.model)
        if said.about:
            found |= Q(**{said.about[0]: target, said.about[1]: row.pk})
        if said.via and target == "core.user":
            found |= Q(**{said.via: row.pk})
    return found or None


def with_mentions(table: Table, names: Names) -> Any:
    """Rows whose texts name the person, as a queryset; empty where the table holds no text."""
    rows, found = table.rows(), Q()
    for name in table.of_kind(*SEARCHED):
        if isinstance(table.model._meta.get_field(name), models.JSONField):
            rows = rows.annotate(**{f"{name}_as_text": as_text(name)})
            for text in names.texts:
                found |= holds_text(f"{name}_as_text", text, lookup="icontains")
        else:
            for text in names.texts:
                found |= Q(**{f"{name}__icontains": text})
    return rows.filter(found) if found else rows.none()


def mentioned_in(table: Table, row: Any, names: Names) -> list[str]:
    """The fields of the row that name the person."""
    found = []
    for name in table.of_kind(*SEARCHED):
        value = getattr(row, name)
        if value and value != names.replaced_within(value):
            found.append(name)
    return found
