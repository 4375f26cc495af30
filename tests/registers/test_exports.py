"""CSV and XLSX: the list as filtered, what it is, and nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from pmo.core.audit.models import AuditEntry, AuditPayload
from projects.models import Milestone
from tests import factories
from tests.conftest import UserClient
from tests.registers.pages import text, url

pytestmark = pytest.mark.django_db


def body(response: Any) -> bytes:
    content: Iterable[bytes] = response.streaming_content if response.streaming else [response.content]
    return b"".join(content)


def export(client: UserClient, key: str, kind: str, **query: Any) -> Any:
    return client.get(url("export", key, kind=kind), query)


def csv_lines(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body(response).decode("utf-8-sig"))))


def sheets(response: Any) -> list[list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(body(response)))
    return [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]


@pytest.fixture
def milestones(db: None) -> list[Milestone]:
    project = factories.project(name_en="Crane")
    names = ["=cmd|' /C calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "\tTab", "Plain，中文"]
    return [
        factories.milestone(
            project,
            name=name,
            is_key=place % 2 == 0,
            weight=Decimal("1.25") * place,
            baseline_date=datetime.date(2026, 5, 1 + place),
            actual_date=None,
        )
        for place, name in enumerate(names)
    ]


def test_csv_has_a_mark_notes_and_the_filtered_rows(pmo_admin: UserClient, milestones: list[Milestone]) -> None:
    response = export(
        pmo_admin, "milestones", "csv", is_key="true", q="crane", sort="-baseline_date", columns="code,name,weight"
    )
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert 'attachment; filename="milestones-' in response["Content-Disposition"]
    assert response.streaming
    raw = body(response)
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    notes = {line[0]: line[1] for line in lines if line[0].startswith("# ") and len(line) > 1}
    assert lines[0] == ["# Milestones"]
    assert notes["# Filters"] == "Keyword: crane; Key milestone: Yes"
    assert notes["# Sorted by"] == "Baseline ↓"
    assert (notes["# Exported by"], notes["# Rows"]) == ("pmo_admin", "3")
    assert notes["# Exported at"].startswith("20")
    table = [line for line in lines if not line[0].startswith("# ")]
    expected = [row for row in reversed(milestones) if row.is_key]
    assert table[0] == ["Code", "Milestone", "Budget weight"]
    assert [line[0] for line in table[1:]] == [row.code for row in expected]


def test_csv_cells_cannot_be_formulas(pmo_admin: UserClient, milestones: list[Milestone]) -> None:
    lines = csv_lines(export(pmo_admin, "milestones", "csv", columns="name", sort="code"))
    names = [line[0] for line in lines if not line[0].startswith("# ")][1:]
    assert names == ["'=cmd|' /C calc'!A1", "'+1+1", "'-2+3", "'@SUM(A1)", "'\tTab", "Plain，中文"]


def test_xlsx_opens_again_with_types_and_texts(pmo_admin: UserClient, milestones: list[Milestone]) -> None:
    response = export(pmo_admin, "milestones", "xlsx", columns="name,weight,baseline_date,is_key,project", sort="code")
    content = body(response)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("Milestone", "Budget weight", "Baseline", "Key milestone", "Project")
    assert rows[2] == ("+1+1", 1.25, datetime.datetime(2026, 5, 2), "No", "Crane")
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    assert (sheet.freeze_panes, sheet["C2"].number_format) == ("B2", "yyyy-mm-dd")


def test_xlsx_tells_what_it_is_on_the_second_sheet(pmo_admin: UserClient, milestones: list[Milestone]) -> None:
    notes = dict(row[:2] for row in sheets(export(pmo_admin, "milestones", "xlsx", baseline_date__gte="2026-05-03"))[1])
    assert notes["List"] == "Milestones"
    assert notes["Filters"] == "Baseline: ≥ 2026-05-03"
    assert notes["Rows"] == "4"


def test_money_keeps_its_cents_and_its_currency(pmo_admin: UserClient) -> None:
    factories.budget_line(factories.project(), "1234567.89", currency="SAR")
    with_column = sheets(export(pmo_admin, "budget-lines", "xlsx", columns="amount,currency"))[0]
    assert with_column == [("Amount", "Currency"), (1234567.89, "SAR")]
    without = sheets(export(pmo_admin, "budget-lines", "xlsx", columns="amount"))[0]
    assert without == [("Amount", "Amount, currency"), (1234567.89, "SAR")]


def test_the_export_is_in_the_audit_trail(pmo_admin: UserClient, milestones: list[Milestone]) -> None:
    body(export(pmo_admin, "milestones", "csv", is_key="true"))
    entry = AuditEntry.objects.get(action="export")
    assert (entry.actor, entry.model) == (pmo_admin.user, "projects.milestone")
    assert AuditPayload.objects.get(entry=entry).changes == {"format": "csv", "rows": 3, "query": "is_key=true"}


def test_invisible_rows_and_refused_lists_stay_inside(outsider: UserClient, milestones: list[Milestone]) -> None:
    factories.milestone(factories.project(visibility="private"), name="Secret")
    assert b"Secret" not in body(export(outsider, "milestones", "csv"))
    assert export(outsider, "cost-lines", "csv").status_code == 403


def test_bad_parameters_and_formats_make_no_file(pmo_admin: UserClient, milestones: list[Milestone]) -> None:
    refused = export(pmo_admin, "milestones", "csv", is_key="perhaps")
    assert refused.status_code == 422
    assert "is_key=perhaps cannot be used" in text(refused)
    assert export(pmo_admin, "milestones", "csv", portfolio="x").status_code == 422
    assert export(pmo_admin, "milestones", "ods").status_code == 404
    assert not AuditEntry.objects.filter(action="export").exists()


def test_preferred_columns_are_exported(pmo_admin: UserClient, milestones: list[Milestone]) -> None:
    pmo_admin.post(url("columns", "milestones"), {"columns_form": "1", "columns": ["weight", "code"]})
    assert sheets(export(pmo_admin, "milestones", "xlsx"))[0][0] == ("Budget weight", "Code")


def test_chinese_readers_get_chinese_heads(client_for: Any, milestones: list[Milestone]) -> None:
    chinese = client_for("pmo_admin", language="zh-hans")
    head = sheets(export(chinese, "milestones", "xlsx", columns="project"))[0]
    assert head[1] == (milestones[0].project.name_zh,)


def test_a_long_list_is_exported_by_a_job_for_its_owner(
    client_for: Any, milestones: list[Milestone], monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    from pmo.core.jobs.api import Job, run_job_now

    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("pmo.core.registers.views.exports.MOST_ROWS", 2)
    factories.milestone(factories.project(visibility="private"), name="Secret")
    reader, stranger = client_for(), client_for()
    query = "?is_key=true&columns=name&sort=code"
    refused = reader.get(url("export", "milestones", kind="csv") + query)
    assert refused.status_code == 422
    assert "The list has 3 rows; more than 2 are written in the background." in text(refused)
    started = reader.post(url("export-job", "milestones", kind="csv") + query)
    job = Job.objects.get(kind="registers.export")
    assert started["Location"] == f"/jobs/{job.uid}/"
    assert run_job_now(job.pk).state == Job.State.DONE
    address = f"/exports/{job.uid}"
    assert address in reader.get(started["Location"]).content.decode()
    names = [line[0] for line in csv_lines(reader.get(address)) if not line[0].startswith("# ")]
    assert names == ["Milestone", *("'" + row.name for row in milestones if row.is_key)]
    assert stranger.get(address).status_code == 404
    entry = AuditEntry.objects.get(action="export")
    assert (entry.actor, AuditPayload.objects.get(entry=entry).changes["rows"]) == (reader.user, 3)


def test_old_export_files_are_removed(tmp_path: Any, settings: Any) -> None:
    import os
    import time

    from pmo.core.registers.export_job import remove_old

    settings.MEDIA_ROOT = tmp_path
    folder = tmp_path / "exports"
    folder.mkdir()
    for name, days in (("old.csv", 8), ("new.csv", 6)):
        path = folder / name
        path.write_text("x")
        moment = time.time() - days * 86400
        os.utime(path, (moment, moment))
    remove_old()
    assert [path.name for path in folder.iterdir()] == ["new.csv"]
