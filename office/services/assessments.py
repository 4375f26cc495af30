"""Self-assessments of the PMO's type: stored with their day, applied or not by a person who says why."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from office.calc.self_assessment import assess
from office.models import PMOUnit, TypeAssessment
from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from pmo.core.people.models import Person
from pmo.core.records.services import create_record, update_record


def store_assessment(
    *,
    actor: Actor,
    unit: PMOUnit,
    answers: Mapping[str, int],
    assessor: Person | None,
    day: datetime.date | None = None,
) -> TypeAssessment:
    """Score the answers and keep them. Raises ValidationError where a statement is not answered."""
    try:
        result = assess(answers)
    except ValueError as error:
        raise ValidationError(_("Answer every statement.")) from error
    row = TypeAssessment(
        unit=unit,
        assessed_on=day or org_today(),
        assessor=assessor,
        answers=dict(answers),
        type_before=unit.type,
        recommended=result.recommended,
        score=result.scores[result.recommended],
        lead=result.lead,
    )
    return create_record(actor=actor, row=row, day=day)


def decide_assessment(
    *, actor: Actor, row: TypeAssessment, apply: bool, person: Person | None, reason: str
) -> TypeAssessment:
    """Apply the recommendation to the unit, or keep the type. Raises ValidationError without a reason or when decided."""
    if row.outcome != TypeAssessment.Outcome.OPEN:
        raise ValidationError(_("This assessment has been decided."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    outcome = TypeAssessment.Outcome.APPLIED if apply else TypeAssessment.Outcome.KEPT
    with transaction.atomic():
        update_record(
            actor=actor,
            row=row,
            values={
                "outcome": outcome,
                "decided_by": person,
                "decided_on": org_today(),
                "reason": reason.strip(),
            },
            reason=reason.strip(),
        )
        if apply:
            unit = PMOUnit.objects.get(pk=row.unit_id)
            update_record(actor=actor, row=unit, values={"type": row.recommended}, reason=reason.strip())
    return row
