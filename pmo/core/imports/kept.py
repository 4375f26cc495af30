"""Kept mappings as files: what one says, taking one in, and renaming it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.imports.fields import Target
from pmo.core.imports.mapping import Mapping, MappingError
from pmo.core.imports.mapping_json import dump_mapping, load_mapping, load_mapping_text
from pmo.core.imports.models import ImportMapping
from pmo.core.imports.services import require, save_mapping
from pmo.core.imports.targets import ImportTarget, all_targets, get_target
from pmo.core.imports.texts import say_message
from pmo.core.records.services import update_record

LARGEST = 200_000


@dataclass(frozen=True)
class SpecLine:
    """One field of a mapping: its label, where its value comes from, and what is done to it."""

    field: Any
    source: str
    words: Sequence[tuple[str, str]]
    notes: Sequence[str]
    known: bool


def spec_lines(mapping: Mapping, target: Target | None) -> list[SpecLine]:
    """The mapping in words; `known` is False for a field that the register has no more."""
    lines = []
    for key, source in mapping.fields.items():
        one = target.fields.get(key) if target is not None else None
        lines.append(
            SpecLine(
                one.label if one is not None else key,
                _("always “%(text)s”") % {"text": source.constant} if source.combine == "constant" else source.title,
                tuple(source.value_map.items()),
                tuple(_notes(source)),
                one is not None,
            )
        )
    return lines


def _notes(source: Any) -> list[str]:
    notes = []
    if source.combine == "first":
        notes.append(_("the first that is filled"))
    if source.scale != 1:
        notes.append(
            _("times %(number)s")
            % {
                "number": f"{source.scale:,f}".rstrip("0").rstrip(".")
                if "." in f"{source.scale:f}"
                else f"{source.scale:,f}"
            }
        )
    if source.currency:
        notes.append(source.currency)
    if source.create_parent:
        notes.append(_("missing ones are created"))
    return notes


def readable(row: ImportMapping) -> Mapping | None:
    """What a kept mapping says, None where it cannot be read any more."""
    try:
        return load_mapping(row.spec)
    except MappingError:
        return None


def target_or_none(key: str) -> ImportTarget | None:
    """The target of a mapping, None where its register is gone."""
    try:
        return get_target(key)
    except LookupError:
        return None


def presets() -> list[tuple[str, ImportTarget]]:
    """Mappings that come with the product: (name, the target it is for)."""
    return [(name, target) for target in all_targets() for name in target.presets]


def take_in(*, actor: Actor, text: bytes, name: str, target: str, replace_existing: bool = False) -> ImportMapping:
    """Keep a mapping from the text of a JSON file. Raises ValidationError naming every mistake, Refused.

    `name` empty: the name in the file.
    """
    require(actor, get_target(target))
    if len(text) > LARGEST:
        raise ValidationError({"file": _("This is too large to be a mapping.")})
    try:
        mapping = load_mapping_text(text)
    except MappingError as error:
        told = [
            f"{issue.path}: {say_message(issue.message)}" if issue.path else say_message(issue.message)
            for issue in error.issues
        ]
        raise ValidationError({"file": told}) from error
    unknown = sorted(set(mapping.fields) - set(get_target(target).engine_target(actor.user).fields))
    if unknown:
        text_of = _("This register has no such fields: %(fields)s") % {"fields": ", ".join(unknown)}
        raise ValidationError({"file": text_of})
    try:
        return save_mapping(
            actor=actor, name=name or mapping.name, target=target, mapping=mapping, replace_existing=replace_existing
        )
    except ValidationError as error:
        raise ValidationError({"name": error.messages}) from error


def rename_mapping(
    *, actor: Actor, row: ImportMapping, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> ImportMapping:
    """Change a kept mapping; the name inside follows. Raises ValidationError by field, StaleRecord."""
    name = " ".join(str(values.get("name", row.name)).replace("\x00", "").split())
    if not name:
        raise ValidationError({"name": _("Give the mapping a name.")})
    inside = readable(row)
    spec = row.spec if inside is None else dump_mapping(replace(inside, name=name))
    return update_record(
        actor=actor,
        row=row,
        values={**values, "name": name, "spec": spec},
        expected_version=expected_version,
        reason=reason,
    )
