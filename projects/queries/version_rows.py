"""Columns of version rows as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
TextArray = NDArray[np.object_]

EVERYWHERE = Q()


def columns(rows: Any, width: int) -> list[tuple[Any, ...]]:
    """The columns of a `values_list` queryset. One query."""
    table = list(rows)
    return list(zip(*table, strict=True)) if table else [()] * width
