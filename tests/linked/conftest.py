"""Uploads of these tests, and the organisation that the tables come into."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests import factories


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    """Uploaded archives."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def enterprise(db: None, english: None) -> Any:
    """An organisation with one root; reasons are told in English."""
    factories.organisation()
    return factories.unit(kind="enterprise")
