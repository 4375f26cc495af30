"""Which projects have a health on a day, and reading them in pieces."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.db.models import Exists, OuterRef, Q
from numpy.typing import NDArray

from pmo.core.history.queries import as_of
from projects.models import Project
from projects.models.choices import ProjectStatus

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_OVER = Q(status__in=[ProjectStatus.CLOSED, ProjectStatus.TERMINATED])
_ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Chunk:
    """Some of the qualifying projects: their ids in ascending order.

    Where the chunk is cut out of all projects, `low` and `high` bound it as (low, high], None meaning no bound, so that
    every project id belongs to exactly one chunk; otherwise `whole` is False and the ids are listed one by one.
    """

    ids: IntArray
    whole: bool
    low: int | None = None
    high: int | None = None

    def where(self, field: str = "project_id") -> Q:
        """A filter on a project id field that keeps the rows of the chunk (and, with bounds, of what lies between)."""
        if not self.whole:
            return Q(**{f"{field}__in": self.ids.tolist()})
        found = Q()
        if self.low is not None:
            found &= Q(**{f"{field}__gt": self.low})
        if self.high is not None:
            found &= Q(**{f"{field}__lte": self.high})
        return found

    def places(self, ids: IntArray) -> tuple[IntArray, BoolArray]:
        """The place in the chunk of each id, and whether the chunk has it at all. Any length."""
        if not self.ids.size:
            return np.zeros(ids.shape, dtype=np.int64), np.zeros(ids.shape, dtype=np.bool_)
        place = np.minimum(np.searchsorted(self.ids, ids), self.ids.size - 1)
        return place.astype(np.int64), self.ids[place] == ids


def qualifying_ids(day: datetime.date, among: IntArray | None = None) -> IntArray:
    """Ids of the projects that have a health on the day, ascending; with `among`, only those.

    They exist at the end of the day and are neither closed nor terminated; the day a project closes is its last.
    What was erased for good since then has none. One query.
    """
    still_open = as_of(Project, day - _ONE_DAY).filter(row_id=OuterRef("row_id")).exclude(_OVER)
    on_file = Project.all_objects.filter(pk=OuterRef("row_id"))
    rows = as_of(Project, day).filter(~_OVER | Exists(still_open)).filter(Exists(on_file))
    if among is not None:
        rows = rows.filter(row_id__in=among.tolist())
    return np.sort(np.fromiter(rows.values_list("row_id", flat=True), dtype=np.int64))


def chunks(ids: IntArray, size: int, *, whole: bool) -> Iterator[Chunk]:
    """Cut ascending ids into chunks of at most `size`. `whole` says that they are all that qualify on the day.

    Raises ValueError for a size below 1.
    """
    if size < 1:
        raise ValueError(f"a chunk holds at least one project, not {size}")
    starts = range(0, max(len(ids), 1), size)
    for start in starts:
        part = ids[start : start + size]
        if not whole:
            yield Chunk(part, False)
            continue
        low = None if start == 0 else int(ids[start - 1])
        high = None if start + size >= len(ids) else int(part[-1])
        yield Chunk(part, True, low, high)
