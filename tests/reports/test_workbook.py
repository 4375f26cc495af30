"""The Excel form goes out prefilled and locked, comes back with a preview by cell, and cannot run anything."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from projects.models import Decision, ReportRating, StatusReport
from projects.workbooks.layout import ASKS_SHEET, REPORT_SHEET, colour_of, colour_word
from tests.reports.conftest import explained
from tests.reports.test_form import new_url, page_url

pytestmark = pytest.mark.django_db
ENTRY, COMMENT = "E", "F"


def out(world: Any, client: Any = None) -> openpyxl.Workbook:
    answer = (client or world.manager).get(reverse("report-form-file") + f"?project={world.project.pk}")
    assert answer.status_code == 200 and answer["Content-Disposition"].startswith("attachment")
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def rows(book: openpyxl.Workbook) -> dict[str, int]:
    return {row[0].value: row[0].row for row in book[REPORT_SHEET].iter_rows(min_row=2)}


def sent(world: Any, book: openpyxl.Workbook | bytes, client: Any = None) -> Any:
    if isinstance(book, openpyxl.Workbook):
        target = io.BytesIO()
        book.save(target)
        book = target.getvalue()
    upload = SimpleUploadedFile("report.xlsx", book)
    return (client or world.manager).post(
        reverse("report-form-upload") + f"?project={world.project.pk}", {"file": upload}
    )


def applied(world: Any, preview: Any) -> StatusReport:
    answer = world.manager.post(preview.context["target"], {**dict(preview.context["fields"]), "save": "1"})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    found: StatusReport = StatusReport.objects.get(project=world.project, state="draft")
    return found


def test_the_form_is_prefilled_locked_and_offers_choices(world):
    book = out(world)
    sheet, at = book[REPORT_SHEET], rows(book)
    assert sheet.protection.sheet
    assert sheet[f"D{at['overall']}"].value.startswith("")
    assert sheet[f"D{at['cost']}"].protection.locked and not sheet[f"E{at['cost']}"].protection.locked
    assert colour_of(sheet[f"E{at['cost']}"].value) == "red" and "Off track" in sheet[f"D{at['cost']}"].value
    assert sheet[f"E{at['forecast_finish']}"].value.date().isoformat() == "2027-03-05"
    assert sheet[f"B{at['cost']}"].value == "Cost" and sheet[f"C{at['summary']}"].value
    lists = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation if one.type == "list"}
    assert colour_word("amber") in lists[f"E{at['schedule']}"]
    names = [one.formula1 for one in book[ASKS_SHEET].data_validations.dataValidation if one.type == "list"]
    assert world.sponsor.code in names[0]


def test_what_went_out_and_came_back_changes_nothing(world):
    preview = sent(world, out(world))
    assert preview.status_code == 200
    assert preview.context["changes"] == [] and preview.context["errors"] == []


def test_a_round_trip_shows_every_change_and_becomes_the_draft(world):
    book = out(world)
    sheet, at = book[REPORT_SHEET], rows(book)
    sheet[f"E{at['cost']}"], sheet[f"F{at['cost']}"] = "amber", "Refund on 4 Dec"
    sheet[f"E{at['summary']}"] = "=SUM(1,2) is not run"
    sheet[f"E{at['summary']}"].data_type = "s"
    sheet[f"E{at['forecast_finish']}"] = "2027/04/09"
    asks = book[ASKS_SHEET]
    asks["A2"], asks["B2"], asks["C2"], asks["D2"] = "Which crane", "Zhao Ming", "2026-12-01", 38000
    preview = sent(world, book)
    told = {one.label: (one.cell, one.after) for one in preview.context["changes"]}
    assert told["Cost"] == (f"E{at['cost']}", "amber")
    assert told["Cost, comment"] == (f"F{at['cost']}", "Refund on 4 Dec")
    assert told["Forecast finish"] == (f"E{at['forecast_finish']}", "2027-04-09")
    assert told["Decision needed"][1] == "Which crane"
    assert not StatusReport.objects.filter(state="draft").exists(), "a preview stores nothing"
    draft = applied(world, preview)
    assert draft.summary == "=SUM(1,2) is not run" and str(draft.forecast_finish) == "2027-04-09"
    rating = ReportRating.objects.get(report=draft, dimension="cost")
    assert (rating.declared, rating.comment) == ("amber", "Refund on 4 Dec")
    assert draft.asks == [
        {"title": "Which crane", "decider": world.sponsor.pk, "needed_by": "2026-12-01", "delay_cost": "38000.00"}
    ]
    again = out(world)
    assert again[REPORT_SHEET][f"E{at['summary']}"].data_type == "s", "no cell of the file is a formula"
    assert not any(cell.data_type == "f" for one in again for row in one.iter_rows() for cell in row)
    assert sent(world, again).context["changes"] == []
    assert not Decision.objects.filter(title="Which crane").exists()


def test_bad_cells_are_named_and_left_out(world):
    book = out(world)
    sheet, at = book[REPORT_SHEET], rows(book)
    sheet[f"E{at['cost']}"] = "purple"
    sheet[f"E{at['forecast_finish']}"] = "soon"
    sheet[f"E{at['forecast_cost']}"] = -5
    sheet[f"E{at['achievements']}"] = "=1+1"
    sheet[f"E{at['summary']}"] = "x" * 501
    sheet[f"E{at['help_needed']}"] = "A second surveyor"
    book[ASKS_SHEET]["A2"], book[ASKS_SHEET]["B2"] = "Which crane", "Nobody Known"
    book[ASKS_SHEET]["B3"] = "Zhao Ming"
    preview = sent(world, book)
    wrong = {one.cell: one.text for one in preview.context["errors"]}
    assert set(wrong) == {
        *(f"E{at[name]}" for name in ("cost", "forecast_finish", "forecast_cost", "achievements", "summary")), "B2", "A3"
    }  # fmt: skip
    assert "purple" in wrong[f"E{at['cost']}"] and "formula" in wrong[f"E{at['achievements']}"]
    assert "501" in wrong[f"E{at['summary']}"] and "-5" in wrong[f"E{at['forecast_cost']}"]
    draft = applied(world, preview)
    assert draft.help_needed == "A second surveyor" and str(draft.forecast_finish) == "2027-03-05"
    assert ReportRating.objects.get(report=draft, dimension="cost").declared == "red"


def test_a_file_older_than_the_draft_says_so(world):
    page = world.manager.get(new_url(world.project))
    world.manager.post(new_url(world.project), explained(page, save="1"))
    book = out(world)
    draft = StatusReport.objects.get(state="draft")
    form = world.manager.get(page_url(draft, "edit"))
    world.manager.post(page_url(draft, "edit"), explained(form, save="1", summary="Newer"))
    book[REPORT_SHEET][f"E{rows(book)['help_needed']}"] = "Help"
    preview = sent(world, book)
    assert preview.context["stale"]
    assert {"Help", "Newer"} <= {one.after for one in preview.context["changes"]} | {
        one.before for one in preview.context["changes"]
    }


def test_other_files_are_refused_in_words(world):
    other = openpyxl.Workbook()
    other.active["A1"] = "Something"
    assert sent(world, other).status_code == 422
    assert sent(world, b"PK\x03\x04 no workbook").status_code == 422
    assert sent(world, b"a,b\n1,2\n").status_code == 422
    book = out(world)
    book[REPORT_SHEET][f"E{rows(book)['project']}"] = "HC-2"
    foreign = sent(world, book)
    assert "HC-2" in foreign.context["errors"][0].text and foreign.context["changes"] == []


def test_only_who_may_write_gets_the_form(world):
    url = reverse("report-form-file") + f"?project={world.project.pk}"
    assert world.executive.get(url).status_code == 403
    assert sent(world, b"x", world.executive).status_code == 403
