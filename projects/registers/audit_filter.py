"""The audit trail of one project: a filter by the project's code."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Filter, contribute_filters
from projects.models import Project


def by_project(rows: Any, values: list[str], user: Any) -> Any:
    """Acts on the project and on what belongs to it; those of the trash too."""
    return rows.filter(project_id__in=Project.all_objects.filter(code__in=values).values("pk"))


def contribute() -> None:
    """Add the filter."""
    contribute_filters("audit", [Filter("project_code", label=_("Code of the project"), apply=by_project)])
