"""What the jobs room registers with the frame."""

from __future__ import annotations

import importlib

from django.utils.translation import gettext_lazy as _


def wire() -> None:
    """The tasks (eager mode looks them up in the web process too), the entry in the side bar, who may see a job."""
    importlib.import_module("pmo.core.audit.tasks")
    importlib.import_module("pmo.core.jobs.tasks")
    from pmo.core.jobs.queries import visible_job_ids
    from pmo.core.messages.api import register_visibility
    from pmo.core.web import nav

    nav.register_nav(nav.NavItem("jobs", _("Background jobs"), "job-list", "job", group="administration", order=80))
    register_visibility("core.job", visible_job_ids)
