"""What the style sheet promises: contrast, two equal dark blocks, size, nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.templatetags.static import static

from pmo.core.web.sheets import PLACE, SHEETS, needed, with_links
from pmo.core.web.storage import lean_css

CSS = Path(settings.BASE_DIR) / "static" / "css"
SHEET = (CSS / "app.css").read_text(encoding="utf-8")


def _tokens(selector: str) -> dict[str, str]:
    block = re.search(re.escape(selector) + r"\s*\{([^}]*)\}", SHEET)
    assert block, selector
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", block.group(1)))


LIGHT = _tokens(":root, [data-theme]")
DARK = LIGHT | _tokens('[data-theme="dark"]')
SHARED = {"over": "#b8182f", "white": "#fff"}


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_the_wcag_ratio() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#5f6a7d", "#ffffff") == pytest.approx(5.5, abs=0.05)


TEXT_ON = [
    ("t1", "canvas"), ("t1", "surface"), ("t2", "surface"), ("t2", "side"), ("t2", "sunken"), ("t3", "surface"), ("t3", "side"),
    ("t3", "sunken"), ("t3", "selected"), ("accent", "surface"), ("accent", "canvas"), ("accent", "accent-bg"), ("accent", "selected"),
    ("white", "btn"), ("white", "btn-2"), ("white", "over"), ("ink-t", "ink"), ("ink-link", "ink"),
    ("green-t", "green-bg"), ("amber-t", "amber-bg"), ("red-t", "red-bg"), ("grey-t", "grey-bg"), ("t2", "green-cell"),
    ("red-t", "red-cell"), ("green-t", "surface"), ("amber-t", "surface"), ("red-t", "surface"), ("red-t", "selected"),
    ("blue-t", "blue-bg"), ("critical", "critical-bg"), ("critical", "surface"),
]  # fmt: skip
SHAPE_ON = [
    ("green", "surface"), ("amber", "surface"), ("red", "surface"), ("grey", "surface"), ("ctrl", "surface"), ("amber", "amber-bg"),
    ("red", "red-cell"), ("green", "green-cell"), ("c1", "surface"), ("c2", "surface"), ("c3", "surface"), ("c4", "surface"),
    ("c5", "surface"), ("c6", "surface"),
]  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [(*pair, 4.5) for pair in TEXT_ON] + [(*pair, 3.0) for pair in SHAPE_ON],
)
def test_text_and_shapes_stand_out(theme: str, ink: str, ground: str, least: float) -> None:
    tokens = SHARED | (LIGHT if theme == "light" else DARK)
    assert contrast(tokens[ink], tokens[ground]) >= least, (tokens[ink], tokens[ground])


def test_the_device_dark_block_equals_the_chosen_one() -> None:
    assert _tokens('[data-theme="auto"]') == _tokens('[data-theme="dark"]')
    assert set(_tokens('[data-theme="dark"]')) <= set(LIGHT)


def test_dark_is_for_screens_only() -> None:
    for theme in ('[data-theme="dark"] {', '[data-theme="auto"] {'):
        before = SHEET[: SHEET.index(theme)]
        assert re.findall(r"@media ([^{]*)\{", before)[-1].startswith("screen")


def test_every_token_that_is_used_exists() -> None:
    sheets = "".join((CSS / f"{name}.css").read_text(encoding="utf-8") for name in ("app", *SHEETS) if name != "charts")
    defined = set(re.findall(r"--([\w-]+)\s*:", sheets))
    used = set(re.findall(r"var\(--([\w-]+)", sheets))
    assert used <= defined
    assert {name for name in LIGHT if name not in used} <= {
        "baseline",
        "budget",
        "spark",
        "remaining",
        "remaining-2",
        *(f"c{n}" for n in range(1, 7)),
    }


def test_colours_are_tokens_outside_the_token_layer() -> None:
    rules = SHEET[SHEET.index("@layer reset {") :]
    assert set(re.findall(r"#[0-9a-f]{3,8}\b(?=[ ;])", rules)) <= {"#fff", "#8e1025"}


@pytest.mark.parametrize("sheet", sorted(path.name for path in CSS.glob("*.css")))
def test_nothing_is_fetched_from_elsewhere_and_braces_match(sheet: str) -> None:
    text = (CSS / sheet).read_text(encoding="utf-8")
    assert "http" not in text and "@import" not in text and "@font-face" not in text
    assert text.count("{") == text.count("}")


def test_a_sheet_is_linked_where_its_classes_are_used_and_only_there() -> None:
    page = f'<head>{PLACE}</head><p class="kpi row"></p>'
    assert needed(page) == ["dash"]
    assert needed('<p class="row card btn"></p>') == []
    assert with_links(page).count("<link") == 1 and PLACE not in with_links(page)
    assert with_links(page + static("css/dash.css")).count("<link") == 0


def test_no_sheet_is_known_by_a_class_of_every_page() -> None:
    frame = (CSS.parent.parent / "templates" / "base.html").read_text(encoding="utf-8")
    sidebar = (CSS.parent.parent / "templates" / "components" / "sidebar.html").read_text(encoding="utf-8")
    drawn = re.sub(r"{% comment %}.*?{% endcomment %}", "", frame + sidebar, flags=re.DOTALL)
    assert needed(drawn) == []


def test_lean_css_keeps_meaning() -> None:
    sheet = 'a:hover, b > c {\n  /* why */\n  margin: 1px 2px; width: calc(100% - 2px);\n  font-family: "A B", x;\n}\n'
    assert lean_css(sheet) == 'a:hover,b > c{margin:1px 2px;width:calc(100% - 2px);font-family:"A B",x}'
    once = lean_css(SHEET)
    assert lean_css(once) == once and once.count("{") == SHEET.count("{")
