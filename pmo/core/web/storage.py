"""How static files are served: hashed names, gzip beside each file, and our style sheets without comments and indentation."""

from __future__ import annotations

import re
from typing import IO, Any

from django.core.files.base import ContentFile, File
from whitenoise.storage import CompressedManifestStaticFilesStorage

_OWN_SHEETS = "css/"


def lean_css(sheet: str) -> str:
    """The same rules without comments, line breaks and spaces that mean nothing. Only for sheets written in our style:
    no strings with braces, semicolons or ", " in them other than font names."""
    text = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([{};]) ?", r"\1", text)
    return text.replace(", ", ",").replace(": ", ":").replace(";}", "}").strip()


class LeanStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Used by collectstatic; development and tests serve the sources as they are written."""

    def _save(self, name: str, content: File[Any] | IO[Any]) -> str:
        if name.startswith(_OWN_SHEETS) and name.endswith(".css"):
            content.seek(0)
            content = ContentFile(lean_css(content.read().decode()).encode())
        saved: str = super()._save(name, content)
        return saved
