"""Sealing the audit trail; what a check of it finds is in tests/trust/test_audit_verify.py."""

from __future__ import annotations

import pytest

from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.services import Act, record_many, seal

pytestmark = pytest.mark.django_db


def test_young_entries_wait_for_slower_transactions():
    record_many(actor=SYSTEM, acts=[Act("update", "projects.project", 1)])
    assert seal(settle_seconds=60) == 0
    assert seal(settle_seconds=-1) == 1
