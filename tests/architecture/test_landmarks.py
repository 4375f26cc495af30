"""A part of a page has one name among the landmarks: a table that scrolls inside a named section is a group, not another region."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

NAME = r'(aria-label(?:ledby)?="(?:\{%.*?%\}|\{\{.*?\}\}|[^"])*")'
SECTION = re.compile(r"<section\b[^>]*?" + NAME, re.DOTALL)
REGION = re.compile(r'role="region" ' + NAME)


def repeated(source: str) -> list[str]:
    """Names that a section and a region of one template share."""
    return sorted(set(SECTION.findall(source)) & set(REGION.findall(source)))


def test_no_region_repeats_the_name_of_a_section() -> None:
    found = {
        str(path): names
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        if (names := repeated(path.read_text()))
    }
    assert found == {}


@pytest.mark.parametrize("label", ["aria-label=\"{% translate 'Rows' %}\"", 'aria-labelledby="rows-title"'])
def test_a_repeated_name_is_found(label: str) -> None:
    part = f'<section class="card" id="rows" {label}><div class="tbl-wrap" tabindex="0" role="region" {label}></div></section>'
    assert repeated(part) == [label]
    assert repeated(part.replace("region", "group")) == []
