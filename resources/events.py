"""Which events of the pool people can be told of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.messages.api import EventKind, register_event


def declare() -> None:
    """Certificates that run out."""
    register_event(
        EventKind(
            "certificate.expiring",
            _("A certificate expires"),
            _("Certificates that expire: %(certificates)s"),
            group="resources",
            icon="trophy",
            tone="warn",
            internal=True,
        )
    )
