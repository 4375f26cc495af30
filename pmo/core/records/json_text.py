"""Looking for a text inside the values of a JSON column, on both databases."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection
from django.db.models import CharField, F, Q, TextField
from django.db.models.functions import Cast


def as_text(path: str) -> Any:
    """The JSON of the column as text, for an annotation."""
    return Cast(F(path), TextField()) if connection.vendor == "postgresql" else Cast(F(path), CharField())


def escaped(text: str) -> str:
    """The text as the database keeps it inside JSON."""
    return json.dumps(text, ensure_ascii=connection.vendor != "postgresql")[1:-1]


def holds_text(annotation: str, text: str, *, lookup: str = "contains") -> Q:
    """A condition on an annotation made by `as_text`. `lookup` may be icontains."""
    return Q(**{f"{annotation}__{lookup}": escaped(text)})
