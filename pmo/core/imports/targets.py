"""What can be imported into: a target says which fields a file may fill and which records a row of it becomes.

Apps register targets from their wiring; apps above contribute fields and parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from pmo.core.access.api import has_any
from pmo.core.imports.fields import ImportField, Target
from pmo.core.imports.parts import DROP, Directory, Draft, Lookup, Part, Values
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

    @property
    def model(self) -> type[Record]:
        """The main record's model."""
        return self.main.model

    @property
    def all_parts(self) -> list[Part]:
        """The main record and what hangs on it, in the order of writing."""
        return [self.main, *self.parts]

    def engine_target(self, user: Any = None) -> Target:
        """The fields a user may fill, for the reading engine; None is the system, which may fill all."""
        hidden = (
            set()
            if user is None
            else {key for key, permission in self.protected.items() if not has_any(user, permission)}
        )
        place = {key: number for number, key in enumerate(self.order)}
        shown = [one for one in self.fields if one.key not in hidden]
        return Target.of(sorted(shown, key=lambda one: place.get(one.key, len(place))))

    def field(self, key: str) -> ImportField | None:
        """The import field of a key."""
        return next((one for one in self.fields if one.key == key), None)

    def directory(self, kind: str) -> Directory:
        """The directory of a kind; raises KeyError."""
        for one in self.directories:
            if one.kind == kind:
                return one
        raise KeyError(kind)


@dataclass(frozen=True)
class _Contribution:
    fields: tuple[ImportField, ...]
    parts: tuple[Part, ...]
    directories: tuple[Directory, ...]


_targets: dict[str, ImportTarget] = {}
_waiting: dict[str, list[_Contribution]] = {}


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
    """The target of a key; raises LookupError."""
    try:
        return _targets[key]
    except KeyError:
        raise LookupError(f"no import target is called {key!r}") from None


def all_targets() -> list[ImportTarget]:
    """Every target, in the order of registration."""
    return list(_targets.values())


def plain_values(columns: Mapping[str, str]) -> Callable[[Draft, Any], Values]:
    """`Part.values` for a record whose columns take the fields' values as they are: {import field: column}."""

    def values(draft: Draft, old: Any) -> Values:
        found = {column: draft.get(key) for key, column in columns.items()}
        return {column: value for column, value in found.items() if value is not None}

    return values
