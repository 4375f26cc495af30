"""The kernel's own kinds of events."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.access.roles import Role
from pmo.core.messages.events import EventKind, register_event
from pmo.core.messages.models import Mode


def declare() -> None:
    """What concerns a person whatever the subject, and what concerns those who keep the product running."""
    _declare_personal()
    _declare_keeping()


def _declare_personal() -> None:
    register_event(
        EventKind(
            "mention",
            _("Somebody mentions me"),
            _("%(person)s mentioned you in “%(subject)s”"),
            icon="comment",
            email=Mode.NOW,
            internal=True,
        ),
        EventKind(
            "assigned",
            _("Something is assigned to me"),
            _("%(person)s assigned “%(subject)s” to you"),
            icon="user",
            email=Mode.NOW,
            internal=True,
        ),
        EventKind(
            "watched.changed",
            _("Something I watch has changed"),
            _("%(person)s changed “%(subject)s”"),
            icon="edit",
            internal=True,
        ),
    )


def _declare_keeping() -> None:
    register_event(
        EventKind(
            "job.finished",
            _("A job I started is done"),
            _("%(job)s: %(state)s"),
            icon="job",
            tone="good",
            email=Mode.OFF,
            internal=True,
        ),
        EventKind(
            "job.failed",
            _("A job I started failed"),
            _("%(job)s: %(state)s"),
            icon="job",
            tone="bad",
            internal=True,
        ),
        EventKind(
            "job.given_up",
            _("A job of the system failed or was given up"),
            _("%(job)s: %(state)s"),
            group="system",
            icon="job",
            tone="bad",
            email=Mode.NOW,
        ),
        EventKind(
            "channel.disabled",
            _("A webhook or chat group was switched off"),
            _("%(name)s was switched off: %(reason)s"),
            group="system",
            icon="warning",
            tone="bad",
            email=Mode.NOW,
            by_role={Role.PMO_ADMIN: Mode.NOW},
            internal=True,
        ),
    )
