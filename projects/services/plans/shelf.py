"""Plan files in the storage, under the digest of their content, and what was read of them beside it."""

from __future__ import annotations

import gzip
import json
from contextlib import AbstractContextManager
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from pmo.core.files.contents import Contents
from pmo.core.files.local import FileGone
from pmo.core.files.local import local_file as stored_file
from pmo.core.jobs.api import Job
from projects.calc.plan.document import Plan
from projects.calc.plan.stored import plan_json, plan_of
from projects.models.plan import PlanFile

__all__ = ["CONTENTS", "FileGone", "forget", "keep_plan", "kept_plan", "local_file", "read_name"]

FOLDER = "plans"
PROPOSE_JOB = "projects.propose_project"
"""The kind of the jobs that read files for projects to be made; such a file has no row, its job names it."""


def _used(name: str) -> bool:
    rows = PlanFile.objects.filter(stored=name)
    return rows.exists() or Job.objects.filter(kind=PROPOSE_JOB, params__name=name).exists()


CONTENTS = Contents(FOLDER, _used)


def forget(file: PlanFile) -> None:
    """Remove what was read of a file whose row is gone, and its content where nothing else names it."""
    default_storage.delete(read_name(file))
    if file.stored:
        CONTENTS.forget(file.stored)


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
