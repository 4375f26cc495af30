"""Roll-ups against an independent recount of the snapshots."""

import random
from decimal import Decimal

import pytest

from pmo.core.audit.actor import SYSTEM
from pmo.core.people.models import Person
from pmo.core.records.services import create_record, delete_record, update_record
from portfolio.models import BandOverride, Contribution, HealthSnapshot, Objective, RollupSnapshot
from portfolio.services.health.recompute import recompute
from tests.health import build
from tests.health.build import DAY, START, TODAY

pytestmark = pytest.mark.django_db

ORDER = ["grey", "red", "amber", "green"]


def run(**values):
    return recompute(actor=SYSTEM, day=DAY, today=TODAY, **values)


def make(name, rng, portfolio):
    late = rng.choice(["2026-12-31", "2027-01-15", "2027-02-26", "2027-06-30"])
    row = build.project(
        name,
        portfolio=portfolio,
        critical=rng.random() < 0.2,
        planned_finish=build.date("2026-12-31"),
        forecast_finish=build.date(late),
        planned_start=build.date("2026-01-05"),
    )
    if rng.random() < 0.8:
        build.budget(row, rng.randrange(1000, 900_000))
        build.cost(row, rng.randrange(1, 500_000), "2026-06-30")
        build.milestone(row, "A", "2026-05-01", None, rng.choice(["2026-04-30", "2026-05-20"]))
        build.milestone(row, "B", "2026-10-01", "2026-12-01", is_key=True)
    if rng.random() < 0.9:
        build.report(row, rng.choice(["2026-11-19", "2026-10-01"]), rng.choice(["green", "amber", "red"]))
    return row


@pytest.fixture
def world():
    """Three portfolios, programmes two deep, objectives below a theme, 24 projects placed at random."""
    rng = random.Random(7)
    build.organisation()
    portfolios = [build.portfolio(f"F{number}") for number in range(3)]
    outer = build.programme("Outer", portfolios[0])
    inner = build.programme("Inner", portfolios[0], parent=outer)
    theme = create_record(actor=SYSTEM, row=Objective(name_en="Theme"), day=START)
    goal = create_record(actor=SYSTEM, row=Objective(name_en="Goal", parent=theme), day=START)
    members = {
        ("programme", outer.pk): set(),
        ("programme", inner.pk): set(),
        ("objective", theme.pk): set(),
        ("objective", goal.pk): set(),
    }
    for number in range(24):
        portfolio = portfolios[number % 3] if number % 8 else None
        row = make(f"P{number}", rng, portfolio)
        if portfolio is not None:
            members.setdefault(("portfolio", portfolio.pk), set()).add(row.pk)
        if portfolio == portfolios[0]:
            group = rng.choice([outer, inner])
            build.in_programme(row, group)
            members["programme", outer.pk].add(row.pk)
            members["programme", group.pk].add(row.pk)
        if number % 4 == 1:
            objective = rng.choice([theme, goal])
            create_record(actor=SYSTEM, row=Contribution(project=row, objective=objective, weight=10), day=START)
            members["objective", theme.pk].add(row.pk)
            members["objective", objective.pk].add(row.pk)
        members.setdefault(("all", 0), set()).add(row.pk)
    return members


def recount(rows):
    """One group, written the plain way: sums first, then ratios, never greener than the worst critical project."""
    coloured = [row for row in rows if row.band != "grey"]
    money = {
        name: [getattr(row, name) for row in rows if getattr(row, name) is not None]
        for name in ("bac", "pv", "ev", "ac", "eac")
    }
    found = {name: sum(values) if values else None for name, values in money.items()}
    weights = [float(row.bac or 0) for row in coloured]
    if not any(weights):
        weights = [1.0] * len(coloured)
    overall = (
        sum(w * row.overall for w, row in zip(weights, coloured, strict=True)) / sum(weights) if coloured else None
    )
    critical = [row for row in coloured if row.project.portfolio_items.filter(critical=True).exists()]
    if critical:
        ceiling = {"red": 54.9, "amber": 74.9, "green": 100.0}[min(critical, key=lambda row: row.overall).band]
        overall = min(overall, ceiling)
    shown = None if overall is None else int(overall * 10 + 0.5) / 10
    found["band"] = "grey" if shown is None else "green" if shown >= 75 else "amber" if shown >= 55 else "red"
    found["overall"] = overall
    found |= {band: sum(row.band == band for row in rows) for band in ORDER}
    found["stale"] = sum(row.stale for row in rows)
    found["reports"] = sum(row.declared != "grey" for row in rows)
    found["watermelons"] = sum(row.band != "grey" and ORDER.index(row.declared) > ORDER.index(row.band) for row in rows)
    found["milestones_due"] = sum(row.inputs["milestones_due"] for row in rows)
    found["milestones_met"] = sum(row.inputs["milestones_met"] for row in rows)
    return found


def test_every_group_equals_an_independent_recount(world):
    run()
    rows = {row.project_id: row for row in HealthSnapshot.objects.select_related("project")}
    assert len(rows) == 24
    assert len({row.band for row in rows.values()}) >= 3, "a portfolio of one colour would prove little"
    rollups = {(row.kind, row.ref_id): row for row in RollupSnapshot.objects.all()}
    assert set(rollups) == set(world)
    for key, ids in world.items():
        expected = recount([rows[pk] for pk in sorted(ids)])
        found = rollups[key]
        assert found.overall == pytest.approx(expected.pop("overall"), abs=1e-9), key
        assert {name: getattr(found, name) for name in expected} == expected, key
        assert found.computed_band == found.band


def test_ratios_come_from_sums_not_from_averages(world):
    run()
    total = RollupSnapshot.objects.get(kind="all")
    rows = HealthSnapshot.objects.filter(ac__isnull=False)
    assert total.ev / total.ac == sum(row.ev for row in rows) / sum(row.ac for row in rows)


def test_a_portfolio_is_never_greener_than_its_worst_critical_project_unless_somebody_wrote_down_why():
    build.organisation()
    portfolio = build.portfolio("Grid")
    finish = {"planned_finish": build.date("2026-12-31")}
    good = build.project("Good", portfolio=portfolio, forecast_finish=build.date("2026-12-31"), **finish)
    build.budget(good, 1_000_000)
    bad = build.project("Bad", portfolio=portfolio, critical=True, forecast_finish=build.date("2027-12-31"), **finish)
    build.budget(bad, 1)
    for row in (good, bad):
        build.report(row, "2026-11-19")
    run()
    row = RollupSnapshot.objects.get(kind="portfolio")
    assert (row.band, row.computed_band, row.overall, row.red, row.green) == ("red", "red", 54.9, 1, 1)
    person = create_record(actor=SYSTEM, row=Person(code="E1", name_en="Li Lan"), day=START)
    override = BandOverride(
        portfolio=portfolio, band="amber", reason="Stopped next week", starts_on=DAY, decided_by=person
    )
    create_record(actor=SYSTEM, row=override, day=DAY)
    run()
    row = RollupSnapshot.objects.get(kind="portfolio")
    assert (row.band, row.computed_band) == ("amber", "red")
    assert RollupSnapshot.objects.get(kind="all").band == "red"
    update_record(actor=SYSTEM, row=override, values={"ends_on": DAY}, day=build.date("2026-11-21"))
    recompute(actor=SYSTEM, day=build.date("2026-11-21"), today=TODAY)
    assert RollupSnapshot.objects.get(kind="portfolio", date="2026-11-21").band == "red"
    run()
    assert RollupSnapshot.objects.get(kind="portfolio", date=DAY).band == "amber"


def test_groups_that_are_gone_lose_their_row_and_empty_ones_are_grey():
    build.organisation()
    kept, gone = build.portfolio("Kept"), build.portfolio("Gone")
    run()
    assert set(RollupSnapshot.objects.values_list("kind", "band")) == {("all", "grey"), ("portfolio", "grey")}
    delete_record(actor=SYSTEM, row=gone, day=DAY)
    run()
    assert list(RollupSnapshot.objects.filter(kind="portfolio").values_list("ref_id", flat=True)) == [kept.pk]
    assert RollupSnapshot.objects.get(kind="all").bac is None


def test_money_sums_are_exact_to_the_cent():
    build.organisation()
    for number in range(50):
        build.budget(build.project(f"P{number}"), Decimal("0.10") + number)
    run()
    assert RollupSnapshot.objects.get(kind="all").bac == Decimal("1230.00")
