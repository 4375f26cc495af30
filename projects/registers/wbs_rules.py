"""The organisation's rules for work breakdown structures: one row."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pmo.core.audit.actor import Actor
from pmo.core.records.services import create_record
from pmo.core.registers.declaration import Column, Register
from projects.models.plan import WbsRules

FIELDS = (
    "name", "max_depth", "min_hours", "max_hours", "code_rule", "name_pattern", "whole", "own_work", "no_gaps", "complete",
    "remarks_percent",
)  # fmt: skip


def create_rules(*, actor: Actor, row: WbsRules, reason: str = "") -> WbsRules:
    """The first rules; there is one row only. Raises ValidationError for a second one."""
    if WbsRules.objects.exists():
        raise ValidationError(_("The organisation has its rules already: change them."))
    return create_record(actor=actor, row=row, reason=reason)


WBS_RULES = Register(
    key="wbs-rules",
    model=WbsRules,
    group="office",
    icon="tree",
    order=88,
    description=_("What the verdict on a project's work breakdown structure is measured by."),
    columns=[Column(name, primary=name == "name") for name in FIELDS],
    form_fields=list(FIELDS),
    inline_fields=[],
    create=create_rules,
    search_fields=["name"],
    empty=_("The built-in rules hold. Write the organisation's own."),
)
