"""Template tags of the project registry."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.translation import get_language

from pmo.core.web.formats import EMPTY, format_number

register = template.Library()
_MOST_PLACES = 2


@register.filter
def plain(value: Decimal | None) -> str:
    """A figure with as many decimals as it needs, at most two; a dash where there is none."""
    if value is None:
        return EMPTY
    exponent = value.normalize().as_tuple().exponent
    places = min(max(-exponent, 0), _MOST_PLACES) if isinstance(exponent, int) else 0
    return format_number(value, places, get_language() or "zh-hans")
