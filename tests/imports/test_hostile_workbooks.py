"""Workbooks made to do harm: each gets a clear answer quickly, and the process that asked goes on living."""

import io
import re
import resource
import struct
import zipfile

import pytest

from pmo.core.imports.limits import MIB, Limits
from tests.imports.helpers import read, refusal, repack, sheet_of

GOOD = sheet_of([["code", "name"], ["P1", "Alpha"]])
SHEET = "xl/worksheets/sheet1.xml"


def bomb(size: int) -> bytes:
    """A workbook whose sheet unpacks to at least that many bytes of blanks."""
    return repack(GOOD, {SHEET: lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * size)})


def with_declared_size(data: bytes, name: str, size: int) -> bytes:
    """The archive with a lie about one entry's unpacked size in its directory and local header."""
    raw = bytearray(data)
    for signature, size_at, length_at, name_at in ((b"PK\x01\x02", 24, 28, 46), (b"PK\x03\x04", 22, 26, 30)):
        position = raw.find(signature)
        while position >= 0:
            length = struct.unpack_from("<H", raw, position + length_at)[0]
            if raw[position + name_at : position + name_at + length] == name.encode():
                struct.pack_into("<I", raw, position + size_at, size)
            position = raw.find(signature, position + 4)
    return bytes(raw)


@pytest.fixture(autouse=True)
def two_seconds():
    """No hostile file may cost the child two seconds of processor time (the clock would measure other tests too)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    yield
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2


def test_zip_bomb_is_recognised_from_the_directory(tmp_path):
    data = bomb(64 * MIB)
    assert len(data) < 200_000
    assert refusal(tmp_path, data).message.code == "compressed_too_much"


def test_bomb_beyond_the_size_limit(tmp_path):
    assert refusal(tmp_path, bomb(8 * MIB), limits=Limits(unpacked_bytes=4 * MIB)).message.code == "unpacks_too_large"


def test_bomb_that_lies_about_its_size(tmp_path):
    data = with_declared_size(bomb(64 * MIB), SHEET, 1_000)
    assert refusal(tmp_path, data, limits=Limits(unpacked_bytes=4 * MIB)).message.code == "damaged_workbook"


def test_bomb_in_a_part_that_no_spreadsheet_needs(tmp_path):
    data = repack(GOOD, {}, {"xl/media/image1.png": b"\0" * (64 * MIB)})
    assert refusal(tmp_path, data).message.code == "compressed_too_much"


def test_overlapping_entries(tmp_path):
    raw = bytearray(GOOD)
    first = raw.find(b"PK\x01\x02")
    second = raw.find(b"PK\x01\x02", first + 4)
    offset = struct.unpack_from("<I", raw, first + 42)[0]
    struct.pack_into("<I", raw, second + 42, offset)
    assert refusal(tmp_path, bytes(raw)).message.code == "damaged_workbook"


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.99])
def test_truncated_workbook(tmp_path, keep):
    assert refusal(tmp_path, GOOD[: int(len(GOOD) * keep)]).message.code == "damaged_workbook"


@pytest.mark.parametrize(
    ("part", "content"),
    [
        (SHEET, b""),
        (SHEET, b"<other xmlns='urn:x'/>"),
        ("xl/workbook.xml", b"<broken"),
        ("xl/styles.xml", b"\0\1\2\3"),
        ("[Content_Types].xml", b""),
    ],
)
def test_broken_parts(tmp_path, part, content):
    data = repack(GOOD, {part: lambda xml: content})
    assert refusal(tmp_path, data).message.code in ("damaged_workbook", "no_data")


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>"""
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("part", "declaration"), [(SHEET, ENTITIES), ("xl/workbook.xml", OUTSIDE), ("docProps/core.xml", ENTITIES)]
)
def test_entities_are_not_even_parsed(tmp_path, part, declaration):
    data = repack(GOOD, {part: lambda xml: declaration + re.sub(rb"^<\?xml[^>]*\?>", b"", xml)})
    assert refusal(tmp_path, data).message.code == "has_entities"


def test_entities_in_utf16(tmp_path):
    text = OUTSIDE.decode().replace('version="1.0"', 'version="1.0" encoding="utf-16"') + "<x/>"
    assert refusal(tmp_path, repack(GOOD, {SHEET: lambda xml: text.encode("utf-16")})).message.code == "has_entities"


@pytest.mark.parametrize(
    "cells",
    [
        b'<row r="999999999"><c r="A1"><v>1</v></c></row>',
        b'<row r="2"><c r="ZZZ2"><v>1</v></c></row>',
        b'<row r="2"><c r="A2" t="s"><v>99999</v></c></row>',
        b'<row r="2"><c r="A2"><v>' + b"9" * 5000 + b"</v></c></row>",
        b'<row r="2"><c r="??"><v>1</v></c></row>',
        b'<row r="2"><c r="A2" t="n"><v>not a number</v></c></row>',
    ],
)
def test_nonsense_cells(tmp_path, cells):
    data = repack(GOOD, {SHEET: lambda xml: xml.replace(b"</sheetData>", cells + b"</sheetData>")})
    assert refusal(tmp_path, data).message.code in ("damaged_workbook", "too_many_columns")


def test_a_style_that_does_not_exist_is_no_style(tmp_path):
    cells = b'<row r="3"><c r="A3" s="9999"><v>1</v></c></row>'
    data = repack(GOOD, {SHEET: lambda xml: xml.replace(b"</sheetData>", cells + b"</sheetData>")})
    assert read(tmp_path, data).rows == [["P1", "Alpha"], [1, None]]


def test_a_lying_dimension_costs_nothing(tmp_path):
    data = repack(GOOD, {SHEET: lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', xml)})
    assert read(tmp_path, data).rows == [["P1", "Alpha"]]


def test_a_merged_range_over_the_whole_sheet(tmp_path):
    merged = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    data = repack(GOOD, {SHEET: lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + merged)})
    assert read(tmp_path, data).rows == [["P1", "Alpha"]]


def test_password(tmp_path):
    raw = bytearray(GOOD)
    position = raw.find(b"PK\x01\x02")
    while position >= 0:
        raw[position + 8] |= 1
        position = raw.find(b"PK\x01\x02", position + 4)
    assert refusal(tmp_path, bytes(raw)).message.code == "has_password"


def test_memory_limit_stops_the_child_not_us(tmp_path):
    text = b'<row r="2"><c r="A2" t="inlineStr"><is><t>' + b"x" * (48 * MIB) + b"</t></is></c></row>"
    data = repack(GOOD, {SHEET: lambda xml: xml.replace(b"</sheetData>", text + b"</sheetData>")})
    limits = Limits(memory_bytes=96 * MIB, compression_ratio=10_000)
    assert refusal(tmp_path, data, limits=limits).message.code in ("needs_too_much_memory", "damaged_workbook")
    assert read(tmp_path, GOOD).rows == [["P1", "Alpha"]]


def test_time_limit_stops_the_child(tmp_path):
    assert refusal(tmp_path, GOOD, limits=Limits(wall_seconds=0.01)).message.code == "takes_too_long"


def test_macros_and_links_are_left_alone(tmp_path):
    data = repack(GOOD, {}, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0", "xl/externalLinks/externalLink1.xml": b"<x/>"})
    assert read(tmp_path, data).rows == [["P1", "Alpha"]]


def test_an_archive_of_many_parts(tmp_path):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for number in range(3_000):
            made.writestr(f"xl/{number}.xml", "")
    assert refusal(tmp_path, target.getvalue()).message.code == "too_many_entries"
