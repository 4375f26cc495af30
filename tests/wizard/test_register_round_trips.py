"""What a register exports, it takes back: every row is found again and nothing would change. For every register there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from pmo.core.audit.actor import actor_of
from pmo.core.imports import services
from pmo.core.imports.models import ImportBatch
from pmo.core.imports.preview import run_check
from pmo.core.imports.register_target import RegisterTarget, why_not
from pmo.core.imports.targets import get_target, target_of_register
from pmo.core.registers.declaration import all_registers, get_register
from tests.access.world import World
from tests.walks import each
from tests.wizard.build import refusals

pytestmark = pytest.mark.django_db
KEYS = sorted(register.key for register in all_registers())
# Registers whose rows are made by the system, are files, or are named by somebody only; nothing is imported there.
NOT_IMPORTED = {register.key for register in all_registers() if why_not(register)}


@pytest.fixture(scope="module")
def world(django_db_setup: Any, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def exported(client: Client, key: str, kind: str, language: str, columns: str = "all") -> bytes:
    client.cookies["bw_language"] = language
    query: dict[str, Any] = {}
    if columns == "all":
        query["columns"] = ",".join(column.field for column in get_register(key).all_columns)
    response: Any = client.get(reverse("register-export", kwargs={"key": key, "kind": kind}), query)
    assert response.status_code == 200, response.content.decode()[-2000:]
    data: bytes = b"".join(response.streaming_content)
    return data


def taken_back(world: World, key: str, data: bytes, filename: str) -> ImportBatch:
    actor = actor_of(world.user("A"))
    batch = services.upload(actor=actor, file=ContentFile(data, name=filename), filename=filename, target=key)
    assert services.describe(batch), batch.table
    assert "error" not in batch.table, batch.table
    return run_check(batch_id=batch.pk)


def test_every_register_is_a_target_or_says_why_not() -> None:
    for key in KEYS:
        target = target_of_register(key)
        assert (target is None) == bool(why_not(get_register(key))), key
        if isinstance(target, RegisterTarget):
            assert get_target(key) is target
            assert target.fields, key


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("key", each(key for key in KEYS if key not in NOT_IMPORTED))
def test_an_export_imports_again_with_nothing_to_change(
    world: World, key: str, kind: str, language: str, request: pytest.FixtureRequest
) -> None:
    with transaction.atomic():
        data = exported(world.clients["A"], key, kind, language)
        batch = taken_back(world, key, data, f"{key}.{kind}")
        counts = batch.preview["counts"]
        told = [refusals(batch), batch.preview["samples"], batch.mapping["fields"]]
        assert counts["unchanged"] > 0, told
        assert (counts["created"], counts["updated"], counts["refused"]) == (0, 0, 0), told
        assert refusals(batch) == []
        transaction.set_rollback(True)
