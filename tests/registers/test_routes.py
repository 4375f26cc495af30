"""Every address of every register, asked by nobody, by somebody without roles, and by the administrator."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from pmo.core.access.api import permission_of
from pmo.core.access.roles import READER, roles_holding
from pmo.core.registers.declaration import Register, all_registers, get_register
from pmo.core.registers.routes import Route, register_routes, routes_of
from tests.conftest import UserClient
from tests.walks import each

pytestmark = pytest.mark.django_db
REGISTERS = all_registers()
every_register = pytest.mark.parametrize("key", each(register.key for register in REGISTERS))
# A number no row has: asked for it, everybody gets 404, and nothing of the row is needed to know that.
NO_ROW = 999_999


def call(client: Client, method: str, route: Route) -> Any:
    address = reverse(route.name, kwargs={**route.kwargs, **({"pk": NO_ROW} if route.needs_row else {})})
    return getattr(client, method.lower())(address, headers={"If-Match": '"1"'})


@every_register
def test_nobody_gets_in(client: Client, key: str) -> None:
    register = get_register(key)
    for route in routes_of(register):
        for method in route.methods:
            response = call(client, method, route)
            if route.name.startswith("api-"):
                assert response.status_code == 401, route
            else:
                assert response.status_code == 302, route
                assert response["Location"].startswith("/login?next="), route


@every_register
def test_the_administrator_reaches_everything(pmo_admin: UserClient, key: str) -> None:
    register = get_register(key)
    for route in routes_of(register):
        for method in route.methods:
            response = call(pmo_admin, method, route)
            expected = {404} if route.needs_row else {200, 302, 400, 415, 422}
            assert response.status_code in expected, (route, method, response.content[:300])


def needed(register: Register, route: Route, method: str) -> str | None:
    """The permission without which the collection's address refuses."""
    if route.name == "register-create" or (route.name == "api-register-list" and method == "POST"):
        return permission_of(register.model, "add")
    if route.name == "api-register-list" and method == "PATCH":
        return permission_of(register.model, "change")
    if route.name == "register-trash":
        return permission_of(register.model, "delete")
    return None if register.visible else permission_of(register.model, "view")


@every_register
def test_without_the_permission_it_is_403(outsider: UserClient, key: str) -> None:
    register = get_register(key)
    for route in routes_of(register):
        if route.needs_row:
            continue
        for method in route.methods:
            permission = needed(register, route, method)
            allowed = permission is None or READER in roles_holding(permission)
            response = call(outsider, method, route)
            assert (response.status_code == 403) is not allowed, (route, method, permission)


@every_register
def test_other_methods_are_refused(pmo_admin: UserClient, key: str) -> None:
    register = get_register(key)
    for route in routes_of(register):
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(route.methods):
            assert call(pmo_admin, method, route).status_code == 405, (route, method)


def test_every_register_has_its_routes() -> None:
    by_key: dict[str, set[str]] = {}
    for route in register_routes():
        by_key.setdefault(route.kwargs["key"], set()).add(route.name)
    assert set(by_key) == {register.key for register in all_registers()}
    for names in by_key.values():
        assert {"register-list", "register-detail", "register-export"} <= names


def test_fields_that_registers_name_exist() -> None:
    """Columns, filters and search of every register compile to SQL."""
    from django.http import QueryDict

    from pmo.core.registers.fields import bound_columns
    from pmo.core.registers.queries import filtered, ordered
    from pmo.core.registers.state import read_state, search_fields
    from pmo.core.registers.sums import total_sums
    from tests import factories

    user = factories.user()
    for register in all_registers():
        columns = [bound.name for bound in bound_columns(register)]
        sortable = [bound.name for bound in bound_columns(register) if bound.sortable]
        for start in range(0, len(sortable), 4):
            query = QueryDict(mutable=True)
            query["columns"] = ",".join(columns)
            if search_fields(register):
                query["q"] = "word"
            query["sort"] = ",".join(sortable[start : start + 4])
            state = read_state(register, user, query)
            assert state.errors == [], register.key
            rows = filtered(state)
            assert list(ordered(state, rows)) == []
            assert total_sums(state, rows).count == 0


def test_every_model_of_a_register_is_installed() -> None:
    for register in all_registers():
        assert register.model in apps.get_models()
