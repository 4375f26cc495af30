"""The import fields of the project registry: those the engine knows, and a few that are our own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.imports.fields import ImportField
from pmo.core.imports.standard_fields import PORTFOLIO_FIELDS
from pmo.core.imports.words import Choice
from projects.models.choices import DeliveryDriver, Method, Visibility

# Filled by the app above, and a date the registry does not keep.
_ELSEWHERE = frozenset({"portfolio", "programme", "forecast_start"})

_OWN = (
    ImportField(
        "rater",
        _("Rater"),
        max_length=120,
        aliases=("评级人", "评审人", "复核人", "评级机构", "rater", "rated by", "reviewer", "reviewed by", "assessor"),
    ),
    ImportField(
        "method",
        _("Method"),
        kind="choice",
        choices=(
            Choice(Method.PREDICTIVE.value, ("predictive", "waterfall", "预测型", "瀑布", "瀑布式")),
            Choice(Method.AGILE.value, ("agile", "scrum", "kanban", "敏捷")),
            Choice(Method.HYBRID.value, ("hybrid", "混合", "混合型")),
            Choice(Method.DESIGN_THINKING.value, ("design thinking", "设计思维")),
        ),
        aliases=("管理方法", "开发方法", "方法", "method", "methodology", "delivery method", "approach"),
    ),
    ImportField(
        "delivery_driver",
        _("Delivery driver"),
        kind="choice",
        choices=(
            Choice(DeliveryDriver.NONE.value, ("none", "balanced", "均衡")),
            Choice(DeliveryDriver.DATE.value, ("date", "date-driven", "日期", "时间驱动")),
            Choice(DeliveryDriver.EXPERIENCE.value, ("experience", "experience-driven", "体验", "体验驱动")),
            Choice(DeliveryDriver.COMPETITOR.value, ("competitor", "competitor-driven", "竞争", "竞争驱动")),
            Choice(DeliveryDriver.COMPLIANCE.value, ("compliance", "compliance-driven", "合规", "合规驱动")),
        ),
        aliases=("交付驱动", "交付驱动因素", "delivery driver", "driver"),
    ),
    ImportField(
        "visibility",
        _("Visibility"),
        kind="choice",
        choices=(
            Choice(Visibility.PRIVATE.value, ("private", "confidential", "私密", "保密")),
            Choice(Visibility.PROGRAMME.value, ("programme", "program", "项目集内")),
            Choice(Visibility.PORTFOLIO.value, ("portfolio", "项目组合内")),
            Choice(Visibility.ORGANISATION.value, ("organisation", "organization", "public", "公开", "全组织")),
        ),
        aliases=("可见范围", "公开范围", "visibility"),
    ),
)

PROJECT_FIELDS: tuple[ImportField, ...] = (*(one for one in PORTFOLIO_FIELDS if one.key not in _ELSEWHERE), *_OWN)
ORDER: tuple[str, ...] = tuple(one.key for one in (*PORTFOLIO_FIELDS, *_OWN))
