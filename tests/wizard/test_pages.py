"""The wizard as users meet it: forward, back, by plain forms, in both languages, and closed to those it is not for."""

from __future__ import annotations

import csv
import datetime
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pmo.core.imports.models import ImportBatch, ImportMapping
from pmo.core.imports.views import common
from pmo.core.jobs.api import run_job_now
from pmo.core.jobs.models import Job
from projects.models import Project
from tests.conftest import UserClient
from tests.wizard.build import YEARS, YEARS_MAPPING, imported, mapped
from tests.wizard.build import upload as unread

pytestmark = pytest.mark.django_db
State = ImportBatch.State
LIST = "Code,Project name,RAG,Budget (CNY m),Start\nA-1,Alpha,Green,1.5,2026-01-31\nA-2,Beta,Tangerine,2,soon\n,Total,,3.5,\n"


def upload(client: UserClient, text: str | bytes, name: str = "list.csv", **data: Any) -> Any:
    content = text.encode() if isinstance(text, str) else text
    return client.post(
        reverse("import-new"), {"file": SimpleUploadedFile(name, content), "target": "projects", **data}, follow=True
    )


def only() -> ImportBatch:
    return ImportBatch.objects.get()


def page(
    client: UserClient, name: str, batch: ImportBatch | None = None, data: dict[str, Any] | None = None, query: str = ""
) -> Any:
    url = reverse(f"import-{name}", kwargs={"pk": (batch or only()).pk}) + query
    return client.get(url, follow=True) if data is None else client.post(url, data, follow=True)


def sent(response: Any) -> dict[str, Any]:
    """What a browser would send from the mapping form as it is shown."""
    form = response.context["form"]
    data: dict[str, Any] = {
        "date-column": form.date["column"],
        "date-year_end": form.date["year_end"],
        "date-order": form.date["order"],
        "match": form.match,
        "near": form.near,
        "formulas": form.formulas,
    }
    for row in form.rows:
        data[f"{row.field.key}-source"] = row.raw["source"]
        for name in ("constant", "combine", "separator", "scale", "currency", "date_order", "partial", "create_parent"):
            if row.raw.get(name):
                data[f"{row.field.key}-{name}"] = row.raw[name]
        for number, column in enumerate(row.columns[1:], 2):
            data[f"{row.field.key}-column{number}"] = column
    return data


def run_jobs() -> None:
    for job in Job.objects.filter(state=Job.State.QUEUED):
        run_job_now(job.pk)


def commit(client: UserClient) -> None:
    response = page(client, "commit", data={})
    assert response.status_code == 200
    run_jobs()


def test_a_file_that_nobody_has_read_is_read_when_its_page_is_opened(pmo_analyst: UserClient) -> None:
    batch = unread(LIST)
    answer = page(pmo_analyst, "page", batch)
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] == reverse("import-columns", kwargs={"pk": batch.pk})


# -- the way through ------------------------------------------------------------------------------


def test_from_upload_to_undo(pmo_analyst: UserClient) -> None:
    response = upload(pmo_analyst, LIST)
    assert response.redirect_chain[-1][0] == reverse("import-columns", kwargs={"pk": only().pk})
    feeds = {row.field.key: row.columns for row in response.context["form"].mapped}
    assert feeds == {
        "code": ["Code"],
        "name": ["Project name"],
        "declared_rating": ["RAG"],
        "budget": ["Budget (CNY m)"],
        "planned_start": ["Start"],
    }
    response = page(pmo_analyst, "columns", data={**sent(response), "act": "next"})
    assert response.redirect_chain[-1][0].endswith("/values/")
    assert response.context["open_words"] == 1
    word = next(row for _field, rows, *_rest in response.context["tables"] for row in rows if row.word == "Tangerine")
    response = page(pmo_analyst, "values", data={word.name: "amber", f"{word.name}-word": "Tangerine"})
    assert response.redirect_chain[-1][0].endswith("/preview/")
    html = response.content.decode()
    assert response.context["counts"] == {"created": 2, "updated": 0, "unchanged": 0, "refused": 1}
    assert "“soon” is not a date." in html and "“Total” looks like a total, not like a record." in html
    commit(pmo_analyst)
    batch = only()
    assert (batch.state, batch.owner) == (State.COMMITTED, pmo_analyst.user)
    assert list(Project.objects.values_list("code", "reports__declared", "reports__original_word")) == [
        ("A-1", "green", "Green"),
        ("A-2", "amber", "Tangerine"),
    ]
    html = page(pmo_analyst, "page").content.decode()
    assert reverse("register-detail", kwargs={"key": "projects", "pk": Project.objects.get(code="A-2").pk}) in html
    assert "2 new, 0 changed, 0 unchanged, 1 refused." in html
    assert "Nobody has changed any of it since." in page(pmo_analyst, "undo").content.decode()
    page(pmo_analyst, "undo", data={})
    run_jobs()
    assert (only().state, Project.objects.count()) == (State.UNDONE, 0)
    assert "The import was undone" in page(pmo_analyst, "page").content.decode()


def test_going_back_keeps_everything(pmo_analyst: UserClient) -> None:
    response = upload(pmo_analyst, LIST)
    data = {**sent(response), "act": "next", "budget-scale": "1000", "planned_start-source": ""}
    page(pmo_analyst, "columns", data=data)
    word = next(iter(only().preview["words"]["declared_rating"]))[0]
    page(pmo_analyst, "values", data={"declared_rating-0": "red", "declared_rating-0-word": word})
    response = page(pmo_analyst, "columns")
    rows = {row.field.key: row for row in response.context["form"].rows}
    assert (rows["budget"].raw["scale"], rows["planned_start"].raw["source"]) == ("1000", "")
    page(pmo_analyst, "columns", data={**sent(response), "act": "next"})
    assert only().mapping["fields"]["declared_rating"]["value_map"] == {word: "red"}


def test_nothing_typed_is_lost_when_something_is_wrong(pmo_analyst: UserClient) -> None:
    response = upload(pmo_analyst, LIST)
    data = {
        **sent(response),
        "act": "next",
        "budget-currency": "XX",
        "budget-scale": "1000",
        "date-year_end": "31-12",
        "date-column": "Start",
    }
    response = page(pmo_analyst, "columns", data=data)
    assert response.status_code == 422
    html = response.content.decode()
    assert "A currency code of ISO 4217 such as CNY is expected." in html
    assert "A month and day such as 12-31 is expected." in html
    assert 'value="XX"' in html and 'value="31-12"' in html
    row = next(row for row in response.context["form"].rows if row.field.key == "budget")
    assert row.raw["scale"] == "1000"


def test_composite_key_constant_and_fallback_are_sent_by_plain_forms(pmo_analyst: UserClient) -> None:
    text = "Investment,Number,Title,Planned,Replanned\nX,1,Core,2026-01-31,\nX,2,Web,,2026-02-28\n"
    upload(pmo_analyst, text)
    data = {
        "act": "next",
        "code-source": "Investment",
        "code-column2": "Number",
        "code-combine": "join",
        "code-separator": "/",
        "name-source": "Title",
        "planned_finish-source": "Planned",
        "planned_finish-column2": "Replanned",
        "planned_finish-combine": "first",
        "country-source": "=",
        "country-constant": "Norway",
        "match": "code",
        "near": "0.8",
        "formulas": "value",
    }
    page(pmo_analyst, "columns", data=data)
    assert only().mapping["fields"]["code"] == {"columns": ["Investment", "Number"], "separator": "/"}
    commit(pmo_analyst)
    found = Project.objects.values_list("code", "country", "planned_finish")
    assert list(found) == [("X/1", "Norway", datetime.date(2026, 1, 31)), ("X/2", "Norway", datetime.date(2026, 2, 28))]


def test_a_column_can_be_given_a_field_from_the_list_of_columns(pmo_analyst: UserClient) -> None:
    response = upload(pmo_analyst, "Code,Project name,Where\nA,Alpha,Norway\n")
    page(pmo_analyst, "columns", data={**sent(response), "act": "update", "use-2": "country"})
    assert only().mapping["fields"]["country"] == {"column": "Where"}


def test_a_file_without_a_name_says_so_before_every_row_is_refused(pmo_analyst: UserClient) -> None:
    text = "No column feeds the name."
    response = upload(pmo_analyst, "Project code,Budget\nA-1,5\nA-2,6\n")
    assert response.context["nameless"] and text in response.content.decode()
    assert text not in upload(pmo_analyst, LIST).content.decode()


def test_near_matches_are_asked_for_and_answered(pmo_analyst: UserClient) -> None:
    imported("code,name\nZ,Prison Estate Transformation\n", {"fields": {"code": "code", "name": "name"}})
    ImportBatch.objects.all().delete()
    response = upload(pmo_analyst, "Project name\nPrison Estate Transformations\nHarbour\n")
    response = page(pmo_analyst, "columns", data={**sent(response), "act": "next"})
    assert response.redirect_chain[-1][0].endswith("/matches/")
    html = response.content.decode()
    assert "the same as Prison Estate Transformation" in html
    known = Project.objects.get()
    response = page(pmo_analyst, "matches", data={"row-2": str(known.pk)})
    assert response.context["counts"]["updated"] == 1
    assert f'value="{known.pk}" checked' in page(pmo_analyst, "matches").content.decode()
    page(pmo_analyst, "matches", data={"row-2": "999999", "row-77": "new"})
    assert only().choices == {"2": str(known.pk)}


def test_mappings_are_saved_used_again_and_never_overwritten_by_accident(pmo_analyst: UserClient) -> None:
    response = upload(pmo_analyst, LIST)
    page(pmo_analyst, "columns", data={**sent(response), "act": "save", "save_as": "Monthly list"})
    saved = ImportMapping.objects.get()
    assert (saved.name, saved.spec["fields"]["budget"]["scale"]) == ("Monthly list", 1000000)
    changed = {**sent(page(pmo_analyst, "columns")), "act": "save", "save_as": "Monthly list", "budget-scale": "1000"}
    response = page(pmo_analyst, "columns", data=changed)
    assert "There is already a mapping called Monthly list." in response.content.decode()
    page(pmo_analyst, "columns", data={**changed, "replace": "1"})
    saved.refresh_from_db()
    assert saved.spec["fields"]["budget"]["scale"] == 1000
    page(pmo_analyst, "columns", data={"act": "use", "kept": "guess"})
    assert only().mapping["fields"]["budget"]["scale"] == 1000000
    page(pmo_analyst, "columns", data={"act": "use", "kept": f"saved:{saved.pk}"})
    assert only().mapping["fields"]["budget"]["scale"] == 1000
    data = pmo_analyst.get(reverse("import-mapping-json", kwargs={"pk": saved.pk})).json()
    assert data["name"] == "Monthly list"


def test_a_kept_mapping_that_does_not_fit_says_what_is_missing(pmo_analyst: UserClient) -> None:
    upload(pmo_analyst, LIST)
    response = page(pmo_analyst, "columns", data={"act": "use", "kept": "preset:uk_gmpp"})
    assert response.status_code == 422
    assert "The file has no column “project_number”." in response.content.decode()


def test_a_preset_that_fits_is_offered(pmo_analyst: UserClient) -> None:
    text = "year,project_number,project,department,category,dca,start,end,wlc_gbp_m,rating_comment\n2021,,North Sea,Energy,ICT,Amber/Red,2019-01-01,2026-01-01,5,late\n"
    response = upload(pmo_analyst, text)
    assert "The mapping UK Government Major Projects Portfolio fits this file." in response.content.decode()
    page(pmo_analyst, "columns", data={"act": "use", "kept": "preset:uk_gmpp"})
    assert only().mapping["date"] == {"column": "year", "year_end": "03-31"}


def test_transitions_are_shown(pmo_analyst: UserClient) -> None:
    batch = imported(YEARS, YEARS_MAPPING)
    html = page(pmo_analyst, "page", batch).content.decode()
    assert "1 of 2 projects with the same name changed their rating." in html
    assert "2 of 2 projects with the same name changed their rating." in html
    assert "1 more goes by another spelling; of these 1 changed." in html


# -- refused cells --------------------------------------------------------------------------------


def refused_batch() -> ImportBatch:
    text = "code,name,start\n" + "".join(f"A-{n},Alpha {n},=1+{n}\n" for n in range(3)) + "B,Beta,31.02.2026\n"
    return imported(text, {"fields": {"code": "code", "name": "name", "planned_start": "start"}})


def test_refused_cells_are_filtered_by_reason_column_row_and_value(pmo_analyst: UserClient) -> None:
    batch = refused_batch()

    def rows(query: str) -> list[int]:
        return [one.row for one, _text in page(pmo_analyst, "page", batch, query=query).context["refusals"]]

    assert rows("") == [2, 3, 4, 5]
    assert rows("?reason=no_such_date") == [5]
    assert rows("?q=3") == [3]
    assert rows("?q=31.02") == [5]
    assert rows("?column=start&reason=formula_text") == [2, 3, 4]
    assert rows("?column=name") == []


def test_refused_cells_download_is_safe_and_in_the_readers_language(pmo_analyst: UserClient) -> None:
    batch = refused_batch()
    response = pmo_analyst.get(reverse("import-refused", kwargs={"pk": batch.pk}))
    text = b"".join(response).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[0] == ["Row", "Column", "Value", "Reason", "Refused"]
    assert lines[1][:3] == ["2", "start", "'=1+0"]
    assert len(lines) == 5 and lines[4][3].startswith("“31.02.2026” is no day of the calendar")


def test_the_same_refusal_speaks_both_languages(pmo_analyst: UserClient) -> None:
    batch = imported(
        "code,name,start,end\nA,Alpha,2026-06-01,2026-05-01\n",
        {"fields": {"code": "code", "name": "name", "planned_start": "start", "planned_finish": "end"}},
    )
    pmo_analyst.cookies["bw_language"] = "en"
    assert "The planned finish lies before the planned start." in page(pmo_analyst, "page", batch).content.decode()
    assert set(batch.refusals.get().params["detail"]) == {"zh-hans", "en"}


# -- large files ----------------------------------------------------------------------------------


def test_a_large_file_is_checked_by_a_job_and_goes_on(pmo_analyst: UserClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common, "INLINE_ROWS", 1)
    response = upload(pmo_analyst, LIST)
    response = page(pmo_analyst, "columns", data={**sent(response), "act": "next"})
    assert response.redirect_chain[-1][0].endswith("/wait/")
    assert "Check an import" in response.content.decode()
    fragment = pmo_analyst.get(reverse("import-wait", kwargs={"pk": only().pk}), headers={"HX-Request": "true"})
    assert fragment.status_code == 200 and "<html" not in fragment.content.decode()
    run_jobs()
    fragment = pmo_analyst.get(reverse("import-wait", kwargs={"pk": only().pk}), headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment["HX-Redirect"]) == (204, reverse("import-values", kwargs={"pk": only().pk}))
    assert page(pmo_analyst, "wait").redirect_chain[-1][0].endswith("/values/")


def test_a_large_upload_is_read_by_a_job(pmo_analyst: UserClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pmo.core.imports.services.is_quick", lambda path: False)
    response = upload(pmo_analyst, LIST)
    assert response.redirect_chain[-1][0].endswith("/wait/")
    run_jobs()
    assert page(pmo_analyst, "wait").redirect_chain[-1][0].endswith("/columns/")


def test_a_job_that_died_leaves_an_interrupted_import_that_can_go_on(pmo_analyst: UserClient) -> None:
    batch = mapped(YEARS, YEARS_MAPPING)
    page(pmo_analyst, "commit", batch, data={})
    Job.objects.update(state=Job.State.DEAD)
    response = page(pmo_analyst, "page", batch)
    assert "The import was interrupted." in response.content.decode()
    batch.refresh_from_db()
    assert batch.state == State.FAILED
    page(pmo_analyst, "commit", batch, data={})
    run_jobs()
    batch.refresh_from_db()
    assert (batch.state, Project.objects.count()) == (State.COMMITTED, 4)


# -- who may --------------------------------------------------------------------------------------

PAGES = ("page", "file", "columns", "values", "matches", "preview", "undo", "refused", "wait")
ACTS = ("commit", "undo", "discard", "columns", "values", "matches", "file")


@pytest.mark.parametrize("role", ["project_manager", "executive", "coordinator", "auditor", "portfolio_owner", None])
def test_the_project_import_is_for_the_pmo(client_for: Any, role: str | None) -> None:
    client = client_for(role)
    batch = mapped(YEARS, YEARS_MAPPING)
    before = ImportBatch.objects.values().get()
    for name in PAGES:
        assert page(client, name, batch).status_code == 404, name
    for name in ACTS:
        assert page(client, name, batch, data={}).status_code == 404, name
    assert client.get(reverse("import-new"), {"target": "projects"}).status_code == 403
    listed = client.get(reverse("import-list"))
    assert listed.status_code == 403 or "list.csv" not in listed.content.decode()
    assert upload(client, LIST).status_code == 403
    assert ImportBatch.objects.values().get() == before and not Project.objects.exists()


def test_a_pmo_role_in_one_unit_is_not_enough(client_for: Any) -> None:
    from tests import factories

    client = client_for("pmo_analyst", within=factories.unit())
    batch = mapped(YEARS, YEARS_MAPPING)
    assert client.get(reverse("import-new"), {"target": "projects"}).status_code == 403
    assert page(client, "commit", batch, data={}).status_code in {403, 404}
    assert not Project.objects.exists()


def test_signed_out_is_sent_to_the_door(client: Any) -> None:
    assert client.get(reverse("import-list")).status_code == 302


def test_acts_need_a_post(pmo_analyst: UserClient) -> None:
    batch = mapped(YEARS, YEARS_MAPPING)
    for name in ("commit", "discard"):
        assert pmo_analyst.get(reverse(f"import-{name}", kwargs={"pk": batch.pk})).status_code == 405


def test_throwing_away_removes_batch_and_file(
    pmo_analyst: UserClient, media: Any, django_capture_on_commit_callbacks: Any
) -> None:
    upload(pmo_analyst, LIST)
    files = [path for path in media.rglob("*") if path.is_file()]
    assert len(files) == 1
    with django_capture_on_commit_callbacks(execute=True):
        page(pmo_analyst, "discard", data={})
    assert not ImportBatch.objects.exists() and not files[0].exists()


def test_the_list_shows_imports_and_mappings(pmo_analyst: UserClient) -> None:
    assert "Nothing was imported yet" in pmo_analyst.get(reverse("import-list")).content.decode()
    imported(YEARS, YEARS_MAPPING)
    html = pmo_analyst.get(reverse("import-list")).content.decode()
    assert "list.csv" in html and "Imported" in html


@pytest.mark.parametrize("name", ["list", "new", "columns", "values", "matches", "preview", "page"])
def test_pages_need_the_same_few_queries_for_more_rows(pmo_analyst: UserClient, name: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(rows: int) -> int:
        text = "code,name,rag\n" + "".join(f"K{rows}-{n},Kiosk {rows} {n},green\n" for n in range(rows))
        mapping = {"fields": {"code": "code", "name": "name", "declared_rating": "rag"}}
        batch = imported(text, mapping) if name in {"page", "list"} else mapped(text, mapping)
        if name not in {"page", "list"}:
            from pmo.core.imports.preview import run_check

            run_check(batch_id=batch.pk)
        url = (
            reverse(f"import-{name}") if name in {"list", "new"} else reverse(f"import-{name}", kwargs={"pk": batch.pk})
        )
        with CaptureQueriesContext(connection) as caught:
            assert pmo_analyst.get(url).status_code == 200
        return len(caught)

    few = cost(2)
    assert cost(40) == few <= 25
