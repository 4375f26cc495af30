"""The knowledge room in the side bar and on the project's page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.web.nav import NavItem, register_nav


def declare() -> None:
    """The reading home stands before the registers."""
    register_nav(
        NavItem(
            "knowledge-home", _("Knowledge home"), "knowledge-home", "book", "knowledge", 10, "knowledge.article.view"
        )
    )
