"""A file that is streamed after the request keeps the reader's zone and language."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone, translation

from projects.models import Project
from tests import factories
from tests.conftest import UserClient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "word"), [("en", "In progress"), ("zh-hans", "进行中")])
def test_moments_and_words_in_csv_are_the_readers(pmo_admin: UserClient, language: str, word: str) -> None:
    factories.organisation()
    pmo_admin.cookies["bw_language"] = language
    row = factories.project()
    moment = datetime.datetime(2026, 3, 1, 23, 30, tzinfo=datetime.UTC)
    Project.objects.filter(pk=row.pk).update(updated_at=moment)
    answer: Any = pmo_admin.get("/r/projects/export.csv", {"columns": "code,status,updated_at"})
    other = "zh-hans" if language == "en" else "en"
    with translation.override(other), timezone.override("America/New_York"):
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "2026-03-02 07:30" in text
    assert word in text
