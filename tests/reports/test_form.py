"""A report is written beside the computed colours, submitted, returned, corrected, published, and opened again."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.urls import reverse

from portfolio.models import HealthSnapshot
from projects.models import Decision, ReportRating, ReportSnapshot, StatusReport
from tests.health import build
from tests.reports.conftest import explained, typed

pytestmark = pytest.mark.django_db


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def new_url(project: Any) -> str:
    return reverse("report-new") + f"?project={project.pk}"


def page_url(report: Any, name: str = "page") -> str:
    return reverse(f"report-{name}", kwargs={"pk": report.pk})


def submitted(world: Any, **changes: str) -> StatusReport:
    """The manager's report, handed in."""
    page = world.manager.get(new_url(world.project))
    answer = world.manager.post(new_url(world.project), explained(page, submit="1", **changes))
    assert answer.status_code == 302, text_of(answer)
    found: StatusReport = StatusReport.objects.get(project=world.project, state="submitted")
    return found


def test_the_form_starts_from_the_computed_colours(world):
    page = world.manager.get(new_url(world.project))
    row = HealthSnapshot.objects.get(project=world.project, date=build.DAY)
    assert page.context["computed"].overall.band == row.band == page.context["form"]["declared"].value()
    rows = {one.name: one for one in page.context["rows"]}
    assert rows["cost"].mark.score == row.cost and rows["cost"].form["declared"].value() == rows["cost"].mark.band
    assert rows["scope"].mark is None and rows["scope"].form["declared"].value() == "grey"


def test_everything_computable_is_prefilled(world):
    page = world.manager.get(new_url(world.project))
    form, shown = page.context["form"], text_of(page)
    assert form["forecast_finish"].value().isoformat() == "2027-03-05"
    assert form["forecast_cost"].value() == HealthSnapshot.objects.get(project=world.project, date=build.DAY).eac
    assert form["summary"].value() and "Handover" in form["next_period"].value()
    assert "Permit was missing" in form["achievements"].value()
    for text in ("Handover", "Winter storms", "Pile driver is broken", "Rent a second crane", "Order the spare part"):
        assert text in shown, text
    assert "items are filled in" in shown


def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(world):
    page = world.manager.get(new_url(world.project))
    answer = world.manager.post(new_url(world.project), typed(page, submit="1", summary="Two of three piles are in."))
    assert answer.status_code == 422
    assert answer.context["form"].errors["comment"] == ["Say why the project is not on track and when it will be."]
    rows = {one.name: one.form for one in answer.context["rows"]}
    assert "Cost" in rows["cost"].errors["comment"][0]
    assert "Two of three piles are in." in answer.content.decode()
    assert not StatusReport.objects.filter(project=world.project, state__in=["draft", "submitted"]).exists()


def test_a_watermelon_is_told_what_the_figures_say(world):
    page = world.manager.get(new_url(world.project))
    assert page.context["computed"].overall.band == "red"
    data = explained(page, declared="green", comment="", **{"cost-declared": "green", "cost-comment": ""}, submit="1")
    answer = world.manager.post(new_url(world.project), data)
    said = answer.context["form"].errors["comment"][0]
    assert answer.status_code == 422
    assert "you declare On track, the figures say Off track" in said
    assert page.context["overall_evidence"] and page.context["overall_evidence"] in said
    cost = {one.name: one.form for one in answer.context["rows"]}["cost"].errors["comment"][0]
    assert "CNY" in cost and "Say why you see it better" in cost
    passed = world.manager.post(
        new_url(world.project), {**data, "comment": "Refund", "cost-comment": "Refund on 4 Dec"}
    )
    assert passed.status_code == 302


def test_a_report_goes_to_the_pmo_and_back_and_is_published(world):
    report = submitted(world, comment="Crane is late")
    assert ReportRating.objects.get(report=report, dimension="cost").declared != "grey"
    silent = world.analyst.post(page_url(report, "return"), {"comment": ""})
    assert silent.status_code == 422
    assert silent.context["review"].errors["comment"] == ["Say what has to change."]
    world.analyst.post(page_url(report, "return"), {"comment": "Name a date."})
    again = world.manager.get(page_url(report, "edit"))
    assert "Name a date." in text_of(again)
    assert world.manager.get(new_url(world.project)).url == page_url(report, "edit"), "an open report is finished first"

    world.manager.post(page_url(report, "edit"), typed(again, comment="Crane comes on 11 Dec", submit="1"))
    report.refresh_from_db()
    assert report.first_submitted_on == report.submitted_on == build.TODAY
    world.analyst.post(page_url(report, "publish"), {"reviewed": "red", "comment": "As computed."})
    report.refresh_from_db()
    assert (report.state, report.reviewed, report.comment) == ("published", "red", "Crane comes on 11 Dec")
    shown = text_of(world.manager.get(page_url(report)))
    assert (
        "As computed." in shown
        and "Computed" in shown
        and ReportSnapshot.objects.get(report=report).sha256[:12] in shown
    )


def test_decisions_are_kept_in_the_draft_and_filed_when_it_is_submitted(world):
    page = world.manager.get(new_url(world.project))
    ask = {
        "asks-TOTAL_FORMS": "1", "asks-0-title": "Add 622,000 or stop", "asks-0-decider": str(world.sponsor.pk),
        "asks-0-needed_by": "2026-11-30", "asks-0-delay_cost": "38000",
    }  # fmt: skip
    world.manager.post(new_url(world.project), explained(page, save="1", **ask))
    draft = StatusReport.objects.get(project=world.project, state="draft")
    assert draft.asks[0]["title"] == "Add 622,000 or stop"
    assert not Decision.objects.filter(title="Add 622,000 or stop").exists()
    form = world.manager.get(page_url(draft, "edit"))
    assert "Add 622,000 or stop" in form.content.decode()
    nobody = explained(form, submit="1", **{**ask, "asks-0-decider": ""})
    refused = world.manager.post(page_url(draft, "edit"), nobody)
    assert refused.status_code == 422 and "by whom and by when" in text_of(refused)
    done = world.manager.post(page_url(draft, "edit"), explained(form, submit="1", **ask))
    assert done.status_code == 302, text_of(done)
    row = Decision.objects.get(title="Add 622,000 or stop")
    assert (row.decider, str(row.needed_by), row.delay_cost, row.state) == (world.sponsor, "2026-11-30", 38000, "open")
    draft.refresh_from_db()
    assert draft.asks == [] and draft.state == "submitted"
    assert "Add 622,000 or stop" in text_of(world.executive.get(page_url(draft)))


def test_the_last_report_is_copied_where_nothing_was_written(world):
    page = world.manager.get(new_url(world.project))
    data = typed(page, help_needed="A second surveyor")
    copied = world.manager.post(new_url(world.project), {**data, "copy": "1"})
    form = copied.context["form"]
    assert copied.status_code == 200 and not StatusReport.objects.filter(state="draft").exists()
    assert form["comment"].value() == "Late by a week"
    assert form["summary"].value() == "Slow week.", "a drafted text gives way"
    assert form["declared"].value() == "amber"
    assert form["help_needed"].value() == "A second surveyor"
    own = world.manager.post(new_url(world.project), {**data, "summary": "My own words", "copy": "1"})
    assert own.context["form"]["summary"].value() == "My own words"
    linked = world.manager.get(new_url(world.project) + "&copy=1")
    assert linked.context["form"]["comment"].value() == "Late by a week"


def test_the_next_period_is_the_week_after_the_last_one(world):
    start, end = (
        world.manager.get(new_url(world.project)).context["form"][name].value()
        for name in ("period_start", "period_end")
    )
    assert end > start and end.weekday() == 6 and start.isoformat() > "2026-11-15"


def test_opening_again_makes_a_new_report_that_replaces(world):
    report = submitted(world)
    world.analyst.post(page_url(report, "publish"), {"reviewed": "red"})
    answer = world.manager.post(page_url(report, "reopen"))
    draft = StatusReport.objects.get(replaces=report)
    assert answer.url == page_url(draft, "edit") and draft.comment == report.comment
    assert ReportRating.objects.get(report=draft, dimension="cost").comment == "Crane comes on 11 Dec"
    twice = world.manager.post(page_url(report, "reopen"))
    assert twice.status_code == 422 and "There is already a draft" in text_of(twice)
    world.manager.post(page_url(draft, "submit"))
    world.analyst.post(page_url(draft, "publish"), {"reviewed": "amber"})
    assert f"{draft.code} replaced this report." in text_of(world.manager.get(page_url(report)))
    strip = world.manager.get(page_url(draft)).context["doc"]["strip"]
    assert [cell["id"] for cell in strip] == [world.last.pk, draft.pk], "the replaced one is no period of its own"


def test_choosing_the_project(world):
    only = world.manager.get(reverse("report-new"))
    assert only.url == new_url(world.project), "a single project needs no choice"
    other = build.project("Quay", portfolio=world.group, pm=world.project.pm)
    page = world.manager.get(reverse("report-new"))
    assert {row.pk for row in page.context["projects"]} == {world.project.pk, other.pk}
    assert not world.executive.get(reverse("report-new")).context["projects"]
    assert not world.manager.get(reverse("report-new") + "?q=zzz").context["projects"]
    listing = world.manager.get("/r/status-reports/").content.decode()
    assert f'href="{reverse("report-new")}' in listing and "/r/status-reports/new/" not in listing


def test_the_list_says_who_was_on_time(world):
    report = submitted(world)
    StatusReport.objects.filter(pk=report.pk).update(due_on="2026-11-24")
    assert StatusReport.objects.get(pk=report.pk).first_submitted_on.isoformat() == "2026-11-25"
    late = world.analyst.get("/r/status-reports/?on_time=false")
    assert report.code in late.content.decode()
    StatusReport.objects.filter(pk=report.pk).update(due_on="2026-11-25")
    assert report.code not in world.analyst.get("/r/status-reports/?on_time=false").content.decode()
    assert report.code in world.analyst.get("/r/status-reports/?on_time=true").content.decode()
    tab = world.analyst.get(f"/r/projects/{world.project.pk}/tab/reports/")
    assert "Last nine reports" in text_of(tab) and "On time" in text_of(tab)
