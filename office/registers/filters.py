"""The projects of a PMO unit as a filter of the lists that its figures open."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from office.models import PMOUnit
from office.queries.units import project_q
from pmo.core.registers.declaration import Filter, contribute_filters
from pmo.core.registers.values import is_id

_REGISTERS = {"projects": "", "health": "project", "report-periods": "project"}


def _by_unit(field: str) -> Any:
    def apply(rows: Any, values: list[str], user: Any) -> Any:
        value = values[-1]
        unit = PMOUnit.objects.select_related("org_unit").filter(pk=value).first() if is_id(value) else None
        if unit is None:
            raise ValidationError(_("%(value)s is not the number of a PMO unit.") % {"value": value[:40]})
        return rows.filter(project_q(unit, field))

    return apply


def _choices(user: Any) -> list[tuple[int, str]]:
    return [(row.pk, str(row)) for row in PMOUnit.objects.visible_to(user)]


def contribute() -> None:
    """Add the filter to each register."""
    for key, field in _REGISTERS.items():
        contribute_filters(
            key, [Filter("pmo", label=_("PMO unit"), choices=_choices, apply=_by_unit(field), advanced=True)]
        )
