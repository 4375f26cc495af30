"""The index follows every write, and can be built anew."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from knowledge.models import Article, Tag
from knowledge.services.articles import create_article
from knowledge.services.tags import update_tag
from pmo.core.audit.actor import SYSTEM
from pmo.core.calendars.queries import org_today
from pmo.core.jobs.api import enqueue, run_job_now
from pmo.core.people.models import Person
from pmo.core.records.bulk import delete_many, update_many
from pmo.core.records.services import create_many, create_record, delete_record, restore_record, update_record
from pmo.core.registers.declaration import get_register
from pmo.core.registers.fields import protected_fields
from pmo.core.search import ddl, job
from pmo.core.search.content import indexed_registers, sources_of
from pmo.core.search.models import SearchEntry, SearchSpelling
from pmo.core.search.services import keep_rows, learn, rebuild
from projects.models import Issue, ProjectMember
from tests import factories

pytestmark = pytest.mark.django_db


def entry(key: str, row: Any) -> SearchEntry | None:
    return SearchEntry.objects.filter(register=key, row_id=row.pk).first()


@pytest.fixture
def issue() -> Issue:
    factories.organisation()
    row = Issue(project=factories.project(), title="起重机延期", description="Supplier late")
    return create_record(actor=SYSTEM, row=row)


def test_a_new_row_is_in_the_index_with_its_scope(issue: Issue) -> None:
    found = entry("issues", issue)
    assert found is not None
    assert (found.code, found.title_zh, found.text) == (issue.code, "起重机延期", "Supplier late")
    assert found.scope_id == found.project_id == issue.project_id
    assert {"1起重", "0延期", "6qizhong", "7qzj", "3supplier"} <= set(found.tokens.split())


def test_an_update_replaces_the_words_and_columns_that_are_not_searched_cost_nothing(issue: Issue) -> None:
    update_record(actor=SYSTEM, row=issue, values={"title": "Bridge"})
    found = entry("issues", issue)
    assert found is not None and found.title_zh == "Bridge" and "1起重" not in found.tokens.split()
    with CaptureQueriesContext(connection) as captured:
        update_record(
            actor=SYSTEM,
            row=issue,
            values={"severity": "1_critical"},
        )
    assert not [query for query in captured.captured_queries if "core_search" in query["sql"]]


def test_the_trash_is_not_found_until_it_is_emptied_back(issue: Issue) -> None:
    delete_record(actor=SYSTEM, row=issue)
    assert entry("issues", issue) is None
    restore_record(actor=SYSTEM, row=issue)
    assert entry("issues", issue) is not None


def test_many_rows_take_one_statement_for_the_index() -> None:
    project = factories.project()

    def made(number: int) -> list[Issue]:
        return [Issue(project=project, title=f"Issue {n}") for n in range(number)]

    counts = []
    for number in (3, 30):
        with CaptureQueriesContext(connection) as captured:
            rows = create_many(actor=SYSTEM, rows=made(number))
        counts.append(sum("core_searchentry" in query["sql"] for query in captured.captured_queries))
    assert counts == [1, 1]
    update_many(actor=SYSTEM, changes=[(row, {"title": "Changed"}) for row in rows], day=org_today())
    assert SearchEntry.objects.filter(register="issues", title_zh="Changed").count() == 30
    delete_many(actor=SYSTEM, rows=rows, day=org_today())
    assert SearchEntry.objects.filter(register="issues").count() == 3


def test_fields_with_a_permission_of_their_own_are_never_copied() -> None:
    for register in indexed_registers():
        hidden, sources = set(protected_fields(register)), sources_of(register)
        used = {name.split("__")[0] for name in (*sources.title_zh, *sources.title_en, *sources.texts, sources.code)}
        assert not used & hidden, register.key
    assert "project" in protected_fields(get_register("lessons"))
    assert not [name for name in sources_of(get_register("lessons")).texts if name.startswith("project")]


def test_rows_called_by_the_names_of_others_follow_them() -> None:
    person = factories.person(name_zh="周启明", name_en="Zhou Qiming")
    member = create_record(
        actor=SYSTEM, row=ProjectMember(project=factories.project(), person=person, role="coordinator")
    )
    found = entry("project-members", member)
    assert found is not None and "周启明" in found.title_zh
    update_record(actor=SYSTEM, row=person, values={"name_zh": "周明"})
    found = entry("project-members", member)
    assert found is not None and "周明" in found.title_zh and "周启明" not in found.title_zh


def test_articles_are_searched_whole() -> None:
    article = create_record(
        actor=SYSTEM, row=Article(code="KA-9", title_zh="联调", body_zh="沙箱里**一切正常**", state="published")
    )
    found = entry("articles", article)
    assert found is not None and "沙箱里一切正常" in found.text
    update_record(actor=SYSTEM, row=article, values={"body_zh": "回滚方案"})
    found = entry("articles", article)
    assert found is not None and "回滚方案" in found.text and "沙箱" not in found.text


def test_articles_are_found_by_the_new_name_of_their_tag() -> None:
    row = Article(code="KA-8", title_en="Soil reports", body_en="Two borings.", tag_names="piles")
    article = create_article(actor=SYSTEM, row=row)
    found = entry("articles", article)
    assert found is not None and "3piles" in found.tokens.split()
    update_tag(actor=SYSTEM, row=Tag.objects.get(name="piles"), values={"name": "foundations"})
    found = entry("articles", article)
    assert found is not None and "3foundations" in found.tokens.split() and "3piles" not in found.tokens.split()


def test_building_anew_makes_what_is_missing_and_drops_what_is_dead(issue: Issue) -> None:
    milestone = factories.milestone(issue.project, name="Keel laid")
    assert entry("milestones", milestone) is None
    SearchEntry.objects.create(register="issues", row_id=10**9, updated_at=issue.updated_at)
    SearchEntry.objects.create(register="no-such-register", row_id=1, updated_at=issue.updated_at)
    told: list[tuple[int, int, str]] = []
    number = rebuild(progress=lambda done, total, what: told.append((done, total, what)))
    assert number == SearchEntry.objects.count() == told[-1][0] == told[-1][1]
    assert entry("milestones", milestone) is not None
    assert not SearchEntry.objects.filter(register="no-such-register").exists()
    before = list(SearchEntry.objects.order_by("pk").values())
    assert rebuild() == number
    assert list(SearchEntry.objects.order_by("pk").values()) == before


def test_the_command_builds_some_or_all_and_names_what_it_does_not_know(issue: Issue) -> None:
    factories.milestone(issue.project)
    out = io.StringIO()
    call_command("reindex_search", "milestones", stdout=out, stderr=io.StringIO())
    assert "1 " in out.getvalue() and SearchEntry.objects.filter(register="milestones").count() == 1
    with pytest.raises(CommandError, match="nonsense"):
        call_command("reindex_search", "nonsense")


def test_the_job_builds_it_and_is_due_once_for_each_version(issue: Issue) -> None:
    SearchEntry.objects.all().delete()
    queued = enqueue(kind=job.KIND, params={}, actor=SYSTEM)
    run_job_now(queued.pk)
    queued.refresh_from_db()
    assert queued.result == {"rows": SearchEntry.objects.count()} and entry("issues", issue) is not None
    assert job.due(issue.created_at) == job.due(issue.updated_at)


def test_new_words_are_learnt_after_the_commit(issue: Issue, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        update_record(actor=SYSTEM, row=issue, values={"title": "Zymurgical turbine"})
        assert not SearchSpelling.objects.filter(word="zymurgical").exists()
    assert SearchSpelling.objects.filter(form="zymurgical", word="zymurgical").exists()
    learn(["zymurgical"])
    assert SearchSpelling.objects.filter(form="zymurgical", word="zymurgical").count() == 1


def test_the_index_of_the_tokens_is_there_and_made_again_where_it_is_lost() -> None:
    assert ddl.exists("default")
    with connection.cursor() as cursor:
        cursor.execute(
            f"DROP INDEX {ddl.INDEX}" if connection.vendor == "postgresql" else f"DROP TRIGGER {ddl.FTS}_added"
        )
    assert not ddl.exists("default")
    ddl.ensure()
    assert ddl.exists("default")


def test_a_row_in_the_trash_is_not_put_back_by_a_late_write() -> None:
    person: Person = factories.person()
    delete_record(actor=SYSTEM, row=person)
    keep_rows(get_register("people"), [person])
    assert entry("people", person) is None
