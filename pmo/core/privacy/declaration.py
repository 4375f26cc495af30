"""Which fields hold a person's data: every field of every model has a kind, declared or following from its type.

Numbers, dates, flags, choices and foreign keys follow from their type: a foreign key to a person or a login is a LINK, the
rest is PLAIN. Every text and every JSON value must be declared. Version tables follow their record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from pmo.core.history.models import versioned_models


class Kind(StrEnum):
    """What a field says of a person, and so what becomes of it."""

    PLAIN = "plain"  # nothing
    LINK = "link"  # points to the person or the login; stays, and leads to the pseudonym
    IDENTITY = "identity"  # who the person is: replaced
    NAME = "name"  # a copy of the name beside a link: replaced
    TEXT = "text"  # what people write: mentions are replaced
    CONTENT = "content"  # JSON with such texts: mentions are replaced
    HIDDEN = "hidden"  # never given out; removed with its row or made useless
    INDEX = "index"  # made from other rows: made again by the room that keeps it


_TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField)
_ADDRESSES = (models.GenericIPAddressField,)
_NAMES = tuple(Kind(kind) for kind in ("plain", "identity", "name", "text", "content", "hidden", "index"))


@dataclass
class Declared:
    """What a model's own room says of it."""

    fields: dict[str, Kind] = field(default_factory=dict)
    # The link whose rows go with the person: notifications, tokens, sessions.
    gone: str = ""
    # The link to the one whose rows these are, where they do not go: what somebody wrote or set up.
    own: str = ""
    # Name copies: field -> link beside it ("" where only the text itself tells).
    beside: dict[str, str] = field(default_factory=dict)
    # (field with a model's label, field with a row's id) of rows that are about any record.
    about: tuple[str, str] | None = None
    # A path to the login whose rows these are, where no field of the table leads there.
    via: str = ""
    # A check sum that is made again after its text changed: (check sum, text).
    rehash: tuple[str, str] | None = None


class Unclassified(LookupError):
    """A field nobody has declared."""


_declared: dict[str, Declared] = {}


def declare_personal(
    label: str,
    *,
    plain: str = "",
    identity: str = "",
    name: str = "",
    text: str = "",
    content: str = "",
    hidden: str = "",
    index: str = "",
    gone: str = "",
    own: str = "",
    rehash: tuple[str, str] | None = None,
    about: tuple[str, str] | None = None,
    via: str = "",
) -> None:
    """Say of the fields of a model (names separated by blanks) what they hold; call it from the wiring.

    `name` takes `author_name:author`, the copy and the link beside it. Raises ValueError for a field named twice.
    """
    found = Declared(gone=gone, own=own, rehash=rehash, about=about, via=via)
    for kind, names in zip(_NAMES, (plain, identity, name, text, content, hidden, index), strict=True):
        for given in names.split():
            one, _, link = given.partition(":")
            if one in found.fields:
                raise ValueError(f"{label}.{one} is declared twice")
            found.fields[one] = kind
            if kind == Kind.NAME:
                found.beside[one] = link
    _declared[label.lower()] = found


def declared(model: type[models.Model]) -> Declared:
    """What was said of the model; a version table follows its record. Empty where nothing was said."""
    record = record_of(model) or model
    return _declared.get(record._meta.label_lower, Declared())


@cache
def record_of(model: type[models.Model]) -> type[models.Model] | None:
    """The record whose history the table keeps, None for every other table."""
    return next((record for record, version in versioned_models().items() if version is model), None)


def kinds_of(model: type[models.Model]) -> dict[str, Kind]:
    """The kind of every concrete field. Raises Unclassified."""
    said = declared(model).fields
    found = {}
    for one in model._meta.concrete_fields:
        kind = said.get(one.name) or _by_type(one)
        if kind is None:
            raise Unclassified(f"{model._meta.label}.{one.name}")
        found[one.name] = kind
    return found


def _by_type(one: Any) -> Kind | None:
    if one.is_relation:
        return Kind.LINK if one.related_model._meta.label_lower in {"core.person", "core.user"} else Kind.PLAIN
    if isinstance(one, _ADDRESSES):
        return None
    if isinstance(one, _TEXTS) and not one.choices:
        return None
    return Kind.PLAIN


def links_of(model: type[models.Model], target: str) -> list[str]:
    """Names of the fields that point to `core.person` or `core.user`; in a version table the plain ids kept for them."""
    record = record_of(model)
    own = record or model
    names = [
        one.attname if record else one.name
        for one in own._meta.concrete_fields
        if one.related_model is not None and one.related_model._meta.label_lower == target
    ]
    present = {one.attname for one in model._meta.concrete_fields} | {one.name for one in model._meta.concrete_fields}
    return [name for name in names if name in present]


def all_models() -> list[type[models.Model]]:
    """Every table of the installation, by label."""
    found = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return sorted(found, key=lambda model: model._meta.label)


def declared_labels() -> list[str]:
    """Labels of the models that were declared."""
    return sorted(_declared)
