"""Parts of the registry that an installation may switch off."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import can, has_any
from pmo.core.access.decisions import Decision
from pmo.core.features import api
from pmo.core.features.declaration import Feature, declare_feature
from projects.access import IMPORT_PLAN

PLAN_IMPORT = "plan_import"


def declare() -> None:
    """The registry's own."""
    declare_feature(
        Feature(
            PLAN_IMPORT,
            _("Import of plan files"),
            _("Plans of Microsoft Project, Primavera P6, GanttProject and Project Online are read and imported."),
            _(
                "The buttons disappear and the addresses are refused; files that wait are not imported. "
                "Plans, versions and files that are there stay, and plans are edited and exported as before."
            ),
        )
    )


def require_import() -> None:
    """Raise Refused where plan files are not imported here."""
    api.require(PLAN_IMPORT)


def may_import(user: Any, project: Any) -> Decision:
    """Whether the user imports plans into the project, with the reason where not."""
    decision = can(user, IMPORT_PLAN, project)
    if decision and not api.is_on(PLAN_IMPORT):
        return Decision(False, api.reason(PLAN_IMPORT))
    return decision


def off_reason() -> str:
    """What a page says where plan files are not imported here, "" where they are."""
    return "" if api.is_on(PLAN_IMPORT) else api.reason(PLAN_IMPORT)


def imports_somewhere(user: Any) -> bool:
    """Whether the user imports plans at all."""
    return has_any(user, IMPORT_PLAN) and api.is_on(PLAN_IMPORT)
