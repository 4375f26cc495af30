"""A backup of SQLite restores whole, into an empty place only, and a damaged one is refused."""

from __future__ import annotations

import datetime
import io
import json
import sqlite3
import tarfile

import pytest
from django.core.management import CommandError, call_command
from django.db.backends.sqlite3.base import DatabaseWrapper

from pmo.core.audit.digests import Content, chained, entry_digest
from pmo.core.models import AuditCheck, AuditEntry, AuditErasure, AuditPayload, AuditSeal
from pmo.core.ops.backup import BackupFailed
from pmo.core.ops.bundles import restoring
from pmo.core.ops.bundles.databases import url_of
from pmo.core.ops.bundles.making import MANIFEST, SUMS, _sums, make_bundle
from pmo.core.ops.bundles.restoring import prove, read_manifest, restore
from pmo.env import database_from_url

NOW = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
def small(tmp_path, django_db_blocker):
    """A file with the tables of the audit trail and twenty sealed entries; two more wait for their seal."""
    place = database_from_url(f"sqlite://{tmp_path / 'live.sqlite3'}")
    wrapper = DatabaseWrapper({**place, "ATOMIC_REQUESTS": False, "AUTOCOMMIT": True, "TIME_ZONE": None, "CONN_MAX_AGE": 0,
                               "CONN_HEALTH_CHECKS": False, "OPTIONS": {}}, "small")  # fmt: skip
    with django_db_blocker.unblock():
        wrapper.disable_constraint_checking()
        with wrapper.schema_editor(atomic=False) as editor:
            for model in (AuditEntry, AuditPayload, AuditSeal, AuditErasure, AuditCheck):
                editor.create_model(model)
        wrapper.close()
    digests = []
    with sqlite3.connect(place["NAME"]) as database:
        for number in range(1, 23):
            content = Content(NOW, None, "system", "update", "projects.project", number, "Project", None, "", "")
            digests.append(entry_digest(content, {"name": ["a", number]}))
            database.execute(
                "INSERT INTO core_auditentry (id, at, actor_name, action, model, object_id, object_label, reason, request_id,"
                " digest) VALUES (?, '2026-11-22 12:00:00', 'system', 'update', 'projects.project', ?, 'Project', '', '', ?)",
                (number, number, digests[-1]),
            )
            database.execute(
                "INSERT INTO core_auditpayload VALUES (?, ?)", (number, json.dumps({"name": ["a", number]}))
            )
        database.execute(
            "INSERT INTO core_auditseal (first_entry_id, last_entry_id, count, head, sealed_at) VALUES (1, 20, 20, ?, ?)",
            (chained("", digests[:20]), "2026-11-22 12:01:00"),
        )
    return place


@pytest.fixture
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    (settings.MEDIA_ROOT / "attachments").mkdir(parents=True)
    (settings.MEDIA_ROOT / "attachments" / "note.txt").write_text("A note")
    return settings.MEDIA_ROOT


@pytest.fixture
def bundle(small, media, tmp_path):
    return make_bundle(database=small, folder=tmp_path / "backup", now=NOW)


def test_a_backup_says_what_it_holds_and_what_it_does_not(bundle, settings):
    manifest = read_manifest(bundle)
    assert manifest["tables"]["core_auditentry"] == 22
    assert manifest["audit"]["last_entry_id"] == 20
    assert manifest["audit"]["unsealed"] == 2
    assert (manifest["encrypted"], manifest["secrets"]["included"]) == (False, False)
    assert manifest["media"] == {"included": True, "files": 1}
    assert settings.SECRET_KEY not in (bundle / MANIFEST).read_text()
    assert bundle.stat().st_mode & 0o077 == 0


@pytest.mark.long
def test_a_trial_restore_compares_every_table_and_the_head_and_checks_the_trail(small, media, tmp_path):
    with sqlite3.connect(small["NAME"]) as database:
        database.execute("UPDATE core_auditentry SET actor_name = 'another' WHERE id = 7")
    bundle = make_bundle(database=small, folder=tmp_path / "backup", now=NOW)
    proof = prove(bundle=bundle, server=small)
    (wrong,) = proof.wrong
    assert '"code": "changed", "ids": [7]' in wrong
    manifest = read_manifest(bundle)
    assert (proof.tables, proof.files) == (len(manifest["tables"]), 1)
    assert proof.head == f"20:{manifest['audit']['head']}"


def test_a_restore_writes_over_nothing(bundle, tmp_path, media):
    into = database_from_url(f"sqlite://{tmp_path / 'new' / 'restored.sqlite3'}")
    manifest = restore(bundle=bundle, into=into, media=tmp_path / "files")
    assert (tmp_path / "files" / "attachments" / "note.txt").read_text() == "A note"
    with sqlite3.connect(into["NAME"]) as database:
        assert database.execute("SELECT COUNT(*) FROM core_auditpayload").fetchone() == (22,)
    assert manifest["made_at"] == NOW.isoformat()
    with pytest.raises(BackupFailed, match="exists already"):
        restore(bundle=bundle, into=into)
    other = database_from_url(f"sqlite://{tmp_path / 'other.sqlite3'}")
    with pytest.raises(BackupFailed, match="is not empty"):
        restore(bundle=bundle, into=other, media=tmp_path / "files")


def test_a_damaged_backup_is_refused(bundle, small, tmp_path):
    with (bundle / "database.sqlite3").open("r+b") as file:
        file.seek(5000)
        file.write(b"x")
    with pytest.raises(BackupFailed, match="check sum differs"):
        prove(bundle=bundle, server=small)
    (bundle / SUMS).unlink()
    with pytest.raises(BackupFailed, match="not a whole backup"):
        read_manifest(bundle)


def test_lost_rows_are_named(bundle, small, tmp_path):
    manifest = json.loads((bundle / MANIFEST).read_text())
    manifest["tables"]["core_auditentry"] = 23
    (bundle / MANIFEST).write_text(json.dumps(manifest))
    (bundle / SUMS).unlink()
    _sums(bundle)
    into = database_from_url(f"sqlite://{tmp_path / 'trial.sqlite3'}")
    proof = restoring.Proof()
    restore(bundle=bundle, into=into)
    restoring._compare(manifest, restoring._facts(into), proof)
    assert proof.wrong == ["table core_auditentry: 22 rows, 23 in the backup"]


def test_a_backup_of_another_kind_of_database_is_refused(bundle):
    with pytest.raises(BackupFailed, match="same kind"):
        restore(bundle=bundle, into=database_from_url("postgresql://somebody@127.0.0.1:1/nothing"))


def test_files_that_would_leave_their_folder_are_refused(bundle, tmp_path):
    with tarfile.open(bundle / "media.tar", "w") as archive:
        archive.addfile(tarfile.TarInfo("../outside.txt"), io.BytesIO())
    (bundle / SUMS).unlink()
    _sums(bundle)
    into = database_from_url(f"sqlite://{tmp_path / 'new.sqlite3'}")
    with pytest.raises(tarfile.OutsideDestinationError):
        restore(bundle=bundle, into=into, media=tmp_path / "files")
    assert not (tmp_path / "outside.txt").exists()


def test_the_command_restores_and_says_where_it_does_not(bundle, tmp_path):
    out = io.StringIO()
    call_command("restore", str(bundle), "--into", f"sqlite://{tmp_path / 'c.sqlite3'}", stdout=out)
    assert "tables, as of 2026-11-22" in out.getvalue()
    with pytest.raises(CommandError, match="exists already"):
        call_command("restore", str(bundle), "--into", f"sqlite://{tmp_path / 'c.sqlite3'}", stdout=out)
    with pytest.raises(CommandError, match="There is no backup"):
        call_command("restore_verify", "--folder", str(tmp_path / "nowhere"), stdout=out)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://bellwether@127.0.0.1:5432/bellwether",
        "postgresql://us%40er@db.example.org/name",
        "sqlite:///tmp/a%20b.sqlite3",
    ],
)
def test_the_address_of_an_entry_is_read_as_the_same_entry(url):
    entry = database_from_url(url)
    assert url_of(entry) == url
    assert database_from_url(url_of(entry)) == entry
