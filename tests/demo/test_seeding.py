"""The commands: what they load, what they refuse, and how they scale."""

from __future__ import annotations

import datetime
import json
from collections import Counter

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError

from pmo.core.access.api import can, held_anywhere
from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.calendars.models import CalendarException, FiscalPeriod, Organisation
from pmo.core.calendars.queries import working_calendar
from pmo.core.money.models import Currency
from pmo.core.people.models import Person, User
from portfolio.demo.days import WorkDays
from portfolio.demo.logins import demo_logins
from portfolio.demo.seed import SeedPlan, SeedRefused, health_days, seed_demo
from portfolio.demo.track import Book
from portfolio.demo.world import build_world, first_monday
from portfolio.models import HealthModel, HealthSnapshot, Portfolio, Programme
from portfolio.services.setup import FirstAdministrator, create_organisation
from projects.models import CostLine, Project
from tests.demo.conftest import TODAY

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-and-odd-phrase"


def test_the_command_seeds_computes_health_and_says_so(capsys, tmp_path):
    truth = tmp_path / "truth.jsonl"
    call_command("seed_demo", projects=3, weeks=6, today="2026-11-20", json=True, truth=str(truth))
    figures = json.loads(capsys.readouterr().out)
    assert figures["projects"] == 3
    assert figures["years_without_holidays"] == [2027]
    assert figures["health_days"] == HealthSnapshot.objects.values("date").distinct().count() == 17
    assert figures["rows"]["projects.Project"] == 3
    assert len(truth.read_text(encoding="utf-8").splitlines()) == 3


def test_the_report_names_every_login(capsys):
    call_command("seed_demo", projects=1, weeks=4, today="2026-11-20", no_health=True)
    said = capsys.readouterr().out
    for _role, username, password, _person in demo_logins():
        assert username in said
        assert authenticate(username=username, password=password) is not None
    assert "2027" in said


@pytest.mark.parametrize("options", [{"today": "20.11.2026"}, {"weeks": 3}, {"weeks": 400}, {"projects": 0}])
def test_wrong_options_are_refused_with_what_is_expected(options):
    with pytest.raises(CommandError, match="xpected"):
        call_command("seed_demo", no_health=True, **options)
    assert not Project.all_objects.exists()


def test_a_database_with_projects_is_refused_unless_the_demo_is_added_on_purpose():
    seed_demo(actor=SYSTEM, plan=SeedPlan(today=TODAY, health=False))
    with pytest.raises(SeedRefused, match="--add"):
        seed_demo(actor=SYSTEM, plan=SeedPlan(today=TODAY, health=False))
    people = Person.objects.count()
    seed_demo(actor=SYSTEM, plan=SeedPlan(today=TODAY, projects=5, add=True, health=False))
    assert Project.objects.count() == 45
    assert Project.objects.values("code").distinct().count() == 45
    assert (Organisation.objects.count(), Person.objects.count() > people) == (1, True)
    seed_demo(actor=SYSTEM, plan=SeedPlan(today=TODAY, projects=5, add=True, health=False))
    assert Project.objects.values("code").distinct().count() == 50


def test_another_base_currency_is_refused():
    Organisation.objects.create(name_zh="甲", name_en="A", base_currency="EUR")
    with pytest.raises(SeedRefused, match="EUR"):
        seed_demo(actor=SYSTEM, plan=SeedPlan(today=TODAY, health=False))


def test_120_projects_load_with_their_own_portfolio_people_and_names():
    result = seed_demo(actor=SYSTEM, plan=SeedPlan(today=TODAY, projects=120, health=False))
    assert result.projects == Project.objects.count() == 120
    variants = Project.objects.filter(code__regex=r"^[A-Z]{3}-1\d{3}$")
    assert variants.count() == 80
    assert (
        len(set(variants.values_list("name_zh", flat=True)))
        == len(set(variants.values_list("name_en", flat=True)))
        == 80
    )
    assert (Portfolio.objects.count(), Programme.objects.count()) == (5, 11)
    statuses = Counter(variants.values_list("status", flat=True))
    assert statuses["in_progress"] > 30
    assert statuses["closed"] > 5
    assert variants.exclude(currency="CNY").exists()
    assert CostLine.objects.filter(project__in=variants).count() > 400
    for row in variants:
        row.full_clean()


def test_each_role_has_a_login_that_holds_it():
    seed_demo(actor=SYSTEM, plan=SeedPlan(today=TODAY, health=False))
    users = {user.username: user for user in User.objects.all()}
    assert len(demo_logins()) == len(Role.values)
    for role, username, _password, person in demo_logins():
        value = next(item for item in Role if item.label == role)
        assert value in held_anywhere(users[username]), username
        assert person
    assert can(users["suqing"], "add", Project)
    assert not can(users["tianye"], "change", Project)
    assert Project.objects.visible_to(users["zhouqiming"]).filter(code="NEV-01").exists()
    assert not Project.objects.allowed_to(users["shenli"], "change").exists()


def test_without_passwords_nobody_can_sign_in():
    seed_demo(actor=SYSTEM, plan=SeedPlan(today=TODAY, projects=1, weeks=4, health=False, passwords=False))
    _role, username, password, _person = demo_logins()[0]
    assert authenticate(username=username, password=password) is None
    assert not User.objects.get(username=username).has_usable_password()


def test_holidays_make_up_days_and_ramadan_are_in_the_calendar():
    seed_demo(actor=SYSTEM, plan=SeedPlan(today=TODAY, projects=1, health=False))
    calendar = working_calendar()
    assert calendar.factor(datetime.date(2026, 10, 1)) == 0
    assert calendar.factor(datetime.date(2026, 10, 10)) == 1
    assert calendar.factor(datetime.date(2027, 2, 8)) == 1
    assert working_calendar("SA").factor(datetime.date(2027, 2, 8)) == 0.7
    assert not CalendarException.objects.filter(day__year=2027, region="").exists()
    year = FiscalPeriod.objects.get(code="FY2026")
    assert (year.starts_on, year.ends_on, year.closed) == (
        datetime.date(2026, 1, 1),
        datetime.date(2026, 12, 31),
        False,
    )
    assert FiscalPeriod.objects.get(code="2026-02").ends_on == datetime.date(2026, 2, 28)
    assert FiscalPeriod.objects.get(code="2025-Q4").closed


def test_work_days_count_like_the_organisations_calendar():
    seed_demo(actor=SYSTEM, plan=SeedPlan(today=TODAY, projects=1, weeks=8, health=False))
    calendar = working_calendar()
    days = WorkDays(calendar, datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
    for start in (
        datetime.date(2026, 2, 13),
        datetime.date(2026, 9, 18),
        datetime.date(2026, 10, 3),
        datetime.date(2026, 5, 9),
    ):
        for number in (1, 5, 12):
            assert days.shift(start, number) == calendar.add_working_days(start, number)
        later = start + datetime.timedelta(days=40)
        assert days.number(later) - days.number(start) == calendar.working_days_between(start, later)
    with pytest.raises(ValueError, match="outside the calendar"):
        days.number(datetime.date(2027, 1, 1))


def test_health_is_computed_for_every_sunday_and_the_last_fortnight():
    world = build_world(Book(lambda model: 1), today=TODAY, weeks=104, seed=1, passwords=False)
    days = health_days(world)
    assert world.first == first_monday(TODAY, 104) == datetime.date(2024, 11, 25)
    assert len([day for day in days if day.weekday() == 6]) == 103
    assert days[-14:] == [TODAY - datetime.timedelta(days=back) for back in range(13, -1, -1)]


def administrator(**changes):
    return FirstAdministrator(
        **({"username": "lin", "password": PASSWORD, "name_zh": "林", "name_en": "Lin"} | changes)
    )


def test_an_organisation_of_ones_own_begins_empty():
    row = Organisation(name_zh="甲公司", name_en="Alpha", base_currency="EUR", time_zone="Europe/Berlin")
    create_organisation(actor=SYSTEM, organisation=row, administrator=administrator())
    assert Organisation.objects.get().name_en == "Alpha"
    assert Currency.objects.get().code == "EUR"
    assert HealthModel.objects.count() == 1
    user = authenticate(username="lin", password=PASSWORD)
    assert can(user, "add", Project)
    assert not Project.objects.exists()


def test_a_second_organisation_and_a_weak_password_are_refused_and_leave_nothing():
    with pytest.raises(ValidationError):
        create_organisation(
            actor=SYSTEM,
            organisation=Organisation(name_zh="甲", name_en="A"),
            administrator=administrator(password="short"),
        )
    assert not Organisation.objects.exists()
    create_organisation(
        actor=SYSTEM, organisation=Organisation(name_zh="甲", name_en="A"), administrator=administrator()
    )
    with pytest.raises(ValidationError, match="already"):
        create_organisation(
            actor=SYSTEM,
            organisation=Organisation(name_zh="乙", name_en="B"),
            administrator=administrator(username="b"),
        )


def test_the_command_reads_the_password_from_the_environment(monkeypatch, capsys):
    monkeypatch.setenv("FIRST_PASSWORD", PASSWORD)
    call_command("create_organisation", name_zh="甲公司", name_en="Alpha", admin="lin", password_env="FIRST_PASSWORD")
    assert "lin" in capsys.readouterr().out
    assert authenticate(username="lin", password=PASSWORD)
    with pytest.raises(CommandError, match="already"):
        call_command("create_organisation", name_zh="乙", name_en="B", admin="b", password_env="FIRST_PASSWORD")


def test_the_command_names_the_wrong_field(monkeypatch):
    monkeypatch.setenv("FIRST_PASSWORD", PASSWORD)
    with pytest.raises(CommandError, match="time_zone"):
        call_command(
            "create_organisation",
            name_zh="甲",
            name_en="A",
            admin="lin",
            password_env="FIRST_PASSWORD",
            time_zone="Mars/Base",
        )
    monkeypatch.delenv("FIRST_PASSWORD")
    with pytest.raises(CommandError, match="FIRST_PASSWORD"):
        call_command("create_organisation", name_zh="甲", name_en="A", admin="lin", password_env="FIRST_PASSWORD")
