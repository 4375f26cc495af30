"""What moved since thirty days ago, from the version rows of that day."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import pgettext_lazy

from pmo.core.history.queries import as_of
from risks.models import Risk
from risks.models.risk import OPEN

DAYS = 30
MOVES = {
    "new": pgettext_lazy("risk movement", "New"),
    "up": pgettext_lazy("risk movement", "Score rose"),
    "down": pgettext_lazy("risk movement", "Score fell"),
    "gone": pgettext_lazy("risk movement", "Closed or occurred"),
}


def moved_q(move: str, today: datetime.date) -> Q:
    """A filter on risks that keeps those that moved so between the end of the day thirty days ago and now."""
    then = as_of(Risk, today - datetime.timedelta(days=DAYS)).filter(row_id=OuterRef("pk"), status__in=OPEN)
    is_open = Q(status__in=OPEN)
    return {
        "new": is_open & ~Q(Exists(then)),
        "up": is_open & Q(Exists(then.filter(score__lt=OuterRef("score")))),
        "down": is_open & Q(Exists(then.filter(score__gt=OuterRef("score")))),
        "gone": ~is_open & Q(Exists(then)),
    }[move]


def movement(rows: QuerySet[Any], today: datetime.date) -> dict[str, int]:
    """How many of the risks (open and closed) moved, by move. One query."""
    counted = {move: Count("pk", filter=moved_q(move, today)) for move in MOVES}
    found: dict[str, int] = rows.order_by().aggregate(**counted)
    return found
