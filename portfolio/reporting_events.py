"""What the reporting cycle tells the PMO."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.messages.api import EventKind, Mode, register_event


def declare() -> None:
    """Reports that are missing after the last reminder."""
    register_event(
        EventKind(
            "report.missing",
            _("Reports are missing after the last reminder"),
            _("Reports still missing after the last reminder: %(count)s"),
            group="reports",
            icon="warning",
            tone="bad",
            email=Mode.NOW,
        )
    )
