"""Bulk measures of risk for any past day, from version rows: what the nightly health job asks.

Every function takes the day and a filter on the project id (`Q()` for all, else on `project_id`, such as
`Q(project_id__in=...)`) and answers for all projects at once with at most two queries. A risk is open while it is
identified, analysed or being responded to. Only threats are counted; opportunities hurt nobody.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from django.db.models import Count, Q, QuerySet, Sum
from numpy.typing import NDArray

from pmo.core.history.queries import as_of
from risks.calc.scoring import RED
from risks.models import Kind, Risk
from risks.models.risk import OPEN
from risks.queries.matrices import default_cells, zone_q

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class OpenExposure:
    """Exposure of open threats: one entry for each project and currency, in order of project id.

    `project_ids` (n,), `currencies` n codes, `exposure` (n,) money in that currency, not converted.
    """

    project_ids: IntArray
    currencies: tuple[str, ...]
    exposure: NDArray[np.float64]

    def of(self, project_id: int) -> dict[str, float]:
        """The exposure of one project by currency."""
        places = np.flatnonzero(self.project_ids == project_id).tolist()
        return {self.currencies[place]: float(self.exposure[place]) for place in places}


@dataclass(frozen=True)
class Counts:
    """Rows per project, in order of project id; a project that is not in it has none."""

    project_ids: IntArray
    counts: IntArray

    def of(self, project_id: int) -> int:
        """The count of one project."""
        return int(self.counts[self.project_ids == project_id].sum())


def open_threats(day: datetime.date, project_where: Q) -> QuerySet[Any]:
    """Version rows of the threats that were open at the end of the day (`row_id` is the risk's id)."""
    return as_of(Risk, day).filter(project_where, kind=Kind.THREAT, status__in=OPEN)


def open_exposure(day: datetime.date, project_where: Q) -> OpenExposure:
    """Percent times cost of the open threats, summed per project and currency. One query."""
    rows = (
        open_threats(day, project_where)
        .filter(exposure__isnull=False)
        .order_by("project_id", "currency")
        .values_list("project_id", "currency")
        .annotate(total=Sum("exposure"))
    )
    found: list[tuple[int, str, Decimal]] = list(rows)
    return OpenExposure(
        np.array([row[0] for row in found], dtype=np.int64),
        tuple(row[1] for row in found),
        np.array([row[2] for row in found], dtype=np.float64),
    )


def open_red(day: datetime.date, project_where: Q) -> Counts:
    """Open threats in the red zone of the default matrix, as both stood on the day. Two queries.

    Every project that keeps risks is in it, also with 0, so that none in the red differs from none on file.
    """
    red = Q(kind=Kind.THREAT, status__in=OPEN) & zone_q(default_cells(day), RED)
    return _counted(as_of(Risk, day).filter(project_where), red)


def open_count(day: datetime.date, project_where: Q) -> Counts:
    """Open threats, assessed or not. One query."""
    return _counted(open_threats(day, project_where))


def reviews_overdue(day: datetime.date, project_where: Q) -> Counts:
    """Open risks, opportunities too, whose review date lies before the day. One query."""
    return _counted(as_of(Risk, day).filter(project_where, status__in=OPEN, review_on__lt=day))


def _counted(rows: QuerySet[Any], only: Q | None = None) -> Counts:
    """Rows per project; with `only`, those of them that it keeps."""
    number = Count("pk", filter=only)
    found = list(rows.order_by("project_id").values_list("project_id").annotate(number=number))
    return Counts(
        np.array([row[0] for row in found], dtype=np.int64), np.array([row[1] for row in found], dtype=np.int64)
    )
