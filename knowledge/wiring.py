"""What the knowledge room registers with the kernel and with the registry below it."""

from __future__ import annotations


def wire() -> None:
    """Permissions, scope providers, registers, navigation, tabs."""
    from knowledge import access, navigation, personal, registers
    from knowledge.services import erasing
    from pmo.core.access import scopes
    from pmo.core.privacy.erasing import after_erasure

    access.declare_roles()
    personal.declare()
    after_erasure(erasing.follow)
    scopes.register_provider("article", access.article_ids)
    scopes.register_provider("lesson", access.lesson_ids)
    registers.declare()
    navigation.declare()
    _wire_tabs()
    _wire_search()


def _wire_tabs() -> None:
    """Lessons on the page of a project, versions on that of a template."""
    from django.utils.translation import gettext_lazy as _

    from knowledge.views.lessons import project_tab
    from knowledge.views.templates import versions_tab
    from pmo.core.registers.declaration import Tab, contribute_tabs

    contribute_tabs("projects", [Tab("lessons", _("Lessons"), view=project_tab, order=60)])
    contribute_tabs("templates", [Tab("versions", _("Versions and use"), view=versions_tab, order=10, front=True)])


def _wire_search() -> None:
    """The one search reads whole articles, not their summaries alone."""
    from typing import Any

    from knowledge.calc.rendering import plain_text
    from pmo.core.search.content import contribute_text

    def bodies(article: Any) -> list[str]:
        return [plain_text(article.body_zh), plain_text(article.body_en)]

    contribute_text("articles", bodies, fields=["body_zh", "body_en"])
