"""The stories of the demo hold, and they come out of the simulation for any day."""

from __future__ import annotations

import datetime
import json

import pytest

from portfolio.demo.days_off import RAMADAN
from portfolio.demo.simulator import simulate
from portfolio.demo.stories import STORIES
from portfolio.demo.track import Book
from portfolio.demo.world import build_world
from portfolio.models import HealthSnapshot, RollupSnapshot
from projects.models import Decision, Issue, Milestone, Project, StatusReport
from tests.demo.conftest import TODAY

pytestmark = pytest.mark.django_db
SPECS = {spec.code: spec for spec in STORIES}


def snapshot(code):
    return HealthSnapshot.objects.get(project__code=code, date=TODAY)


@pytest.mark.usefixtures("seeded")
class TestOnTheDayOfTheMockups:
    def test_start_of_production_slips_about_31_working_days_because_of_shared_rigs(self):
        new_energy = snapshot("NEV-01")
        assert 28 <= new_energy.inputs["key_milestone_slip_wd"] <= 34
        assert new_energy.band == "red"
        assert Milestone.objects.get(pk=new_energy.inputs["key_milestone"]).name == "量产 SOP"
        report = StatusReport.objects.filter(project__code="NEV-01", state="published").latest("period_end")
        assert "测试台架" in report.summary
        assert report.declared != "red"

    def test_unmanned_checkout_is_declared_green_and_computed_red(self):
        checkout = snapshot("UCK-04")
        assert (checkout.declared, checkout.band) == ("green", "red")
        assert float(checkout.bac) == pytest.approx(26_500_000, rel=0.01)
        assert float(checkout.ac) == pytest.approx(17_350_000, rel=0.04)
        assert float(checkout.ev / checkout.bac) == pytest.approx(0.53, abs=0.005)
        assert checkout.inputs["eac_over_budget_pct"] == pytest.approx(23, abs=3)

    def test_riyadh_crosses_ramadan(self):
        solar = snapshot("RUH-12")
        assert solar.inputs["key_milestone_slip_wd"] == pytest.approx(9, abs=2)
        assert Issue.objects.filter(project__code="RUH-12", title__contains="斋月").exists()
        assert solar.band == "amber"

    def test_the_pile_decision_has_two_days_and_the_basement_waits(self):
        piles = Decision.objects.get(project__code="RVT-07", title__contains="桩基")
        assert (piles.state, (piles.needed_by - TODAY).days <= 3) == ("open", True)
        basement = Decision.objects.get(title__contains="CR-0147")
        assert (basement.state, basement.decider.name_zh, basement.delay_cost) == ("open", "王志远", 650_000)

    def test_approval_speed_up_is_green_and_the_talent_platform_grey(self):
        assert snapshot("APS-15").band == "green"
        talent = snapshot("TAL-16")
        assert (talent.band, talent.overall) == ("grey", None)

    def test_three_projects_wait_for_one_tower_vendor(self):
        waiting = Issue.objects.filter(description__contains="铁塔供应商同时服务 3 个项目").values("project").distinct()
        assert waiting.count() == 3

    def test_colours_are_believable_and_watermelons_exist(self):
        everything = RollupSnapshot.objects.get(kind="all", date=TODAY)
        assert everything.green >= 10
        assert everything.amber >= 6
        assert 2 <= everything.red <= 8
        assert everything.grey >= 1
        assert 3 <= everything.watermelons <= 16

    def test_some_reports_come_late_and_the_campus_network_has_missed_three(self):
        campus = StatusReport.objects.filter(project__code="CPN-11", state="published").latest("period_end")
        assert (TODAY - campus.period_end).days > 21
        assert snapshot("CPN-11").stale
        submitted = StatusReport.objects.filter(submitted_on__isnull=False)
        late = [report for report in submitted if (report.submitted_on - report.period_end).days > 4]
        assert 0.01 < len(late) / submitted.count() < 0.2

    def test_the_truth_is_told_to_the_file_only(self, seeded):
        lines = [json.loads(line) for line in seeded.truth.splitlines()]
        assert {line["code"] for line in lines} == set(Project.objects.values_list("code", flat=True))
        checkout = next(line for line in lines if line["code"] == "UCK-04")
        assert checkout["optimism"] > 30
        assert checkout["true_health"][-1] < 55
        assert len(checkout["days"]) == len(checkout["true_health"])
        told_late = [cause for line in lines for cause in line["setbacks"] if cause["told_fully_on"] > cause["on"]]
        assert len(told_late) > 50


def simulated(codes, today, seed=1):
    book = Book(lambda model: 1)
    world = build_world(book, today=today, weeks=104, seed=seed, passwords=False)
    book.clear()
    return {code: simulate(SPECS[code], world, book) for code in codes}, book


def slip_of(book, name):
    tracks = [track for track in book.tracks[Milestone] if track.now["name"] == name]
    return (tracks[0].now["forecast_date"] - tracks[0].now["baseline_date"]).days


@pytest.mark.parametrize("today", [datetime.date(2025, 9, 10), datetime.date(2026, 4, 1), datetime.date(2026, 8, 3)])
def test_the_stories_do_not_depend_on_the_day(today):
    truth, book = simulated(["NEV-01", "UCK-04"], today)
    assert 35 <= slip_of(book, "量产 SOP") <= 60
    assert truth["UCK-04"]["true_health"][-1] < 55


@pytest.mark.parametrize("today", [datetime.date(2026, 5, 1), datetime.date(2026, 11, 20)])
def test_ramadan_costs_three_tenths_of_its_working_days(today):
    truth, _book = simulated(["RUH-12"], today)
    found = [cause["working_days"] for cause in truth["RUH-12"]["setbacks"] if "斋月" in cause["cause"]]
    plan = [datetime.date.fromisoformat(goal["baseline"]) for goal in truth["RUH-12"]["milestones"]]
    whole = [first for first, last in RAMADAN.values() if plan[0] < first and last < plan[-1]]
    assert len(whole) == 1
    assert 5 <= max(found) <= 7
    assert sum(found) <= 10


def test_the_same_seed_gives_the_same_records_and_another_seed_does_not():
    def digest(seed):
        truth, book = simulated(["SCP-02", "RUH-12"], TODAY, seed)
        rows = [
            (model._meta.label, track.pk, track.writes, track.states)
            for model, tracks in book.tracks.items()
            for track in tracks
        ]
        return repr(rows), json.dumps(truth)

    assert digest(1) == digest(1)
    assert digest(1) != digest(2)


def test_a_project_does_not_depend_on_which_others_are_loaded():
    _truth, alone = simulated(["WHR-06"], TODAY)
    _truth, among = simulated(["CRM-03", "WHR-06"], TODAY)
    states = [track.states for track in alone.tracks[Milestone]]
    assert [track.states for track in among.tracks[Milestone]][-len(states) :] == [
        [
            (day, values | {"project_id": 2, "code": among_values["code"]})
            for (day, values), (_d, among_values) in zip(own, other, strict=True)
        ]
        for own, other in zip(states, [track.states for track in among.tracks[Milestone]][-len(states) :], strict=True)
    ]
