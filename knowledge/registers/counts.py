"""Counting what hangs on a row, as one subquery per column."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce


def counted(rows: QuerySet[Any], link: str, what: str = "pk", *, distinct: bool = False) -> Coalesce:
    """How many of `rows` point by `link` to the row of the list; `what` is counted, each value once with `distinct`."""
    found = rows.filter(**{link: OuterRef("pk")}).order_by().values(link).annotate(n=Count(what, distinct=distinct))
    return Coalesce(Subquery(found.values("n")[:1]), 0, output_field=IntegerField())
