"""A formula is tried while it is typed: the fault and its place, or what it gives in example rows."""

from __future__ import annotations

import pytest
from django.urls import reverse

from pmo.core.access.roles import Role
from tests import factories
from tests.conftest import UserClient, client_of
from tests.custom_fields.making import field
from tests.registers.pages import text, url

pytestmark = pytest.mark.django_db


def tried(client: UserClient, formula: str, register: str = "projects", code: str = "") -> str:
    page = client.get(reverse("custom-field-try"), {"formula": formula, "register": register, "code": code})
    assert page.status_code == 200
    return text(page)


def test_the_form_asks_while_it_is_typed(pmo_admin: UserClient) -> None:
    page = pmo_admin.get(url("create", "custom-fields")).content.decode()
    assert f'hx-get="{reverse("custom-field-try")}"' in page
    assert "input changed delay:400ms" in page
    assert 'id="formula-trial"' in page


def test_faults_name_their_place_and_rows_their_result(pmo_admin: UserClient) -> None:
    factories.organisation()
    row = factories.project(code="P-1", name_en="Harbour", name_zh="")
    assert tried(pmo_admin, "") == ""
    assert "letter 5" in tried(pmo_admin, "1 + nothing")
    assert "Choose the register first." in tried(pmo_admin, "1 + 1", register="nowhere")
    found = tried(pmo_admin, "round(10 / 4, 1)")
    assert "Number" in found and "2.5" in found and str(row) in found
    assert "Yes" in tried(pmo_admin, 'code = "P-1"')


def test_a_field_does_not_read_itself_and_money_says_its_currency(pmo_admin: UserClient) -> None:
    field("fee", "money", currency="EUR")
    assert "EUR" in tried(pmo_admin, "cf_fee * 2")
    made = field("double", "formula", formula="cf_fee * 2")
    assert "letter 1" in tried(pmo_admin, "cf_double + 1", code=made.code)
    assert "You see no row" in tried(pmo_admin, "cf_fee * 2")


def test_letters_are_shown_never_run(pmo_admin: UserClient) -> None:
    page = pmo_admin.get(reverse("custom-field-try"), {"formula": "<script>1</script>", "register": "projects"})
    assert "<script>" not in page.content.decode()


def test_who_defines_no_fields_tries_none() -> None:
    for role in (Role.PMO_ANALYST, Role.PROJECT_MANAGER):
        client = client_of(factories.user(role))
        assert client.get(reverse("custom-field-try"), {"formula": "1"}).status_code == 403
