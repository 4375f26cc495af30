"""The audit chain finds what was changed, removed or reordered."""

from __future__ import annotations

import pytest

from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.models import AuditEntry, AuditPayload, AuditSeal
from pmo.core.audit.services import Act, broken_seals, record_many, seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed():
    for part in range(2):
        record_many(
            actor=SYSTEM, acts=[Act("update", "projects.project", n, changes={"name": ["a", part]}) for n in range(4)]
        )
        seal(settle_seconds=-1)


def test_an_untouched_trail_is_intact(sealed):
    assert AuditSeal.objects.count() == 2
    assert broken_seals() == []


def test_a_changed_entry_is_found(sealed):
    AuditEntry.objects.filter(pk=AuditEntry.objects.earliest("pk").pk).update(action="create")
    assert broken_seals() == [AuditSeal.objects.earliest("pk").pk]


def test_a_changed_payload_is_found(sealed):
    AuditPayload.objects.filter(pk=AuditPayload.objects.latest("pk").pk).update(changes={"name": ["a", "x"]})
    assert broken_seals() == [AuditSeal.objects.latest("pk").pk]


def test_a_removed_entry_is_found(sealed):
    AuditEntry.objects.earliest("pk").delete()
    assert len(broken_seals()) == 1


def test_an_erased_payload_does_not_break_the_chain(sealed):
    AuditPayload.objects.all().delete()
    assert broken_seals() == []


def test_young_entries_wait_for_slower_transactions():
    record_many(actor=SYSTEM, acts=[Act("update", "projects.project", 1)])
    assert seal(settle_seconds=60) == 0
    assert seal(settle_seconds=-1) == 1
