"""The metrics of the resource room: what the capacity page shows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.metrics.declaration import MetricSpec, declare_metrics


def declare() -> None:
    """Make the room's metrics known."""
    declare_metrics(
        [
            MetricSpec(
                code="RS-LOAD",
                name=_("Load"),
                formula=_("Allocation over capacity. Units, roles and the last row add both up and then divide."),
                rules=_(
                    "Share of a full week on each working day between start and end. All projects count, also those you may not open; the rows behind a cell are those you may see."
                ),
                unit="percent",
                direction="none",
                frequency="weekly",
                source="allocations",
                calculated_in="resources.calc.load",
            ),
            MetricSpec(
                code="RS-CAPACITY",
                name=_("Capacity"),
                formula=_(
                    "Working days of the organisation's calendar, 8 hours each, times the person's availability, within the person's dates in the pool."
                ),
                unit="count",
                direction="none",
                frequency="weekly",
                source="pool",
                calculated_in="resources.calc.load",
            ),
        ]
    )
