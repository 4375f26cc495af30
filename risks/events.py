"""Which events of the risk room people can be told of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.messages.api import EventKind, register_event


def declare() -> None:
    """Reviews that fall due."""
    register_event(
        EventKind(
            "risk.review_due",
            _("A risk of mine is due for review"),
            _("Due for review today: %(risks)s"),
            group="risks",
            icon="shield",
            tone="warn",
            internal=True,
        )
    )
