"""Linked tables as a target of imports: one zip, several registers, pages of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import holds_everywhere, permission_of, refusal
from pmo.core.access.decisions import YES, Decision
from pmo.core.imports.parts import Part
from pmo.core.imports.targets import ImportTarget, register_target
from portfolio.access_linked import IMPORT_LINKED
from portfolio.linked.presets import PRESETS
from portfolio.models import Programme
from projects.access import IMPORT_PLAN, MONEY, PUBLISH_PLAN

TARGET = "linked-tables"


def needed_permissions() -> Iterator[str]:
    """What an import of any known set writes: whoever imports may do each of it everywhere."""
    yield IMPORT_LINKED
    models = {made.model for one in PRESETS for _table, made in one.made()}
    models |= {relation.join.model for one in PRESETS for relation in one.relations if relation.join is not None}
    for label in sorted(models):
        for action in ("add", "change"):
            yield permission_of(apps.get_model(label), action)
    yield from (MONEY, IMPORT_PLAN, PUBLISH_PLAN)


class LinkedTarget(ImportTarget):
    """See `ImportTarget`."""

    def decision(self, user: Any) -> Decision:
        """May the user import? Each register that it writes into counts, everywhere."""
        missing = next((one for one in needed_permissions() if not holds_everywhere(user, one)), None)
        return YES if missing is None else refusal(missing)


def register() -> None:
    """Called from the app's wiring."""
    main = Part("main", Programme, lambda draft, old: None, sources={})
    register_target(
        LinkedTarget(
            key=TARGET,
            label=_("Linked tables"),
            permission=IMPORT_LINKED,
            main=main,
            fields=[],
            page="linked-import",
        )
    )
