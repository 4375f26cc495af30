"""Charter, aims, deliverables, findings and benefits of a project."""

from __future__ import annotations

import datetime
from typing import Any

from projects.models import (
    Benefit,
    BenefitLine,
    CharterSignature,
    Deliverable,
    ProjectCharter,
    ProjectObjective,
    QualityFinding,
    SuccessCriterion,
)
from tests import factories
from tests.access.rights import INSIDE, ROLES, Rights

DAY = datetime.date(2026, 11, 16)

RIGHTS = {
    "charters": Rights(INSIDE, "ANP", "ANP", "ANP", lists=ROLES),
    "project-objectives": Rights(INSIDE, "ANCP", "ANCP", "ANCP", lists=ROLES),
    "success-criteria": Rights(INSIDE, "ANCP", "ANCPS", "ANCP", lists=ROLES),
    "deliverables": Rights(INSIDE, "ANCP", "ANCP", "ANCP", lists=ROLES),
    "quality-findings": Rights(INSIDE, "ANCP", "ANCP", "ANCP", lists=ROLES),
    "benefits": Rights(INSIDE, "ANP", "ANPOS", "ANP", lists=ROLES),
    "benefit-lines": Rights(INSIDE, "ANPOS", "ANPOS", "ANP", lists=ROLES),
}
TABS: dict[tuple[str, str], dict[str, int]] = {}

ROUTES: dict[str, dict[str, Any]] = {
    "project-charter": {"get": INSIDE, "args": "charter", "hidden": "X"},
    "project-charter-pdf": {"get": INSIDE, "args": "charter", "hidden": "X"},
    "project-charter-submit": {"post": "ANP", "args": "charter", "hidden": "X"},
    "project-charter-sign": {"post": "ANPS", "args": "charter_submitted", "hidden": "X"},
    "project-charter-approve": {"post": "ANS", "args": "charter_signed", "hidden": "X"},
    "project-charter-reopen": {
        "post": "ANPS",
        "args": "charter_submitted",
        "hidden": "X",
        "form": {"reason": "Because"},
    },
    "deliverable-submit": {"post": "ANCP", "args": "deliverable", "hidden": "X"},
    "deliverable-accept": {
        "post": "ANOS",
        "args": "deliverable_submitted",
        "hidden": "X",
        "form": {"open_defects": "0"},
    },
    "deliverable-reject": {
        "post": "ANOS",
        "args": "deliverable_submitted",
        "hidden": "X",
        "form": {"open_defects": "1", "note": "Why"},
    },
}


def rows(world: Any) -> dict[str, Any]:
    """A row of every register on the project of the table."""
    project = world.project
    charter = ProjectCharter.objects.create(
        project=project,
        code="CH1",
        purpose="Purpose",
        scope_in="In",
        scope_out="Out",
        limit_spend=1000,
        limit_days=5,
        escalation="The sponsor",
    )
    benefit = Benefit.objects.create(
        project=project, code="B1", name="Benefit", currency="CNY", planned_total=10, offset_months=1
    )
    return {
        "charters": charter,
        "project-objectives": ProjectObjective.objects.create(
            project=project, code="PO1", name="Objective", measure="Days", target=20, due_on=DAY
        ),
        "success-criteria": SuccessCriterion.objects.create(
            project=project, code="SC1", name="Criterion", measure="Days", target="20", due_on=DAY
        ),
        "deliverables": Deliverable.objects.create(project=project, code="D1", name="Deliverable", criteria="Works"),
        "quality-findings": QualityFinding.objects.create(project=project, code="Q1", title="Finding", found_on=DAY),
        "benefits": benefit,
        "benefit-lines": BenefitLine.objects.create(
            project=project, benefit=benefit, period=datetime.date(2026, 11, 1), planned=5, currency="CNY"
        ),
    }


def form(world: Any, key: str) -> dict[str, Any]:
    """What is typed into the form of a new row."""
    project = world.project.pk
    forms: dict[str, dict[str, Any]] = {
        "project-objectives": {
            "project": project,
            "name": "New",
            "measure": "Days",
            "target": "3",
            "due_on": "2027-01-01",
            "state": "open",
        },
        "success-criteria": {
            "project": project,
            "name": "New",
            "measure": "Days",
            "target": "3",
            "due_on": "2027-01-01",
            "close_verdict": "4_none",
            "review_verdict": "4_none",
        },
        "deliverables": {"project": project, "name": "New", "state": "planned", "open_defects": "0"},
        "quality-findings": {
            "project": project,
            "title": "New",
            "source": "audit",
            "severity": "1_major",
            "found_on": "2026-11-02",
            "state": "open",
        },
        "benefits": {
            "project": project,
            "name": "New",
            "kind": "hard",
            "monetary": "on",
            "currency": "CNY",
            "manner": "sum",
            "direction": "up",
            "planned_total": "100",
            "anchor": "finish",
            "offset_months": "2",
        },
        "benefit-lines": {
            "project": project,
            "benefit": world.rows["benefits"].pk,
            "period": f"{2030 + factories.number() % 60}-{factories.number() % 12 + 1:02d}-01",
            "planned": "5",
        },
    }
    if key == "charters":
        free = factories.project(
            visibility="private",
            unit=world.unit,
            pm=world.users["P"].person,
            sponsor=world.users["S"].person,
        )
        return {"project": free.pk, "purpose": "New"}
    return forms[key]


def address(world: Any, args: str) -> dict[str, Any] | None:
    """The arguments of a route, with the charter or deliverable brought into the state it asks for."""
    charter, deliverable = world.rows["charters"], world.rows["deliverables"]
    if args.startswith("charter"):
        state = "draft" if args == "charter" else "submitted"
        ProjectCharter.objects.filter(pk=charter.pk).update(state=state)
        CharterSignature.objects.filter(charter=charter).delete()
        if args == "charter_signed":
            _sign(world, charter)
        return {"pk": world.project.pk}
    if args.startswith("deliverable"):
        state = "planned" if args == "deliverable" else "submitted"
        Deliverable.objects.filter(pk=deliverable.pk).update(state=state)
        return {"pk": deliverable.pk}
    return None


def _sign(world: Any, charter: ProjectCharter) -> None:
    for capacity, letter in (("1_sponsor", "S"), ("2_pm", "P"), ("3_pmo", "A")):
        CharterSignature.objects.create(
            project=world.project,
            charter=charter,
            revision=charter.revision,
            capacity=capacity,
            person=world.users[letter].person,
            signed_on=DAY,
        )
