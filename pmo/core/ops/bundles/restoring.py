"""Putting a backup back into an empty database, and proving that it could be."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from pmo.core.ops.backup import BackupFailed
from pmo.core.ops.bundles import databases
from pmo.core.ops.bundles.databases import Entry
from pmo.core.ops.bundles.making import FORMAT, MANIFEST, MEDIA, SUMS, digest_of


@dataclass
class Proof:
    """What a trial restore showed."""

    tables: int = 0
    rows: int = 0
    files: int = 0
    head: str = ""
    wrong: list[str] = field(default_factory=list)


def read_manifest(bundle: Path) -> dict[str, Any]:
    """The manifest, after every file of the backup was compared with its check sum. Raises BackupFailed."""
    try:
        lines = (bundle / SUMS).read_text(encoding="utf-8").splitlines()
        for line in lines:
            digest, _, name = line.partition("  ")
            if digest_of(bundle / name) != digest:
                raise BackupFailed(f"{name} is not what was written: its check sum differs.")
        manifest: dict[str, Any] = json.loads((bundle / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BackupFailed(f"{bundle} is not a whole backup: {error}") from error
    if manifest.get("format") != FORMAT:
        raise BackupFailed("This backup was made by another version of the product.")
    listed = {line.partition("  ")[2] for line in lines}
    if not {MANIFEST, manifest["database"]} <= listed or not all(Path(name).name == name for name in listed):
        raise BackupFailed(f"{bundle} is not a whole backup: a check sum is missing.")
    return manifest


def restore(*, bundle: Path, into: Entry, media: Path | None = None) -> dict[str, Any]:
    """Put the database, and with `media` the files, where nothing is yet; returns the manifest. Raises BackupFailed."""
    manifest = read_manifest(bundle)
    if databases.is_sqlite(into) != (manifest["engine"] == "sqlite"):
        raise BackupFailed(f"The backup is of {manifest['engine']}: restore it into a database of the same kind.")
    if media is not None and media.exists() and any(media.iterdir()):
        raise BackupFailed(f"{media} is not empty.")
    _database(bundle / manifest["database"], into)
    if media is not None and manifest["media"]["included"]:
        media.mkdir(parents=True, exist_ok=True)
        with tarfile.open(bundle / MEDIA) as archive:
            archive.extractall(media, filter="data")
    return manifest


def _database(source: Path, into: Entry) -> None:
    if not databases.is_sqlite(into):
        if databases.tables_of(into):
            raise BackupFailed("The database is not empty; a backup is restored into an empty one only.")
        databases.client("pg_restore", into, "--no-owner", "--no-privileges", "--exit-on-error", str(source))
        return
    target = Path(into["NAME"])
    if any(target.with_name(target.name + end).exists() for end in ("", "-wal", "-shm")):
        raise BackupFailed(f"{target} exists already; a backup is restored into an empty place only.")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.draft")
    shutil.copyfile(source, draft)
    draft.chmod(0o600)
    draft.replace(target)


def prove(*, bundle: Path, server: Entry, into: Entry | None = None) -> Proof:
    """Restore into a temporary database (or the empty one given), compare it with the manifest, check its audit trail."""
    manifest = read_manifest(bundle)
    proof = Proof()
    with _place(manifest["engine"], server, into) as place:
        restore(bundle=bundle, into=place)
        found = _facts(place)
        _compare(manifest, found, proof)
        _check_trail(manifest, place, proof)
    proof.files = _count_files(bundle, manifest, proof)
    return proof


@contextmanager
def _place(engine: str, server: Entry, into: Entry | None) -> Iterator[Entry]:
    if into is not None:
        yield into
    elif engine == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield {"ENGINE": "django.db.backends.sqlite3", "NAME": str(Path(folder) / "restored.sqlite3")}
    elif databases.is_sqlite(server):
        raise BackupFailed("The backup is of PostgreSQL: give an empty database with --into.")
    else:
        with databases.passing_database(server) as place:
            yield place


def _facts(place: Entry) -> dict[str, Any]:
    if databases.is_sqlite(place):
        return databases.facts_of_sqlite(Path(place["NAME"]))
    with databases.connected(place) as connection, connection.cursor() as cursor:
        return databases.facts_of_cursor(cursor)


def _compare(manifest: dict[str, Any], found: dict[str, Any], proof: Proof) -> None:
    expected, there = manifest["tables"], found["tables"]
    for name in sorted(set(expected) | set(there)):
        if expected.get(name) != there.get(name):
            proof.wrong.append(f"table {name}: {there.get(name)} rows, {expected.get(name)} in the backup")
    if found["audit"] != manifest["audit"]:
        proof.wrong.append("the head of the audit trail differs")
    proof.tables, proof.rows = len(there), sum(there.values())
    proof.head = f"{found['audit']['last_entry_id']}:{found['audit']['head']}"


def _check_trail(manifest: dict[str, Any], place: Entry, proof: Proof) -> None:
    """`manage.py audit_verify` on the restored database, by the clock of the backup."""
    command = [sys.executable, "manage.py", "audit_verify", "--json", "--at", manifest["made_at"]]
    if manifest["audit"]["head"]:
        command += ["--head", f"{manifest['audit']['last_entry_id']}:{manifest['audit']['head']}"]
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL_FILE"}
    env |= {"DATABASE_URL": databases.url_of(place)}
    if place.get("PASSWORD"):
        env = {name: value for name, value in env.items() if name != "DATABASE_PASSWORD_FILE"}
        env |= {"DATABASE_PASSWORD": str(place["PASSWORD"])}
    done = subprocess.run(  # noqa: S603
        command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        told = done.stdout.strip() or done.stderr.strip()[-500:]
        proof.wrong.append(f"audit_verify: {told}")


def _count_files(bundle: Path, manifest: dict[str, Any], proof: Proof) -> int:
    if not manifest["media"]["included"]:
        return 0
    with tarfile.open(bundle / MEDIA) as archive:
        count = sum(1 for member in archive if member.isfile())
    if count != manifest["media"]["files"]:
        proof.wrong.append(f"{count} files, {manifest['media']['files']} in the backup")
    return count
