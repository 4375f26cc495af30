"""Counts of risks beside other records."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Func, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from risks.models import Risk
from risks.models.risk import OPEN


def open_in_category(user: Any) -> Any:
    """Open risks the user may see in a category and below it, as one subquery."""
    found = (
        Risk.objects.visible_to(user)
        .filter(status__in=OPEN, category__path__startswith=OuterRef("path"))
        .order_by()
        .annotate(number=Func(F("pk"), function="COUNT", output_field=IntegerField()))
        .values("number")
    )
    return Coalesce(Subquery(found, output_field=IntegerField()), 0)
