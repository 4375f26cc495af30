"""Markdown to safe HTML: CommonMark with tables and strikethrough, no raw HTML, a tight list of tags, own images only.

Two doors one behind the other: the parser (markdown-it-py) is told to make no HTML of its own out of the text, and the
cleaner (nh3) lets nothing through that is not on the list, whatever the parser made.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li",
    "a", "img", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
    "th": {"scope"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
_SCHEMES = {"http", "https", "mailto"}
_IMAGE = re.compile(r"^(?:attachment:|/knowledge/images/)(\d{1,18})/?$")
_OURS = re.compile(r"^/knowledge/images/\d{1,18}/$")
_HEADING_ID = re.compile(r"^part-\d{1,4}$")
_DEEPEST = 6


@dataclass(frozen=True)
class Heading:
    """One line of the table of contents; `level` 2 is the highest below the page's own title."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Rendered:
    """Safe HTML and its headings."""

    html: str
    headings: list[Heading] = field(default_factory=list)


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def render(text: str, images: Collection[int] = ()) -> Rendered:
    """The HTML of a Markdown text. `images` are the ids of the pictures it may show; others leave their description.

    The highest heading of the text becomes h2, since the page has its own h1.
    """
    parser = _parser()
    tokens = parser.parse(text)
    headings = _mark_headings(tokens)
    for token in tokens:
        if token.children:
            token.children = [_image(child, images) for child in token.children]
        if token.type == "th_open":
            token.attrSet("scope", "col")
    return Rendered(_clean(parser.renderer.render(tokens, parser.options, {})), headings)


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src" and not _OURS.match(value):
        return None
    if name == "id" and not _HEADING_ID.match(value):
        return None
    return value


def _mark_headings(tokens: list[Token]) -> list[Heading]:
    """Bring the highest heading to h2, the others along with it, and give them anchors."""
    headings: list[Heading] = []
    highest = min((int(token.tag[1]) for token in tokens if token.type == "heading_open"), default=1)
    for place, token in enumerate(tokens):
        if token.type not in {"heading_open", "heading_close"}:
            continue
        level = min(int(token.tag[1]) - highest + 2, _DEEPEST)
        token.tag = f"h{level}"
        if token.type == "heading_open":
            anchor = f"part-{len(headings) + 1}"
            token.attrSet("id", anchor)
            headings.append(Heading(level, anchor, _plain(tokens[place + 1])))
    return headings


def _image(token: Token, images: Collection[int]) -> Token:
    if token.type != "image":
        return token
    found = _IMAGE.match(str(token.attrGet("src") or ""))
    if found is None or int(found[1]) not in images:
        return Token("text", "", 0, content=_plain(token))
    token.attrSet("src", f"/knowledge/images/{int(found[1])}/")
    token.attrSet("loading", "lazy")
    return token


def _plain(token: Token) -> str:
    """The words of an inline token without its marks."""
    if not token.children:
        return token.content
    parts = []
    for child in token.children:
        if child.type in {"text", "code_inline"}:
            parts.append(child.content)
        elif child.type == "image":
            parts.append(_plain(child))
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
    return "".join(parts)


def plain_text(text: str) -> str:
    """The words of a Markdown text without its marks, for searching and for extracts. Blocks stand on lines of their own."""
    parser = _parser()
    lines = [_plain(token) if token.type == "inline" else token.content for token in parser.parse(text)]
    return "\n".join(line for line in lines if line)
