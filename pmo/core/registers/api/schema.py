"""The OpenAPI document: registers are looked up by key, so their addresses are added here one by one."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator

from pmo.core.registers.api.views import views_of
from pmo.core.registers.declaration import Register, all_registers, get_register

ROOT = "/api/v1"
# By language: the registers that were described, and the document.
_made: dict[str | None, tuple[list[Register], Any]] = {}


class RegisterSchemaGenerator(SchemaGenerator):
    """Adds the addresses of every register that has an API. The document for everybody is made once for each language."""

    def get_schema(self, request: Any = None, public: bool = False) -> Any:
        """The document; where it is the same for everybody, the one made before unless a register has other fields now."""
        if not public:
            return super().get_schema(request, public)
        registers = [_installed(register) for register in all_registers()]
        kept = _made.get(get_language())
        if kept is None or [id(one) for one in kept[0]] != [id(one) for one in registers]:
            kept = _made[get_language()] = registers, super().get_schema(request, public)
        return kept[1]

    def _initialise_endpoints(self) -> None:
        if self.endpoints is not None:
            return
        super()._initialise_endpoints()
        made: list[tuple[str, str, str, Any]] = []
        for register in all_registers():
            if not register.api:
                continue
            collection, item = views_of(_installed(register))
            made += _endpoints(f"{ROOT}/{register.key}/", collection)
            made += _endpoints(f"{ROOT}/{register.key}/{{id}}/", item)
        self.endpoints: Any = [*(self.endpoints or []), *made]


def _installed(register: Register) -> Register:
    """The register with the installation's own fields; as the product declares it where no database answers (checks, CI)."""
    try:
        return get_register(register.key)
    except DatabaseError:
        return register


def _endpoints(path: str, view: Any) -> list[tuple[str, str, str, Any]]:
    callback = view.as_view()
    methods = [name for name in view.http_method_names if name not in {"head", "options"}]
    return [(path, path, method.upper(), callback) for method in methods]
