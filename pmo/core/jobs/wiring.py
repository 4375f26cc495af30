"""What the jobs room registers with the frame."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _


def wire() -> None:
    """The entry in the side bar, and the figure at the bell."""
    from pmo.core.jobs.queries import unseen_count
    from pmo.core.web import nav

    nav.register_nav(nav.NavItem("jobs", _("Background jobs"), "job-list", "job", group="administration", order=80))
    nav.set_unread_count(lambda request: unseen_count(request.user))
