"""What can be imported into: a target says which fields a file may fill and which records a row of it becomes.

Apps register targets from their wiring; apps above contribute fields and parts.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from pmo.core.access.api import has_any, holds_everywhere, refusal
from pmo.core.access.decisions import YES, Decision
from pmo.core.imports.fields import ImportField, Target
from pmo.core.imports.parts import DROP, Directory, Draft, Lookup, Part, Values
from pmo.core.imports.words import Choice
from pmo.core.records.models import Record

if TYPE_CHECKING:
    from pmo.core.imports.models import ImportBatch

Text = str | Promise

__all__ = [
    "DROP", "Directory", "Draft", "ImportTarget", "Lookup", "Panel", "Part", "Values", "all_targets", "contribute_parts",
    "get_target", "plain_values", "register_target", "unregister_target",
]  # fmt: skip


@dataclass(frozen=True)
class Panel:
    """Something a target shows on the page of a finished import."""

    title: Text
    template: str
    context: Mapping[str, Any]


@dataclass
class ImportTarget:
    """A register that files can be imported into. `permission` must be held in the whole organisation."""

    key: str
    label: Text
    permission: str
    main: Part
    fields: list[ImportField]
    parts: list[Part] = field(default_factory=list)
    directories: list[Directory] = field(default_factory=list)
    # Fields that only holders of a permission may fill.
    protected: Mapping[str, str] = field(default_factory=dict)
    # Name columns of the main record, for matching.
    names: tuple[str, ...] = ("name_zh", "name_en")
    presets: tuple[str, ...] = ()
    panels: Sequence[Callable[[ImportBatch], Panel | None]] = ()
    register: str = ""
    # Keys of fields in the order in which they are offered; those not named come last.
    order: tuple[str, ...] = ()
    # The address of a batch, where the target has pages of its own instead of the wizard's: it reads other than one table.
    page: str = ""

    @property
    def model(self) -> type[Record]:
        """The main record's model."""
        return self.main.model

    @property
    def all_parts(self) -> list[Part]:
        """The main record and what hangs on it, in the order of writing."""
        return [self.main, *self.parts]

    @property
    def dated(self) -> bool:
        """Whether rows can be written for a day before today."""
        return True

    @property
    def match_key(self) -> tuple[str, ...]:
        """The fields by which a row of a register is found; () where code and name are."""
        return ()

    def decision(self, user: Any) -> Decision:
        """May the user import? An import may touch any record, so the whole organisation counts."""
        return YES if holds_everywhere(user, self.permission) else refusal(self.permission)

    def engine_target(self, user: Any = None) -> Target:
        """The fields a user may fill, for the reading engine; None is the system, which may fill all."""
        hidden = (
            set()
            if user is None
            else {key for key, permission in self.protected.items() if not has_any(user, permission)}
        )
        place = {key: number for number, key in enumerate(self.order)}
        shown = [_with_labels(self, one) for one in self.fields if one.key not in hidden]
        made = Target.of(sorted(shown, key=lambda one: place.get(one.key, len(place))))
        exported, computed = self._own_exports()
        return replace(made, exported=exported, ignored=computed)

    def _own_exports(self) -> tuple[frozenset[str], frozenset[str]]:
        """Headers of the register's exports, and those that nobody can fill."""
        from pmo.core.imports.register_fields import computed_headers
        from pmo.core.registers.declaration import UnknownRegisterError, get_register

        try:
            return computed_headers(get_register(self.register))
        except UnknownRegisterError:
            return frozenset(), frozenset()

    def field(self, key: str) -> ImportField | None:
        """The import field of a key."""
        return next((one for one in self.fields if one.key == key), None)

    def labels_of(self, key: str) -> dict[str, tuple[str, ...]]:
        """The labels of a field's choices in both languages, by value, as the model of a part gives them."""
        for part in self.all_parts:
            for column, source in part.source_fields:
                choices = getattr(part.model._meta.get_field(column), "flatchoices", None)
                if source == key and choices:
                    return {str(value): _in_both(label) for value, label in choices}
        return {}

    def directory(self, kind: str) -> Directory:
        """The directory of a kind; raises KeyError."""
        for one in self.directories:
            if one.kind == kind:
                return one
        raise KeyError(kind)


def _in_both(label: Any) -> tuple[str, ...]:
    texts = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            texts.append(str(label))
    return tuple(texts)


def _with_labels(target: ImportTarget, one: ImportField) -> ImportField:
    """A choice is also known by what the model itself calls it, in both languages: so exports write it."""
    labels = target.labels_of(one.key) if one.kind == "choice" else {}
    choices = [
        Choice(choice.value, tuple(dict.fromkeys((*choice.words, *labels.get(choice.value, ())))))
        for choice in one.choices
    ]
    return replace(one, choices=tuple(choices)) if labels else one


@dataclass(frozen=True)
class _Contribution:
    fields: tuple[ImportField, ...]
    parts: tuple[Part, ...]
    directories: tuple[Directory, ...]


_targets: dict[str, ImportTarget] = {}
_waiting: dict[str, list[_Contribution]] = {}
_makers: list[Callable[[str], ImportTarget | None]] = []


def register_target(target: ImportTarget) -> None:
    """Make a target known. Raises ValueError where the key is taken."""
    if target.key in _targets:
        raise ValueError(f"import target {target.key!r} is registered twice")
    _targets[target.key] = target
    for contribution in _waiting.pop(target.key, []):
        _add(target, contribution)


def unregister_target(key: str) -> None:
    """Take a target out again (tests)."""
    _targets.pop(key, None)


def contribute_parts(
    key: str, *, fields: Sequence[ImportField], parts: Sequence[Part], directories: Sequence[Directory] = ()
) -> None:
    """Add an upper app's fields and records to a target, whichever of the two is registered first."""
    contribution = _Contribution(tuple(fields), tuple(parts), tuple(directories))
    if key in _targets:
        _add(_targets[key], contribution)
    else:
        _waiting.setdefault(key, []).append(contribution)


def _add(target: ImportTarget, contribution: _Contribution) -> None:
    target.fields.extend(contribution.fields)
    target.parts.extend(contribution.parts)
    target.directories.extend(contribution.directories)


def get_target(key: str) -> ImportTarget:
    """The target of a key: one that an app registered, else that of the register. Raises LookupError."""
    own = _targets.get(key)
    target = _made(key) if own is None else _extended(own)
    if target is None:
        raise LookupError(f"no import target is called {key!r}")
    return target


def _extended(target: ImportTarget) -> ImportTarget:
    """The target with the fields that its register keeps outside the model in this installation."""
    from pmo.core.registers.declaration import UnknownRegisterError, get_register

    try:
        declared = get_register(target.register or target.key)
    except UnknownRegisterError:
        return target
    added = declared.beside.importing() if declared.beside is not None else ()
    if not added:
        return target
    extended = copy.copy(target)
    extended.fields = [*target.fields, *(one for one, _part in added)]
    extended.parts = [*target.parts, *(part for _one, part in added)]
    extended.protected = {**target.protected, **_rights(declared)}
    return extended


def _rights(declared: Any) -> dict[str, str]:
    from pmo.core.imports.register_fields import rights_beside

    return rights_beside(declared)


def target_of_register(key: str) -> ImportTarget | None:
    """The target that fills a register, None where nothing can be imported into it."""
    own = next((target for target in _targets.values() if (target.register or target.key) == key), None)
    return _made(key) if own is None else _extended(own)


def all_targets() -> list[ImportTarget]:
    """Every target of one table: those that apps registered in their order, then those of the other registers by title."""
    from pmo.core.registers.declaration import all_registers

    own = {target.register or key for key, target in _targets.items()} | set(_targets)
    made = [_made(declared.key) for declared in all_registers() if declared.key not in own]
    of_tables = [target for target in _targets.values() if not target.page]
    return [*of_tables, *sorted((one for one in made if one is not None), key=lambda one: str(one.label))]


def paged_targets() -> list[ImportTarget]:
    """The targets with pages of their own."""
    return [target for target in _targets.values() if target.page]


def make_with(maker: Callable[[str], ImportTarget | None]) -> None:
    """Say who makes the target of a register that no app gave one of its own; called from the wiring."""
    _makers[:] = [maker]


def _made(key: str) -> ImportTarget | None:
    """The target made from a register, None where there is none or nothing can be imported into it."""
    return next((made for maker in _makers if (made := maker(key)) is not None), None)


def plain_values(columns: Mapping[str, str]) -> Callable[[Draft, Any], Values]:
    """`Part.values` for a record whose columns take the fields' values as they are: {import field: column}."""

    def values(draft: Draft, old: Any) -> Values:
        found = {column: draft.get(key) for key, column in columns.items()}
        return {column: value for column, value in found.items() if value is not None}

    return values
