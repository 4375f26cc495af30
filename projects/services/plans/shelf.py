"""Plan files in the storage, under the digest of their content, and what was read of them beside it."""

from __future__ import annotations

import gzip
import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from pmo.core.files.local import CHUNK, FileGone, digest_of
from pmo.core.files.local import local_file as stored_file
from projects.calc.plan.document import Plan
from projects.calc.plan.stored import plan_json, plan_of
from projects.models.plan import PlanFile

__all__ = ["FileGone", "Kept", "forget", "keep", "keep_plan", "kept_plan", "local_file", "read_name"]

FOLDER = "plans"


@dataclass(frozen=True)
class Kept:
    """A file in the storage: its name there, SHA-256 in hex, size in bytes."""

    name: str
    sha256: str
    size: int


def keep(upload: File[Any]) -> Kept:
    """Put an upload into the storage; the same content lies there once."""
    digest = digest_of(upload.chunks(CHUNK))
    name = f"{FOLDER}/{digest[:2]}/{digest}"
    if not default_storage.exists(name):
        upload.seek(0)
        name = default_storage.save(name, upload)
    return Kept(name, digest, upload.size or 0)


def forget(file: PlanFile) -> None:
    """Remove what was read of the file, and the file itself where no other row names it."""
    default_storage.delete(read_name(file))
    if not PlanFile.objects.filter(stored=file.stored).exclude(pk=file.pk).exists():
        default_storage.delete(file.stored)


def local_file(file: PlanFile) -> AbstractContextManager[Path]:
    """The file as a path, whatever the storage is. Raises FileGone."""
    return stored_file(file.stored, file.sha256)


def keep_plan(file: PlanFile, plan: Plan) -> None:
    """Keep what was read, so that nobody reads the file again to look at it or to commit it."""
    content = json.dumps(plan_json(plan), ensure_ascii=False, separators=(",", ":")).encode()
    name = read_name(file)
    default_storage.delete(name)
    default_storage.save(name, ContentFile(gzip.compress(content, compresslevel=3)))


def kept_plan(file: PlanFile) -> Plan:
    """What was read of the file. Raises FileGone."""
    name = read_name(file)
    if not default_storage.exists(name):
        raise FileGone
    with default_storage.open(name) as source:
        return plan_of(json.loads(gzip.decompress(source.read())))


def read_name(file: PlanFile) -> str:
    """Where what was read of the file lies."""
    return f"{FOLDER}/read/{file.uid}.json.gz"
