"""What the jobs room registers with the frame."""

from __future__ import annotations

import importlib

from django.utils.translation import gettext_lazy as _


def wire() -> None:
    """The tasks (eager mode looks them up in the web process too), the entry in the side bar, the figure at the bell."""
    importlib.import_module("pmo.core.audit.tasks")
    importlib.import_module("pmo.core.jobs.tasks")
    from pmo.core.jobs.queries import unseen
    from pmo.core.web import nav

    nav.register_nav(nav.NavItem("jobs", _("Background jobs"), "job-list", "job", group="administration", order=80))
    nav.set_unread_count(lambda request: unseen(request.user))
