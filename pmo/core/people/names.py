"""Names kept in two languages."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def localised(zh: str, en: str, lang: str | None = None) -> str:
    """The name in the reader's language, falling back to the other one."""
    language = lang or get_language() or "zh-hans"
    return (zh or en) if language.startswith("zh") else (en or zh)


class BilingualName:
    """For records with name_zh, name_en and code: their name, their text, and that one of the names must be given."""

    name_zh: Any
    name_en: Any
    code: Any

    def __str__(self) -> str:
        return self.name or str(self.code)

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return localised(self.name_zh, self.name_en)

    def clean(self) -> None:
        """Raises ValidationError on name_zh where both names are empty."""
        if not (self.name_zh or self.name_en):
            raise ValidationError({"name_zh": _("Give a name in Chinese or in English.")})
