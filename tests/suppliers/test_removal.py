"""A supplier whose contracts are not closed stays, on every way to the trash; the refusal names the contracts."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.people.models import User
from pmo.core.records.services import delete_record, update_record
from pmo.core.registers.undo.models import UndoEntry
from projects.models import Contract, Supplier
from projects.services.suppliers import delete_supplier
from tests.conftest import UserClient, client_of
from tests.registers.pages import text, url
from tests.suppliers.build import Cast, contract, supplier

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def pmo(cast: Cast) -> UserClient:
    return client_of(User.objects.get(pk=cast.pmo.pk))


def living(*rows: Supplier) -> list[Supplier]:
    return [row for row in rows if Supplier.objects.filter(pk=row.pk).exists()]


def test_the_page_names_the_contracts_and_leads_to_them(cast: Cast, pmo: UserClient) -> None:
    firm = supplier(name_en="Firm & Sons")
    active = contract(firm, cast.project, title="Towers <tall>")
    draft = contract(firm, state=Contract.State.DRAFT)
    closed = contract(firm, state=Contract.State.CLOSED)
    answer = pmo.post(url("delete", "suppliers", pk=firm.pk), {"version": firm.version}, follow=True)
    assert living(firm) == [firm]
    toast = next(part for part in answer.content.decode().split('class="toast-text">')[1:] if "Not deleted" in part)
    toast = toast[: toast.index("</div>")]
    assert "“Firm &amp; Sons” still has 2 contracts that are not closed:" in toast
    assert f"{active.code} Towers &lt;tall&gt;, {draft.code} {draft.title}." in toast
    assert closed.code not in toast
    link = f"{reverse('register-list', kwargs={'key': 'contracts'})}?supplier={firm.pk}&state=draft&state=active"
    assert f'<a href="{escape(link)}">' in toast
    rows = pmo.get("/api/v1/contracts/", {"supplier": firm.pk, "state": ["draft", "active"]}).json()["results"]
    assert {row["code"] for row in rows} == {active.code, draft.code}


def test_the_api_and_many_at_once_are_refused_alike(cast: Cast, pmo: UserClient) -> None:
    bound, free = supplier(), supplier()
    deal = contract(bound, cast.project)
    answer = pmo.delete(f"/api/v1/suppliers/{bound.pk}/", headers={"If-Match": "*"})
    assert answer.status_code == 400
    assert deal.code in answer.content.decode()
    rows = [f"{row.pk}:{row.version}" for row in (bound, free)]
    page = pmo.post(url("bulk", "suppliers"), {"act": "delete", "row": rows, "step": "run"}, follow=True)
    assert deal.code in text(page)
    assert living(bound, free) == [bound]
    assert UndoEntry.objects.get().changed == 1
    assert not AuditEntry.objects.filter(model="projects.supplier", object_id=bound.pk, action="delete").exists()


def test_a_supplier_goes_when_its_contracts_are_closed_or_gone(cast: Cast) -> None:
    firm = supplier()
    first, second = contract(firm), contract(firm)
    with translation.override("en"), pytest.raises(ValidationError, match="2 contracts that are not closed"):
        delete_supplier(actor=SYSTEM, row=firm)
    update_record(actor=SYSTEM, row=first, values={"state": Contract.State.CLOSED})
    with translation.override("en"), pytest.raises(ValidationError, match="1 contract that is not closed"):
        delete_supplier(actor=SYSTEM, row=firm)
    delete_record(actor=SYSTEM, row=second)
    delete_supplier(actor=SYSTEM, row=firm)
    assert living(firm) == []


def test_many_contracts_are_counted_and_those_that_are_not_visible_are_not_named(cast: Cast) -> None:
    firm = supplier()
    mine = contract(firm, cast.project)
    others = [contract(firm, cast.another()) for _ in range(6)]
    with translation.override("en"):
        with pytest.raises(ValidationError) as told:
            delete_supplier(actor=SYSTEM, row=firm)
        assert "and 2 more." in told.value.messages[0]
        with pytest.raises(ValidationError) as part:
            delete_supplier(actor=actor_of(User.objects.get(pk=cast.pm.pk)), row=firm)
    assert f"{mine.code} {mine.title} and 6 more." in part.value.messages[0]
    assert not any(row.code in part.value.messages[0] for row in others)
