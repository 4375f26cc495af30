"""The stamp of the definitions: read with the login of a request, new after every change, so that no process shows old fields."""

from __future__ import annotations

import secrets
from typing import Any

from django.db.models import Subquery

from pmo.core.custom_fields.models import DefinitionStamp
from pmo.core.kept import keep, kept

_NAME = "stamp of custom fields"
_ROW = 1


def expression() -> Any:
    """The stamp for another room's statement; NULL where nothing was ever defined."""
    return Subquery(DefinitionStamp.objects.filter(pk=_ROW).values("number")[:1])


def take(number: int | None) -> None:
    """Note the stamp that came with the login."""
    keep(_NAME, number)


def current() -> int | None:
    """The stamp: kept through a reading request, else read."""
    return kept(_NAME, lambda: DefinitionStamp.objects.filter(pk=_ROW).values_list("number", flat=True).first())


def renew() -> None:
    """Say, in the transaction of the change, that definitions changed. Random: a change rolled back leaves nothing behind."""
    number = secrets.randbits(62)
    DefinitionStamp.objects.update_or_create(pk=_ROW, defaults={"number": number})
    keep(_NAME, number)
