"""The light colours of the page (static/css/app.css) on paper."""

from __future__ import annotations

from typing import Any

TOKENS = {
    "canvas": "#f6f7f9", "surface": "#ffffff", "sunken": "#f1f3f6", "gr": "#f6f7fa",
    "line": "#e4e8ee", "line-2": "#d2d8e1",
    "t1": "#171e2b", "t2": "#465064", "t3": "#5f6a7d", "accent": "#2f55c8", "accent-bg": "#e9effd",
    "green": "#0b8f74", "green-t": "#07604d", "green-bg": "#e3f3ee",
    "amber": "#b27d00", "amber-t": "#6b4700", "amber-bg": "#fdf0c8",
    "red": "#b8182f", "red-t": "#8e1025", "red-bg": "#fadbdc",
    "grey": "#7b8698", "grey-t": "#4d586b", "grey-bg": "#eef0f4", "critical": "#a3226b",
    "c1": "#2f55c8", "c2": "#2da2ba", "c3": "#4d1e7c", "c4": "#cd7a44", "c5": "#ab437b", "c6": "#242e3d",
    "budget": "#d3d9e3", "baseline": "#a6b0bf", "spark": "#6b7890", "remaining": "#b9c9f0",
}  # fmt: skip


def colour(name: str) -> Any:
    """The reportlab colour of a token. Raises KeyError."""
    from reportlab.lib.colors import HexColor

    return HexColor(TOKENS[name])
