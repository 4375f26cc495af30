"""What the knowledge room registers with the kernel and with the registry below it."""

from __future__ import annotations


def wire() -> None:
    """Permissions, scope providers."""
    from knowledge import access
    from pmo.core.access import scopes

    access.declare_roles()
    scopes.register_provider("article", access.article_ids)
    scopes.register_provider("lesson", access.lesson_ids)
