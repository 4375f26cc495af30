"""Files that are wrong or mean harm, through the upload page: a clear answer, nothing written, and the next file works."""

from __future__ import annotations

import io
import os
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from pmo.core.imports.models import ImportBatch
from projects.models import Project
from tests.conftest import UserClient
from tests.wizard.build import imported

pytestmark = pytest.mark.django_db


def workbook(rows: list[list[Any]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def bomb() -> bytes:
    """A workbook whose sheet unpacks to a thousand times its size."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (60 * 1024 * 1024))
    return sink.getvalue()


def answer(client: UserClient, content: bytes, name: str = "list.csv") -> str:
    response = client.post(
        reverse("import-new"), {"file": SimpleUploadedFile(name, content), "target": "projects"}, follow=True
    )
    assert response.status_code in {200, 422}
    return response.content.decode()


def processor_seconds() -> float:
    """What this process and the children it has seen end have used of processors, however busy those are."""
    return sum(os.times()[:4])


HOSTILE = [
    ("bomb.xlsx", bomb, "It may be a zip bomb."),
    ("cut.xlsx", lambda: workbook([["code", "name"], ["A", "Alpha"]])[:-200], "damaged or incomplete"),
    ("picture.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(40)), "This is a PNG file, not a table."),
    ("page.csv", lambda: b"<!doctype html><table><tr><td>1</td></tr></table>", "This is a web page or XML"),
    ("open.csv", lambda: b'code,name\nA,"Alpha\nB,Beta\n', "quotation marks in row 2"),
    ("blank.csv", lambda: b"\n  \n", "The file is empty."),
    ("none.csv", lambda: b"", "The file is empty."),
    (
        "bytes.csv",
        lambda: ("code,name\n" + "A,Zoë Müller Straße\n" * 9).encode() + b"B,\xff\xfe broken \xc3\n",
        "are not valid utf-8",
    ),
    ("old.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old XLS format"),
    ("long.csv", lambda: b"code,name\nA," + b"x" * 40_000 + b"\n", "is longer than 32767 characters"),
]


@pytest.mark.parametrize(("name", "content", "says"), HOSTILE, ids=[one[0] for one in HOSTILE])
def test_a_wrong_file_is_answered_at_once_and_the_next_one_works(
    pmo_analyst: UserClient, name: str, content: Any, says: str
) -> None:
    data = content()
    started = processor_seconds()
    html = answer(pmo_analyst, data, name)
    assert processor_seconds() - started < 5
    assert says in html
    assert not Project.objects.exists()
    assert "Columns of the file" in answer(pmo_analyst, b"code,name\nA,Alpha\n")


def test_too_large_is_refused_before_it_is_kept(pmo_analyst: UserClient, settings: Any, media: Any) -> None:
    settings.IMPORT_MAX_UPLOAD_BYTES = 1024 * 1024
    html = answer(pmo_analyst, b"code,name\n" + b"A,Alpha\n" * 200_000)
    assert "up to 1 MB can be imported" in html
    assert not ImportBatch.objects.exists() and not list(media.rglob("*.*"))


def test_the_encoding_can_be_chosen(pmo_analyst: UserClient) -> None:
    data = "项目编号,项目名称\nA,智能座舱\n".encode("gb18030")
    assert "智能座舱" in answer(pmo_analyst, data)
    batch = ImportBatch.objects.get()
    url = reverse("import-file", kwargs={"pk": batch.pk})
    html = pmo_analyst.post(url, {"encoding": "utf-8"}, follow=True).content.decode()
    assert "are not valid utf-8" in html
    html = pmo_analyst.post(url, {"encoding": "gb18030"}, follow=True).content.decode()
    assert "智能座舱" in html


def test_a_sheet_and_a_header_row_can_be_chosen(pmo_analyst: UserClient) -> None:
    book = Workbook()
    book.active.append(["nothing", "here"])  # type: ignore[union-attr]
    second = book.create_sheet("Projects")
    for row in (["Status as of November", None], ["Code", "Project name"], ["A", "Alpha"]):
        second.append(row)
    sink = io.BytesIO()
    book.save(sink)
    answer(pmo_analyst, sink.getvalue(), "list.xlsx")
    url = reverse("import-file", kwargs={"pk": ImportBatch.objects.get().pk})
    html = pmo_analyst.post(url, {"sheet": "Projects", "header_row": "2"}, follow=True).content.decode()
    assert "Alpha" in html and "Project name" in html


def test_formulas_are_never_calculated(pmo_analyst: UserClient) -> None:
    book = workbook([["code", "name", "country"], ["A", "Alpha", "=CMD()"], ["B", '=HYPERLINK("http://x")', "Norway"]])
    answer(pmo_analyst, book, "list.xlsx")
    batch = ImportBatch.objects.get()
    assert "formulas_without_value" in [note["code"] for note in batch.table["notes"]]
    done = imported(
        'code,name,country\nA,Alpha,"=1+1"\n', {"fields": {"code": "code", "name": "name", "country": "country"}}
    )
    assert done.refusals.count() == 0 and Project.objects.get().country == "=1+1"


def test_markup_in_a_file_is_shown_as_text(pmo_analyst: UserClient) -> None:
    html = answer(pmo_analyst, b"code,name\nA,<script>alert(1)</script>\n", '<img src=x onerror="1">.csv')
    assert "<script>alert(1)" not in html and "&lt;script&gt;alert(1)" in html
    assert "<img src=x" not in html


def test_a_file_changed_in_the_store_is_not_imported(pmo_analyst: UserClient, media: Any) -> None:
    answer(pmo_analyst, b"code,name\nA,Alpha\n")
    stored = next(path for path in media.rglob("*") if path.is_file())
    stored.write_bytes(b"code,name\nEVIL,Evil\n")
    batch = ImportBatch.objects.get()
    response = pmo_analyst.post(
        reverse("import-columns", kwargs={"pk": batch.pk}),
        {
            "act": "next",
            "code-source": "code",
            "name-source": "name",
            "match": "code,name",
            "near": "0.8",
            "formulas": "value",
        },
        follow=True,
    )
    assert "no longer in the store" in response.content.decode()
    assert not Project.objects.exists()
