"""Making a backup while the product runs."""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
import tarfile
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.utils.module_loading import import_string

from pmo.core.ops.backup import BackupFailed, copy_sqlite
from pmo.core.ops.bundles.databases import Entry, dump_postgresql, facts_of_sqlite, is_sqlite

MANIFEST, SUMS, MEDIA = "manifest.json", "SHA256SUMS", "media.tar"
FORMAT = 1
_CHUNK = 1 << 20


def make_bundle(*, database: Entry, folder: Path, now: datetime.datetime) -> Path:
    """Write `bellwether-<time>/` below the folder and return its path. A draft that failed is removed. Raises BackupFailed.

    Nothing is encrypted: keep the folder where only those may read it who may read the database.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / f"bellwether-{now:%Y%m%d-%H%M%S}"
    if target.exists():
        raise BackupFailed(f"{target} exists already.")
    draft = target.with_suffix(".draft")
    draft.mkdir(mode=0o700)
    try:
        facts = _database(database, draft)
        manifest = {"format": FORMAT, "made_at": now.isoformat(), "encrypted": False, "django": django.get_version()}
        manifest |= facts | {"media": _media(draft), "secrets": secrets_manifest()}
        (draft / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
        _sums(draft)
        draft.replace(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _database(database: Entry, draft: Path) -> dict[str, Any]:
    if is_sqlite(database):
        copy = draft / "database.sqlite3"
        copy.touch(mode=0o600)
        copy_sqlite(database, copy)
        return {"engine": "sqlite", "database": copy.name} | facts_of_sqlite(copy)
    copy = draft / "database.dump"
    copy.touch(mode=0o600)
    return {"engine": "postgresql", "database": copy.name} | dump_postgresql(database, copy)


def _media(draft: Path) -> dict[str, Any]:
    """The uploaded files, where they lie in a folder; a storage elsewhere has backups of its own."""
    backend = import_string(settings.STORAGES["default"]["BACKEND"])
    from django.core.files.storage import FileSystemStorage

    if not issubclass(backend, FileSystemStorage):
        return {"included": False, "storage": settings.STORAGES["default"]["BACKEND"]}
    root, count = Path(settings.MEDIA_ROOT), 0
    with tarfile.open(draft / MEDIA, "w") as archive:
        for path in sorted(path for path in root.rglob("*") if path.is_file()) if root.exists() else []:
            try:
                archive.add(path, arcname=str(path.relative_to(root)), recursive=False)
            except FileNotFoundError:  # removed while the backup ran
                continue
            count += 1
    (draft / MEDIA).chmod(0o600)
    return {"included": True, "files": count}


def secrets_manifest() -> dict[str, Any]:
    """Which secrets a restore needs, with a fingerprint to know the right key by; the secrets themselves are not in it."""
    return {
        "included": False,
        "needed": ["SECRET_KEY", "DATABASE_PASSWORD", "REDIS_PASSWORD"],
        "secret_key_fingerprint": fingerprint(settings.SECRET_KEY),
        "why": "Second factors, webhooks and chat groups are sealed with SECRET_KEY: without it they must be entered again.",
    }


def fingerprint(key: str) -> str:
    """Tells one key from another without giving it away."""
    return hashlib.sha256(b"bellwether.backup:" + key.encode()).hexdigest()[:16]


def _sums(draft: Path) -> None:
    lines = [f"{digest_of(path)}  {path.name}" for path in sorted(draft.iterdir())]
    (draft / SUMS).write_text("\n".join(lines) + "\n", encoding="utf-8")


def digest_of(path: Path) -> str:
    """SHA-256 of a file in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
