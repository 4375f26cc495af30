"""Every address of every register, for the test that asks each one about permissions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pmo.core.records.models import Record
from pmo.core.registers.declaration import Register, all_registers
from pmo.core.registers.undo.services import undoable


@dataclass(frozen=True)
class Route:
    """A route name, its arguments (pk left out where the test must give one) and the methods it takes."""

    name: str
    kwargs: dict[str, Any] = field(default_factory=dict)
    methods: tuple[str, ...] = ("GET",)
    needs_row: bool = False


def register_routes() -> list[Route]:
    """All of them, by register."""
    return [route for register in all_registers() for route in routes_of(register)]


def routes_of(register: Register) -> list[Route]:
    """The addresses one register has."""
    key = {"key": register.key}
    kept = issubclass(register.model, Record) and not register.read_only
    found = [
        Route("register-list", key),
        Route("register-columns", key, ("POST",)),
        Route("register-export", {**key, "kind": "csv"}),
        Route("register-export", {**key, "kind": "xlsx"}),
        Route("register-export", {**key, "kind": "pdf"}),
        Route("register-export-job", {**key, "kind": "csv"}, ("POST",)),
        Route("register-detail", key, needs_row=True),
    ]
    if issubclass(register.model, Record):
        found.append(Route("register-tab", {**key, "tab": "history"}, needs_row=True))
    if kept and register.form_fields:
        found.append(Route("register-edit", key, ("GET", "POST"), needs_row=True))
        found += [
            Route("register-cell", {**key, "field": name}, ("GET", "POST"), needs_row=True)
            for name in register.inline_fields
        ]
        if register.creatable:
            found.append(Route("register-create", key, ("GET", "POST")))
    if kept and register.deletable:
        found += [
            Route("register-trash", key),
            Route("register-delete", key, ("POST",), needs_row=True),
            Route("register-restore", key, ("POST",), needs_row=True),
        ]
    return [*found, *_api_routes(register, kept)]


def _api_routes(register: Register, kept: bool) -> list[Route]:
    if not register.api:
        return []
    key = {"key": register.key}
    written = kept and bool(register.form_fields)
    adds, many = written and register.creatable, written and undoable(register)
    collection = ("GET", *(("POST",) if adds else ()), *(("PATCH",) if many else ()))
    item = ("GET", *(("PUT", "PATCH") if written else ()), *(("DELETE",) if kept and register.deletable else ()))
    return [Route("api-register-list", key, collection), Route("api-register-item", key, item, needs_row=True)]
