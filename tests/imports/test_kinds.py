"""What is no table is refused with what it is, by content and not by name."""

import io
import zipfile

import pytest

from tests.imports.helpers import read, refusal, sheet_of


def archive(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "is_empty"),
        (b"\xef\xbb\xbf \r\n", "is_empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "is_other_kind"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is_other_kind"),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "is_other_kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "is_old_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "has_password"),
        (b"<html><table><tr><td>code</td></tr></table></html>", "is_markup"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "is_markup"),
        ("<!DOCTYPE html>".encode("utf-16"), "is_markup"),
        (archive("readme.txt", "table.csv"), "is_other_archive"),
        (archive("[Content_Types].xml", "word/document.xml"), "is_word"),
        (archive("[Content_Types].xml", "ppt/presentation.xml"), "is_powerpoint"),
        (archive("mimetype", "content.xml"), "is_opendocument"),
        (archive("[Content_Types].xml", "xl/workbook.bin"), "xlsx_is_binary"),
        (b"PK\x03\x04 and then nothing of an archive", "damaged_workbook"),
    ],
)
@pytest.mark.parametrize("name", ["table.csv", "table.xlsx"])
def test_other_files_are_named(tmp_path, data, code, name):
    assert refusal(tmp_path, data, name).message.code == code


def test_a_workbook_called_csv_is_a_workbook(tmp_path):
    table = read(tmp_path, sheet_of([["code", "name"], ["P1", "Alpha"]]), "table.csv")
    assert (table.kind, table.rows) == ("xlsx", [["P1", "Alpha"]])


def test_text_called_xlsx_is_text(tmp_path):
    assert read(tmp_path, "code,name\nP1,Alpha\n", "table.xlsx").kind == "csv"


@pytest.mark.parametrize("start", ["BMW plant", "MZ factory", "GIF89 study"])
def test_text_that_begins_like_a_binary_file(tmp_path, start):
    assert read(tmp_path, f"name,code\n{start},1\n").rows[0][0] == start
    assert read(tmp_path, f"{start},code\nAlpha,1\n").columns[0].name == start
