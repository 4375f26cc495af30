"""The pages of the pool: their figures are those of an independent count, for any number of rows with the same queries."""

from __future__ import annotations

import csv
import datetime
import io
import re
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.calendars.models import CalendarException
from pmo.core.calendars.queries import working_calendar
from pmo.core.records.services import create_record, update_record
from resources.models import Allocation, PersonSkill, PoolMember, Skill
from resources.views.capacity import _periods
from tests import factories
from tests.resources.builders import LONG_AGO, MONDAY, allocation, booking, equipment, member, role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = datetime.timedelta(days=1)
CAPACITY = "/resources/capacity/"


@pytest.fixture
def today() -> Any:
    factories.organisation()
    with time_machine.travel("2026-11-18T04:00Z", tick=False):
        yield MONDAY + 2 * DAY


@pytest.fixture
def pmo() -> Client:
    return signed_in(Role.PMO_ANALYST)


def signed_in(granted: Role, **where: Any) -> Client:
    client = Client()
    client.force_login(factories.user(granted, **where))
    client.cookies["bw_language"] = "en"
    return client


def crowd(size: int = 6) -> list[PoolMember]:
    """People of two units and two roles with overlapping allocations."""
    rng = np.random.default_rng(size)
    units, roles = [factories.unit(), factories.unit()], [role(), role(name_en="Architect")]
    projects = [factories.project() for _number in range(3)]
    found = []
    for number in range(size):
        person = factories.person(unit=units[number % 2])
        found.append(
            member(
                person,
                role=roles[number % 3 % 2],
                availability=[100, 80][number % 2],
                pool_until=None if number % 4 else MONDAY + 30 * DAY,
            )
        )
        for project in projects[: 1 + number % 3]:
            starts = MONDAY + int(rng.integers(-20, 40)) * DAY
            allocation(
                project,
                person,
                int(rng.integers(20, 120)),
                starts_on=starts,
                ends_on=starts + int(rng.integers(0, 50)) * DAY,
                state=["committed", "committed", "proposed"][int(rng.integers(0, 3))],
            )
    return found


def recount(
    people: list[PoolMember], first: datetime.date, last: datetime.date, states: set[str]
) -> tuple[float, float]:
    """Demand and capacity in hours, day by day and person by person."""
    calendar, demand, capacity = working_calendar(), 0.0, 0.0
    day = first
    while day <= last:
        for who in people:
            if who.pool_from <= day and (who.pool_until is None or day <= who.pool_until):
                capacity += calendar.factor(day) * who.availability / 100 * 8
            for row in Allocation.objects.filter(person=who.person, state__in=states):
                if row.starts_on <= day <= row.ends_on:
                    demand += calendar.factor(day) * row.percent / 100 * 8
        day += DAY
    return demand, capacity


def table(client: Client, **query: Any) -> list[list[str]]:
    """The rows of the export: name, role, people, then a figure for each period."""
    response = client.get(f"{CAPACITY}export.csv?{urlencode(query)}")
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text)) if not row[0].startswith("#")]
    return rows[1:]


@pytest.mark.parametrize("by", ["week", "month"])
def test_the_figures_are_those_of_an_independent_count(pmo: Client, by: str) -> None:
    create_record(actor=SYSTEM, row=CalendarException(day=MONDAY + 8 * DAY, factor=0))
    people = crowd()
    for who in people:
        who.refresh_from_db()
    periods = _periods(MONDAY, by)
    got = {row[0]: row for row in table(pmo, by=by, figures="hours")}
    for who in people:
        for place, (first, last) in enumerate(periods):
            demand, _capacity = recount([who], first, last, {"committed"})
            assert float(got[str(who.person)][3 + place]) == pytest.approx(demand, abs=0.01)
    for unit in {who.person.unit for who in people}:
        team = [who for who in people if who.person.unit == unit]
        shown = next(row for row in table(pmo, by=by, rows="units", proposed=1) if row[0] == str(unit))
        assert shown[2] == str(len(team))
        for place, (first, last) in enumerate(periods):
            demand, capacity = recount(team, first, last, {"committed", "proposed"})
            wanted = round(demand / capacity * 100, 1) if capacity else None
            assert (float(shown[3 + place]) if shown[3 + place] else None) == pytest.approx(wanted, abs=0.06)


def test_the_page_says_who_is_over_and_links_each_cell_to_its_rows(pmo: Client) -> None:
    busy, calm = member(), member()
    first, second = factories.project(), factories.project()
    rows = [allocation(first, busy.person, 80), allocation(second, busy.person, 60)]
    allocation(first, calm.person, 40, ends_on=MONDAY + 4 * DAY)
    text = pmo.get(CAPACITY).content.decode()
    lead = re.sub(r"<[^>]+>", "", text.split('class="lead">')[1].split("</p>")[0])
    assert lead.startswith("1 of 2 people is over capacity: ") and f"{busy.person} 140%" in lead
    assert "load-extreme" in text and "load-under" in text
    [cell] = re.findall(
        rf'<td class="cell load-extreme"[^>]*><a class="cell-in" href="([^"]+person={busy.person_id}[^"]+)"', text
    )[:1]
    listed = pmo.get(cell.replace("&amp;", "&"))
    assert all(row.code in listed.content.decode() for row in rows)
    assert str(calm.person) not in listed.content.decode().split("<tbody", 1)[1].split("</tbody>")[0]


def test_cells_of_roles_and_filtered_units_lead_to_their_rows(pmo: Client) -> None:
    above = factories.unit()
    inside = member(factories.person(unit=factories.unit(above)))
    outside = member(role=inside.role)
    project = factories.project()
    rows = [allocation(project, who.person, 50) for who in (inside, outside)]
    text = pmo.get(CAPACITY, {"rows": "roles", "unit": above.pk}).content.decode()
    url = re.findall(r'<a class="cell-in" href="(/r/allocations/[^"]+)"', text)[0].replace("&amp;", "&")
    body = pmo.get(url).content.decode()
    assert rows[0].code in body and rows[1].code not in body


def test_filters_and_skills(pmo: Client) -> None:
    skilled, other = member(), member()
    skill = Skill.objects.create(code="S1", name_en="Arabic")
    PersonSkill.objects.create(person=skilled.person, skill=skill)
    names = [row[0] for row in table(pmo, skill=skill.pk) if not row[2]]
    assert names == [str(skilled.person)]
    assert [row[0] for row in table(pmo, role=other.role_id) if not row[2]] == [str(other.person)]
    for wrong in ({"unit": "x"}, {"skill": "99999"}, {"by": "day"}, {"from": "soon"}, {"as_of": "2030-01-01"}):
        assert pmo.get(CAPACITY, wrong).status_code == 400, wrong


def test_a_past_day_shows_what_was_known_then(pmo: Client, today: datetime.date) -> None:
    who = member()
    row = allocation(factories.project(), who.person, 150, day=MONDAY - 30 * DAY)
    update_record(actor=SYSTEM, row=row, values={"percent": 60}, day=today)
    [now] = [line for line in table(pmo, **{"from": MONDAY}) if not line[2]]
    [then] = [line for line in table(pmo, as_of=MONDAY - DAY, **{"from": MONDAY}) if not line[2]]
    assert (float(now[3]), float(then[3])) == (60, 150)
    page = pmo.get(CAPACITY, {"as_of": str(MONDAY - DAY)}).content.decode()
    assert "past date" in page and "cell-in" not in page


def test_a_resource_manager_sees_his_units_an_executive_all_and_a_project_manager_none() -> None:
    above = factories.unit()
    own, other = member(factories.person(unit=factories.unit(above))), member()
    keeper = signed_in(Role.RESOURCE_MANAGER, within=above)
    assert [row[0] for row in table(keeper) if not row[2]] == [str(own.person)]
    assert {row[0] for row in table(signed_in(Role.EXECUTIVE)) if not row[2]} == {str(own.person), str(other.person)}
    client, manager = Client(), factories.user()
    factories.project(pm=manager.person)
    client.force_login(manager)
    assert client.get(CAPACITY).status_code == 403


def test_demand_of_projects_the_reader_may_not_open_still_counts() -> None:
    above = factories.unit()
    who = member(factories.person(unit=above))
    allocation(factories.project(visibility="private"), who.person, 90)
    [line] = [row for row in table(signed_in(Role.EXECUTIVE, within=above)) if not row[2]]
    assert float(line[3]) == 90


def test_rates_are_masked_for_who_may_not_read_them() -> None:
    member(cost_rate="321.50", rate_from=LONG_AGO)
    pool = reverse("register-list", kwargs={"key": "pool"}) + "?columns=person,cost_rate"
    assert "321.5" in signed_in(Role.PMO_ANALYST).get(pool).content.decode()
    assert "321.5" in signed_in(Role.AUDITOR).get(pool).content.decode()
    executive = signed_in(Role.EXECUTIVE)
    assert "321.5" not in executive.get(pool).content.decode()
    answer = executive.get("/api/v1/pool/").json()["results"]
    assert len(answer) == 1 and answer[0]["cost_rate"] is None


def test_certificates_are_found_by_what_expires(pmo: Client, today: datetime.date) -> None:
    from resources.models import Certificate

    person = factories.person(unit=factories.unit())
    for days in (-1, 0, 90, 91):
        row = Certificate(person=person, name=f"C{days}", expires_on=today + days * DAY)
        create_record(actor=SYSTEM, row=row)
    create_record(actor=SYSTEM, row=Certificate(person=person, name="Forever"))
    found = {
        state: {row["name"] for row in pmo.get("/api/v1/certificates/", {"state": state}).json()["results"]}
        for state in ("expired", "expiring", "valid")
    }
    assert found == {"expired": {"C-1"}, "expiring": {"C0", "C90"}, "valid": {"C91", "Forever"}}


def test_the_calendar_shows_peaks_conflicts_and_the_next_window(pmo: Client) -> None:
    rig = equipment(name_en="Test rig", name_zh="", capacity=3)
    holder, asker = (
        factories.project(name_en="Smart cockpit"),
        factories.project(name_en="Platform", priority="1_critical"),
    )
    booking(rig, holder, MONDAY + 7 * DAY, MONDAY + 18 * DAY, quantity=3)
    booking(rig, asker, MONDAY + 10 * DAY, MONDAY + 11 * DAY, quantity=2, state="requested")
    booking(rig, holder, MONDAY, MONDAY + DAY, quantity=1, state="cancelled")
    text = pmo.get("/resources/equipment/").content.decode()
    cells = re.findall(r'<td class="(cell[^"]*)"[^>]*>(?:<a[^>]*>)?([^<]+)<', text)[:4]
    assert cells == [
        ("cell cell-free", "—"),
        ("cell load-over", "3+2 / 3"),
        ("cell cell-green", "3 / 3"),
        ("cell cell-free", "—"),
    ]
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))
    assert "1 request does not fit" in plain and "Platform asks for Test rig 26 – 27 Nov" in plain
    assert "7 – 8 Dec" in plain
    url = re.findall(r'load-over"[^>]*><a class="cell-in" href="([^"]+)"', text)[0].replace("&amp;", "&")
    body = pmo.get(url).content.decode()
    assert "Smart cockpit" in body and "Platform" in body


def test_a_stranger_reads_that_it_is_taken_and_not_by_whom() -> None:
    rig = equipment()
    booking(rig, factories.project(name_en="Secret merger", name_zh="", visibility="private"), MONDAY, MONDAY + 4 * DAY)
    mine = factories.user()
    booking(rig, factories.project(pm=mine.person), MONDAY + 3 * DAY, MONDAY + 4 * DAY, state="requested")
    client = Client()
    client.force_login(mine)
    client.cookies["bw_language"] = "en"
    text = client.get("/resources/equipment/").content.decode()
    assert "Secret merger" not in text and "another project" in text


def test_the_tab_of_a_project_says_how_far_its_people_are_over(pmo: Client) -> None:
    who, project = member(), factories.project()
    allocation(project, who.person, 80)
    allocation(factories.project(), who.person, 70)
    booking(equipment(name_en="Test rig", name_zh=""), project, MONDAY, MONDAY + 9 * DAY)
    url = reverse("register-tab", kwargs={"key": "projects", "pk": project.pk, "tab": "resources"})
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", pmo.get(url).content.decode()))
    assert f"promised 50% beyond their capacity in the next 28 days: {who.person}." in text
    assert "far over capacity 150%" in text and "Test rig" in text


@pytest.mark.parametrize("url", [CAPACITY, f"{CAPACITY}?rows=roles&by=month", "/resources/equipment/"])
def test_the_number_of_queries_does_not_grow(pmo: Client, url: str) -> None:
    counts = []
    for size in (3, 30):
        crowd(size)
        for _number in range(size):
            rig = equipment()
            booking(rig, factories.project(), MONDAY, MONDAY + DAY)
            booking(rig, factories.project(), MONDAY, MONDAY + DAY, state="requested")
        pmo.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert pmo.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20


def test_an_empty_pool_offers_one_action(pmo: Client) -> None:
    text = pmo.get(CAPACITY).content.decode()
    assert "Nobody in this choice is in the pool" in text and reverse("register-list", kwargs={"key": "pool"}) in text
    assert "Add equipment" in pmo.get("/resources/equipment/").content.decode()
