"""A roll-up report begins with the period after the last one of its programme or portfolio, and one draft is enough."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from portfolio.models import Portfolio, RollupReport
from portfolio.queries.rollup_content import _worst_first
from portfolio.queries.rollup_start import following
from tests import factories
from tests.conftest import client_of
from tests.reporting import build

NOON = datetime.datetime(2026, 11, 18, 4, 0, tzinfo=datetime.UTC)
DATE = datetime.date


@pytest.mark.parametrize(
    ("span", "after"),
    [
        ((DATE(2026, 10, 1), DATE(2026, 10, 31)), (DATE(2026, 11, 1), DATE(2026, 11, 30))),
        ((DATE(2026, 12, 1), DATE(2026, 12, 31)), (DATE(2027, 1, 1), DATE(2027, 1, 31))),
        ((DATE(2026, 7, 1), DATE(2026, 9, 30)), (DATE(2026, 10, 1), DATE(2026, 12, 31))),
        ((DATE(2028, 1, 1), DATE(2028, 1, 31)), (DATE(2028, 2, 1), DATE(2028, 2, 29))),
        ((DATE(2026, 11, 9), DATE(2026, 11, 15)), (DATE(2026, 11, 16), DATE(2026, 11, 22))),
    ],
)
def test_the_period_after_one(span: tuple[DATE, DATE], after: tuple[DATE, DATE]) -> None:
    assert following(*span) == after


def test_a_red_under_a_yellow_cap_comes_before_a_yellow() -> None:
    pairs = [("green", "green"), ("amber", "amber"), ("red", "amber"), ("red", "red"), ("amber", "")]
    parts = [{"computed": one, "reviewed": two, "code": str(at)} for at, (one, two) in enumerate(pairs)]
    assert [part["code"] for part in sorted(parts, key=_worst_first)] == ["3", "2", "1", "4", "0"]


@pytest.fixture
def group(db: None, monkeypatch: pytest.MonkeyPatch, english: None) -> Portfolio:
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    factories.organisation()
    return build.portfolio(owner=factories.user().person)


def test_writing_one_needs_only_the_words(group: Portfolio) -> None:
    client = client_of(group.owner.user)
    start = client.get("/reporting/rollup/new/")
    assert f"portfolio={group.pk}" in start.url and "period_start=2026-11-09&period_end=2026-11-15" in start.url
    form = client.get(start.url).context["form"]
    assert form["period_end"].value() == "2026-11-15" and str(form["portfolio"].value()) == str(group.pk)
    RollupReport.objects.create(
        code="R1", portfolio=group, period_start=DATE(2026, 10, 1), period_end=DATE(2026, 10, 31), state="published"
    )
    again = client.get(f"/reporting/rollup/new/?portfolio={group.pk}")
    assert "period_start=2026-11-01&period_end=2026-11-30" in again.url
    draft = RollupReport.objects.create(
        code="R2", portfolio=group, period_start=DATE(2026, 11, 1), period_end=DATE(2026, 11, 30)
    )
    assert client.get("/reporting/rollup/new/").url == f"/reporting/rollup/{draft.pk}/"
    assert client.get("/reporting/rollup/new/?portfolio=99999").url == "/r/rollup-reports/new/"


def test_a_draft_shows_no_colour_that_nobody_computed(group: Portfolio) -> None:
    for number, state in enumerate(("draft", "published")):
        RollupReport.objects.create(
            code=f"R{number}", portfolio=group, period_start=DATE(2026, 11, 1), period_end=DATE(2026, 11, 30),
            state=state, band="red", reds=7, missing=8,
        )  # fmt: skip
    page = client_of(group.owner.user).get("/r/rollup-reports/?sort=code").content.decode()
    draft, published = page[page.index("R0<") : page.index("R1<")], page[page.index("R1<") :]
    assert "rag-red" in published and ">7<" in published and ">8<" in published
    assert "rag-red" not in draft and ">7<" not in draft and draft.count("—") >= 3
