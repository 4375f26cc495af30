"""What the imports room registers with the frame."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _


def wire() -> None:
    """The kinds of job, and the entry in the side bar in the place of the bare register of batches."""
    from pmo.core.imports import jobs  # noqa: F401 declares the kinds of job
    from pmo.core.imports.register_target import target_made_for
    from pmo.core.imports.targets import make_with
    from pmo.core.web import nav

    make_with(target_made_for)
    nav.register_nav(
        nav.NavItem(
            "imports",
            _("Imports"),
            "import-list",
            "upload",
            group="administration",
            order=71,
            permission="core.importbatch.add",
        )
    )
