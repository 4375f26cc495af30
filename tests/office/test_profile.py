"""The profile of a PMO: figures that equal the rows they open, a constant number of queries, the rules of the type."""

from __future__ import annotations

import datetime
import html

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from office.models import PMOUnit
from office.queries.units import governance_of_the_organisation
from office.services.units import delete_unit
from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.decision_rights.governance import Governance, governance
from pmo.core.records.services import update_record
from pmo.core.records.trees import create_in_tree
from portfolio.models import HealthSnapshot, Personal, Portfolio, ReportPeriod
from portfolio.services.health.models import ensure_default_model
from tests import factories
from tests.office.conftest import browser

DAY = datetime.date(2026, 11, 20)


def snapshot(project, band="green", late=False):
    model = ensure_default_model()
    if late:
        ReportPeriod.objects.create(
            project=project,
            portfolio=Portfolio.objects.get_or_create(code="PF-LATE", name_en="Late")[0],
            cycle="weekly",
            period_start=DAY - datetime.timedelta(days=11),
            period_end=DAY - datetime.timedelta(days=5),
            due_on=DAY - datetime.timedelta(days=4),
        )
    return HealthSnapshot.objects.create(project=project, date=DAY, model=model, band=band)


@pytest.fixture
def computed(office, monkeypatch):
    """Four projects: two of the automotive unit, one late, one grey; one managed by the head of the personal PMO."""
    monkeypatch.setattr("portfolio.queries.reporting.org_today", lambda: DAY)
    pm = factories.person()
    snapshot(factories.project(unit=office.auto))
    snapshot(factories.project(unit=office.auto), late=True)
    snapshot(factories.project(unit=office.top), band="grey")
    snapshot(factories.project(pm=pm))
    office.personal = create_in_tree(
        actor=SYSTEM, row=PMOUnit(name_en="One person", level="personal", parent=office.enterprise, head=pm)
    )
    return office


def page_of(office, unit):
    return browser(office.admin).get(reverse("pmo-unit", kwargs={"pk": unit.pk}))


def test_each_level_looks_after_its_own_projects(computed):
    found = {
        name: page_of(computed, getattr(computed, name)).context["figures"]
        for name in ("enterprise", "department", "personal")
    }
    assert {name: one.projects for name, one in found.items()} == {"enterprise": 4, "department": 2, "personal": 1}
    assert found["enterprise"].with_health == 3 and found["enterprise"].reported == 3
    assert found["department"].report_share == 50.0


@pytest.mark.parametrize("name", ["enterprise", "department", "personal"])
def test_every_figure_opens_the_rows_it_counts(computed, name):
    page = page_of(computed, getattr(computed, name))
    own = page.context["figures"]
    expected = [own.projects, own.projects - own.reported, own.with_health]
    client = browser(computed.admin)
    for tile, count in zip(page.context["tiles"], expected, strict=False):
        listing = client.get(html.unescape(tile["url"])).context["listing"]
        assert listing.total == count, tile["label"]


def test_figures_follow_what_the_reader_may_see(computed):
    hidden = factories.project(unit=computed.auto, visibility="private")
    snapshot(hidden)
    stranger = factories.user()
    url = reverse("pmo-unit", kwargs={"pk": computed.department.pk})
    assert browser(stranger).get(url).context["figures"].projects == 2
    assert page_of(computed, computed.department).context["figures"].projects == 3


def test_the_office_is_the_enterprise_pmo_and_its_type_sets_the_rules(computed):
    page = browser(computed.executive).get(reverse("office"))
    assert page.context["unit"].pk == computed.enterprise.pk
    assert governance() == Governance("blocking", "due", "pmo", "line", "home")
    update_record(actor=SYSTEM, row=computed.enterprise, values={"type": "strategic"})
    assert governance_of_the_organisation().landing == "scorecard"
    update_record(actor=SYSTEM, row=computed.department, values={"type": "directive"})
    assert governance().managers == "line"


@pytest.mark.django_db
def test_without_a_pmo_the_page_says_how_to_begin():
    factories.organisation()
    assert governance() == Governance()
    add = reverse("register-create", kwargs={"key": "pmo-units"})
    assert add in browser(factories.user(Role.PMO_ADMIN)).get(reverse("office")).content.decode()
    assert add not in browser(factories.user()).get(reverse("office")).content.decode()


def test_the_number_of_queries_does_not_grow_with_units_and_projects(computed):
    def queries() -> int:
        client = browser(computed.admin)
        client.get(reverse("office"))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("office")).status_code == 200
        return len(seen)

    few = queries()
    for _ in range(12):
        create_in_tree(
            actor=SYSTEM,
            row=PMOUnit(name_en="More", parent=computed.enterprise, org_unit=factories.unit(parent=computed.top)),
        )
        snapshot(factories.project(unit=computed.auto))
    assert queries() == few


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"level": "enterprise", "name_en": "Second"}, "parent"),
        ({"level": "department"}, "name_zh"),
        ({"level": "department", "name_en": "X", "function": "other"}, "function_label"),
    ],
)
def test_a_unit_that_makes_no_sense_is_refused(office, values, field):
    with pytest.raises(ValidationError) as refused:
        create_in_tree(actor=SYSTEM, row=PMOUnit(parent=office.enterprise, **values))
    assert field in refused.value.error_dict


def test_nothing_stands_below_a_personal_pmo(computed):
    with pytest.raises(ValidationError) as refused:
        create_in_tree(actor=SYSTEM, row=PMOUnit(name_en="X", parent=computed.personal))
    assert "parent" in refused.value.error_dict


def test_a_unit_with_a_charter_or_units_below_stays(office):
    with pytest.raises(ValidationError):
        delete_unit(actor=SYSTEM, row=office.enterprise)
    delete_unit(actor=SYSTEM, row=office.department)
    assert not PMOUnit.objects.filter(pk=office.department.pk).exists()


def test_a_strategic_pmo_begins_on_the_scorecard_unless_somebody_chose_otherwise(office):
    analyst = factories.user(Role.PMO_ANALYST)
    assert browser(analyst).get(reverse("home")).status_code == 200
    update_record(actor=SYSTEM, row=office.enterprise, values={"type": "strategic"})
    assert browser(analyst).get(reverse("home")).url == reverse("scorecard")
    Personal.objects.create(user=analyst, home="pmo")
    assert browser(analyst).get(reverse("home")).status_code == 200
