"""Search: what is found, in which order, for whom, and at what cost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from knowledge.calc.words import words
from knowledge.models import SearchEntry
from knowledge.queries.search import search, visible_entries
from knowledge.services import articles as services
from pmo.core.audit.actor import SYSTEM
from tests import factories
from tests.conftest import UserClient
from tests.knowledge.build import article, lesson, template

pytestmark = pytest.mark.django_db


def found(query: str) -> list[str]:
    entries = search(SearchEntry.objects.all(), words(query)).select_related("article", "lesson", "template")
    return [str(entry.article or entry.lesson or entry.template) for entry in entries]


@pytest.fixture
def story() -> None:
    article(
        title_zh="第三方接口联调陷阱",
        title_en="The interface trap",
        body_zh="沙箱里一切正常，上了生产才发现**限流**。",
        body_en="Everything worked in the sandbox.",
        tag_names="供应商, SAP",
        code="KA-7001",
    )
    article(title_en="Something else", body_en="Nothing of interest")


@pytest.mark.parametrize(
    "query",
    [
        "接口", "联调陷阱", "限流", "沙箱 限流", "供应商", "sap", "SAP", "ＳＡＰ", "INTERFACE", "sandbox trap", "KA-7001", "ka-7001",
        "jiekou", "disanfang", "dsfjk", "接口陷阱", "沙箱sap",
    ],
)  # fmt: skip
def test_what_is_found(story: None, query: str) -> None:
    assert found(query) == ["The interface trap"]


@pytest.mark.parametrize("query", ["接口 不存在", "interface missing", "陷阱采购", "%", "_", "zzzz"])
def test_what_is_not_found(story: None, query: str) -> None:
    assert found(query) == []


def test_titles_come_before_texts_and_codes_before_titles() -> None:
    article(title_en="Body only", body_en="The calendar of Ramadan")
    article(title_en="Ramadan calendar", body_en="x")
    article(title_en="Other", body_en="x", code="RAMADAN")
    assert found("ramadan") == ["Other", "Ramadan calendar", "Body only"]


def test_the_index_follows_every_change() -> None:
    made = article(title_en="Old words", body_en="x")
    services.update_article(actor=SYSTEM, row=made, values={"title_en": "New words"})
    assert found("old") == [] and found("new words") == ["New words"]


def test_lessons_and_templates_are_found_too(pmo_admin: UserClient) -> None:
    lesson(factories.project(), title="斋月工效", situation="每天六小时")
    template(name_zh="斋月检查表", name_en="")
    page = pmo_admin.get(reverse("knowledge-search"), {"q": "zhaiyue"}).content.decode()
    assert "<b>2 hits</b>" in page
    only = pmo_admin.get(reverse("knowledge-search"), {"q": "斋月", "kind": "template"}).content.decode()
    assert "检查表" in only and "工效" not in only and "<mark>斋月</mark>" in only


def test_only_visible_rows_are_found(outsider: UserClient, pmo_admin: UserClient) -> None:
    article(title_en="Secret draft", state="draft")
    lesson(factories.project(visibility="private"), title="Secret lesson", state="noted")
    article(title_en="Secret for all")
    words_ = words("secret")
    assert search(visible_entries(outsider.user), words_).count() == 1
    assert search(visible_entries(pmo_admin.user), words_).count() == 3
    page = outsider.get(reverse("knowledge-search"), {"q": "secret"}).content.decode()
    assert "draft" not in page and "lesson</b>" not in page and "<b>1 hit</b>" in page


def test_marks_are_escaped(outsider: UserClient) -> None:
    article(title_en="<script>alert(1)</script> trap", body_en="trap <img src=x onerror=alert(1)>")
    page = outsider.get(reverse("knowledge-search"), {"q": "trap <script>"}).content.decode()
    assert "<script>alert" not in page and "<img src=x" not in page and "&lt;script&gt;" in page


def test_the_number_of_queries_is_constant_and_pages_turn(outsider: UserClient) -> None:
    counts = []
    for rows in (3, 27):
        for _ in range(rows):
            article(title_en="Constant words", owner=factories.person())
            lesson(factories.project(), title="Constant words")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page = outsider.get(reverse("knowledge-search"), {"q": "constant words"})
        assert page.status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
    last = outsider.get(reverse("knowledge-search"), {"q": "constant", "page": "3"}).content.decode()
    assert last.count("<mark>") >= 20 and "<b>60 hits</b>" in last


@pytest.mark.parametrize(
    "query", ["", "   ", "、，", "x" * 500, "' OR 1=1 --", "\\", "\x00", "😀", "a" * 39 + " b" * 50]
)
def test_odd_queries_are_answered(outsider: UserClient, query: str) -> None:
    assert outsider.get(reverse("knowledge-search"), {"q": query, "page": "zz", "kind": "zz"}).status_code == 200
