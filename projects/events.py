"""Which events of projects people can be told of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.access.roles import Role
from pmo.core.messages.api import EventKind, Mode, register_event

_EXECUTIVE: dict[str, Mode] = {Role.EXECUTIVE: Mode.DIGEST}


def declare() -> None:
    """Status reports from reminder to publication, and decisions."""
    _declare_reports()
    _declare_decisions()


def _declare_reports() -> None:
    register_event(
        EventKind(
            "report.due",
            _("A report of mine is due"),
            _("The status report of “%(project)s” for %(period)s is due on %(due)s"),
            group="reports",
            icon="calendar",
            tone="warn",
            email=Mode.NOW,
        ),
        EventKind(
            "report.late",
            _("A report is late"),
            _("The status report of “%(project)s” for %(period)s was due on %(due)s and has not been submitted"),
            group="reports",
            icon="warning",
            tone="bad",
            email=Mode.NOW,
        ),
        EventKind(
            "report.submitted",
            _("A report waits for review"),
            _("%(person)s submitted the status report of “%(project)s” for %(period)s"),
            group="reports",
            icon="file",
        ),
        EventKind(
            "report.returned",
            _("A report was returned to me"),
            _("%(person)s returned the status report of “%(project)s” for %(period)s"),
            group="reports",
            icon="undo",
            tone="warn",
            email=Mode.NOW,
        ),
        EventKind(
            "report.published",
            _("A report was published"),
            _("The status report of “%(project)s” for %(period)s was published"),
            group="reports",
            icon="check",
            tone="good",
        ),
    )


def _declare_decisions() -> None:
    register_event(
        EventKind(
            "decision.needed",
            _("A decision is needed"),
            _("“%(project)s” needs a decision: %(decision)s"),
            group="projects",
            icon="scale",
            tone="warn",
            email=Mode.NOW,
        ),
        EventKind(
            "decision.taken",
            _("A decision was taken"),
            _("“%(project)s”, %(decision)s: %(outcome)s"),
            group="projects",
            icon="scale",
            tone="good",
            email=Mode.NOW,
            by_role=_EXECUTIVE,
        ),
    )
