"""What may be written of suppliers, contracts and business functions."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.people.models import User
from pmo.core.records.services import create_record, update_record
from pmo.core.records.trees import create_in_tree, update_in_tree
from portfolio.models import BusinessFunction, ProgrammeFunction, ProgrammeMeasure
from projects.models import Contract, Supplier
from projects.services.suppliers import update_contract
from tests.suppliers.build import DAY, Cast, contract, programme, supplier

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    with translation.override("en"):
        yield Cast()


def actor(user):
    return actor_of(User.objects.get(pk=user.pk))


def function(name, parent=None):
    return create_in_tree(actor=SYSTEM, row=BusinessFunction(name_en=name, parent=parent))


def test_a_supplier_has_a_name_a_code_of_its_own_and_is_nobodys_own_backup(cast):
    with pytest.raises(ValidationError, match="Give a name"):
        create_record(actor=SYSTEM, row=Supplier(code="S-1"))
    first = supplier(code="S-1")
    with pytest.raises(ValidationError) as taken:
        supplier(code="S-1")
    assert set(taken.value.error_dict) == {"code"}
    with pytest.raises(ValidationError, match="cannot stand in for itself"):
        update_record(actor=SYSTEM, row=first, values={"backup_for": first})
    second = supplier(backup_for=first)
    assert list(first.backups.all()) == [second]
    assert create_record(actor=SYSTEM, row=Supplier(name_zh="供应商")).code.startswith("SUP-")


def test_dates_are_in_order(cast):
    before = DAY - datetime.timedelta(days=1)
    with pytest.raises(ValidationError, match="ends before it begins"):
        supplier(qualified_on=DAY, qualified_until=before)
    with pytest.raises(ValidationError, match="ends before it starts"):
        contract(supplier(), starts_on=DAY, ends_on=before)
    assert contract(supplier(qualified_on=DAY, qualified_until=DAY), starts_on=DAY, ends_on=DAY).pk


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://example.org/", "example.org"])
def test_an_address_is_one_of_the_web(cast, address):
    with pytest.raises(ValidationError) as refused:
        supplier(website=address)
    assert set(refused.value.error_dict) == {"website"}
    assert supplier(website="https://example.org/offer").website == "https://example.org/offer"


def test_amounts_are_not_negative_and_a_contract_needs_a_supplier(cast):
    with pytest.raises(ValidationError) as refused:
        contract(supplier(), amount=-1)
    assert set(refused.value.error_dict) == {"amount"}
    with pytest.raises(ValidationError) as nobody:
        create_record(actor=SYSTEM, row=Contract(title="Contract"))
    assert set(nobody.value.error_dict) == {"supplier"}


def test_only_the_pmo_takes_a_contract_from_its_project(cast):
    row = contract(supplier(), cast.project)
    with pytest.raises(ValidationError, match="Only the PMO"):
        update_contract(actor=actor(cast.pm), row=row, values={"project": None})
    row.refresh_from_db()
    assert row.project == cast.project
    update_contract(actor=actor(cast.pm), row=row, values={"title": "Towers"})
    update_contract(actor=actor(cast.pmo), row=row, values={"project": None})
    row.refresh_from_db()
    assert (row.title, row.project) == ("Towers", None)
    assert AuditEntry.objects.filter(model="projects.contract", object_id=row.pk, action="update").count() == 2


def test_business_functions_are_a_tree_without_cycles(cast):
    area = function("Area")
    below = function("Below", area)
    lowest = function("Lowest", below)
    assert lowest.path == f"/{area.pk}/{below.pk}/{lowest.pk}/"
    for parent in (area, below, lowest):
        area.refresh_from_db()
        with pytest.raises(ValidationError) as refused:
            update_in_tree(actor=SYSTEM, row=area, values={"parent": parent})
        assert set(refused.value.error_dict) == {"parent"}
    other = function("Other")
    update_in_tree(actor=SYSTEM, row=BusinessFunction.objects.get(pk=below.pk), values={"parent": other})
    lowest.refresh_from_db()
    assert lowest.path == f"/{other.pk}/{below.pk}/{lowest.pk}/"


def test_a_programme_serves_a_function_once_and_has_codes_of_its_own(cast):
    first, second, area = programme(cast), programme(cast), function("Area")
    create_record(actor=SYSTEM, row=ProgrammeFunction(programme=first, function=area))
    with pytest.raises(ValidationError):
        create_record(actor=SYSTEM, row=ProgrammeFunction(programme=first, function=area))
    for row in (first, second):
        create_record(actor=SYSTEM, row=ProgrammeMeasure(programme=row, code="M-1", description="Measure"))
    with pytest.raises(ValidationError):
        create_record(actor=SYSTEM, row=ProgrammeMeasure(programme=first, code="M-1", description="Again"))
