"""The list: filters, search, sorting, columns, paging, fragments, and a constant number of queries."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo.core.access.roles import Role
from pmo.core.activity.services.tags import set_tags
from pmo.core.audit.actor import SYSTEM
from projects.models import Milestone
from tests import factories
from tests.conftest import UserClient
from tests.registers.pages import HTMX, shown, text, url

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 5, 1)


@pytest.fixture
def milestones(db: None) -> list[Milestone]:
    """Twelve milestones of three projects with owners, flags, gaps."""
    owners = [
        factories.person(code="E9001", name_en="Ann Able"),
        factories.person(code="E9002", name_en="Bo Best"),
        None,
    ]
    projects = [factories.project(name_en=name) for name in ("Crane", "Bridge", "Airport")]
    return [
        factories.milestone(
            projects[place % 3],
            name=f"Step {place} {'handover' if place % 4 == 0 else 'design'}",
            owner=owners[place % 3],
            is_key=place % 2 == 0,
            baseline_date=DAY + datetime.timedelta(days=10 * place),
            actual_date=DAY if place % 5 == 0 else None,
            weight=Decimal(place) if place else None,
        )
        for place in range(12)
    ]


CASES: list[tuple[dict[str, Any], Callable[[Milestone], bool]]] = [
    ({"is_key": "true"}, lambda row: row.is_key),
    ({"is_key": "false"}, lambda row: not row.is_key),
    ({"owner": "E9001"}, lambda row: row.owner is not None and row.owner.code == "E9001"),
    ({"owner": ["E9001", "E9002 Bo Best"]}, lambda row: row.owner is not None),
    ({"owner__isnull": "true"}, lambda row: row.owner is None),
    ({"baseline_date__gte": "2026-06-01"}, lambda row: row.baseline_date >= datetime.date(2026, 6, 1)),
    (
        {"baseline_date__gte": "2026-05-11", "baseline_date__lte": "2026-05-31"},
        lambda row: datetime.date(2026, 5, 11) <= row.baseline_date <= datetime.date(2026, 5, 31),
    ),
    ({"actual_date__isnull": "false"}, lambda row: row.actual_date is not None),
    (
        {"weight__gt": "4.5", "weight__lte": "9"},
        lambda row: row.weight is not None and Decimal("4.5") < row.weight <= 9,
    ),
    ({"name__icontains": "HANDOVER"}, lambda row: "handover" in row.name),
    ({"q": "step handover"}, lambda row: "handover" in row.name),
    (
        {"q": "bridge 1"},
        lambda row: (
            row.project.name_en == "Bridge" and "1" in f"{row.name}{row.code}{row.project.code}{row.project.name_zh}"
        ),
    ),
    ({"baseline_date": "2026-05-11"}, lambda row: row.baseline_date == datetime.date(2026, 5, 11)),
]


@pytest.mark.parametrize(("query", "wanted"), CASES)
def test_filters_keep_what_an_independent_count_keeps(
    pmo_admin: UserClient, milestones: list[Milestone], query: dict[str, Any], wanted: Callable[[Milestone], bool]
) -> None:
    response = pmo_admin.get(url("list", "milestones"), query)
    expected = {row.pk for row in milestones if wanted(row)}
    assert 0 < len(expected) < len(milestones)
    assert set(shown(response)) == expected


def test_me_is_the_reader(pmo_admin: UserClient, milestones: list[Milestone]) -> None:
    Milestone.objects.filter(pk=milestones[7].pk).update(owner=pmo_admin.user.person)
    assert shown(pmo_admin.get(url("list", "milestones"), {"owner": "me"})) == [milestones[7].pk]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"baseline_date__gte": "soon"}, "baseline_date__gte=soon cannot be used: a date is expected"),
        ({"is_key": "perhaps"}, "is_key=perhaps cannot be used: true or false is expected"),
        ({"weight__gte": "heavy"}, "weight__gte=heavy cannot be used: a number is expected"),
        ({"owner": "Nobody Known"}, "owner=Nobody Known cannot be used: an id or code is expected; 0 records match"),
        ({"colour": "red"}, "colour=red cannot be used: this list has no such filter"),
        ({"name__startswith": "S"}, "name__startswith=S cannot be used: this list has no such filter"),
        ({"sort": "-nothing"}, "sort=-nothing cannot be used: columns to sort by are expected"),
        ({"group": "name"}, "group=name cannot be used: one of these is expected: project, owner, is_key"),
        ({"page": "-1"}, "page=-1 cannot be used: a positive whole number is expected"),
        ({"page_size": "7"}, "page_size=7 cannot be used: one of these is expected: 20, 50, 100, 200"),
        ({"columns": "name,secret"}, "columns=secret cannot be used: column names are expected"),
        ({"portfolio": "x"}, "portfolio=x cannot be used: Portfolio: x is not the number of a record"),
        ({"baseline_date__lte": "9999-12-31"}, "a date is expected"),
        ({"weight": "1e400"}, "a number is expected"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(
    pmo_admin: UserClient, milestones: list[Milestone], query: dict[str, str], expected: str
) -> None:
    response = pmo_admin.get(url("list", "milestones"), query)
    assert response.status_code == 422
    assert expected in text(response)
    assert shown(response) == []


def test_choices_and_severity_of_colours(pmo_admin: UserClient) -> None:
    from projects.models import StatusReport

    project = factories.project()
    rows = {
        band: StatusReport.objects.create(
            project=project, code=f"SR-{band}", period_start=DAY, period_end=DAY, declared=band
        ).pk
        for band in ("green", "red", "grey", "amber")
    }
    worst_first = shown(pmo_admin.get(url("list", "status-reports"), {"sort": "-declared"}))
    assert worst_first == [rows[band] for band in ("red", "amber", "green", "grey")]
    two = shown(pmo_admin.get(url("list", "status-reports"), {"declared": ["red", "green"], "sort": "declared"}))
    assert two == [rows["green"], rows["red"]]
    refused = pmo_admin.get(url("list", "status-reports"), {"declared": "blue"})
    assert "one of these is expected: green, amber, red, grey" in text(refused)


@pytest.mark.parametrize(
    "sort", ["-is_key,baseline_date", "owner,-name", "weight", "-weight", "project,-baseline_date"]
)
def test_sorts_like_python_with_empty_values_last(
    pmo_admin: UserClient, milestones: list[Milestone], sort: str
) -> None:
    def value(row: Milestone, name: str) -> Any:
        if name == "owner":
            return row.owner.name_en if row.owner else None
        return row.project.code if name == "project" else getattr(row, name)

    expected = list(milestones)
    for part in reversed(sort.split(",")):
        name = part.removeprefix("-")
        known = [row for row in expected if value(row, name) is not None]
        known.sort(key=lambda row: value(row, name), reverse=part.startswith("-"))
        expected = known + [row for row in expected if value(row, name) is None]
    assert shown(pmo_admin.get(url("list", "milestones"), {"sort": sort})) == [row.pk for row in expected]


def test_pages_and_total(pmo_admin: UserClient) -> None:
    project = factories.project()
    rows = [factories.milestone(project, baseline_date=DAY + datetime.timedelta(days=n)) for n in range(45)]
    first = pmo_admin.get(url("list", "milestones"), {"page_size": "20"})
    last = pmo_admin.get(url("list", "milestones"), {"page_size": "20", "page": "3"})
    assert shown(first) == [row.pk for row in rows[:20]]
    assert shown(last) == [row.pk for row in rows[40:]]
    assert "45 rows" in text(first)
    assert shown(pmo_admin.get(url("list", "milestones"), {"page_size": "20", "page": "99"})) == [
        row.pk for row in rows[40:]
    ]
    assert '<td class="num c-number muted card-hide">41</td>' in last.content.decode()


def test_columns_by_address_and_by_preference(pmo_admin: UserClient, milestones: list[Milestone]) -> None:
    once = pmo_admin.get(url("list", "milestones"), {"columns": "name,weight"}).content.decode()
    assert 'data-field="weight"' in once
    assert 'data-field="owner"' not in once
    shown_list = pmo_admin.get(url("list", "milestones"), {"columns": "name", "is_key": "true"}).content.decode()
    back = f"{url('list', 'milestones')}?is_key=true"
    assert f'name="next" value="{back}"' in shown_list
    chosen = {"columns_form": "1", "columns": ["owner", "name", "gone"], "next": back}
    assert pmo_admin.post(url("columns", "milestones"), chosen)["Location"] == back
    outside = pmo_admin.post(url("columns", "milestones"), {**chosen, "next": "https://example.org/"})
    assert outside["Location"] == url("list", "milestones")
    kept = pmo_admin.get(url("list", "milestones")).content.decode()
    assert kept.index('data-field="owner"') < kept.index('data-field="name"')
    assert 'data-field="code"' not in kept
    pmo_admin.post(url("columns", "milestones"), {"columns_form": "1", "reset": "1"})
    assert 'data-field="code"' in pmo_admin.get(url("list", "milestones")).content.decode()
    pmo_admin.post(url("columns", "milestones"), {"page_size": "20"})
    assert '<option value="20" selected>' in pmo_admin.get(url("list", "milestones")).content.decode()


def test_htmx_gets_the_part_and_caches_are_told(pmo_admin: UserClient, milestones: list[Milestone]) -> None:
    part = pmo_admin.get(url("list", "milestones"), {"is_key": "true"}, headers=HTMX)
    assert "<html" not in part.content.decode()
    assert part.content.decode().lstrip().startswith('<div class="register-area"')
    assert shown(part) == shown(pmo_admin.get(url("list", "milestones"), {"is_key": "true"}))
    assert "HX-Request" in part["Vary"]
    assert "<html" in pmo_admin.get(url("list", "milestones")).content.decode()
    back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in pmo_admin.get(url("list", "milestones"), headers=back).content.decode()


def test_chips_take_one_value_away(pmo_admin: UserClient, milestones: list[Milestone]) -> None:
    response = pmo_admin.get(url("list", "milestones"), {"owner": ["E9001", "E9002"], "is_key": "true"})
    chips = {(str(chip.label), chip.text): chip.url for chip in response.context["listing"].bar.chips}
    assert set(chips) == {("Owner", "E9001 Ann Able"), ("Owner", "E9002 Bo Best"), ("Key milestone", "Yes")}
    assert chips["Owner", "E9001 Ann Able"] == "?owner=E9002&is_key=true"


def test_names_follow_the_reader(client_for: Callable[..., UserClient]) -> None:
    factories.project(name_zh="甲项目", name_en="Zebra")
    factories.project(name_zh="乙项目", name_en="Ant")
    english, chinese = client_for("pmo_admin", language="en"), client_for("pmo_admin", language="zh-hans")
    en = pmo_text = text(english.get(url("list", "projects"), {"sort": "name"}))
    assert en.index("Ant") < pmo_text.index("Zebra")
    zh = text(chinese.get(url("list", "projects"), {"sort": "name"}))
    assert zh.index("乙项目") < zh.index("甲项目")


def test_empty_list_offers_what_to_do(pmo_admin: UserClient, outsider: UserClient) -> None:
    assert "No milestones yet" in text(pmo_admin.get(url("list", "milestones")))
    assert url("create", "milestones") in pmo_admin.get(url("list", "milestones")).content.decode()
    assert url("create", "milestones") not in outsider.get(url("list", "milestones")).content.decode()
    factories.milestone(factories.project())
    nothing = text(pmo_admin.get(url("list", "milestones"), {"q": "zzzz"}))
    assert "Nothing matches these filters" in nothing


def test_no_view_anywhere_is_refused_and_unknown_is_not_found(outsider: UserClient) -> None:
    refused = outsider.get(url("list", "cost-lines"))
    assert refused.status_code == 403
    assert "You need one of these roles here" in text(refused)
    assert outsider.get(url("list", "no-such-register")).status_code == 404


def test_invisible_rows_are_not_counted(outsider: UserClient, milestones: list[Milestone]) -> None:
    factories.milestone(factories.project(visibility="private"))
    assert "12 rows" in text(outsider.get(url("list", "milestones")))


def test_a_filter_by_number_does_not_tell_names_of_invisible_records(
    outsider: UserClient, pmo_admin: UserClient
) -> None:
    secret = factories.project(name_en="Secret merger", visibility="private")
    query = {"project": str(secret.pk)}
    page = outsider.get(url("list", "milestones"), query)
    assert shown(page) == []
    assert "Secret merger" not in page.content.decode()
    assert "Secret merger" in pmo_admin.get(url("list", "milestones"), query).content.decode()


LISTS = ["milestones", "projects", "budget-lines", "issues", "decisions", "people", "org-units", "role-grants"]


def _some(key: str, count: int) -> None:
    for _round in range(count):
        unit = factories.unit()
        person = factories.person(unit=unit, line_manager=factories.person())
        project = factories.project(pm=person, sponsor=person, unit=unit)
        factories.milestone(project, owner=person)
        factories.issue(project, owner=person)
        factories.decision(project, decider=person, delay_cost=5)
        factories.budget_line(project)
        factories.user("team_member", within=unit)


@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("key", LISTS)
def test_the_same_number_of_queries_at_3_and_at_30_rows(
    client_for: Callable[..., UserClient], key: str, grouped: bool
) -> None:
    from pmo.core.registers.declaration import get_register

    client = client_for("pmo_admin", language="zh-hans")
    register = get_register(key)
    if grouped and not register.all_groupings:
        pytest.fail(f"{key} has no grouping")
    query = {"columns": ",".join(column.field for column in register.all_columns)}
    if grouped:
        query["group"] = register.all_groupings[0]
    counts = []
    for count in (3, 27):
        _some(key, count)
        client.get(url("list", key), query)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("list", key), query).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    with CaptureQueriesContext(connection) as queries:
        client.get(url("list", key), headers=HTMX)
    assert len(queries) <= 12


def test_the_trash_is_offered_to_those_who_may_open_it(milestones: list[Milestone], client: Any) -> None:
    trash = url("trash", "milestones")
    for role, code in ((Role.PMO_ADMIN, 200), (Role.AUDITOR, 403)):
        client.force_login(factories.user(role))
        assert (trash in client.get(url("list", "milestones")).content.decode()) is (code == 200)
        assert client.get(trash).status_code == code


def test_a_record_without_tags_says_so_with_a_dash(client_for: Callable[..., UserClient]) -> None:
    plain, tagged = (factories.milestone(factories.project()) for _each in range(2))
    set_tags(actor=SYSTEM, row=tagged, text="winch, quay")
    page = client_for("pmo_admin", language="en").get(url("list", "milestones") + "?columns=name,tags")
    cells = re.findall(r'<tr id="row-(\d+)".*?data-field="tags">(.*?)</td>', page.content.decode(), re.DOTALL)
    told = {int(pk): re.sub("<[^>]*>", "", html) for pk, html in cells}
    assert told == {plain.pk: "—", tagged.pk: "quay, winch"}
