"""What the chart tests share: parsing drawings as strict XML, and a name that tries to break out of the markup."""

from __future__ import annotations

import re
from xml.etree import ElementTree

HOSTILE = "<script>alert('x')</script>\"&\x00\x0b名称"
SHOWN = "<script>alert('x')</script>\"&名称"


def parse(markup: str) -> ElementTree.Element:
    """The drawing as a tree; ill-formed markup raises ParseError. Several drawings get a common root."""
    return ElementTree.fromstring(f"<root>{markup}</root>")


def elements(markup: str, name: str, css: str = "") -> list[ElementTree.Element]:
    """All elements of that name that carry the class."""
    return [one for one in parse(markup).iter(name) if not css or css in one.get("class", "").split()]


def texts(markup: str, css: str = "") -> list[str]:
    """The texts of a drawing in document order."""
    return [one.text or "" for one in elements(markup, "text", css)]


def share(value: str | None) -> float:
    """A percentage as a number."""
    assert value is not None and value.endswith("%")
    return float(value[:-1])


def assert_drawable(markup: str) -> None:
    """Well-formed, no script, no inline style or handler, no number that is not one."""
    tree = parse(markup)
    for one in tree.iter():
        assert one.tag != "script"
        assert "style" not in one.attrib
        assert not [key for key in one.attrib if key.startswith("on")]
    assert not re.search(r"\b(nan|inf|None)\b", ElementTree.tostring(tree, encoding="unicode"))
