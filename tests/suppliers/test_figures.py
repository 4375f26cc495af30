"""What hangs on a supplier, as each reader sees it, and the pages that say it."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pmo.core.audit.actor import SYSTEM
from pmo.core.money.models import ExchangeRate
from pmo.core.people.models import User
from pmo.core.records.services import create_record, delete_record, update_record
from portfolio.models import (
    BusinessFunction,
    Programme,
    ProgrammeContract,
    ProgrammeFunction,
    ProgrammeItem,
    ProgrammeMeasure,
    ProgrammeSupplier,
)
from portfolio.queries.functions import programmes_relying_on, purpose_of, supply_of
from projects.models import Contract, Supplier
from projects.queries import suppliers as queries
from projects.queries.suppliers import CONCENTRATED_FROM, projects_served, qualification, under_contract
from tests.conftest import client_of
from tests.suppliers.build import DAY, Cast, contract, programme, supplier

pytestmark = pytest.mark.django_db
LONG_AGO = datetime.date(2020, 1, 1)
LIST = 12
PAGE = 20


@pytest.fixture
def cast():
    return Cast()


def fresh(user):
    return User.objects.get(pk=user.pk)


def figures(user, row):
    reader = fresh(user)
    rows = Supplier.objects.annotate(served=projects_served(reader), money=under_contract(reader))
    found = rows.get(pk=row.pk)
    return found.served, found.money


def api(user, key, **query):
    answer = client_of(fresh(user)).get(f"/api/v1/{key}/", query)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def said(user, url):
    """The words of a page, its marks taken out."""
    from django.utils.html import strip_tags

    client = client_of(fresh(user))
    client.cookies["bw_language"] = "en"
    answer = client.get(url)
    assert answer.status_code == 200
    return " ".join(strip_tags(answer.content.decode()).split())


def page(row):
    return reverse("register-detail", kwargs={"key": "suppliers", "pk": row.pk})


def test_projects_in_progress_with_an_active_contract_are_counted_once_each(cast):
    row = supplier()
    contract(row, cast.project)
    contract(row, cast.project)
    contract(row, cast.another())
    contract(row, cast.another(status="closed"))
    contract(row, cast.another(), state=Contract.State.CLOSED)
    contract(row, cast.another(), state=Contract.State.DRAFT)
    contract(row)
    gone = contract(row, cast.another())
    delete_record(actor=SYSTEM, row=gone)
    assert figures(cast.pmo, row)[0] == 2
    assert figures(cast.pmo, supplier())[0] == 0
    assert figures(cast.pm, row)[0] == 1
    assert figures(cast.nobody, row)[0] == 0


def test_the_number_of_projects_leads_to_those_projects(cast):
    row, other = supplier(), supplier()
    second = cast.another()
    for project in (cast.project, second, cast.another(status="suspended")):
        contract(row, project)
    contract(other, cast.another())
    for user, expected in ((cast.pmo, {cast.project.code, second.code}), (cast.pm, {cast.project.code})):
        found = api(user, "projects", supplier=row.pk, status="in_progress")
        assert {one["code"] for one in found} == expected
        assert len(expected) == figures(user, row)[0]
    refused = client_of(fresh(cast.pmo)).get("/api/v1/projects/", {"supplier": "tower"})
    assert refused.status_code == 400


def test_money_under_contract_is_in_base_currency_and_for_those_who_may_see_it(cast):
    row = supplier()
    contract(row, cast.project, amount=Decimal(1000))
    contract(row, cast.another(), amount=Decimal(500))
    contract(row, amount=Decimal(30))
    contract(row, amount=Decimal(7), state=Contract.State.CLOSED)
    contract(row, amount=None)
    assert figures(cast.pmo, row)[1] == 1530
    assert figures(cast.executive, row)[1] == 1530
    assert figures(cast.pm, row)[1] == 1000
    assert figures(cast.team, row)[1] is None
    contract(row, amount=Decimal(10), currency="CHF")
    assert figures(cast.pmo, row)[1] is None
    create_record(
        actor=SYSTEM, row=ExchangeRate(currency="CHF", valid_from_date=LONG_AGO, rate=Decimal(8)), day=LONG_AGO
    )
    assert figures(cast.pmo, row)[1] == 1610


def test_qualification_follows_from_its_dates(cast, monkeypatch):
    today, day = DAY, datetime.timedelta(days=1)
    monkeypatch.setattr(queries, "org_today", lambda: today)
    rows = {
        "open": supplier(),
        "valid": supplier(qualified_on=today, qualified_until=today + 91 * day),
        "expiring": supplier(qualified_until=today),
        "expired": supplier(qualified_until=today - day),
    }
    found = dict(Supplier.objects.annotate(said=qualification(None)).values_list("pk", "said"))
    assert {name: found[row.pk] for name, row in rows.items()} == {name: name for name in rows}
    listed = api(cast.pmo, "suppliers", qualification="expired")
    assert [one["code"] for one in listed] == [rows["expired"].code]


def test_a_supplier_that_many_projects_hang_on_is_told_in_words(cast):
    row = supplier()
    for number in range(CONCENTRATED_FROM):
        assert "one late delivery" not in said(cast.pmo, page(row))
        contract(row, cast.project if number == 0 else cast.another())
    words = said(cast.pmo, page(row))
    assert f"Serves {CONCENTRATED_FROM} projects in progress" in words
    assert "one late delivery stops them together" in words
    assert "Nobody is named who could stand in" in words
    second = supplier(backup_for=row)
    words = said(cast.pmo, page(row))
    assert "Nobody is named who could stand in" not in words
    assert second.name_en in words
    assert "one late delivery" not in said(cast.pm, page(row))
    assert [one["code"] for one in api(cast.pmo, "suppliers", concentrated="1")] == [row.code]
    assert [one["code"] for one in api(cast.pmo, "suppliers", concentrated="0")] == [second.code]
    assert f"Concentration {CONCENTRATED_FROM}" in said(cast.pmo, "/r/suppliers/")


def test_an_expired_qualification_and_a_blocked_supplier_are_told(cast):
    row = supplier(qualified_until=LONG_AGO)
    assert "The qualification ended on" in said(cast.nobody, page(row))
    update_record(actor=SYSTEM, row=row, values={"standing": Supplier.Standing.BLOCKED, "qualified_until": None})
    words = said(cast.pmo, page(row))
    assert "The qualification ended on" not in words
    assert "still under contract" not in words
    contract(row, cast.project)
    assert "blocked and still under contract" in said(cast.pmo, page(row))


def test_a_contract_without_a_project_is_for_roles_of_the_whole_organisation(cast):
    row = supplier()
    inside, apart = contract(row, cast.project), contract(row)
    seen = {name: {one["code"] for one in api(getattr(cast, name), "contracts")} for name in ("pmo", "pm", "team")}
    assert seen == {"pmo": {inside.code, apart.code}, "pm": {inside.code}, "team": {inside.code}}
    assert api(cast.nobody, "contracts") == []
    url = reverse("register-detail", kwargs={"key": "contracts", "pk": apart.pk})
    assert client_of(fresh(cast.pm)).get(url).status_code == 404
    assert apart.title not in said(cast.pm, page(row))
    new = {"title": "Mine", "supplier": row.pk, "kind": "services", "currency": "CNY", "state": "active"}
    client = client_of(fresh(cast.pm))
    assert client.post(reverse("register-create", kwargs={"key": "contracts"}), new).status_code in {200, 403, 422}
    assert not Contract.objects.filter(title="Mine").exists()
    new["project"] = cast.project.pk
    assert client.post(reverse("register-create", kwargs={"key": "contracts"}), new).status_code == 302
    assert Contract.objects.get(title="Mine").project == cast.project


def test_amounts_are_masked_on_every_page(cast):
    row, used = supplier(), programme(cast)
    one = contract(row, cast.project, amount=Decimal("12300000.00"))
    create_record(actor=SYSTEM, row=ProgrammeContract(programme=used, contract=one))
    tab = reverse("register-tab", kwargs={"key": "projects", "pk": cast.project.pk, "tab": "contracts"})
    supply = reverse("register-tab", kwargs={"key": "programmes", "pk": used.pk, "tab": "supply"})
    for url in (page(row), tab, supply):
        assert "CNY 12.3 m" in said(cast.pmo, url)
        words = said(cast.team, url)
        assert one.title in words
        assert "CNY 12.3 m" not in words
    assert api(cast.team, "contracts")[0]["amount"] is None
    assert api(cast.team, "programme-contracts")[0]["amount"] is None
    assert Decimal(str(api(cast.pm, "contracts")[0]["amount"])) == one.amount


def test_a_programme_tells_how_many_of_its_judged_measures_are_met(cast):
    row = programme(cast)
    results = ("1_met", "1_met", "2_not_met", "3_not_yet")
    for result in results:
        create_record(actor=SYSTEM, row=ProgrammeMeasure(programme=row, description="Measure", result=result))
    area = BusinessFunction.objects.create(code="F-1", name_en="Area", path="/1/")
    create_record(actor=SYSTEM, row=ProgrammeFunction(programme=row, function=area))
    purpose = purpose_of(row, fresh(cast.pmo))
    assert (purpose.met, purpose.judged, purpose.waiting, len(purpose.functions)) == (2, 3, 1, 1)
    words = said(cast.pm, reverse("register-tab", kwargs={"key": "programmes", "pk": row.pk, "tab": "functions"}))
    assert "2 of 3 judged measures are met; 1 is not judged yet." in words
    assert len(api(cast.pm, "programme-measures", programme=row.pk, result="1_met")) == 2


def test_a_programme_tells_its_contracts_and_suppliers(cast):
    row, firm = programme(cast), supplier(qualified_until=LONG_AGO)
    inside, apart = contract(firm, cast.project), contract(firm)
    for one in (inside, apart):
        create_record(actor=SYSTEM, row=ProgrammeContract(programme=row, contract=one))
    create_record(actor=SYSTEM, row=ProgrammeSupplier(programme=row, supplier=firm))
    whole, part = (supply_of(row, fresh(user)) for user in (cast.pmo, cast.pm))
    assert {one.code for one in whole.contracts} == {inside.code, apart.code}
    assert [one.code for one in part.contracts] == [inside.code]
    assert (whole.amounts, part.amounts) == ({"CNY": 2000}, {"CNY": 1000})
    assert (whole.expired, whole.concentrated, len(part.suppliers)) == (1, 0, 1)
    assert len(api(cast.pm, "programme-contracts", programme=row.pk)) == 1
    assert api(cast.pmo, "suppliers")[0]["programmes_linked"] == 1


def test_a_supplier_tells_the_programmes_that_rely_on_it(cast):
    row, above = supplier(), programme(cast)
    below = programme(cast, parent=above)
    Programme.objects.filter(pk=below.pk).update(path=f"{above.path}{below.pk}/")
    create_record(actor=SYSTEM, row=ProgrammeSupplier(programme=above, supplier=row))
    for project in (cast.project, cast.another(), cast.another(status="closed")):
        create_record(actor=SYSTEM, row=ProgrammeItem(programme=below, project=project))
    for user, count in ((cast.pmo, 2), (cast.pm, 1)):
        assert [(one.pk, one.running) for one in programmes_relying_on(row, fresh(user))] == [(above.pk, count)]
        assert len(api(user, "projects", programme=above.pk, status="in_progress")) == count
    assert programmes_relying_on(row, fresh(cast.nobody)) == []
    tab = reverse("register-tab", kwargs={"key": "suppliers", "pk": row.pk, "tab": "programmes"})
    assert above.name_en in said(cast.pm, tab)
    assert above.name_en not in said(cast.nobody, tab)


def statements(user, url):
    client = client_of(fresh(user))
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_pages_ask_the_same_number_of_statements_for_three_rows_and_for_thirty(cast):
    row, used = supplier(), programme(cast)

    def more(count):
        for _ in range(count):
            one = contract(row, cast.another())
            create_record(actor=SYSTEM, row=ProgrammeContract(programme=used, contract=one))
            create_record(actor=SYSTEM, row=ProgrammeSupplier(programme=used, supplier=supplier(backup_for=row)))
            create_record(actor=SYSTEM, row=ProgrammeMeasure(programme=used, description="Measure"))
            create_record(actor=SYSTEM, row=ProgrammeSupplier(programme=programme(cast), supplier=row))
            contract(row, cast.project)

    tab = {
        name: reverse("register-tab", kwargs={"key": "programmes", "pk": used.pk, "tab": name})
        for name in ("functions", "supply")
    }
    pages = {
        page(row): PAGE,
        reverse("register-tab", kwargs={"key": "projects", "pk": cast.project.pk, "tab": "contracts"}): PAGE,
        reverse("register-tab", kwargs={"key": "suppliers", "pk": row.pk, "tab": "programmes"}): PAGE,
        tab["functions"]: PAGE,
        tab["supply"]: PAGE,
        **{f"/r/{key}/": LIST for key in ("suppliers", "contracts", "programme-contracts", "programme-measures")},
    }
    more(3)
    before = {(url, name): statements(getattr(cast, name), url) for url in pages for name in ("pmo", "pm")}
    more(27)
    after = {(url, name): statements(getattr(cast, name), url) for url, name in before}
    assert after == before
    assert {key: count for key, count in after.items() if count > pages[key[0]]} == {}
