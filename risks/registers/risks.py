"""The risk register."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, IntegerField, When
from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Column, FieldGroup, Filter, Register
from projects.models import Supplier
from risks.access import EXPOSURE
from risks.models import Risk
from risks.queries.matrices import default_matrix, zone_case
from risks.registers import filters
from risks.services import create_risk, update_risk
from risks.wording import ZONE_WORDS

_STATUS_TONES = {"identified": "quiet", "analysed": "info", "responding": "warn", "occurred": "bad", "closed": "good"}
_ZONE_TONES = {"red": "bad", "amber": "warn", "green": "good"}


def _zone(user: Any) -> Any:
    """The colour in the default matrix, which is the same for everybody."""
    return zone_case(default_matrix().cells)


def _standing_in(user: Any) -> Any:
    """Suppliers that a response may count on: who is blocked gets no orders."""
    return Supplier.objects.visible_to(user).exclude(standing=Supplier.Standing.BLOCKED)


# What is open, then what occurred, then what is closed.
_OPEN_FIRST = Case(
    When(status="closed", then=2), When(status="occurred", then=1), default=0, output_field=IntegerField()
)
_ASSESSMENT = ("probability", "percent", "impact_time", "impact_cost", "impact_scope", "impact_quality")
_MONEY = ("impact_money", "currency")
# What tables that come from elsewhere call the strategies.
STRATEGY_WORDS = {
    "avoid": ("回避", "避免", "avoidance"),
    "mitigate": ("减轻", "降低", "减缓", "控制", "mitigation", "reduce"),
    "transfer": ("转嫁", "转移风险", "transference"),
    "accept": ("接纳", "承受", "自留", "acceptance", "retain"),
    "exploit": ("利用", "exploitation"),
    "enhance": ("提高", "加强", "enhancement"),
    "share": ("共享", "分担", "sharing"),
}
_RESPONSE = ("owner", "strategy", "response", "backup_supplier", "trigger", "review_on")
_STAGES = (
    "inherent_probability",
    "inherent_impact",
    "residual_probability",
    "residual_impact",
    "target_probability",
    "target_impact",
)
_WHAT = ("project", "code", "title", "kind", "cause", "event", "effect", "category", "source")
_COURSE = ("status", "identified_on", "proximity_on", "occurred_on", "closed_on")

_SCORE_HOW = _("Probability step times the worst of the impacts on time, cost, scope and quality: 1 to 25.")
_EXPOSURE_HOW = _("Probability in percent times the cost if it happens.")
_ZONE_HOW = _("The colour of its cell in the default matrix.")

RISKS = Register(
    key="risks",
    model=Risk,
    group="risks",
    icon="alert",
    order=20,
    columns=[
        Column("code", width="narrow"),
        Column("project", link=True, sort="project__code"),
        Column("title", primary=True, width="wide"),
        Column("kind"),
        Column(
            "zone",
            label=_("Zone"),
            kind="badge",
            annotate=_zone,
            choices=ZONE_WORDS,
            tones=_ZONE_TONES,
            how=_ZONE_HOW,
            sort="score",
        ),
        Column("score", how=_SCORE_HOW, align="right"),
        Column("probability"),
        Column("percent"),
        Column("impact"),
        Column("impact_time"),
        Column("impact_cost"),
        Column("impact_scope"),
        Column("impact_quality"),
        Column("exposure", permission=EXPOSURE, sum=True, how=_EXPOSURE_HOW),
        Column("impact_money", permission=EXPOSURE, sum=True),
        Column("currency"),
        Column("category", link=True, sort="category__path"),
        Column("source"),
        Column("owner"),
        Column("strategy", words=STRATEGY_WORDS),
        Column("backup_supplier", link=True, sort="backup_supplier__code"),
        Column("status", kind="badge", tones=_STATUS_TONES, sort=_OPEN_FIRST),
        Column("review_on"),
        Column("proximity_on"),
        Column("inherent_score"),
        Column("inherent_probability"),
        Column("inherent_impact"),
        Column("residual_score"),
        Column("residual_probability"),
        Column("residual_impact"),
        Column("target_score"),
        Column("target_probability"),
        Column("target_impact"),
        Column("identified_on"),
        Column("occurred_on"),
        Column("closed_on"),
        Column("updated_at"),
    ],
    default_columns=[
        "code",
        "project",
        "title",
        "zone",
        "score",
        "exposure",
        "owner",
        "status",
        "review_on",
        "residual_score",
    ],
    default_sort=["status", "-score", "-exposure"],
    group_by=["project", "category", "owner", "status", "kind", "strategy", "backup_supplier", "source"],
    filters=[
        Filter("status"),
        Filter("zone"),
        filters.OPEN,
        filters.OVERDUE,
        Filter("kind"),
        filters.CATEGORY,
        Filter("project"),
        Filter("owner"),
        filters.MOVED,
        filters.ZONE_IN,
        Filter("strategy", advanced=True),
        Filter("backup_supplier", advanced=True),
        Filter("score", advanced=True),
        Filter("exposure", advanced=True),
        Filter("review_on", advanced=True),
        Filter("proximity_on", advanced=True),
        Filter("identified_on", advanced=True),
    ],
    search_fields=[
        "code",
        "title",
        "cause",
        "event",
        "effect",
        "source",
        "project__code",
        "project__name_zh",
        "project__name_en",
    ],
    form_fields=[*_WHAT, *_ASSESSMENT, *_MONEY, *_RESPONSE, *_STAGES, *_COURSE],
    inline_fields=["probability", "percent", "owner", "strategy", "status", "review_on"],
    field_groups=[
        FieldGroup(_("What may happen"), _WHAT),
        FieldGroup(_("Assessment"), (*_ASSESSMENT, *_MONEY, "impact", "score", "zone", "exposure")),
        FieldGroup(_("Response and follow-up"), _RESPONSE),
        FieldGroup(_("Before, after and wanted"), (*_STAGES, "inherent_score", "residual_score", "target_score")),
        FieldGroup(_("Course"), _COURSE),
    ],
    detail_fields=["cause", "event", "effect", "response", "trigger"],
    choices_for={"backup_supplier": _standing_in},
    state_field="status",
    create=create_risk,
    update=update_risk,
    empty=_("No risks yet. A risk is something uncertain that may help or hurt a project."),
)
