"""Markdown becomes safe HTML whatever somebody types."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.calc.rendering import plain_text, render

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src='https://evil.example'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "![x](data:image/svg+xml;base64,PHN2Zy8+)",
    "![x](//evil.example/pixel.png)",
    '![x](/knowledge/images/1/"onerror="alert(1))',
    '![" onerror="alert(1)](attachment:1)',
    '[x](https://a.example "onmouseover=alert(1)")',
    '[x](https://a.example/"onmouseover="alert(1))',
    "<style>body{display:none}</style>",
    "<div style='position:fixed'>x</div>",
    "```html\n<script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "| <script>alert(1)</script> |\n| --- |\n| <img src=x onerror=alert(1)> |",
    "<!--><script>alert(1)</script>-->",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x][y]\n\n[y]: https://evil.example/a.png",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<form action=https://evil.example><input name=q></form>",
]
TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li",
    "a", "img", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"href", "title", "rel", "src", "alt", "loading", "start", "scope", "id"}


class Reader(HTMLParser):
    """Every tag and attribute of a text, as a browser would read them."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def elements(html: str) -> list[tuple[str, dict[str, str | None]]]:
    reader = Reader()
    reader.feed(html)
    return reader.seen


def assert_harmless(html: str) -> None:
    for tag, attributes in elements(html):
        assert tag in TAGS, (tag, html)
        assert set(attributes) <= ATTRIBUTES, (attributes, html)
        if tag == "a" and attributes.get("href"):
            assert str(attributes["href"]).split(":")[0].lower() not in {"javascript", "vbscript", "data", "file"}, html
            assert attributes.get("rel") == "noopener noreferrer", html
        if tag == "img":
            assert attributes.get("src") in {None, "/knowledge/images/1/"}, html


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_gets_through(payload: str) -> None:
    assert_harmless(render(payload, {1}).html)


def test_the_check_itself_refuses_what_is_harmful() -> None:
    for html in (
        "<script>",
        "<p onclick='x'>",
        "<a href='javascript:x' rel='noopener noreferrer'>",
        "<img src='https://e'>",
    ):
        with pytest.raises(AssertionError):
            assert_harmless(html)


@given(st.text(alphabet=st.sampled_from("<>\"'()[]!&;:/#*`|-= \nabjscriptonerrorhttps1"), max_size=120))
def test_no_text_at_all_gets_through(text: str) -> None:
    assert_harmless(render(text, {1}).html)


def test_headings_shift_and_give_the_table_of_contents() -> None:
    made = render("# One *fine* day\n\ntext\n\n### Three\n\n###### Six")
    assert [(h.level, h.anchor, h.text) for h in made.headings] == [
        (2, "part-1", "One fine day"),
        (4, "part-2", "Three"),
        (6, "part-3", "Six"),
    ]
    assert '<h2 id="part-1">One <em>fine</em> day</h2>' in made.html
    assert "<h1" not in made.html
    assert [h.level for h in render("## Two\n\n### Three").headings] == [2, 3], "no level is left out below the title"


def test_tables_strikethrough_lists_and_links() -> None:
    html = render("| a | b |\n| --- | --- |\n| 1 | 2 |\n\n~~old~~\n\n3. three\n\n[r](https://example.org/x)").html
    assert '<th scope="col">a</th>' in html and "<td>2</td>" in html
    assert "<s>old</s>" in html and '<ol start="3">' in html
    assert '<a href="https://example.org/x" rel="noopener noreferrer">r</a>' in html


def test_only_the_own_pictures_are_shown() -> None:
    html = render(
        "![mine](attachment:7) ![too](/knowledge/images/7/) ![other](attachment:8) ![far](https://e.example/a.png)", {7}
    ).html
    images = [attributes for tag, attributes in elements(html) if tag == "img"]
    assert [image["src"] for image in images] == ["/knowledge/images/7/"] * 2
    assert images[0]["alt"] == "mine"
    assert "other" in html and "far" in html, "the description stands in place of the picture"


def test_plain_text_has_no_marks() -> None:
    assert plain_text("## Head\n\n- **bold** [link](https://e.example)\n\n```\ncode\n```") == "Head\nbold link\ncode\n"
