"""The rows of a register that an import of linked tables made or changed: what the links of its report open."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pmo.core.imports.models import ImportChange
from pmo.core.registers.declaration import Filter, contribute_filters, register_for
from portfolio.linked.presets import PRESETS
from portfolio.queries.linked import FILTER


def _touched(rows: Any, values: list[str], user: Any) -> Any:
    if not values[-1].isdecimal() or len(values[-1]) > 18:
        raise ValidationError(_("%(value)s is no number of an import.") % {"value": values[-1]})
    changes = ImportChange.objects.filter(batch_id=int(values[-1]), model=rows.model._meta.label_lower)
    return rows.filter(pk__in=changes.order_by().values("object_id"))


def contribute() -> None:
    """Add the filter to every register that linked tables fill."""
    from django.apps import apps

    models = {made.model for one in PRESETS for _table, made in one.made()}
    models |= {relation.join.model for one in PRESETS for relation in one.relations if relation.join is not None}
    for label in sorted({*models, "projects.planversion"}):
        declared = register_for(apps.get_model(label))
        if declared is not None:
            made = Filter(FILTER, label=_("Import no."), apply=_touched, advanced=True)
            contribute_filters(declared.key, [made])
