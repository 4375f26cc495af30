"""The PMO's queue: publishing what needs no second look, all at once."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from pmo.core.audit.actor import Actor
from pmo.core.records.services import StaleRecord
from portfolio.queries.reporting import review_queue
from portfolio.queries.review_items import LATE, items_of
from projects.models import StatusReport
from projects.services.reports import publish_report

MOST = 200
HARMLESS = frozenset({LATE})


@dataclass(frozen=True)
class Published:
    """How many were published, and the reports that were left because something speaks against them."""

    done: int
    left: list[StatusReport]


def publish_unflagged(*, actor: Actor, ids: Sequence[int], day: datetime.date | None = None) -> Published:
    """Publish those of the reports that wait for the actor and carry no flag; each in a transaction of its own.

    What was flagged, changed or taken by somebody else meanwhile is left and named. At most 200 at once.
    """
    waiting = list(review_queue(actor.user).filter(pk__in=list(ids)[:MOST]))
    done, left = 0, []
    for item in items_of(waiting):
        if item.flags - HARMLESS:
            left.append(item.report)
            continue
        try:
            with transaction.atomic():
                publish_report(actor=actor, report=item.report, day=day)
            done += 1
        except (ValidationError, StaleRecord):
            left.append(item.report)
    return Published(done, left)
