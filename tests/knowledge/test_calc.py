"""Words, extracts, line comparison, file types."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.calc.compare import ADDED, REMOVED, SAME, compare, shortened
from knowledge.calc.war_story import war_story_text
from knowledge.calc.words import MOST_WORDS, extract, folded, pinyin, words
from pmo.core.files.sniff import document_type, image_type
from tests.knowledge.build import PNG


def test_words_are_folded_and_cut_between_scripts() -> None:
    assert [word.text for word in words("ＳＡＰ数据清洗，ZZ")] == ["sap", "数据清洗", "zz"]
    assert words("数据清洗")[0].pairs == ("数据", "清洗")
    assert words("第三方接口")[0].pairs == ("第三", "方接", "接口")
    assert words("斋月")[0].pairs == ()
    assert words("  、 ") == []
    assert len(words("a b c d e f g h i j k")) == MOST_WORDS
    assert words("KA-0001")[0].text == "ka-0001"


def test_pinyin_of_runs() -> None:
    assert pinyin("第三方 API 接口") == ("disanfang jiekou", "dsf jk")
    assert folded("Ａ  b\nC") == "a b c"


def test_an_extract_marks_every_hit_around_the_first() -> None:
    text = "前言。" * 40 + "斋月期间每天六小时，斋月之后恢复。"
    pieces = extract(text, words("斋月"))
    assert [piece for piece, hit in pieces if hit] == ["斋月", "斋月"]
    assert pieces[0] == ("…", False)
    assert "".join(piece for piece, _hit in pieces).lstrip("…") in text


def test_an_extract_without_a_hit_is_the_beginning() -> None:
    assert extract("Short text", words("nothing")) == [("Short text", False)]
    assert extract("", words("x")) == []


def test_pairs_are_marked_where_the_word_does_not_stand() -> None:
    assert [piece for piece, hit in extract("清洗主数据", words("数据清洗")) if hit] == ["清洗", "数据"]


@given(st.text(max_size=300), st.text(max_size=30))
def test_an_extract_never_invents_text(text: str, query: str) -> None:
    joined = "".join(piece for piece, _hit in extract(text, words(query))).strip("…")
    assert joined in " ".join(text.split()) or not joined


def test_lines_are_compared() -> None:
    lines = compare("a\nb\nc", "a\nx\nc\nd")
    assert [(line.kind, line.text, line.old, line.new) for line in lines] == [
        (SAME, "a", 1, 1),
        (REMOVED, "b", 2, None),
        (ADDED, "x", None, 2),
        (SAME, "c", 3, 3),
        (ADDED, "d", None, 4),
    ]


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_both_texts_can_be_read_from_the_comparison(old: list[str], new: list[str]) -> None:
    lines = compare("\n".join(old), "\n".join(new))
    assert [line.text for line in lines if line.kind != ADDED] == old
    assert [line.text for line in lines if line.kind != REMOVED] == new


def test_unchanged_stretches_are_left_out() -> None:
    old = [str(number) for number in range(20)]
    found = shortened(compare("\n".join(old), "\n".join([*old, "new"])), around=2)
    assert found[0] is None
    assert [line.text for line in found[1:] if line is not None] == ["18", "19", "new"]


def test_pictures_are_known_by_their_content() -> None:
    assert image_type(PNG) == "image/png"
    assert image_type(b"\xff\xd8\xff\xe0rest") == "image/jpeg"
    assert image_type(b"GIF89a......") == "image/gif"
    assert image_type(b"RIFF\x00\x00\x00\x00WEBPVP8 ") == "image/webp"
    for content in (
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html>",
        b"\x89PNG\r\n\x1a\n<script>",
        b"BM....",
    ):
        assert image_type(content) is None, content


def archive(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "taken"),
    [
        ("a.docx", archive("[Content_Types].xml", "word/document.xml"), True),
        ("a.xlsx", archive("[Content_Types].xml", "xl/workbook.xml"), True),
        ("a.pptx", archive("[Content_Types].xml", "ppt/presentation.xml"), True),
        ("a.PDF", b"%PDF-1.7 ...", True),
        ("a.md", "# 章程\n".encode(), True),
        ("a.csv", "编号,名称\r\n".encode("gb18030"), True),
        ("a.txt", b"plain", True),
        ("a.docx", archive("[Content_Types].xml", "xl/workbook.xml"), False),
        ("a.xlsm", archive("[Content_Types].xml", "xl/workbook.xml"), False),
        ("a.xlsx", archive("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), False),
        ("a.xlsx", b"PK\x03\x04 broken", False),
        ("a.pdf", b"<html>", False),
        ("a.txt", b"MZ\x90\x00\x03", False),
        ("a.txt", b"\xff\xfe\xff", False),
        ("a.html", b"<html>", False),
        ("a.exe", b"MZ", False),
        ("noname", b"text", False),
    ],
)
def test_documents_are_taken_only_as_what_their_name_says(name: str, content: bytes, taken: bool) -> None:
    assert (document_type(name, content) is not None) == taken


def test_a_bomb_is_not_unpacked() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "x")
        made.writestr("xl/workbook.xml", b"0" * 50_000_000)
    content = stream.getvalue()
    assert len(content) < 100_000
    reads: list[str] = []
    original = zipfile.ZipFile.open

    def watched(self: zipfile.ZipFile, name: object, *args: object, **kwargs: object) -> object:
        reads.append(str(name))
        return original(self, name, *args, **kwargs)  # type: ignore[arg-type]

    zipfile.ZipFile.open = watched  # type: ignore[method-assign, assignment]
    try:
        assert document_type("bomb.xlsx", content) is not None
    finally:
        zipfile.ZipFile.open = original  # type: ignore[method-assign]
    assert reads == []


def test_a_war_story_has_four_parts_in_both_languages() -> None:
    texts = war_story_text()
    assert [text.count("## ") for text in texts.values()] == [4, 4]


def test_an_extract_begins_with_a_whole_word() -> None:
    pieces = extract(
        "whoever cannot be reached at all in the middle of the night: stop the interfaces now", words("interfaces")
    )
    assert pieces[0] == ("…", False) and pieces[1][0].startswith("in the middle")
