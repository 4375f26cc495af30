"""What the import of linked tables registers: target, jobs, the way in, and the filter behind its links."""

from __future__ import annotations

import importlib


def wire() -> None:
    """Called from the wiring of the room."""
    from django.utils.translation import gettext_lazy as _

    from pmo.core.imports.entries import Entry, register_entry
    from portfolio.access_linked import IMPORT_LINKED
    from portfolio.imports import linked
    from portfolio.registers import linked_filter

    linked.register()
    linked_filter.contribute()
    importlib.import_module("portfolio.linked_tasks")
    text = _("Several tables that name each other's rows, in one zip: units, programmes, suppliers, contracts, plans.")
    register_entry(Entry(_("Linked tables"), text, "linked-new", IMPORT_LINKED))
