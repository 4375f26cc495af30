"""What a chat group may be limited to: a portfolio, with everything of its projects."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from pmo.core.messages.api import MessageScope, register_scope
from portfolio.models import Portfolio, PortfolioItem


def declare() -> None:
    """Let chat groups be limited to one portfolio."""
    register_scope(MessageScope("portfolio", _("Portfolio"), choices, holders))


def choices() -> list[tuple[int, Any]]:
    """Every portfolio."""
    return [(row.pk, row) for row in Portfolio.objects.order_by("code")]


def holders(model: str, pk: int) -> set[int]:
    """The portfolios a row belongs to: itself, those of the project it is, or of the project it belongs to."""
    if model == Portfolio._meta.label_lower:
        return {pk}
    found: Any = apps.get_model(model)
    names = {field.name for field in found._meta.get_fields()}
    if "portfolio" in names:
        return set(found._base_manager.filter(pk=pk, portfolio__isnull=False).values_list("portfolio_id", flat=True))
    project = pk if model == "projects.project" else None
    if project is None and "project" in names:
        project = found._base_manager.filter(pk=pk).values_list("project_id", flat=True).first()
    if project is None:
        return set()
    return set(PortfolioItem.objects.filter(project_id=project).values_list("portfolio_id", flat=True))
