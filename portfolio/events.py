"""Which events of portfolios people can be told of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.messages.api import EventKind, register_event


def declare() -> None:
    """What the night finds."""
    register_event(
        EventKind(
            "colour.changed",
            _("Projects changed colour"),
            _("Changed colour last night: %(projects)s"),
            group="projects",
            icon="pulse",
            tone="warn",
        ),
        EventKind(
            "warning.raised",
            _("Early warnings for my projects"),
            _("May turn worse soon: %(projects)s"),
            group="projects",
            icon="warning",
            tone="warn",
        ),
    )
