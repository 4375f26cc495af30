"""Decision rights: who may decide what. Written in the charter, read by every workflow."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from office.models import CharterRight, PMOCharter
from pmo.core.calendars.queries import org_today
from pmo.core.decision_rights.models import DecisionRight
from pmo.core.registers.declaration import Column, Register

STANDINGS = [
    ("proposed", _("Proposed")),
    ("in_force", _("In force")),
    ("ended", pgettext_lazy("decision right", "Ended")),
]


def standing(user: Any) -> Case:
    """Proposed before the charter is signed, ended when a later one took its place."""
    today = org_today()
    return Case(
        When(in_force_from__isnull=True, then=Value("proposed")),
        When(Q(in_force_until__isnull=False) & Q(in_force_until__lte=today), then=Value("ended")),
        default=Value("in_force"),
    )


_CHARTER = CharterRight.objects.filter(right_id=OuterRef("pk")).values("charter_id")[:1]

RIGHTS = Register(
    key="decision-rights",
    model=DecisionRight,
    group="office",
    icon="scale",
    order=40,
    read_only=True,
    columns=[
        Column("code", width="narrow"),
        Column("kind", primary=True, width="wide"),
        Column("role"),
        Column("up_to"),
        Column("currency"),
        Column("days"),
        Column("unit", link=True, sort="unit__path"),
        Column(
            "standing",
            label=_("Standing"),
            kind="badge",
            choices=STANDINGS,
            tones={"proposed": "quiet", "in_force": "good", "ended": "line"},
            annotate=standing,
        ),
        Column("charter", label=_("PMO charter"), kind="fk", model=PMOCharter, annotate=Subquery(_CHARTER)),
        Column("in_force_from"),
        Column("in_force_until"),
        Column("remark", width="wide"),
    ],
    default_columns=["code", "kind", "role", "up_to", "days", "unit", "standing", "charter", "remark"],
    default_sort=["kind", "up_to"],
    group_by=["kind", "role", "standing", "charter"],
    search_fields=["code", "remark"],
    empty=_("No decision rights yet. Write them into the charter of a PMO; the three signatures put them in force."),
    description=_("Who may decide what, up to which amount or delay. Lines change with a new revision of the charter."),
)
