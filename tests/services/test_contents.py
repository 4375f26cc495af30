"""A content that is uploaded again while its last row goes: in both orders it is there when both have ended."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from pmo.core.audit.actor import SYSTEM
from pmo.core.imports import services, store
from pmo.core.imports.models import ImportBatch
from tests import factories

CONTENT = b"code\nA-1\n"


def upload() -> ImportBatch:
    return services.upload(actor=SYSTEM, file=ContentFile(CONTENT), filename="a.csv", target="projects")


def in_a_thread(work: Callable[[], Any]) -> threading.Thread:
    """Work on a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.fixture
def gone(database_url: str) -> str:
    """The name of a content that no row names any more, and that is not yet forgotten."""
    factories.organisation()
    batch = upload()
    ImportBatch.objects.filter(pk=batch.pk).delete()
    return batch.stored


def test_it_is_uploaded_before_it_is_looked_for(gone: str) -> None:
    with transaction.atomic():
        batch = upload()
        other = in_a_thread(lambda: store.forget(gone))
        other.join(0.5)
        assert default_storage.exists(gone), "forgotten while its row was being written"
    other.join()
    with store.local_file(batch) as path:
        assert path.read_bytes() == CONTENT


def test_it_is_looked_for_before_it_is_uploaded(gone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    others: list[threading.Thread] = []
    delete = default_storage.delete

    def late(name: str) -> None:
        others.append(in_a_thread(upload))
        others[0].join(0.5)
        delete(name)

    monkeypatch.setattr(default_storage, "delete", late)
    store.forget(gone)
    others[0].join()
    with store.local_file(ImportBatch.objects.get()) as path:
        assert path.read_bytes() == CONTENT
