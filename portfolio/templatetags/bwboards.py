"""Cells of tiles: `{% board_cell cell %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from portfolio.boards.declaration import Number

register = template.Library()


@register.simple_tag
def board_cell(cell: Any) -> SafeString:
    """A number with the rows behind it, a name with its page, or text."""
    if isinstance(cell, Number):
        return format_html('<a href="{}">{}</a>', cell.url, cell.shown)
    if isinstance(cell, tuple):
        text, url = cell
        return format_html('<a href="{}">{}</a>', url, text) if url else conditional_escape(text)
    return conditional_escape(cell)
