"""What the messages room registers with the kernel."""

from __future__ import annotations

import importlib

from django.utils.translation import gettext_lazy as _


def wire() -> None:
    """The kernel's own kinds of events, the figure at the bell, the entries for the administrator, the tasks."""
    importlib.import_module("pmo.core.messages.tasks")
    from pmo.core.messages import kinds
    from pmo.core.messages.queries import unread
    from pmo.core.web import nav

    kinds.declare()
    nav.set_unread_count(lambda request: unread(request.user))
    nav.register_nav(
        nav.NavItem(
            "webhooks",
            _("Webhooks and chat groups"),
            "webhooks",
            "link",
            group="administration",
            order=85,
            permission="core.webhook.view",
            features=("webhooks", "chat_groups"),
            about=_("Who outside is told of events, with the log of deliveries"),
        )
    )
