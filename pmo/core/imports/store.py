"""Uploaded files in the store, under the digest of their content."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.base import File

from pmo.core.files.contents import Contents, Kept
from pmo.core.files.local import FileGone
from pmo.core.files.local import local_file as stored_file
from pmo.core.imports.archive import megabytes
from pmo.core.imports.limits import DEFAULT_LIMITS, Limits
from pmo.core.imports.messages import ReadError
from pmo.core.imports.models import ImportBatch

_LONGEST_NAME = 200


def limits() -> Limits:
    """The engine's limits with the installation's own upload size."""
    return replace(DEFAULT_LIMITS, upload_bytes=settings.IMPORT_MAX_UPLOAD_BYTES)


def _used(name: str) -> bool:
    return bool(ImportBatch.objects.filter(stored=name).exists())


_CONTENTS = Contents("imports", _used)


def keep(upload: File[Any]) -> Kept:
    """Put an upload into the store, in the transaction that writes its batch. Raises ReadError where it is too large."""
    size = upload.size or 0
    if size > settings.IMPORT_MAX_UPLOAD_BYTES:
        raise ReadError("file_too_large", size=megabytes(size), limit=megabytes(settings.IMPORT_MAX_UPLOAD_BYTES))
    return _CONTENTS.keep(upload)


def forget(name: str) -> None:
    """Remove a stored file that no batch uses any more."""
    _CONTENTS.forget(name)


@contextmanager
def local_file(batch: ImportBatch) -> Iterator[Path]:
    """The batch's file as a path, whatever the store is. Raises ReadError where it is gone or not what was uploaded."""
    try:
        with stored_file(batch.stored, batch.content_hash) as path:
            yield path
    except FileGone as error:
        raise ReadError("file_gone") from error


def shown_name(name: str) -> str:
    """The file's own name without folders and control characters, at most 200 characters."""
    base = PurePosixPath(name.replace("\\", "/")).name
    clean = re.sub(r"[\x00-\x1f\x7f]", "", base).strip() or "upload"
    return clean if len(clean) <= _LONGEST_NAME else f"{clean[: _LONGEST_NAME - 20]}…{clean[-19:]}"
