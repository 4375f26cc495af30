"""A target of imports made from a register's declaration."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from pmo.core.access.api import permission_of
from pmo.core.access.decisions import Decision
from pmo.core.history.models import version_of
from pmo.core.imports.fields import Target
from pmo.core.imports.header_words import read_header
from pmo.core.imports.parts import Part
from pmo.core.imports.register_fields import (
    Spec,
    ignored_headers,
    import_field,
    rights_beside,
    specs_of,
    unreadable,
)
from pmo.core.imports.register_keys import key_of_register
from pmo.core.imports.targets import ImportTarget
from pmo.core.records.models import Record
from pmo.core.records.services import create_record, update_record
from pmo.core.registers.access import may_add
from pmo.core.registers.declaration import Register, UnknownRegisterError, get_register
from pmo.core.registers.fields import protected_fields

Text = str | Promise


def why_not(register: Register) -> Text:
    """Why nothing can be imported into a register; "" where it can."""
    if register.read_only or not register.creatable or not register.form_fields:
        return _("Rows of this register are made by the system.")
    if not issubclass(register.model, Record):
        return _("Rows of this register are no records.")
    if unreadable(register):
        return _("A row of this register is a file.")
    return ""


# Made when first asked for, because apps above may still add columns while the product starts.
_made: dict[str, RegisterTarget] = {}


def target_made_for(key: str) -> RegisterTarget | None:
    """The target of a register, None where there is no such register or nothing can be imported into it."""
    try:
        declared = get_register(key)
    except UnknownRegisterError:
        return None
    if why_not(declared):
        return None
    if key not in _made or _made[key].declared is not declared:
        _made[key] = RegisterTarget(declared)
    return _made[key]


def _takes_day(service: Callable[..., Any]) -> bool:
    return "day" in inspect.signature(service).parameters


class RegisterTarget(ImportTarget):
    """See `ImportTarget`; the permission to add rows of the register somewhere is enough."""

    def __init__(self, declared: Register) -> None:
        self.declared = declared
        self.key_fields = key_of_register(declared)
        specs = specs_of(declared, self.key_fields)
        beside = declared.beside.importing() if declared.beside is not None else ()
        self.specs: dict[str, Spec] = {spec.key: spec for spec in specs}
        super().__init__(
            key=declared.key,
            label=declared.title,
            permission=permission_of(declared.model, "add"),
            main=self._main(specs),
            fields=[*(import_field(spec) for spec in specs), *(one for one, _part in beside)],
            parts=[part for _one, part in beside],
            protected={
                name: str(bound.column.permission)
                for name, bound in protected_fields(declared).items()
                if name in self.specs
            }
            | rights_beside(declared),
            names=(),
            register=declared.key,
        )

    def _main(self, specs: list[Spec]) -> Part:
        sources: dict[str, Any] = {}
        for spec in specs:
            for column in spec.columns:
                sources[column] = (*sources.get(column, ()), spec.key)
        for column, keys in sources.items():
            sources[column] = tuple(sorted(keys, key=lambda key: self.specs[key].pair is not None))
        return Part("main", self.declared.model, lambda draft, old: None, sources=sources)  # type: ignore[arg-type]

    @property
    def match_key(self) -> tuple[str, ...]:
        """The fields that say which row is meant."""
        return self.key_fields

    @property
    def code(self) -> str:
        """The field of the register's code, "" where it has none."""
        return self.declared.code_field if self.declared.code_field in self.specs else ""

    @cached_property
    def identity(self) -> tuple[str, ...]:
        """Fields that say what a row is: its code, its names, then its key."""
        primary = self.declared.primary.field
        names = [primary, f"{primary}_zh", f"{primary}_en", "title", "name", "name_zh", "name_en", *self.key_fields]
        found = [name for name in dict.fromkeys(names) if name in self.specs and name != self.code]
        code = self.code or next(iter(found), next(iter(self.specs)))
        return (code, *(name for name in found if name != code))

    @cached_property
    def relations(self) -> list[Any]:
        """Foreign keys of the model."""
        return [f for f in self.model._meta.concrete_fields if f.is_relation]

    @cached_property
    def protected_columns(self) -> dict[str, str]:
        """Columns that need a permission on the row, with it."""
        own = {key: permission for key, permission in self.protected.items() if key in self.specs}
        return {self.specs[key].column: permission for key, permission in own.items()}

    @property
    def scope(self) -> str:
        """The column that says which project (portfolio, unit) a row belongs to, "" where a form cannot change it."""
        kind, path = self.model.access_scope
        return path if kind != "organisation" and path.removesuffix("_id") in self.specs else ""

    @property
    def has_services(self) -> bool:
        """Whether the register writes rows by services of its own."""
        return self.declared.create is not None or self.declared.update is not None

    @property
    def one_by_one(self) -> bool:
        """Whether rows are written one at a time: by services with rules of their own, or because rows name each other."""
        own = any(f.related_model is self.model for f in self.relations)
        return self.has_services or own

    @property
    def dated(self) -> bool:
        """Whether rows can be written for a day before today."""
        services = (self.declared.create, self.declared.update)
        return version_of(self.model) is not None and all(one is None or _takes_day(one) for one in services)

    @property
    def create(self) -> Callable[..., Any]:
        """The service that saves a new row."""
        return self.declared.create or create_record

    @property
    def update(self) -> Callable[..., Any]:
        """The service that changes a row."""
        return self.declared.update or update_record

    def decision(self, user: Any) -> Decision:
        """May the user import? Who may add rows may; what of each row is decided when it is checked."""
        return may_add(self.declared, user)

    def engine_target(self, user: Any = None) -> Target:
        """See `ImportTarget.engine_target`."""
        shown = super().engine_target(user)
        words = {read_header(alias).name for one in shown.fields.values() for alias in (*one.aliases, str(one.label))}
        return dataclasses.replace(
            shown,
            code=self.identity[0],
            names=tuple(name for name in self.identity[1:] if name in shown.fields),
            generic=True,
            key=self.key_fields,
            ignored=ignored_headers(self.declared, words),
            exported=frozenset(),
            dated=self.dated,
        )
