"""Measures from the rooms beside the registry, against values worked out by hand."""

import datetime
from decimal import Decimal

import pytest
from django.utils import translation

from pmo.core.audit.actor import SYSTEM
from pmo.core.people.models import Person
from pmo.core.records.services import create_record, delete_record, update_record
from portfolio.calc.health import default_model
from portfolio.calc.health.defaults import with_every_measure
from portfolio.explanations import account_of
from portfolio.models import HealthSnapshot
from portfolio.queries.health_models import spec_of
from portfolio.queries.health_story import story_of
from portfolio.queries.roi import Roi, portfolio_roi
from portfolio.sentences import Teller
from portfolio.services.health.recompute import recompute
from projects.models import Benefit, BenefitLine, BudgetLine, CostLine, Deliverable, ProjectCharter, QualityFinding
from resources.models import Allocation, PoolMember, ResourceRole
from risks.models import Risk
from risks.services import create_risk, load_scale
from tests.health import build
from tests.health.build import DAY, START, date

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    """In progress since the start of the year, with a reserve of 4,000."""
    build.organisation()
    load_scale(actor=SYSTEM, key="common", day=START, default=True)
    return build.project(
        "Rig",
        status="in_progress",
        planned_start=START,
        contingency_reserve=Decimal(4000),
        planned_finish=date("2026-06-30"),
    )


def add(row, day=START):
    return create_record(actor=SYSTEM, row=row, day=day)


def inputs(day=DAY):
    recompute(actor=SYSTEM, day=day, today=build.TODAY)
    return HealthSnapshot.objects.get(date=day).inputs


def risk(project, probability, impact, money, **values):
    row = Risk(
        project=project, title="R", probability=probability, impact_time=impact, impact_money=Decimal(money), **values
    )
    return create_risk(actor=SYSTEM, row=row, day=START)


def commit(project, person, percent, starts="2026-01-01", ends="2026-12-31", state="committed"):
    span = {"starts_on": date(starts), "ends_on": date(ends)}
    return add(Allocation(project=project, person=person, percent=percent, state=state, **span))


def pooled(code, availability=100):
    role = ResourceRole.objects.first() or add(ResourceRole(name_en="Engineer"))
    person = add(Person(code=code, name_en=code))
    add(PoolMember(person=person, role=role, availability=availability, pool_from=START))
    return person


def test_nothing_kept_is_no_value_and_no_colour(project):
    found = inputs()
    rooms = {"over_allocation_pct", "open_major_findings", "overdue_deliverables", "exposure_to_reserve_pct",
             "open_red_risks", "benefit_start_slip_weeks", "benefit_variance_pct", "charter_missing"}  # fmt: skip
    assert rooms & set(found) == set()
    snapshot = HealthSnapshot.objects.get()
    assert (snapshot.resource, snapshot.quality, snapshot.risk, snapshot.benefits) == (None, None, None, None)


def test_people_are_judged_by_what_all_projects_together_ask_of_them(project):
    other = build.project("Other", status="in_progress")
    one, two = pooled("E1"), pooled("E2", availability=50)
    commit(project, one, 60)
    commit(other, one, 80)  # 40 of 100 too much
    commit(project, two, 50)
    commit(project, two, 90, state="proposed")
    recompute(actor=SYSTEM, day=DAY, today=build.TODAY)
    found = HealthSnapshot.objects.get(project=project).inputs["over_allocation_pct"]
    assert found == pytest.approx(100 * 0.4 / 1.5, abs=1e-5)
    assert HealthSnapshot.objects.get(project=other).inputs["over_allocation_pct"] == pytest.approx(40.0, abs=1e-5)


def test_findings_and_deliverables(project):
    for severity, state in (("1_major", "open"), ("1_major", "doing"), ("2_minor", "open")):
        add(QualityFinding(project=project, title="F", severity=severity, state=state, found_on=START))
    closed = {"state": "closed", "closed_on": DAY, "corrective": "Done"}
    add(QualityFinding(project=project, title="F", severity="1_major", found_on=START, **closed))
    for due in ("2026-11-19", "2026-11-20", "2026-12-01"):
        add(Deliverable(project=project, name="D", due_on=date(due)))
    found = inputs()
    assert (found["open_major_findings"], found["overdue_deliverables"]) == (2.0, 1.0)


def test_risks_in_the_red_zone_and_exposure_against_the_reserve(project):
    risk(project, 5, 5, 2000, percent=Decimal(90))  # red, 1,800
    risk(project, 3, 3, 2000, percent=Decimal(50))  # 1,000
    risk(project, 5, 5, 9000, percent=Decimal(90), status="closed", closed_on=START)
    risk(project, 5, 5, 9000, percent=Decimal(90), kind="opportunity")
    found = inputs()
    assert found["open_red_risks"] == 1.0
    assert found["exposure_to_reserve_pct"] == pytest.approx(100 * 2800 / 4000)


def test_a_spent_reserve_is_worse_than_any_share(project):
    risk(project, 3, 3, 2000, percent=Decimal(50))
    update_record(actor=SYSTEM, row=project, values={"contingency_reserve": Decimal(0)}, day=DAY)
    assert inputs(DAY - datetime.timedelta(days=1))["exposure_to_reserve_pct"] == pytest.approx(25.0)
    assert inputs()["exposure_to_reserve_pct"] == 1000.0


def test_exposure_in_a_currency_without_a_rate_is_named_not_guessed(project):
    risk(project, 3, 3, 2000, percent=Decimal(50), currency="SAR")
    found = inputs()
    assert "exposure_to_reserve_pct" not in found
    assert found["missing_rate"] == "SAR"
    build.rate("SAR", "2.00")
    assert inputs()["exposure_to_reserve_pct"] == pytest.approx(50.0)


def test_benefits_against_their_plan_and_their_start_after_a_slip(project):
    update_record(actor=SYSTEM, row=project, values={"actual_finish": date("2026-08-25")}, day=START)
    common = {"project": project, "planned_total": Decimal(1000)}
    money = add(Benefit(name="Saved", currency="CNY", offset_months=0, **common))
    days = add(
        Benefit(
            name="Days",
            monetary=False,
            unit="d",
            manner="level",
            direction="down",
            baseline=45,
            anchor="date",
            starts_on=START,
            project=project,
            planned_total=Decimal(20),
        )  # fmt: skip
    )
    for month, planned, actual in ((8, 100, 50), (9, 100, 50)):
        period = datetime.date(2026, month, 1)
        add(
            BenefitLine(project=project, benefit=money, period=period, planned=Decimal(planned), actual=Decimal(actual))
        )
    add(
        BenefitLine(
            project=project, benefit=days, period=datetime.date(2026, 9, 1), planned=Decimal(25), actual=Decimal(30)
        )
    )
    found = inputs()
    assert found["benefit_variance_pct"] == pytest.approx((50 + 100 * 15 / 20) / 2 - 100)
    assert found["benefit_start_slip_weeks"] == pytest.approx(8.0, abs=0.01)


def test_work_without_an_approved_charter_is_a_gap_until_it_is_approved(project):
    charter = add(ProjectCharter(project=project, purpose="Why"))
    assert inputs()["charter_missing"] == 1.0
    values = {"state": "approved", "approved_on": DAY, "effective_on": DAY, "in_force": 1}
    update_record(actor=SYSTEM, row=charter, values=values, day=DAY)
    assert inputs()["charter_missing"] == 0.0
    assert inputs(DAY - datetime.timedelta(days=1))["charter_missing"] == 1.0


def test_every_measure_of_the_rooms_has_a_sentence_of_its_own_in_both_languages(project):
    person = pooled("E1")
    commit(project, person, 150)
    add(QualityFinding(project=project, title="F", severity="1_major", found_on=START))
    add(Deliverable(project=project, name="D", due_on=START))
    add(ProjectCharter(project=project, purpose="Why"))
    risk(project, 5, 5, 2000, percent=Decimal(90))
    benefit = add(Benefit(name="S", currency="CNY", offset_months=0, project=project, planned_total=Decimal(10)))
    add(
        BenefitLine(
            project=project, benefit=benefit, period=datetime.date(2026, 8, 1), planned=Decimal(10), actual=Decimal(4)
        )
    )
    inputs()
    story = story_of(project.pk)
    for language, generic in (("en", "The value is"), ("zh-hans", "当前值为")):
        with translation.override(language):
            account = account_of(story, spec_of(story.snapshot.model), Teller(language, DAY, True))
            said = {line.code: line for block in account.blocks for line in block.lines}
            assert len({"over_allocation_pct", "open_major_findings", "overdue_deliverables", "exposure_to_reserve_pct",
                        "open_red_risks", "benefit_variance_pct", "charter_missing"} & set(said)) == 7  # fmt: skip
            assert not [line.code for line in said.values() if line.sentence.startswith(generic)]
            assert said["over_allocation_pct"].url and said["open_red_risks"].url


def test_the_rows_behind_each_room_measure_are_as_many_as_it_says(project, pmo_admin):
    for severity in ("1_major", "1_major", "2_minor"):
        add(QualityFinding(project=project, title="F", severity=severity, found_on=START))
    for due in ("2026-11-19", "2026-12-01"):
        add(Deliverable(project=project, name="D", due_on=date(due)))
    risk(project, 5, 5, 2000)
    risk(project, 1, 1, 2000)
    commit(project, pooled("E1"), 150)
    inputs()
    story = story_of(project.pk)
    account = account_of(story, spec_of(story.snapshot.model), Teller("en", DAY, True))
    urls = {line.code: line.url for block in account.blocks for line in block.lines}
    expected = {
        "open_major_findings": 2,
        "overdue_deliverables": 1,
        "open_red_risks": 1,
        "exposure_to_reserve_pct": 2,
        "over_allocation_pct": 1,
    }
    for code, number in expected.items():
        assert pmo_admin.get(urls[code]).context["listing"].total == number, code


def test_an_older_version_of_the_rules_is_offered_new_measures_switched_off():
    spec = default_model()
    old = type(spec)(
        version=1,
        dimension_weights=spec.dimension_weights,
        driver_shifts=spec.driver_shifts,
        measures=tuple(one for one in spec.measures if one.code != "open_red_risks"),
    )
    new = with_every_measure(old)
    assert {one.code for one in new.measures} == {one.code for one in spec.measures}
    assert new.measure("open_red_risks").weight == 0.0
    assert new.validate() == []


def test_return_on_investment_of_a_past_day_knows_nothing_of_later_benefits(project):
    add(BudgetLine(project=project, amount=Decimal(1000)))
    add(CostLine(project=project, booked_on=START, amount=Decimal(400)))
    benefit = add(Benefit(project=project, name="B", currency="CNY", planned_total=Decimal(1500), offset_months=1))
    line = add(BenefitLine(project=project, benefit=benefit, period=START, currency="CNY", actual=Decimal(600)))
    recompute(actor=SYSTEM, day=DAY, today=build.TODAY)
    before = portfolio_roi(DAY, "CNY")
    assert before == Roi(planned=50.0, realised=50.0)
    later = DAY + datetime.timedelta(days=1)
    update_record(actor=SYSTEM, row=benefit, values={"planned_total": Decimal(9000)}, day=later)
    update_record(actor=SYSTEM, row=line, values={"actual": Decimal(9000)}, day=later)
    assert portfolio_roi(DAY, "CNY") == before
    delete_record(actor=SYSTEM, row=line, day=later)
    delete_record(actor=SYSTEM, row=benefit, day=later)
    assert portfolio_roi(DAY, "CNY") == before
