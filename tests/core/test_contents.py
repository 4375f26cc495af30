"""Contents of uploaded files: once each, gone with the last name, never between an upload and its row."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from pmo.core.audit.actor import SYSTEM
from pmo.core.files.contents import Contents
from pmo.core.imports import services, store
from pmo.core.imports.models import ImportBatch

pytestmark = pytest.mark.django_db


@pytest.fixture
def named() -> set[str]:
    """What something names."""
    return set()


@pytest.fixture
def contents(named: set[str]) -> Contents:
    return Contents("test-contents", named.__contains__)


def test_the_same_content_lies_there_once(contents: Contents) -> None:
    first, second = contents.keep(ContentFile(b"one")), contents.keep(ContentFile(b"one"))
    assert first == second
    assert default_storage.listdir(f"test-contents/{first.sha256[:2]}")[1].count(first.sha256) == 1
    assert contents.forget(first.name)


def test_it_goes_with_the_last_name(contents: Contents, named: set[str]) -> None:
    kept = contents.keep(ContentFile(b"two"))
    named.add(kept.name)
    assert not contents.forget(kept.name)
    assert default_storage.exists(kept.name)
    named.clear()
    assert contents.forget(kept.name)
    assert not default_storage.exists(kept.name)


def test_a_content_that_was_written_half_is_written_again(contents: Contents) -> None:
    kept = contents.keep(ContentFile(b"all of it"))
    default_storage.delete(kept.name)
    default_storage.save(kept.name, ContentFile(b"all"))
    assert contents.keep(ContentFile(b"all of it")) == kept
    with default_storage.open(kept.name) as file:
        assert file.read() == b"all of it"
    assert contents.forget(kept.name)


def test_outside_a_transaction_nothing_is_kept(contents: Contents, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pmo.core.files.contents.connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(transaction.TransactionManagementError):
        contents.keep(ContentFile(b"three"))


@pytest.mark.parametrize("again_first", [True, False])
def test_an_import_thrown_away_while_its_content_comes_again(again_first: bool, pmo_admin: Any) -> None:
    def upload() -> ImportBatch:
        return services.upload(actor=SYSTEM, file=ContentFile(b"code\nA-1\n"), filename="a.csv", target="projects")

    first = upload()
    second = upload() if again_first else None
    ImportBatch.objects.filter(pk=first.pk).delete()
    store.forget(first.stored)
    second = second or upload()
    assert second.stored == first.stored
    with store.local_file(second) as path:
        assert path.read_bytes() == b"code\nA-1\n"
