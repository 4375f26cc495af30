"""Sample rows of the style guide, in both languages."""
from __future__ import annotations
from typing import Any
def sample(lang: str) -> dict[str, Any]:
    return {}
