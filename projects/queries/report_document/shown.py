"""A document as one reader sees it: texts in their language, amounts only for who may see the project's money."""

from __future__ import annotations

from typing import Any

from pmo.core.web.formats import EMPTY, is_zh


def shown_to(document: Any, lang: str, *, money: bool) -> Any:
    """A copy in which each `{"zh", "en"}` is the text of the language; amounts are a dash unless `money`."""
    return _shown(document, "zh" if is_zh(lang) else "en", money)


def _shown(value: Any, lang: str, money: bool) -> Any:
    if isinstance(value, dict):
        if "zh" in value and "en" in value:
            return value[lang] if money or not value.get("money") else value.get("without", {}).get(lang, EMPTY)
        return {key: _shown(part, lang, money) for key, part in value.items()}
    if isinstance(value, list):
        return [_shown(part, lang, money) for part in value]
    return value
