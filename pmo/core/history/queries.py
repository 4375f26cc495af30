"""Reading history."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models

from pmo.core.history.models import version_of


def as_of(model: type[models.Model], day: datetime.date) -> models.QuerySet[Any]:
    """Version rows of the model as they stood at the end of `day`; `row_id` is the record's id.

    Raises LookupError where the model keeps no history.
    """
    table: Any = version_of(model)
    if table is None:
        raise LookupError(f"{model.__name__} keeps no history")
    rows: models.QuerySet[Any] = table.objects.as_of(day)
    return rows
