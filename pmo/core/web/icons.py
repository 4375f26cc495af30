"""Icons from the sprite static/img/icons.svg."""

from __future__ import annotations

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

SPRITE = "img/icons.svg"


def icon_html(name: str, size: int = 16, label: str = "", css: str = "") -> SafeString:
    """An `<svg>` that uses the symbol `name`. With a label it is an image, without one it is decoration."""
    classes = " ".join(part for part in ("icon", f"icon-{size}" if size != 16 else "", css) if part)
    href = f"{static(SPRITE)}#{name}"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', classes, label, href)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', classes, href)
