"""What the classes of static/css/charts.css look like on paper."""

from __future__ import annotations

from dataclasses import dataclass, replace

_MARGINS = {"chart-l": "left", "chart-r": "right", "chart-t": "top", "chart-b": "bottom"}
_PLAIN_FRAMES = frozenset(["chart-spark", "chart-swatch", "chart-rowbar", "chart-bandbar"])
# Variants of a drawing by the least width in pixels at which each is the one that is shown.
_VARIANTS = {"chart-at-narrow": 0, "chart-at-middle": 410, "chart-at-broad": 500, "chart-at-wide": 630}
_NARROW = 440
CHOSEN = frozenset([*_VARIANTS, "chart-tick-narrow", "chart-tick-alt", "chart-dense"])


@dataclass(frozen=True)
class Look:
    """Names of tokens for fill and stroke (empty: none), line width and dashes in pixels, opacity, size of text."""

    fill: str = ""
    stroke: str = ""
    width: float = 1.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0
    size: float = 11.0
    bold: bool = False


_INKS = {
    **{name: name for name in ("green", "amber", "red", "grey")},
    **{f"ink-{name}": name for name in ("c1", "c2", "c3", "c4", "c5", "c6", "baseline", "critical")},
    "ink-actual-line": "c1", "ink-forecast-line": "c1", "ink-planned": "baseline", "ink-earned": "c2",
}  # fmt: skip
_FILLS = {
    **{name: name for name in ("c1", "c2", "c3", "c4", "c5", "c6", "budget", "baseline", "remaining")},
    "actual": "c1", "overrun": "red", "shade": "sunken", "stone": "t1", "stone-late": "red", "stone-plan": "surface",
    "spark-dot": "spark", "spark-end": "spark",
}  # fmt: skip
_LINES = {
    "grid": Look(stroke="line"),
    "zero": Look(stroke="line-2"),
    "edge": Look(stroke="line-2"),
    "marker": Look(stroke="accent", width=1.5, dash=(3, 3)),
    "result": Look(stroke="line-2", width=1.5, dash=(1.5, 3)),
    "cut": Look(stroke="surface", width=2),
    "forecast-tick": Look(stroke="t1", width=2),
    "spark-line": Look(stroke="spark", width=1.3),
    "spark-target": Look(stroke="t3", dash=(2, 3), opacity=0.7),
}
_TEXTS = {
    "name": Look(fill="t2", size=12),
    "label": Look(fill="t2", size=12),
    "note": Look(fill="t2"),
    "strong": Look(fill="t1", bold=True),
    "end": Look(fill="t3", bold=True),
    "marker-text": Look(fill="accent"),
    "tick": Look(fill="t3"),
}
_SAYS = {
    **{f"says-{name}": f"{name}-t" for name in ("green", "amber", "red")},
    **{f"says-{name}": "accent" for name in ("actual-line", "forecast-line", "c1")},
}


def names(css: str) -> list[str]:
    """The classes without their common beginning."""
    return [word.removeprefix("chart-") for word in css.split() if word.startswith("chart-")]


def hidden(css: str, pixels: float) -> bool:
    """Whether a drawing of that width leaves the element out, as the style sheet does."""
    words = CHOSEN & set(css.split())
    for word in words & set(_VARIANTS):
        fitting = [name for name, least in _VARIANTS.items() if pixels >= least]
        if word != fitting[-1]:
            return True
    if pixels < _NARROW:
        return bool(words & {"chart-tick-alt", "chart-dense"})
    return "chart-tick-narrow" in words


def margins(css: str) -> dict[str, float]:
    """Pixels around the plot."""
    words = css.split()
    if _PLAIN_FRAMES & set(words):
        return {"left": 0.0, "right": 0.0, "top": 0.0, "bottom": 0.0}
    found = {"left": 0.0, "right": 0.0, "top": 6.0, "bottom": 4.0}
    for word in words:
        side = _MARGINS.get(word[:7])
        if side and word[7:].isdigit():
            found[side] = float(word[7:])
    return found | ({"left": 88.0, "top": 0.0} if "chart-strip" in words else {})


def text_look(css: str) -> Look:
    """How a text is written."""
    look = Look(fill="t3")
    for name in names(css):
        if name in _TEXTS:
            known = _TEXTS[name]
            look = replace(look, fill=known.fill, bold=look.bold or known.bold, size=max(known.size, look.size))
    return replace(look, fill=next((_SAYS[name] for name in names(css) if name in _SAYS), look.fill))


def shape_look(css: str) -> Look:
    """How a line, rectangle, circle or path is drawn."""
    words = names(css)
    ink = next((_INKS[name] for name in words if name in _INKS), "grey")
    look = Look()
    for name in words:
        if name in _LINES:
            look = _LINES[name]
        elif name in _FILLS:
            look = replace(look, fill=_FILLS[name])
        elif name.startswith("zone-"):
            look = Look(fill=f"{name.removeprefix('zone-')}-bg", opacity=0.45)
    if "stone-plan" in words:
        look = replace(look, stroke="t3", width=1.2)
    look = _inked(words, ink, look)
    if "partial" in words:
        look = replace(look, opacity=0.45)
    return look


def _inked(words: list[str], ink: str, look: Look) -> Look:
    if "line" in words:
        return Look(stroke=ink, width=2, dash=(5, 4) if "ink-forecast-line" in words else ())
    if "bubble" in words:
        return Look(fill=ink, stroke=ink, width=1.5, opacity=0.16)
    if "shape" in words:
        return Look(stroke="grey", width=1.5) if ink == "grey" else Look(fill=ink)
    if "bar" in words:
        return Look(fill="line-2" if ink == "grey" else ink)
    if "dot" in words:
        return Look(fill=ink)
    if "spark-area" in words:
        return Look(fill="spark", opacity=0.1)
    return look


def known(name: str) -> bool:
    """Whether a class says something here (for the test that no chart uses one that paper does not know)."""
    told = {*_INKS, *_FILLS, *_LINES, *_TEXTS, *_SAYS, "line", "bubble", "shape", "bar", "dot", "spark-area", "partial"}
    return name in told or name.startswith("zone-")
