"""Risks: who sees the project sees them, its manager and coordinator keep them, the team reports; the PMO sets up."""

from __future__ import annotations

import datetime
from typing import Any

from risks.models import Risk, RiskCategory, RiskMatrix
from tests import factories
from tests.access.rights import INSIDE, ROLES, Rights

RIGHTS: dict[str, Rights] = {
    "risks": Rights(INSIDE, "ANCPT", "ANCP", "ANCP", lists=ROLES),
    "risk-categories": Rights(ROLES, "AN", "AN", "AN"),
    "risk-matrices": Rights(ROLES, "AN", "AN", "AN"),
}
_STEPS = range(1, 6)
_CELLS = {
    "version": 1,
    **{f"cell_{chance}_{effect}": "G" for chance in _STEPS for effect in _STEPS},
    **{f"p{step}_en": f"Step {step}" for step in _STEPS},
    **{f"i{step}_en": f"Step {step}" for step in _STEPS},
    **{f"p{step}_percent": step * 10 for step in _STEPS},
}
ROUTES: dict[str, dict[str, Any]] = {
    "risk-matrix": {"get": ROLES},
    "risk-matrix-export": {"get": ROLES, "args": "risk_export"},
    "risk-matrix-edit": {"get": "AN", "post": "AN", "args": "risk_matrix", "form": _CELLS},
    "risk-scales": {"get": "AN", "post": "AN"},
    "risk-taxonomies": {"get": "AN", "post": "AN"},
}
TABS: dict[tuple[str, str], dict[str, int]] = {}


def rows(world: Any) -> dict[str, Any]:
    """A risk of the world's project, a category, a matrix."""
    category = RiskCategory.objects.create(code="T", name_en="Technical")
    RiskCategory.objects.filter(pk=category.pk).update(path=f"/{category.pk}/")
    return {
        "risks": Risk.objects.create(
            project=world.project,
            code="RSK-1",
            title="Supplier fails",
            probability=4,
            impact_cost=4,
            impact=4,
            score=16,
            percent=70,
            impact_money="1000.00",
            exposure="700.00",
            review_on=datetime.date(2026, 11, 1),
        ),
        "risk-categories": category,
        "risk-matrices": RiskMatrix.objects.create(code="RM-1", name_en="House matrix"),
    }


def form(world: Any, key: str) -> dict[str, Any]:
    """What is typed into the form of a new row."""
    number = factories.number()
    forms: dict[str, dict[str, Any]] = {
        "risks": {
            "project": world.project.pk,
            "title": f"Risk {number}",
            "kind": "threat",
            "status": "identified",
            "currency": "CNY",
            "probability": 3,
            "impact_time": 2,
        },
        "risk-categories": {"code": f"C{number}", "name_en": "New"},
        "risk-matrices": {"code": f"M{number}", "name_en": "New"},
    }
    return forms[key]


def address(world: Any, args: str) -> dict[str, Any] | None:
    """URL arguments of the room's other routes."""
    known: dict[str, dict[str, Any]] = {
        "risk_export": {"kind": "csv"},
        "risk_matrix": {"pk": world.rows["risk-matrices"].pk},
    }
    return known.get(args)
