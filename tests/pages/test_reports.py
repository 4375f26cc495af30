"""A report is written beside the computed colours, submitted, returned, corrected and published."""

from __future__ import annotations

import html
import re

import pytest
from django.urls import reverse

from portfolio.models import HealthSnapshot
from projects.models import ReportRating, StatusReport
from tests.health import build

pytestmark = pytest.mark.django_db
TYPED = {"period_start": "2026-11-23", "period_end": "2026-11-29", "summary": "Two of three piles are in."}


def text_of(response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def new_url(project) -> str:
    return reverse("report-new") + f"?project={project.pk}"


def form_of(response, **changes: str) -> dict[str, str]:
    """What a browser would send back: the dimensions as they stand, and what was typed."""
    ratings = {
        f"{one.prefix}-declared": one["declared"].value() for _label, one, _mark, _open in response.context["ratings"]
    }
    return {**ratings, **TYPED, "declared": "amber", **changes}


def test_the_form_starts_from_the_computed_colours(computed, pmo_admin):
    page = pmo_admin.get(new_url(computed.dear))
    row = HealthSnapshot.objects.get(project=computed.dear, date=computed.day)
    assert page.context["computed"].overall.band == row.band
    started = {str(one.prefix): one["declared"].value() for _label, one, _mark, _open in page.context["ratings"]}
    marks = {str(one.prefix): mark for _label, one, mark, _open in page.context["ratings"]}
    assert marks["cost"].score == row.cost and started["cost"] == marks["cost"].band != "grey"
    assert marks["quality"] is None and started["quality"] == "grey"


def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(computed, pmo_admin):
    page = pmo_admin.get(new_url(computed.dear))
    answer = pmo_admin.post(new_url(computed.dear), form_of(page, submit="1"))
    assert answer.status_code == 422
    assert answer.context["form"].errors["comment"] == ["Say why the project is not on track and when it will be."]
    assert "Two of three piles are in." in answer.content.decode()
    assert not StatusReport.objects.filter(project=computed.dear, state="submitted").exists()


def test_a_report_goes_to_the_pmo_and_back_and_is_published(computed, pmo_admin):
    page = pmo_admin.get(new_url(computed.dear))
    sent = pmo_admin.post(new_url(computed.dear), form_of(page, comment="Crane is late", submit="1"))
    report = StatusReport.objects.get(project=computed.dear, state="submitted")
    assert sent.url == reverse("report-page", kwargs={"pk": report.pk})
    assert ReportRating.objects.get(report=report, dimension="cost").declared != "grey"

    url = {name: reverse(f"report-{name}", kwargs={"pk": report.pk}) for name in ("return", "publish", "edit")}
    silent = pmo_admin.post(url["return"], {"comment": ""})
    assert silent.status_code == 422
    assert silent.context["review"].errors["comment"] == ["Say what has to change."]
    pmo_admin.post(url["return"], {"comment": "Name a date."})
    again = pmo_admin.get(url["edit"])
    assert "Name a date." in text_of(again)
    assert pmo_admin.get(new_url(computed.dear)).url == url["edit"], (
        "an open report is finished before another is begun"
    )

    version = again.context["form"].initial["version"]
    pmo_admin.post(url["edit"], form_of(again, comment="Crane comes on 11 Dec", submit="1", version=version))
    pmo_admin.post(url["publish"], {"reviewed": "red", "comment": "As computed."})
    report.refresh_from_db()
    assert (report.state, report.declared, report.reviewed, report.comment) == (
        "published",
        "amber",
        "red",
        "Crane comes on 11 Dec",
    )
    shown = text_of(pmo_admin.get(reverse("report-page", kwargs={"pk": report.pk})))
    assert "As computed." in shown and "Computed" in shown


def test_the_next_period_is_the_week_after_the_last_one(computed, pmo_admin):
    build.add(
        "report",
        computed.good,
        period_start="2026-11-16",
        period_end="2026-11-22",
        state="published",
        published_on="2026-11-22",
        declared="green",
    )
    form = pmo_admin.get(new_url(computed.good)).context["form"]
    start, end = form.initial["period_start"], form.initial["period_end"]
    assert start.isoformat() == "2026-11-23"
    assert end > start and end.weekday() == 6
