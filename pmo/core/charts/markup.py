"""Building blocks for SVG markup: every text and attribute is escaped here, so that drawings cannot forget it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

Attribute = str | int | float | None
# Characters that XML 1.0 forbids even when escaped; a pasted project name may contain them.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without characters that would make the document ill-formed; safe strings stay safe."""
    return _FORBIDDEN.sub("", text) if _FORBIDDEN.search(text) else text


def number(value: float) -> str:
    """A coordinate with at most two decimals and no trailing zeros: 12.5, 3, -0.25."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def percent(fraction: float) -> str:
    """A horizontal position as a share of the drawing's width: 0.125 becomes 12.5%."""
    return number(fraction * 100) + "%"


def tag(name: str, attributes: Mapping[str, Attribute], *children: str) -> SafeString:
    """One element. Attributes that are None or "" are left out; children that are not safe strings are escaped."""
    parts = [f"<{name}"]
    for key, value in attributes.items():
        if value is None or value == "":
            continue
        text = value if isinstance(value, str) else number(value)
        parts.append(f' {key}="{conditional_escape(clean(text))}"')
    if not children:
        return mark_safe("".join(parts) + "/>")  # noqa: S308 - every part is escaped above
    body = "".join(conditional_escape(clean(child)) for child in children)
    return mark_safe("".join(parts) + f">{body}</{name}>")  # noqa: S308 - every part is escaped above


def join(parts: list[SafeString]) -> SafeString:
    """Safe fragments put together to one."""
    return mark_safe("".join(parts))  # noqa: S308 - the parts are safe strings


Position = str | float
BOX = 1000


def rect(css: str, x: Position, y: float, width: Position, height: float, rounded: float | None = None) -> SafeString:
    """A rectangle; x and width may be percentages."""
    return tag("rect", {"class": css, "x": x, "y": y, "width": width, "height": height, "rx": rounded})


def rule(css: str, y: float, x1: Position = 0) -> SafeString:
    """A horizontal line to the right edge."""
    return tag("line", {"class": css, "x1": x1, "x2": "100%", "y1": y, "y2": y})


def post(css: str, x: Position, y1: float, y2: Position) -> SafeString:
    """A vertical line."""
    return tag("line", {"class": css, "x1": x, "x2": x, "y1": y1, "y2": y2})


def dot(css: str, x: Position, y: float, radius: float) -> SafeString:
    """A circle."""
    return tag("circle", {"class": css, "cx": x, "cy": y, "r": radius})


def text(content: str, x: Position, y: float, css: str = "", anchor: str = "", dx: float | None = None) -> SafeString:
    """A text at a position; anchor is "start" (default), "middle" or "end"."""
    return tag("text", {"x": x, "y": y, "dx": dx, "class": css, "text-anchor": anchor}, content or " ")


def steps(run: Sequence[tuple[float, float]]) -> str:
    """Path data of a line; x is a share of the width, y pixels. It belongs into `stretched`."""
    return "M" + "L".join(f"{number(x * BOX)} {number(y)}" for x, y in run)


def stretched(paths: list[SafeString], height: float) -> SafeString:
    """A viewport that stretches its paths to the full width, because path data knows no percentages.

    Strokes keep their width by `vector-effect` in the style sheet; whatever must stay round belongs outside.
    """
    attributes: dict[str, Attribute] = {
        "width": "100%",
        "height": height,
        "viewBox": f"0 0 {BOX} {number(height)}",
        "preserveAspectRatio": "none",
        "overflow": "visible",
    }
    return tag("svg", attributes, *paths)


def svg(
    children: list[SafeString],
    *,
    height: float,
    title: str = "",
    description: str = "",
    css: str = "",
    width: float | None = None,
    linked: bool = False,
) -> SafeString:
    """The outer element. With a title it is an image for assistive technology, without one it is decoration.

    Without a width it fills its container: horizontal positions are percentages, so that text never scales.
    linked: the drawing holds links, which an image must not; it becomes a group then.
    """
    attributes: dict[str, Attribute] = {
        "class": f"chart-svg {css}".strip(),
        "width": "100%" if width is None else width,
        "height": height,
    }
    head: list[SafeString] = []
    if title:
        attributes["role"] = "group" if linked else "img"
        if linked:
            attributes["aria-label"] = title
        else:
            head.append(tag("title", {}, title))
        if description:
            head.append(tag("desc", {}, description))
    else:
        attributes["aria-hidden"] = "true"
    return tag("svg", attributes, *head, *children)
