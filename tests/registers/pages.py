"""What the tests of registers share: addresses and a reading of the list's HTML."""

from __future__ import annotations

import re
from typing import Any

from django.urls import reverse

HTMX = {"HX-Request": "true"}


def url(name: str, key: str, **kwargs: Any) -> str:
    """`url("detail", "milestones", pk=3)`."""
    return reverse(f"register-{name}", kwargs={"key": key, **kwargs})


def api(key: str, pk: int | None = None) -> str:
    """The API's address of a register or row."""
    if pk is None:
        return reverse("api-register-list", kwargs={"key": key})
    return reverse("api-register-item", kwargs={"key": key, "pk": pk})


def shown(response: Any) -> list[int]:
    """Ids of the rows of a list page, in order."""
    return [int(pk) for pk in re.findall(r'<tr id="row-(\d+)"', response.content.decode())]


def text(response: Any) -> str:
    """The page without tags, blanks drawn together."""
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain)
