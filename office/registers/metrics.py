"""The metric catalogue."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo.core.metrics import services
from pmo.core.metrics.models import MetricDefinition
from pmo.core.registers.declaration import Column, FieldGroup, Register


def page_url(row: Any) -> str:
    """The page of the metric."""
    return reverse("metric-page", kwargs={"code": row.code})


METRICS = Register(
    key="metrics",
    model=MetricDefinition,
    group="office",
    icon="target",
    order=60,
    columns=[
        Column("code", width="narrow"),
        Column("name", label=_("Metric"), primary=True),
        Column("unit"),
        Column("direction"),
        Column("nature"),
        Column("green", places=2),
        Column("red", places=2),
        Column("target", places=2),
        Column("owner"),
        Column("frequency"),
        Column("source"),
        Column("calculated_in"),
        Column("shipped"),
        Column("notes", width="wide"),
    ],
    default_columns=["code", "name", "unit", "direction", "green", "red", "target", "owner", "frequency", "shipped"],
    default_sort=["code"],
    group_by=["unit", "direction", "nature", "owner", "frequency", "shipped", "source"],
    search_fields=["code", "name_zh", "name_en", "meaning_zh", "meaning_en", "formula_zh", "formula_en", "notes"],
    form_fields=[
        "code",
        "name_zh",
        "name_en",
        "meaning_zh",
        "meaning_en",
        "formula_zh",
        "formula_en",
        "rules_zh",
        "rules_en",
        "unit",
        "direction",
        "nature",
        "frequency",
        "source",
        "green",
        "red",
        "target",
        "owner",
        "notes",
    ],
    inline_fields=["owner", "green", "red", "target", "notes"],
    field_groups=[
        FieldGroup(_("Name"), ("code", "name_zh", "name_en")),
        FieldGroup(_("Definition"), ("meaning_zh", "meaning_en", "formula_zh", "formula_en", "rules_zh", "rules_en")),
        FieldGroup(_("Kind"), ("unit", "direction", "nature", "frequency", "source", "calculated_in", "shipped")),
        FieldGroup(_("Steering"), ("green", "red", "target", "owner", "notes")),
    ],
    create=services.create_metric,
    update=services.update_metric,
    delete=services.delete_metric,
    detail_url=page_url,
    empty=_("No metrics yet. What the product computes is listed after the set-up; add your own beside it."),
    description=_("Every figure by its code: what it means, how it is formed, who answers for it."),
)
