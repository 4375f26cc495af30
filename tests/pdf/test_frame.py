"""The frame and its parts: nothing is cut, nothing is taken for markup, the same input gives the same bytes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from pmo.core.pdf.blocks import HEADING, Block, Style, Text, Together, rag
from pmo.core.pdf.document import Sheet, make_pdf, paged
from pmo.core.pdf.fonts import clean
from pmo.core.pdf.lines import Span, broken, natural_width
from pmo.core.pdf.palette import TOKENS
from pmo.core.pdf.strokes import CHOSEN, hidden, known, names
from pmo.core.pdf.table import Column, Table
from tests.pdf.reading import STANDARD, box, fonts_used, pages, squeezed, text

HOSTILE = [
    "<b>bold</b> & <font size=99>big</font> &lt;i&gt; ]]> %PDF-1.4 endstream endobj",
    "(unbalanced ( and \\ backslash \\) Tj ET",
    "long" * 300,
    "没有空格的很长一段文字" * 60,
    "ascii中文mixed混排text文字，标点。“引号”（括号）" * 8,
    "שלום عالم \u202etxet desrever\u202c",
    "🚀 party 👩‍👩‍👧 and \x00 \x07 \ud800 \uffff",
    "tab\there\nand lines\r\nof three",
    "",
]


def sheet(**values: Any) -> Sheet:
    return Sheet(**{"title": "Title 标题", "house": "House 公司", "note": "Printed", "lang": "en"} | values)


def lines_of(words: str, width: float, size: float = 9) -> list[str]:
    return ["".join(piece.text for piece in line) for line in broken([Span(words)], width, size)]


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("lang", ["en", "zh-hans"])
def test_hostile_text_is_text(words: str, lang: str) -> None:
    blocks: list[Block] = [
        Text(words, HEADING, keep=True),
        Text(words),
        Table([Column("One"), Column(words)], [[words, rag("red", words)]]),
    ]
    content = make_pdf(sheet(title=words, lang=lang), blocks)
    assert content.startswith(b"%PDF-1.") and content.rstrip().endswith(b"%%EOF")
    assert text(content).count(squeezed(clean(words))) >= 3
    assert fonts_used(content) <= STANDARD


def test_what_no_font_has_is_a_box_that_is_explained() -> None:
    content = make_pdf(sheet(), [Text("🚀 launch")])
    assert "□launch" in text(content) and squeezed("a character that PDF fonts do not have") in text(content)
    assert "□" not in text(make_pdf(sheet(), [Text("launch")]))


def test_accents_lose_less_than_the_letter() -> None:
    assert clean("Łódź, Żółw, naïve, São, Ñandú") == "□ódz, Zó□w, naïve, São, Ñandú"
    assert clean("a\u202eb\u200bc") == "abc"


def test_the_same_input_gives_the_same_bytes() -> None:
    def made() -> bytes:
        return make_pdf(sheet(mark="Draft"), [Text("Words 文字"), Table([Column("A")], [["b"]])])

    assert made() == made()


@pytest.mark.parametrize("width", [30.0, 80.0, 200.0])
@pytest.mark.parametrize("words", HOSTILE)
def test_no_line_is_wider_than_its_column(words: str, width: float) -> None:
    for line in broken([Span(words)], width, 9):
        assert sum(piece.width for piece in line) <= width + 0.01


def test_latin_words_stay_whole_and_chinese_breaks_by_its_rules() -> None:
    found = lines_of("The quick brown fox jumps over the lazy dog", 60)
    assert " ".join(line.strip() for line in found) == "The quick brown fox jumps over the lazy dog"
    for width in range(20, 90, 3):
        for line in lines_of("预算（万元）超支，“核心”系统。项目 PRJ-2026 延期；", width)[1:]:
            assert line[0] not in "，。；）”"
        assert all(line[-1] not in "（“" for line in lines_of("预算（万元）超支，“核心”系统", width))
    assert any("PRJ-2026" in line for line in lines_of("预算（万元）超支 PRJ-2026 延期", 50))


def test_dashes_go_with_the_script_beside_them() -> None:
    def fonts(words: str) -> list[str]:
        return [piece.font for line in broken([Span(words)], 400, 9) for piece in line]

    assert fonts("the “core” system — done…") == ["Helvetica"]
    assert fonts("核心——系统……") == ["STSong-Light"]
    assert fonts("“核心”") == ["Helvetica", "STSong-Light", "Helvetica"]


def test_widths_are_those_of_the_fonts() -> None:
    assert natural_width([Span("iiii")], 10)[1] < natural_width([Span("WWWW")], 10)[1] / 3
    assert natural_width([Span("中文")], 10)[1] == pytest.approx(20)
    assert natural_width([Span("1,234")], 10)[1] == natural_width([Span("9,870")], 10)[1]


@pytest.mark.parametrize("count", [3, 300])
@pytest.mark.parametrize("wide", [False, True])
def test_long_tables_repeat_their_head_and_lose_no_row(count: int, wide: bool) -> None:
    rows = [[f"row-{number}", f"第{number}行的一段说明", f"{number:,}.00"] for number in range(count)]
    table = Table([Column("Head name"), Column("说明"), Column("Amount", numeric=True)], rows, foot=["Total", "", "9"])
    content = make_pdf(sheet(wide=wide), [Text("List", HEADING, keep=True), table])
    found = pages(content)
    assert (len(found) == 1) == (count == 3)
    for number, page in enumerate(found, 1):
        assert "Head name" in page and "说明" in page and f"Page {number} of {len(found)}" in page
    whole = "\n".join(found)
    assert all(f"row-{number}\n" in whole for number in range(count))
    across, up = box(content)
    assert (across > up) == wide


def test_a_row_longer_than_a_page_runs_on() -> None:
    words = " ".join(f"word{number}" for number in range(3000))
    content = make_pdf(sheet(), [Table([Column("A"), Column("B")], [["first", words], ["last", "end"]])])
    assert len(pages(content)) > 1
    assert squeezed(words) in re.sub(r"House公司Title标题PrintedPage\dof\d(AB)?", "", text(content))


def test_everything_stays_between_head_and_foot() -> None:
    blocks: list[Block] = []
    for number in range(60):
        blocks += [Text(f"Heading {number}", HEADING, keep=True), Text("words and more words " * (number % 40))]
        blocks.append(Together([Text("stays"), Text("together")]))
        blocks.append(Table([Column("A")], [["b"]] * (number % 7)))
    page = sheet()
    for placed in paged(page, blocks):
        assert placed.used <= page.room
        last = placed.placed[-1][0]
        assert not last.keep
        for block, top in placed.placed:
            assert top <= page.paper[1] - 53 and top - block.height(page.inner) >= 47


def test_what_cannot_stay_together_is_taken_apart() -> None:
    tall = Together([Text("a\n" * 50, Style(after=0)), Text("b\n" * 50, Style(after=0))])
    assert len(paged(sheet(), [tall])) == 2


def test_the_palette_is_that_of_the_page() -> None:
    sheet_text = (Path(settings.BASE_DIR) / "static/css/app.css").read_text(encoding="utf-8")
    light = sheet_text[: sheet_text.index("@media screen")]
    page = {name: value for name, value in re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", light)}
    page["surface"] = "#ffffff"
    assert {name: page[name] for name in TOKENS} == TOKENS


def test_every_class_that_a_chart_writes_has_a_look_on_paper() -> None:
    sheet_text = (Path(settings.BASE_DIR) / "static/css/charts.css").read_text(encoding="utf-8")
    told = {name for name in re.findall(r"\.chart-([a-z0-9-]+)", sheet_text)}
    frames = {"svg", "spark", "swatch", "rowbar", "bandbar", "strip"}
    rest = {name for name in told - frames if f"chart-{name}" not in CHOSEN and not re.fullmatch(r"[lrtb]\d+", name)}
    assert rest and {name for name in rest if not known(name)} == set()
    assert names("chart-line chart-ink-c1 other") == ["line", "ink-c1"]


def test_of_several_drawings_the_one_that_fits_is_chosen() -> None:
    variants = ("narrow", "middle", "broad", "wide")
    for pixels, chosen in ((300, "narrow"), (420, "middle"), (511, "broad"), (700, "wide")):
        assert [name for name in variants if not hidden(f"chart-svg chart-at-{name}", pixels)] == [chosen]
    assert hidden("chart-tick chart-tick-narrow", 700) and not hidden("chart-tick chart-tick-narrow", 400)
    assert hidden("chart-note chart-dense", 400) and not hidden("chart-note chart-dense", 700)
