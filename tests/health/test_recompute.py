"""The nightly computation against figures worked out by hand."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.models import AuditEntry
from pmo.core.records.services import delete_record, update_record
from portfolio.models import HealthSnapshot, RollupSnapshot
from portfolio.services.health.recompute import recompute
from tests.health import build
from tests.health.build import DAY, TODAY

pytestmark = pytest.mark.django_db


def run(day=DAY, **values):
    return recompute(actor=SYSTEM, day=day, today=TODAY, **values)


@pytest.fixture
def portfolio():
    build.organisation()
    return build.portfolio("Automotive")


@pytest.fixture
def late_project(portfolio):
    """Date-driven, two milestones slip, dear, declared green."""
    row = build.project(
        "New-energy platform",
        portfolio=portfolio,
        delivery_driver="date",
        planned_start=build.date("2026-01-05"),
        planned_finish=build.date("2026-12-31"),
        forecast_finish=build.date("2027-01-29"),
    )
    build.budget(row, 600_000)
    build.budget(row, 400_000)
    build.cost(row, 300_000, "2026-03-02")
    build.cost(row, 150_000, "2026-11-20")
    build.cost(row, 100_000, "2026-11-21")
    build.milestone(row, "Concept", "2026-03-31", None, "2026-03-31", weight=40)
    build.milestone(row, "Prototype", "2026-10-30", "2026-11-30", weight=30, is_key=True)
    build.milestone(row, "Start of production", "2026-12-31", "2027-01-15", weight=30, is_key=True)
    build.report(row, "2026-11-16", "green", "amber")
    for due in ("2026-11-01", "2026-11-19", "2026-11-20"):
        build.add("action", row, title="Order rigs", due_on=due)
    build.add("action", row, title="Hire", due_on="2026-11-01", state="done")
    build.add("decision", row, title="Who gets the rigs", needed_by="2026-11-10")
    return row


# Working days from Monday 2026-01-05: to Friday 10-30 43 weeks of 5 less the first day, to 11-20 three weeks more.
PLANNED_DAYS, PASSED_DAYS = 214, 229


def test_measures_score_money_and_colours_of_one_project(late_project):
    result = run()
    assert (result.date, result.projects, result.snapshots) == (DAY, 1, 1)
    row = HealthSnapshot.objects.get()
    assert (row.bac, row.pv, row.ev, row.ac) == (
        Decimal(1_000_000),
        Decimal(700_000),
        Decimal(400_000),
        Decimal(450_000),
    )
    assert row.eac == Decimal(1_125_000)
    measures = {key: row.inputs[key] for key in row.inputs if key in EXPECTED}
    assert measures == EXPECTED
    spi_t = 55 + 20 * (EXPECTED["spi_t"] - 0.85) / 0.10
    schedule = (3 * (55 - 55 * 6 / 25) + 3 * (55 - 55 * 1 / 40) + 2 * 75 + 2 * spi_t) / 10
    cost = (2 * (55 + 20 * (EXPECTED["cpi"] - 0.85) / 0.10) + 3 * (55 - 55 * 2.5 / 20)) / 5
    governance = (2 * 100 + 75 + 75) / 4
    assert row.schedule == pytest.approx(schedule, abs=1e-9)
    assert row.cost == pytest.approx(cost, abs=1e-9)
    assert row.governance == pytest.approx(governance, abs=1e-9)
    assert row.overall == pytest.approx((25 * 1.6 * schedule + 20 * cost + 5 * governance) / 65, abs=1e-9)
    assert (row.band, row.declared, row.reviewed, row.stale) == ("amber", "green", "amber", False)
    assert [row.scope, row.resource, row.quality, row.risk, row.benefits] == [None] * 5


EXPECTED = {
    "driver": "date",
    "key_milestone_slip_wd": 21.0,
    "finish_slip_wd": 21.0,
    "late_milestones": 1.0,
    "spi": 0.571429,
    "spi_t": round(PLANNED_DAYS / PASSED_DAYS, 6),
    "cpi": 0.888889,
    "eac_over_budget_pct": 12.5,
    "report_age_cycles": 0.571429,
    "overdue_actions": 2.0,
    "overdue_decisions": 1.0,
    "cycle_days": 7,
    "report_on": "2026-11-16",
    "milestones_due": 2,
    "milestones_met": 1,
}


def test_the_roll_ups_of_one_project(late_project, portfolio):
    run()
    row = RollupSnapshot.objects.get(kind="portfolio", ref_id=portfolio.pk)
    snapshot = HealthSnapshot.objects.get()
    assert (row.overall, row.band, row.computed_band) == (snapshot.overall, "amber", "amber")
    assert (row.green, row.amber, row.red, row.grey) == (0, 1, 0, 0)
    assert (row.bac, row.pv, row.ev, row.ac, row.eac) == (
        snapshot.bac,
        snapshot.pv,
        snapshot.ev,
        snapshot.ac,
        snapshot.eac,
    )
    assert (row.milestones_due, row.milestones_met, row.watermelons, row.reports, row.stale) == (2, 1, 1, 1, 0)
    assert RollupSnapshot.objects.filter(kind="all", ref_id=0, date=DAY, amber=1).exists()


def test_a_project_without_rows_is_grey_and_has_no_amounts(portfolio):
    build.project("Empty", portfolio=portfolio, day=DAY)
    run()
    row = HealthSnapshot.objects.get()
    assert (row.band, row.overall, row.bac, row.pv, row.ev, row.ac, row.eac) == (
        "grey",
        None,
        None,
        None,
        None,
        None,
        None,
    )
    assert row.inputs["report_age_cycles"] == 0
    assert "cpi" not in row.inputs
    assert "overdue_actions" not in row.inputs
    assert RollupSnapshot.objects.get(kind="portfolio").grey == 1


def test_money_is_converted_at_the_closing_rate_of_the_date(portfolio):
    row = build.project("Solar plant", portfolio=portfolio, currency="SAR", forecast_cost=Decimal(1200))
    build.rate("SAR", "1.90", "2026-01-01")
    build.rate("SAR", "2.00", "2026-11-20")
    build.rate("SAR", "3.00", "2026-11-21")
    build.budget(row, 1000, currency="SAR")
    build.budget(row, 500)
    build.cost(row, 100, "2026-02-01", currency="SAR")
    run()
    snapshot = HealthSnapshot.objects.get()
    assert (snapshot.bac, snapshot.ac, snapshot.eac) == (Decimal(2500), Decimal(200), Decimal(2400))
    assert snapshot.inputs["eac_over_budget_pct"] == -4.0


def test_money_without_a_rate_is_missing_and_named_never_one_to_one(portfolio):
    row = build.project("Solar plant", portfolio=portfolio, currency="SAR", forecast_cost=Decimal(1200))
    build.rate("SAR", "2.00", "2026-11-21")
    build.budget(row, 1000, currency="SAR")
    build.budget(row, 500)
    build.cost(row, 100, "2026-02-01", currency="USD")
    run()
    snapshot = HealthSnapshot.objects.get()
    assert (snapshot.bac, snapshot.ac, snapshot.eac) == (None, None, None)
    assert snapshot.inputs["missing_rate"] == "SAR,USD"


def test_three_reports_missing_make_the_figure_stale_and_cost_ten_points(portfolio):
    row = build.project(
        "Quiet", portfolio=portfolio, planned_finish=build.date("2026-12-31"), forecast_finish=build.date("2026-12-31")
    )
    build.report(row, "2026-10-29", "amber")
    run()
    snapshot = HealthSnapshot.objects.get()
    assert snapshot.stale
    assert snapshot.inputs["report_age_cycles"] == round(22 / 7, 6)
    # schedule 100 (weight 25), governance 0 (weight 5, red): 83.33, capped at 74.9, less 10
    assert snapshot.overall == pytest.approx(64.9)
    assert snapshot.band == "amber"


def test_the_reporting_cycle_is_that_of_the_portfolio_on_the_date(portfolio):
    row = build.project("Slow", portfolio=portfolio)
    build.report(row, "2026-11-06")
    update_record(actor=SYSTEM, row=portfolio, values={"cycle": "fortnightly"}, day=build.date("2026-11-21"))
    run()
    assert HealthSnapshot.objects.get().inputs["report_age_cycles"] == 2.0
    run(build.date("2026-11-22"))
    assert HealthSnapshot.objects.get(date="2026-11-22").inputs["report_age_cycles"] == round(16 / 14, 6)


def test_a_project_that_never_reported_owes_a_report_since_its_start(portfolio):
    build.project("Silent", portfolio=portfolio, actual_start=build.date("2026-11-06"))
    build.project("Coming", portfolio=portfolio, status="not_started", planned_start=build.date("2026-11-06"))
    run()
    silent, coming = HealthSnapshot.objects.order_by("project_id")
    assert (silent.inputs["report_age_cycles"], silent.inputs["never_reported"], silent.stale) == (2.0, True, True)
    assert "report_age_cycles" not in coming.inputs
    assert not coming.stale


def test_of_two_reports_published_on_one_day_the_later_period_counts(portfolio):
    row = build.project("Busy", portfolio=portfolio)
    last = build.report(row, "2026-11-13", "red")
    late = build.report(row, "2026-11-06", "green", day=build.date("2026-11-13"))
    update_record(actor=SYSTEM, row=late, values={"published_on": last.published_on}, day=last.published_on)
    run()
    assert HealthSnapshot.objects.get().declared == "red"


def test_closed_projects_have_their_last_snapshot_on_the_day_they_close(portfolio):
    row = build.project("Done", portfolio=portfolio)
    update_record(actor=SYSTEM, row=row, values={"status": "closed"}, day=DAY)
    update_record(actor=SYSTEM, row=row, values={"summary": "Filed"}, day=build.date("2026-11-21"))
    build.project("Imported as closed", portfolio=portfolio, day=DAY, status="closed")
    assert run().projects == 1
    assert run(build.date("2026-11-21")).projects == 0


def test_a_project_deleted_on_the_date_loses_the_snapshot_it_had(portfolio):
    row = build.project("Doomed", portfolio=portfolio)
    build.project("Other", portfolio=portfolio)
    assert run().snapshots == 2
    delete_record(actor=SYSTEM, row=row, day=DAY)
    result = run()
    assert (result.projects, result.snapshots) == (1, 1)
    assert run(build.date("2026-11-19")).projects == 2


def test_running_twice_changes_nothing(late_project):
    assert run().changed > 0
    before = build.snapshots(DAY), build.rollups(DAY)
    stamps = list(HealthSnapshot.objects.values_list("pk", flat=True))
    assert run().changed == 0
    assert (build.snapshots(DAY), build.rollups(DAY)) == before
    assert list(HealthSnapshot.objects.values_list("pk", flat=True)) == stamps


def test_a_date_that_has_not_come_is_refused(portfolio):
    with pytest.raises(ValidationError):
        run(TODAY + datetime.timedelta(days=1))
    assert not HealthSnapshot.objects.exists()


def test_a_run_leaves_one_audit_entry(late_project):
    run()
    entry = AuditEntry.objects.get(action="recompute")
    assert (entry.model, entry.object_label, entry.actor_name) == ("portfolio.healthsnapshot", "2026-11-20", "system")


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_the_size_of_the_chunks_changes_nothing(portfolio, late_project, size):
    for number in range(4):
        row = build.project(f"Project {number}", portfolio=portfolio)
        build.budget(row, 1000 + number)
        build.milestone(row, "One", "2026-10-01", None, "2026-10-02", weight=number)
        build.milestone(row, "Two", "2026-11-01", "2026-12-01", weight=1, is_key=True)
        build.cost(row, 333, "2026-05-05")
    run()
    before = build.snapshots(DAY), build.rollups(DAY)
    HealthSnapshot.objects.all().delete()
    RollupSnapshot.objects.all().delete()
    done = []
    run(chunk_size=size, progress=lambda *figures: done.append(figures))
    assert (build.snapshots(DAY), build.rollups(DAY)) == before
    assert done[-1] == (5, 5)
    assert len(done) == -(-5 // size)


def test_a_partial_run_leaves_other_projects_and_half_known_groups_alone(portfolio, late_project):
    other = build.portfolio("Grid")
    build.project("Substation", portfolio=other)
    result = run(portfolio=portfolio)
    assert (result.projects, result.snapshots) == (1, 1)
    assert list(HealthSnapshot.objects.values_list("project_id", flat=True)) == [late_project.pk]
    assert list(RollupSnapshot.objects.values_list("kind", "ref_id")) == [("portfolio", portfolio.pk)]
    run()
    everything = build.rollups(DAY)
    assert run(project_ids=[late_project.pk]).snapshots == 1
    assert build.rollups(DAY) == everything
    assert len(everything) == 3
