"""The form saves itself: nothing typed is lost, nobody's text is overwritten unseen."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from pmo.core.audit.actor import SYSTEM
from projects.models import ReportRating, StatusReport
from projects.services import reports
from tests.health.build import date
from tests.reports.conftest import typed
from tests.reports.test_form import new_url, page_url, submitted

pytestmark = pytest.mark.django_db


def autosave_new(world: Any) -> str:
    return reverse("report-autosave-new", kwargs={"pk": world.project.pk})


def drafted(world: Any, **changes: str) -> tuple[dict[str, str], dict[str, Any]]:
    """What was posted first, and what the answer said."""
    data = typed(world.manager.get(new_url(world.project)), **changes)
    answer = world.manager.post(autosave_new(world), data)
    assert answer.status_code == 200, answer.content
    return data, answer.json()


def test_the_first_save_makes_the_draft_and_names_its_addresses(world):
    data, told = drafted(world, summary="Typed on the train")
    draft = StatusReport.objects.get(project=world.project, state="draft")
    assert told["autosave"] == page_url(draft, "autosave") and told["edit"] == page_url(draft, "edit")
    assert draft.summary == "Typed on the train" and draft.version == told["version"]
    assert "Saved" in told["text"]
    again = world.manager.post(told["autosave"], {**data, "version": told["version"], "summary": "More"})
    assert again.json()["version"] == told["version"] + 1
    draft.refresh_from_db()
    assert draft.summary == "More"


def test_saving_the_same_again_writes_nothing(world):
    data, told = drafted(world)
    again = world.manager.post(told["autosave"], {**data, "version": told["version"]})
    assert again.json()["version"] == told["version"]


def test_two_people_do_not_overwrite_each_other(world):
    data, told = drafted(world)
    theirs = world.analyst.post(told["autosave"], {**data, "version": told["version"], "summary": "Theirs"})
    assert theirs.status_code == 200
    mine = world.manager.post(told["autosave"], {**data, "version": told["version"], "summary": "Mine"})
    assert mine.status_code == 409
    assert "somebody else changed" in mine.json()["text"] and mine.json()["version"] == theirs.json()["version"]
    draft = StatusReport.objects.get(project=world.project, state="draft")
    assert draft.summary == "Theirs"
    knowingly = world.manager.post(told["autosave"], {**data, "version": mine.json()["version"], "summary": "Mine"})
    assert knowingly.status_code == 200


def test_a_colour_alone_counts_as_a_change_too(world):
    data, told = drafted(world)
    one = {**data, "version": told["version"], "quality-declared": "amber", "quality-comment": "Welds"}
    assert world.analyst.post(told["autosave"], one).json()["version"] == told["version"] + 1
    two = {**data, "version": told["version"], "quality-declared": "green"}
    assert world.manager.post(told["autosave"], two).status_code == 409
    assert ReportRating.objects.get(dimension="quality").declared == "amber"


def test_what_cannot_be_stored_is_left_out_and_the_rest_is_kept(world):
    data, told = drafted(world)
    answer = world.manager.post(
        told["autosave"], {**data, "version": told["version"], "forecast_finish": "soon", "summary": "Kept"}
    )
    assert answer.status_code == 200 and "except" in answer.json()["text"]
    draft = StatusReport.objects.get(project=world.project, state="draft")
    assert draft.summary == "Kept" and draft.forecast_finish.isoformat() == "2027-03-05"


def test_a_second_draft_is_not_begun_behind_the_first(world):
    data, _told = drafted(world)
    second = world.analyst.post(autosave_new(world), data)
    assert second.status_code == 409 and "has a draft" in second.json()["text"]
    assert StatusReport.objects.filter(project=world.project, state="draft").count() == 1


def test_a_submitted_report_takes_nothing_more(world):
    report = submitted(world)
    answer = world.manager.post(page_url(report, "autosave"), {"summary": "Late thought"})
    assert answer.status_code == 409 and answer.json()["url"] == page_url(report)


def test_without_a_login_nothing_is_stored_and_the_answer_is_no_json(world):
    answer = Client().post(autosave_new(world), {"summary": "x"})
    assert answer.status_code == 302, "the script keeps the text when the answer is not its JSON"


def test_who_may_not_write_saves_nothing(world):
    assert world.executive.post(autosave_new(world), {}).status_code == 403
    _data, told = drafted(world)
    assert world.executive.post(told["autosave"], {"summary": "x"}).status_code == 403


def test_the_service_keeps_all_or_nothing(world, english):
    report = StatusReport(project=world.project, period_start=date("2026-11-23"), period_end=date("2026-11-29"))
    saved = reports.save_draft(
        actor=SYSTEM, report=report, values={"summary": "One"}, ratings={"cost": ("amber", "Late invoice")},
        asks=[{"title": "Which crane", "decider": None, "needed_by": "", "delay_cost": ""}],
    )  # fmt: skip
    assert saved.asks[0]["title"] == "Which crane"
    with pytest.raises(ValueError, match="colourful"):
        reports.save_draft(actor=SYSTEM, report=saved, values={"summary": "Two"}, ratings={"colourful": ("red", "")})
    assert StatusReport.objects.get(pk=saved.pk).summary == "One"
