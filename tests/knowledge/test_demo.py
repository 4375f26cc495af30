"""The demo's texts: complete, readable, and of the people and projects of the demo company."""

from __future__ import annotations

import io

import openpyxl

from knowledge.calc.rendering import render
from knowledge.models.choices import ArticleKind, LessonCategory, LessonKind, LessonState
from knowledge.services.tags import tag_list
from pmo.core.files.sniff import document_type
from portfolio.demo.people import PEOPLE
from portfolio.demo.rooms.knowledge_data import articles, lessons
from portfolio.demo.rooms.knowledge_files import FORMS, content
from portfolio.demo.stories import STORIES
from projects.models.choices import Stage


def test_every_article_has_an_owner_a_kind_and_texts() -> None:
    people = {person.code for person in PEOPLE}
    assert len(articles()) >= 25
    assert len({text.key for text in articles()}) == len({text.code for text in articles()}) == len(articles())
    assert {text.head["kind"] for text in articles()} == set(ArticleKind.values), "every kind is shown"
    for text in articles():
        assert text.head["owner"] in people and text.head["title_zh"] and text.head["summary_zh"], text.key
        assert len(text.body_zh) > 60 and render(text.body_zh).headings, text.key
        assert tag_list(text.head["tags"])
    assert sum(bool(text.body_en) for text in articles()) >= 10


def test_war_stories_have_their_four_parts() -> None:
    for text in articles():
        if text.head["kind"] == ArticleKind.WAR_STORY:
            assert len([h for h in render(text.body_zh).headings if h.level == 2]) >= 4, text.key


def test_every_lesson_belongs_to_a_story_and_names_an_article_that_is_there() -> None:
    codes, keys = {spec.code for spec in STORIES}, {text.key for text in articles()}
    rows = [lesson for own in lessons().values() for lesson in own]
    assert len(rows) >= 60
    for row in rows:
        assert row.project in codes and row.kind in LessonKind.values, row
        assert (
            row.category in LessonCategory.values and row.stage in Stage.values and row.state in LessonState.values
        ), row
        assert not row.article or row.article in keys, row
        assert all((row.title, row.situation, row.cause, row.recommendation, row.impact)) and row.week <= 0, row


def test_template_files_are_what_they_say_and_the_same_each_time() -> None:
    for form in FORMS:
        for chinese in (True, False):
            for number in range(1, len(form.versions) + 1):
                made = content(form, number, chinese)
                assert document_type(f"a.{form.extension}", made), (form.key, number)
                content.cache_clear()
                assert content(form, number, chinese) == made
    workbook = openpyxl.load_workbook(io.BytesIO(content(FORMS[2], 2, True)))
    assert [cell.value for cell in workbook.active[1]] == list(FORMS[2].versions[1].parts_zh)
