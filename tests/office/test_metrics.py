"""The metric catalogue: what code declares, what the PMO may change, and that its thresholds colour the figures."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.template import Context, Template
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.charts.model import DataTable, Figure, Svg
from pmo.core.metrics import declaration
from pmo.core.metrics.declaration import MetricSpec, all_declared, declare_metrics
from pmo.core.metrics.models import MetricDefinition
from pmo.core.metrics.queries import thresholds_on
from pmo.core.metrics.services import create_metric, delete_metric, sync_metrics, update_metric
from pmo.core.records.services import update_record
from pmo.core.registers.declaration import get_register
from portfolio.calc.health import MEASURES
from portfolio.models import RollupSnapshot
from portfolio.queries.limits import limits_on
from portfolio.tiles import MEASURES as TILES
from portfolio.tiles import metric_code
from tests import factories
from tests.office.conftest import browser

DAY = datetime.date(2026, 11, 20)


@pytest.fixture(scope="module")
def catalogue_once(shared_rows):
    shared_rows(_catalogue)


@pytest.fixture
def catalogue(db, catalogue_once):
    """Every definition the product brings."""


def _catalogue():
    factories.organisation()
    sync_metrics(actor=SYSTEM)


def get(code: str) -> MetricDefinition:
    return MetricDefinition.objects.get(code=code)


def test_every_tile_and_measure_has_a_definition_in_both_languages(catalogue):
    codes = set(MetricDefinition.objects.values_list("code", flat=True))
    assert {metric_code(one.key) for one in TILES} <= codes
    assert {"HMM-" + code.upper().replace("_", "-") for code in MEASURES} <= codes
    for row in MetricDefinition.objects.all():
        assert row.name_en and row.name_zh and row.formula_en and row.calculated_in, row.code
        assert get_register(row.source), row.code
        row.full_clean()


def test_syncing_twice_changes_nothing_and_keeps_what_the_pmo_set(catalogue):
    row = get("PF-REPORTS")
    owner = factories.person()
    update_metric(actor=SYSTEM, row=row, values={"green": Decimal(95), "target": Decimal(98), "owner": owner})
    MetricDefinition.objects.filter(pk=row.pk).update(name_en="Typed over", formula_en="")
    assert sync_metrics(actor=SYSTEM) == (0, 1)
    assert sync_metrics(actor=SYSTEM) == (0, 0)
    row = get("PF-REPORTS")
    assert (row.name_en, row.green, row.target, row.owner) == ("Reports up to date", 95, 98, owner)
    assert row.formula_en


def test_a_metric_that_code_no_longer_declares_becomes_an_ordinary_one(catalogue):
    spec = MetricSpec("T-GONE", "Gone", "x", "count", "higher", "daily", "projects", "tests")
    declare_metrics([spec])
    try:
        sync_metrics(actor=SYSTEM)
        assert get("T-GONE").shipped
        with pytest.raises(ValueError, match="T-GONE"):
            declare_metrics([MetricSpec("T-GONE", "Other", "y", "count", "higher", "daily", "projects", "tests")])
    finally:
        declaration.forget("T-GONE")
    sync_metrics(actor=SYSTEM)
    assert not get("T-GONE").shipped
    delete_metric(actor=SYSTEM, row=get("T-GONE"))


def test_the_definition_of_a_computed_metric_is_not_the_pmos(catalogue):
    with pytest.raises(ValidationError) as refused:
        update_metric(actor=SYSTEM, row=get("PF-CPI"), values={"formula_en": "Mine"})
    assert set(refused.value.error_dict) == {"formula_en"}
    with pytest.raises(ValidationError):
        delete_metric(actor=SYSTEM, row=get("PF-CPI"))
    with pytest.raises(ValidationError) as refused:
        update_metric(actor=SYSTEM, row=get("HMM-CPI"), values={"green": Decimal(2)})
    assert "green" in refused.value.error_dict


def test_thresholds_have_a_direction(catalogue):
    with pytest.raises(ValidationError) as refused:
        update_metric(actor=SYSTEM, row=get("PF-CPI"), values={"green": Decimal("0.8")})
    assert "red" in refused.value.error_dict
    row = MetricDefinition(code="OWN-NPS", name_zh="净推荐值", direction="lower", green=Decimal(9), red=Decimal(1))
    with pytest.raises(ValidationError):
        create_metric(actor=SYSTEM, row=row)
    row.red = Decimal(20)
    create_metric(actor=SYSTEM, row=row)
    assert str(get("OWN-NPS")) == "净推荐值"


@pytest.mark.parametrize("code", ["nps", "1-NPS", "NPS-", "N PS", ""])
def test_a_code_has_a_form(catalogue, code):
    with pytest.raises(ValidationError) as refused:
        create_metric(actor=SYSTEM, row=MetricDefinition(code=code, name_en="X"))
    assert "code" in refused.value.error_dict


def roll_up(**values) -> RollupSnapshot:
    given = {"kind": "all", "date": DAY, "overall": 70.0, "computed_band": "amber", "band": "amber"}
    return RollupSnapshot.objects.create(**given | {"green": 8, "red": 2, "late": 2} | values)


def test_a_threshold_that_the_pmo_moves_colours_the_scorecard_from_that_day_on(catalogue):
    row = get("PF-REPORTS")
    before = limits_on(DAY)["reports"]
    assert (before.green, before.red, before.higher) == (90.0, 75.0, True)
    day = datetime.date(2099, 1, 1)
    update_record(actor=SYSTEM, row=row, values={"green": Decimal(79), "red": Decimal(60)}, day=day)
    assert limits_on(day)["reports"].band(80.0) == "green"
    assert limits_on(day - datetime.timedelta(days=1))["reports"].band(80.0) == "amber"
    assert thresholds_on(DAY, ["PF-REPORTS", "NONE"]) == {"PF-REPORTS": (90.0, 75.0)}


def test_the_scorecard_says_the_thresholds_that_it_uses(catalogue):
    roll_up()
    admin = factories.user(Role.PMO_ADMIN)
    from portfolio.models import HealthSnapshot
    from portfolio.services.health.models import ensure_default_model

    HealthSnapshot.objects.create(project=factories.project(), date=DAY, model=ensure_default_model(), band="red")
    reports = {tile.key: tile for tile in browser(admin).get(reverse("scorecard")).context["tiles"]}["reports"]
    assert reports.band == "amber" and "Green from 90%, red below 75%." in str(reports.how)
    update_metric(actor=SYSTEM, row=get("PF-REPORTS"), values={"green": Decimal("79.5")})
    reports = {tile.key: tile for tile in browser(admin).get(reverse("scorecard")).context["tiles"]}["reports"]
    assert "Green from 79.50%" in str(reports.how)


def page(user, code: str):
    return browser(user).get(reverse("metric-page", kwargs={"code": code}))


def test_the_page_of_a_metric_says_value_colour_rows_and_history(catalogue):
    row = roll_up()
    admin = factories.user(Role.PMO_ADMIN)
    shown = page(admin, "PF-REPORTS")
    assert shown.context["shown"] == "80%" and shown.context["band"] == "amber"
    assert shown.context["source_url"].endswith(f"?standing_at=late@{row.date}")
    update_metric(actor=SYSTEM, row=get("PF-REPORTS"), values={"red": Decimal(85)}, reason="Tighter")
    shown = page(admin, "PF-REPORTS")
    assert shown.context["band"] == "red" and "Tighter" in shown.content.decode()


def test_values_are_for_those_who_may_see_them_in_the_whole_organisation(catalogue):
    roll_up()
    shown = page(factories.user(Role.TEAM_MEMBER), "PF-REPORTS")
    assert shown.status_code == 200 and shown.context["value"] is None
    assert page(factories.user(Role.EXECUTIVE), "PF-REPORTS").context["value"].value == 80.0


def test_thresholds_of_health_come_from_the_health_model(catalogue):
    from portfolio.services.health.models import ensure_default_model

    ensure_default_model()
    shown = page(factories.user(Role.PMO_ADMIN), "HMM-CPI")
    assert shown.context["limits_page"] == reverse("health-model")
    assert shown.context["green"].startswith("≥ 0.") and shown.context["red"].startswith("< 0.")


def test_every_metric_page_opens_and_an_unknown_one_does_not(catalogue):
    roll_up()
    client = browser(factories.user(Role.PMO_ADMIN))
    for spec in all_declared():
        assert client.get(reverse("metric-page", kwargs={"code": spec.code})).status_code == 200, spec.code
    assert client.get(reverse("metric-page", kwargs={"code": "NO-SUCH"})).status_code == 404


@pytest.mark.django_db
def test_a_computed_metric_has_a_page_before_the_catalogue_was_told():
    factories.organisation()
    shown = page(factories.user(Role.PMO_ADMIN), "PF-CPI")
    assert shown.status_code == 200 and not MetricDefinition.objects.exists()
    assert "earned value" in shown.content.decode()


def drawn(metric: str) -> str:
    fig = Figure("one", "Title", "Says", DataTable(["A"], [["1"]]), Svg(""), metric=metric)
    return Template("{% load bwcharts %}{% figure fig %}").render(Context({"fig": fig}))


@pytest.mark.django_db
def test_a_figure_names_its_metric_without_a_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert reverse("metric-page", kwargs={"code": "PF-CPI"}) in drawn("PF-CPI")
        assert "metric" not in drawn("NO-SUCH") and "metric" not in drawn("")


@pytest.mark.django_db
def test_the_command_tells_what_it_did(capsys):
    factories.organisation()
    call_command("sync_metrics")
    count = len(all_declared())
    assert str(count) in capsys.readouterr().out
    assert MetricDefinition.objects.count() == count
