"""Contents of uploaded files in the storage, under their digest: the same content lies there once, and goes when nothing names it.

A content is put down in the transaction that writes the row naming it, and taken away in one that looks for such rows; a lock of the
content, held until either ends, lets them only follow each other. Without it a file that is uploaded while its last row goes would be
found, not written again, and then be gone.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, transaction

from pmo.core.files.local import CHUNK, digest_of

_LOCK_CLASS = 0x66696C65  # "file"


@dataclass(frozen=True)
class Kept:
    """A content in the storage: its name there, SHA-256 in hex, size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Contents:
    """The contents below one folder; `used` tells whether something names a content."""

    folder: str
    used: Callable[[str], bool]

    def keep(self, upload: File[Any]) -> Kept:
        """Put a content down for a row that is written in the same transaction. Raises TransactionManagementError outside one."""
        digest = digest_of(upload.chunks(CHUNK))
        name = f"{self.folder}/{digest[:2]}/{digest}"
        size = upload.size or 0
        if self.held(name) and default_storage.size(name) != size:
            # A full disk or a power cut ended the writing of an earlier upload half way.
            default_storage.delete(name)
        if not default_storage.exists(name):
            upload.seek(0)
            name = default_storage.save(name, upload)
        return Kept(name, digest, size)

    def held(self, name: str) -> bool:
        """Whether the content is there, and stays until the end of the transaction. Raises TransactionManagementError outside one."""
        _lock(name)
        return default_storage.exists(name)

    def forget(self, name: str) -> bool:
        """Take a content away that nothing names; returns whether it is gone. Call it when the row that named it is gone for good."""
        with transaction.atomic():
            _lock(name)
            if self.used(name):
                return False
            default_storage.delete(name)
        return True


def _lock(name: str) -> None:
    """Let one transaction at a time touch the content. SQLite's transactions are immediate and need nothing more."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A content is kept in the transaction that writes its row.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_CLASS, zlib.crc32(name.encode()) - 2**31])
