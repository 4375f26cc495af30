"""What a query finds, and in which order."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pmo.core.audit.actor import SYSTEM
from pmo.core.people.models import User
from pmo.core.records.services import create_record
from pmo.core.search import queries
from pmo.core.search.asked import read_query
from pmo.core.search.models import SearchEntry
from pmo.core.search.queries import counts, find, spellings
from pmo.core.search.services import learn
from projects.models import Issue, Project
from tests import factories
from tests.conftest import UserClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(pmo_admin: UserClient) -> User:
    return pmo_admin.user


@pytest.fixture
def project() -> Project:
    row = Project(
        code="PRJ-2026-017", name_zh="港口起重机更换", name_en="Harbour crane replacement", summary="二期码头 quay wall"
    )
    return create_record(actor=SYSTEM, row=row)


def issue(project: Project, title: str, **values: Any) -> Issue:
    return create_record(actor=SYSTEM, row=Issue(project=project, title=title, **values))


def names(user: User, query: str, *keys: str) -> list[str]:
    return [entry.title_zh or entry.title_en for entry in find(user, query, keys).entries]


@pytest.mark.parametrize(
    "query",
    [
        "PRJ-2026-017", "prj2026017", "2026-017", "PRJ-20",
        "港口起重机更换", "起重机", "口起", "桥"[:0] + "港", "更换 港口", "码头", "二期码头",
        "gangkou", "gangkouqizhongji", "qizhongji", "zhongjigengh", "gkqzjgh", "qzj",
        "Harbour crane", "arbou", "HARB", "replacement crane", "quay", "ＣＲＡＮＥ", "crane 港口", "crane gangkou",
        "harbuor", "crame", "replacment", "crane replacementt", "quai wall",
        "港扣起重机", "起重更换",
    ],
)  # fmt: skip
def test_a_project_is_found_by(user: User, project: Project, query: str) -> None:
    learn(["harbour", "crane", "replacement", "quay", "wall"])
    factories.person()
    assert names(user, query) == ["港口起重机更换"], query


@pytest.mark.parametrize(
    "query",
    ["", "   ", "。", "'\"", "bridge", "桥梁", "PRJ-2026-018", "qiaoliang", "x" * 5000, "\x00", "起重机 bridge"],
)
def test_nothing_is_found_by(user: User, project: Project, query: str) -> None:
    assert names(user, query) == []


def test_the_exact_code_comes_first_then_what_begins_so_then_titles_then_texts(user: User, project: Project) -> None:
    text = issue(project, "Weather", description="crane stands still")
    inside = issue(project, "Old crane")
    begins = issue(project, "Crane fails")
    code = issue(project, "Something else", code="CRANE")
    found = [entry.row_id for entry in find(user, "crane", ["issues"]).entries]
    assert found == [code.pk, begins.pk, inside.pk, text.pk]


def test_newer_rows_come_first_and_ones_own_a_little_earlier(user: User, project: Project) -> None:
    old, new = issue(project, "Mast"), issue(project, "Mast")
    SearchEntry.objects.filter(row_id=old.pk, register="issues").update(
        updated_at=timezone.now() - datetime.timedelta(days=200)
    )
    assert [entry.row_id for entry in find(user, "mast").entries] == [new.pk, old.pk]
    SearchEntry.objects.filter(row_id=old.pk, register="issues").update(person_id=user.person.pk)
    assert [entry.row_id for entry in find(user, "mast").entries] == [old.pk, new.pk]


def test_rows_that_only_join_others_come_behind(user: User, project: Project) -> None:
    from projects.models import ProjectMember

    person = create_record(actor=SYSTEM, row=_person("周启明", "Zhou Qiming"))
    create_record(actor=SYSTEM, row=ProjectMember(project=project, person=person, role="coordinator"))
    assert [entry.register for entry in find(user, "zhouqiming").entries] == ["people", "project-members"]


def _person(zh: str, en: str) -> Any:
    from pmo.core.people.models import Person

    return Person(code=f"P{factories.number()}", name_zh=zh, name_en=en)


def test_counts_are_those_of_each_register_whatever_is_listed(user: User, project: Project) -> None:
    for number in range(30):
        issue(project, f"Anchor {number}")
    found = find(user, "anchor", most=8)
    assert len(found.entries) == 8
    assert counts(user, found) == ({"issues": 30}, False)
    assert counts(user, find(user, "")) == ({}, False)


def test_only_the_registers_asked_for_are_searched(user: User, project: Project) -> None:
    issue(project, "起重机故障")
    assert names(user, "起重机", "issues") == ["起重机故障"]
    assert names(user, "起重机", "projects") == ["港口起重机更换"]


def test_a_misspelt_word_says_what_was_meant(user: User, project: Project) -> None:
    learn(["harbour", "crane", "harbours"])
    assert find(user, "harbuor crane").meant == {"harbuor": "harbour"}
    assert find(user, "harbour crane").meant == {}
    assert spellings(["harbour", "crane", "qzj"]) == {"harbour": ["harbours"]}


def test_what_is_meant_is_only_said_of_rows_one_sees(outsider: UserClient, project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(visibility="private")
    learn(["harbour"])
    found = find(outsider.user, "harbuor")
    assert (found.entries, found.meant) == ([], {})


def test_the_words_that_hit_are_marked(user: User, project: Project) -> None:
    def marks(query: str) -> list[str]:
        return find(user, query).entries[0].marks

    assert marks("qizhongji") == ["起重机"]
    assert marks("gkqz") == ["港口起重"]
    assert marks("crane") == ["crane"]
    assert marks("港扣") == ["港口"]


def test_older_rows_are_read_where_the_newest_only_seem_to_hold(
    user: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "CANDIDATES", 5)
    monkeypatch.setattr(queries, "MORE", (7, 20))
    old = issue(project, "Unharboured crane")
    for number in range(12):
        issue(project, f"Arbor bound {number}")
    SearchEntry.objects.filter(register="issues").exclude(row_id=old.pk).update(updated_at=timezone.now())
    SearchEntry.objects.filter(row_id=old.pk, register="issues").update(
        updated_at=timezone.now() - datetime.timedelta(days=200)
    )
    assert [entry.row_id for entry in find(user, "arbou", ["issues"], most=5).entries] == [old.pk]


def test_rows_of_one_moment_are_read_once_each_over_the_edge_of_a_page(
    user: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "CANDIDATES", 4)
    rows = [issue(project, f"Anchor {number}") for number in range(9)]
    SearchEntry.objects.filter(register="issues").update(updated_at=timezone.now())
    search = queries._Search(read_query("anchor"), SearchEntry.objects.filter(register="issues"), None, 4)
    with CaptureQueriesContext(connection) as captured:
        search.look("3anchor")
    assert {entry.row_id for entry in search.held.values()} == {row.pk for row in rows}
    assert len(captured) == 2
