"""The four status shapes: ● green, ▲ amber, ■ red, ○ grey. Status is never colour alone."""

from __future__ import annotations

from typing import Literal, get_args

from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

from pmo.core.web.formats import is_zh
from pmo.core.web.rag import Rag

from .markup import Attribute, number, tag

Band = Literal["red", "amber", "green", "grey"]
BANDS: tuple[Band, ...] = get_args(Band)


def as_band(value: str) -> Band:
    """The value as a band; raises ValueError for any other word."""
    if value not in BANDS:
        raise ValueError(f"{value!r} is not one of {', '.join(BANDS)}")
    return value


def language(lang: str | None) -> str:
    """ "zh" or "en", from a language code or from the active language."""
    return "zh" if is_zh(lang or get_language() or "en") else "en"


def django_language(lang: str | None) -> str:
    """The code under which Django keeps the translations."""
    return "zh-hans" if language(lang) == "zh" else "en"


def band_words(lang: str | None = None) -> dict[Band, str]:
    """The word for each band in the reader's language."""
    with override(django_language(lang)):
        return {band: str(Rag(band).label) for band in BANDS}


def comma(lang: str | None) -> str:
    """What stands between the parts of a list."""
    return "，" if language(lang) == "zh" else ", "


def colon(lang: str | None) -> str:
    """What stands between a name and its value."""
    return "：" if language(lang) == "zh" else ": "


def shape(band: Band, x: str | float, y: float, size: float = 9) -> SafeString:
    """The shape of a band centred on (x, y); x may be a percentage. size is the edge of the square in pixels."""
    half = size / 2
    css = f"chart-shape chart-{band}"
    # A nested viewport lets a path sit at a percentage; it overflows by design.
    frame: dict[str, Attribute] = {"x": x, "y": y, "width": 1, "height": 1, "overflow": "visible"}
    if band == "red":
        body = tag("rect", {"class": css, "x": -half, "y": -half, "width": size, "height": size, "rx": 1})
    elif band == "amber":
        up, down, side = half * 1.06, half * 0.94, half * 1.14
        path = f"M0 {-up:.2f}L{side:.2f} {down:.2f}L{-side:.2f} {down:.2f}Z"
        body = tag("path", {"class": css, "d": path})
    else:
        body = tag("circle", {"class": css, "r": half if band == "green" else half - 0.75})
    return tag("svg", frame, body)


def diamond(css: str, x: str | float, y: float, name: str = "") -> SafeString:
    """A milestone centred on (x, y), named by its tooltip; x may be a percentage."""
    size = 4.5
    frame: dict[str, Attribute] = {"x": x, "y": y, "width": 1, "height": 1, "overflow": "visible"}
    path = f"M0 {number(-size)}L{number(size)} 0L0 {number(size)}L{number(-size)} 0Z"
    return tag("svg", frame, tag("path", {"class": css, "d": path}, *([tag("title", {}, name)] if name else [])))
