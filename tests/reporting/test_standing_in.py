"""Who stands in for a project manager sees that one's projects as their own work, until the last day."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from pmo.core.messages.calendar_sources import all_sources
from pmo.core.people.models import User
from portfolio.queries import mywork
from portfolio.services.reporting.periods import settle_periods
from portfolio.views.homes.roles import homes_of
from projects.models import Project
from tests import factories
from tests.conftest import client_of
from tests.reporting.build import TODAY
from tests.reporting.test_delegations import FRIDAY, NOON, fresh, hand_over, world

pytestmark = pytest.mark.django_db
AFTER = NOON + datetime.timedelta(days=3)


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch, english: None) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)


@pytest.fixture
def standing_in() -> Any:
    """The colleague writes for the manager until Friday; each project has a late milestone and a pending decision."""
    w = world()
    Project.objects.update(status="in_progress", actual_start=datetime.date(2026, 1, 5))
    for row in (w.mine, w.second, w.foreign):
        factories.milestone(row, name=f"Gate of {row.name_en}", baseline_date=datetime.date(2026, 11, 2))
        factories.decision(row, title=f"Choice of {row.name_en}", needed_by=FRIDAY)
    hand_over(w.pm, w.pm, w.colleague)
    settle_periods(day=TODAY)
    return w


def names(user: User, path: str) -> set[str]:
    """Which of the three projects a page names to the user."""
    page = client_of(fresh(user)).get(path)
    assert page.status_code == 200, path
    main = page.text[page.text.index("<main") :]
    return {name for name in ("Mine", "Second", "Foreign") if name in main}


PAGES = {
    "my work": "/my-work/",
    "projects": "/r/projects/?mine=1",
    "milestones": "/r/milestones/?mine=1",
    "decisions": "/r/decisions/?mine=1",
    "projects with a report due": "/r/projects/?mine=1&report_due=1",
    "reports due": "/r/report-periods/?mine=1",
}


class TestPages:
    @pytest.mark.parametrize("page", list(PAGES))
    def test_the_manager_s_projects_are_the_delegate_s_until_the_last_day(
        self, standing_in: Any, page: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert names(standing_in.colleague, PAGES[page]) == {"Mine", "Second"}
        monkeypatch.setattr(timezone, "now", lambda: AFTER)
        assert names(standing_in.colleague, PAGES[page]) == set()

    @pytest.mark.parametrize("page", list(PAGES))
    def test_others_see_what_they_saw(self, standing_in: Any, page: str) -> None:
        assert names(standing_in.pm, PAGES[page]) == {"Mine", "Second"}
        assert names(standing_in.other, PAGES[page]) == {"Foreign"}

    def test_not_mine_is_the_rest(self, standing_in: Any) -> None:
        factories.member(standing_in.foreign, standing_in.colleague)
        Project.objects.filter(pk=standing_in.foreign.pk).update(status="completed")
        assert names(standing_in.colleague, "/r/projects/?mine=0") == {"Foreign"}

    def test_my_work_says_for_whom_and_until_when(self, standing_in: Any) -> None:
        told = f"Standing in for {standing_in.pm.person} until 2026-11-20"
        page = client_of(fresh(standing_in.colleague)).get("/my-work/").text
        assert page.count(told) == 2 and "Gate of Mine" in page and "Choice of Second" in page
        assert "Standing in" not in client_of(fresh(standing_in.pm)).get("/my-work/").text

    def test_the_home_is_that_of_a_project_manager_meanwhile(
        self, standing_in: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert [home.key for home in homes_of(fresh(standing_in.colleague))] == ["pm", "work"]
        assert names(standing_in.colleague, "/") == {"Mine", "Second"}
        monkeypatch.setattr(timezone, "now", lambda: AFTER)
        assert [home.key for home in homes_of(fresh(standing_in.colleague))] == ["work"]

    def test_one_project_only(self, standing_in: Any) -> None:
        helper = factories.user()
        hand_over(standing_in.pm, standing_in.pm, helper, project=standing_in.second)
        assert names(helper, "/my-work/") == names(helper, "/r/projects/?mine=1") == {"Second"}


class TestCalendar:
    def reports(self, user: User) -> list[Any]:
        (source,) = [source for source in all_sources() if source.key == "reports"]
        span = datetime.timedelta(days=60)
        return list(source.fetch(fresh(user), TODAY - span, TODAY + span))

    def test_due_dates_of_the_time_one_stands_in(self, standing_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        theirs, own = self.reports(standing_in.colleague), self.reports(standing_in.pm)
        assert {entry.uid for entry in theirs} < {entry.uid for entry in own}
        assert theirs and all("Mine" in entry.title or "Second" in entry.title for entry in theirs)
        assert max(entry.day for entry in theirs) <= FRIDAY + datetime.timedelta(days=4)
        monkeypatch.setattr(timezone, "now", lambda: AFTER)
        assert self.reports(standing_in.colleague) == []


def test_statements_do_not_grow_with_the_projects(standing_in: Any, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(30) as few:
        assert len(mywork.my_projects(fresh(standing_in.colleague), TODAY, None)) == 2
    for _number in range(9):
        Project.objects.create(
            code=f"X{factories.number()}", name_en="More", pm=standing_in.pm.person, status="in_progress"
        )
    with django_assert_max_num_queries(len(few.captured_queries)):
        found = mywork.my_projects(fresh(standing_in.colleague), TODAY, None)
    assert len(found) == 11 and all(item.standing_in is not None for item in found)
