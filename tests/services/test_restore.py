"""Backup, restore and the check of the trail on PostgreSQL: equal row counts, the same head, nothing left behind."""

from __future__ import annotations

from typing import Any

import psycopg2
import pytest
from django.db import connection, transaction
from django.utils import timezone

from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.models import AuditEntry, AuditSeal
from pmo.core.audit.services import Act, record_many, seal
from pmo.core.ops.backup import BackupFailed
from pmo.core.ops.bundles.making import make_bundle
from pmo.core.ops.bundles.restoring import prove, read_manifest, restore
from pmo.env import database_from_url
from tests.services.harness import Postgres

pytestmark = pytest.mark.django_db(transaction=True)


def write(count: int) -> None:
    record_many(
        actor=SYSTEM, acts=[Act("update", "projects.project", n, changes={"n": [None, n]}) for n in range(count)]
    )


def databases(postgres: Postgres) -> set[str]:
    with psycopg2.connect(postgres.url()) as server, server.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {row[0] for row in cursor.fetchall()}


def test_a_backup_restores_with_equal_rows_and_the_same_head(
    database_url: str, postgres: Postgres, tmp_path: Any
) -> None:
    write(30)
    seal(settle_seconds=-1)
    write(3)
    before = databases(postgres)
    bundle = make_bundle(database=connection.settings_dict, folder=tmp_path, now=timezone.now())
    proof = prove(bundle=bundle, server=connection.settings_dict)
    assert proof.wrong == []
    manifest = read_manifest(bundle)
    assert manifest["tables"]["core_auditentry"] == AuditEntry.objects.count() == 33
    assert proof.head == f"{manifest['audit']['last_entry_id']}:{AuditSeal.objects.latest('last_entry_id').head}"
    assert databases(postgres) == before
    with pytest.raises(BackupFailed, match="not empty"):
        restore(bundle=bundle, into=database_from_url(database_url))


def test_a_row_that_is_gone_from_the_trail_is_found(database_url: str, tmp_path: Any) -> None:
    write(5)
    seal(settle_seconds=-1)
    gone = AuditEntry.objects.order_by("id")[2].pk
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_auditpayload WHERE entry_id = %s", [gone])
        cursor.execute("DELETE FROM core_auditentry WHERE id = %s", [gone])
    bundle = make_bundle(database=connection.settings_dict, folder=tmp_path, now=timezone.now())
    (wrong,) = prove(bundle=bundle, server=connection.settings_dict).wrong
    assert f'"code": "removed", "ids": [{gone}]' in wrong


def test_nothing_is_sealed_while_a_transaction_that_wrote_entries_is_open(database_url: str) -> None:
    """A sealed range must never get another entry: the slow one would look like a forgery."""
    write(1)
    with transaction.atomic():
        other = psycopg2.connect(database_url)
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT nextval(pg_get_serial_sequence('core_auditentry', 'id'))")
                cursor.execute("LOCK TABLE core_auditentry IN ROW EXCLUSIVE MODE")
            assert seal(settle_seconds=-1) == 0
        finally:
            other.close()
    assert seal(settle_seconds=-1) == 1
