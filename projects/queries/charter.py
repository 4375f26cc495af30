"""What the page of a charter shows: the text, and what is computed from the project's own rows."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Sum

from pmo.core.history.queries import as_of
from projects.models import (
    BudgetLine,
    CharterRevision,
    CharterSignature,
    Milestone,
    Project,
    ProjectCharter,
    ProjectObjective,
    SuccessCriterion,
)
from projects.models.choices import CostKind


@dataclass(frozen=True)
class SignatureLine:
    """A line at the foot of the charter: who signs in which capacity, and the signature if it is there."""

    capacity: str
    label: Any
    who: Any
    signature: CharterSignature | None


@dataclass(frozen=True)
class BudgetSum:
    """The approved budget in a currency, with its split."""

    currency: str
    total: Decimal
    capex: Decimal
    opex: Decimal


@dataclass(frozen=True)
class CharterDocument:
    """A revision of a charter. `old` says that it was replaced; what is computed is then of the day of its approval."""

    text: ProjectCharter | CharterRevision
    number: int
    old: bool
    signatures: list[SignatureLine]
    objectives: list[Any]
    criteria: list[Any]
    milestones: list[Any]
    budget: list[BudgetSum]


def charter_of(project: Project) -> ProjectCharter | None:
    """The charter of the project that is alive. One query."""
    found: ProjectCharter | None = (
        ProjectCharter.objects.filter(project=project)
        .select_related("approved_by", "project", "project__pm", "project__sponsor")
        .first()
    )
    return found


def revisions_of(charter: ProjectCharter) -> list[CharterRevision]:
    """Earlier revisions, the newest first. One query."""
    return list(CharterRevision.objects.filter(charter=charter).select_related("approved_by").order_by("-number"))


def document(charter: ProjectCharter, text: ProjectCharter | CharterRevision, *, money: bool) -> CharterDocument:
    """The charter with what belongs to it; the budget only for who may see `money`. At most five queries."""
    old = isinstance(text, CharterRevision)
    number = text.number if isinstance(text, CharterRevision) else text.revision
    day = text.approved_on if isinstance(text, CharterRevision) else None
    project = charter.project
    signed = CharterSignature.objects.filter(charter=charter, revision=number).select_related("person")
    return CharterDocument(
        text=text,
        number=number,
        old=old,
        signatures=_signature_lines(project, list(signed), old=old),
        objectives=list(_rows(ProjectObjective, project, day).order_by("due_on", "code")),
        criteria=list(_rows(SuccessCriterion, project, day).order_by("due_on", "code")),
        milestones=list(_rows(Milestone, project, day).order_by(F("baseline_date").asc(nulls_last=True), "code")),
        budget=budget_of(_rows(BudgetLine, project, day)) if money else [],
    )


def _rows(model: Any, project: Project, day: datetime.date | None) -> Any:
    """The project's rows of a model now, or as they stood on a day."""
    rows = model.objects if day is None else as_of(model, day)
    return rows.filter(project_id=project.pk)


def budget_of(rows: Any) -> list[BudgetSum]:
    """Budget lines summed by currency. One query."""
    found = (
        rows.order_by("currency")
        .values("currency")
        .annotate(total=Sum("amount"), capex=Sum("amount", filter=Q(kind=CostKind.CAPEX)))
        .values_list("currency", "total", "capex")
    )
    return [
        BudgetSum(currency, total, capex or Decimal(0), total - (capex or Decimal(0)))
        for currency, total, capex in found
    ]


def _signature_lines(project: Project, signatures: Sequence[CharterSignature], *, old: bool) -> list[SignatureLine]:
    by_capacity = {row.capacity: row for row in signatures}
    named = {CharterSignature.Capacity.SPONSOR: project.sponsor, CharterSignature.Capacity.PM: project.pm}
    lines = []
    for capacity in CharterSignature.Capacity:
        signature = by_capacity.get(capacity)
        who = signature.person if signature else None if old else named.get(capacity)
        lines.append(SignatureLine(str(capacity), capacity.label, who, signature))
    return lines
