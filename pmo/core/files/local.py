"""A stored file as a path, whatever the storage is, once it is known to be what was uploaded."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.storage import default_storage

CHUNK = 1 << 20


class FileGone(Exception):
    """The file is missing in the storage, or is no longer what was uploaded."""


@contextmanager
def local_file(name: str, sha256: str) -> Iterator[Path]:
    """The path of a file of the storage, or of a copy that goes again. Raises FileGone."""
    if not default_storage.exists(name):
        raise FileGone
    with default_storage.open(name) as source:
        if digest_of(source.chunks(CHUNK)) != sha256:
            raise FileGone
    path = _path(name)
    if path is not None:
        yield path
        return
    with tempfile.NamedTemporaryFile(prefix="stored-") as copy:
        with default_storage.open(name) as source:
            for chunk in source.chunks(CHUNK):
                copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def _path(name: str) -> Path | None:
    try:
        return Path(default_storage.path(name))
    except NotImplementedError:
        return None


def digest_of(chunks: Iterable[bytes]) -> str:
    """SHA-256 in hex."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
