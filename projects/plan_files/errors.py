"""The one error of reading plan files. The reading process raises it too, so Django is needed for its words only."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from typing import Any

DAMAGED_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
)
"""How zipfile says that an archive or its packed bytes are broken, or packed in a way it does not know. NotImplementedError is a
RuntimeError, by which it asks for a password: look for these first."""


class PlanFileError(Exception):
    """A plan file is refused or unreadable: a code of `texts.TEXTS` with its parameters. `detail` is for the log only."""

    def __init__(self, code: str, *, detail: str = "", **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
        self.detail = detail

    def message(self) -> str:
        """What to tell people, in the active language."""
        from projects.plan_files.texts import error_message

        return error_message(self.code, self.params)
