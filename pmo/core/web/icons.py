"""Icons from the sprite static/img/icons.svg."""

from __future__ import annotations

import functools

from django.core.files.storage import Storage, storages
from django.utils.html import format_html
from django.utils.safestring import SafeString

SPRITE = "img/icons.svg"
# A page shows a hundred icons of a few dozen kinds. Kept by type too: text that is marked as safe is not escaped.
KEPT_AT_MOST = 2_048


def icon_html(name: str, size: int = 16, label: str = "", css: str = "") -> SafeString:
    """An `<svg>` that uses the symbol `name`. With a label it is an image, without one it is decoration."""
    return _drawn(_sprite(storages["staticfiles"]), name, size, str(label), css)


@functools.lru_cache(maxsize=4)
def _sprite(storage: Storage) -> str:
    """The sprite's address: a storage of static files names a file the same way for as long as it lives."""
    return str(storage.url(SPRITE))


@functools.lru_cache(maxsize=KEPT_AT_MOST, typed=True)
def _drawn(sprite: str, name: str, size: int, label: str, css: str) -> SafeString:
    classes = " ".join(part for part in ("icon", f"icon-{size}" if size != 16 else "", css) if part)
    href = f"{sprite}#{name}"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', classes, label, href)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', classes, href)
