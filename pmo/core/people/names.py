"""Names kept in two languages."""

from __future__ import annotations

from django.utils.translation import get_language


def localised(zh: str, en: str, lang: str | None = None) -> str:
    """The name in the reader's language, falling back to the other one."""
    language = lang or get_language() or "zh-hans"
    return (zh or en) if language.startswith("zh") else (en or zh)
