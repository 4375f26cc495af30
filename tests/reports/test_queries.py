"""The pages of a report take the same number of statements for 3 rows as for 30."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.health import build
from tests.reports.test_form import new_url, page_url, submitted

pytestmark = pytest.mark.django_db


def taken(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def grow(world) -> None:
    for number in range(30):
        build.add("issue", world.project, title=f"Issue {number}", owner=world.sponsor)
        build.add("action", world.project, title=f"Action {number}")
        build.milestone(world.project, f"Stone {number}", "2026-11-20")
    for week in range(1, 12):
        build.report(world.project, f"2026-{8 + week // 5:02d}-{1 + week % 5 * 7:02d}", "green", "green")


def test_form_and_pages_take_a_constant_number(world):
    report = submitted(world)
    form, page = new_url(world.project), page_url(report)
    tab, register = f"/r/projects/{world.project.pk}/tab/reports/", "/r/status-reports/"
    few = [taken(world.manager, url) for url in (page, tab, register)]
    grow(world)
    assert [taken(world.manager, url) for url in (page, tab, register)] == few
    world.analyst.post(page_url(report, "publish"), {"reviewed": "red"})
    assert taken(world.manager, page) <= 20
    before = taken(world.manager, form)
    grow(world)
    assert taken(world.manager, form) == before
