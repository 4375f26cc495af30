"""The administration is told about in English."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages in English, whatever the installation's language."""
    with translation.override("en"):
        yield
