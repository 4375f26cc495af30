"""The office in the access table: everybody reads profile, charter, rights and metrics; signing is for the named person."""

from __future__ import annotations

import datetime
from typing import Any

from office.calc.self_assessment import CODES
from office.models import CharterRight, PMOCharter, PMOUnit, TypeAssessment
from pmo.core.decision_rights.models import DecisionRight
from pmo.core.metrics.models import MetricDefinition
from tests import factories
from tests.access.rights import ROLES, Rights

DAY = datetime.date(2026, 11, 16)

RIGHTS: dict[str, Rights] = {
    "pmo-units": Rights(ROLES, "A", "A", "A"),
    "pmo-charters": Rights(ROLES, "A", "A", "A"),
    "decision-rights": Rights(ROLES),
    "type-assessments": Rights("ANU"),
    "metrics": Rights(ROLES, "AN", "AN", "AN"),
}
TABS: dict[tuple[str, str], dict[str, int]] = {}
ANSWERED = {code: "1" for code in CODES}
ROUTES: dict[str, dict[str, Any]] = {
    "office": {"get": ROLES},
    "pmo-unit": {"get": ROLES, "args": "pmo_unit"},
    "pmo-assess": {"get": "AN", "post": "AN", "args": "pmo_unit", "form": ANSWERED},
    "type-assessment": {"get": "ANU", "args": "assessment", "hidden": "CEORPTSX"},
    "type-assessment-decide": {
        "post": "A",
        "args": "assessment",
        "hidden": "CEORPTSX",
        "form": {"verdict": "keep", "reason": "Because"},
    },
    "pmo-charter": {"get": ROLES, "args": "charter"},
    "pmo-charter-rights": {"get": "A", "args": "charter"},
    # The charter names E as its executive.
    "pmo-charter-sign": {"post": "E", "args": "charter", "form": {"part": "executive"}},
    "pmo-charter-take-back": {"post": "A", "args": "charter", "form": {"reason": "Because"}},
    "pmo-charter-revise": {"post": "A", "args": "charter", "form": {"reason": "Because"}},
    "metric-page": {"get": ROLES, "args": "metric"},
}


def rows(world: Any) -> dict[str, Any]:
    """A PMO with a draft charter that names its signers, one right, one assessment and one metric of its own."""
    unit = PMOUnit.objects.create(code="M1", name_en="Office", level="enterprise", head=world.users["A"].person)
    PMOUnit.objects.filter(pk=unit.pk).update(path=f"/{unit.pk}/")
    unit.refresh_from_db()
    charter = PMOCharter.objects.create(
        unit=unit,
        code="C1",
        problem="Problem",
        mandate="Mandate",
        executive=world.users["E"].person,
        hr=world.users["U"].person,
        head=world.users["A"].person,
    )
    right = DecisionRight.objects.create(code="D1", kind="stop_project", role="executive")
    CharterRight.objects.create(charter=charter, right=right)
    assessment = TypeAssessment.objects.create(
        unit=unit,
        code="T1",
        assessed_on=DAY,
        answers={code: 1 for code in CODES},
        type_before="supportive",
        recommended="strategic",
    )
    bare = PMOUnit.objects.create(code="M2", name_en="Without a charter")
    PMOUnit.objects.filter(pk=bare.pk).update(path=f"/{bare.pk}/")
    bare.refresh_from_db()
    return {
        "pmo-units": bare,
        "pmo-charters": charter,
        "decision-rights": right,
        "type-assessments": assessment,
        "metrics": MetricDefinition.objects.create(code="OWN-1", name_en="Own metric"),
    }


def form(world: Any, key: str) -> dict[str, Any]:
    """What is typed into the form of a new row."""
    number = factories.number()
    if key == "pmo-charters":
        free = PMOUnit.objects.create(code=f"M{number}", name_en="Another")
        return {"unit": free.pk, "problem": "New", "mandate": "New"}
    if key == "pmo-units":
        return {
            "code": f"N{number}",
            "name_en": "New",
            "level": "department",
            "type": "strategic",
            "function": "change",
        }
    return {
        "code": f"N{number}",
        "name_en": "New",
        "unit": "count",
        "direction": "higher",
        "nature": "atomic",
        "frequency": "monthly",
    }


def address(world: Any, args: str) -> dict[str, Any] | None:
    """The URL arguments that ROUTES names."""
    keys = {"pmo_unit": "pmo-units", "charter": "pmo-charters", "assessment": "type-assessments"}
    if args == "metric":
        return {"code": world.rows["metrics"].code}
    return {"pk": world.rows[keys[args]].pk} if args in keys else None
