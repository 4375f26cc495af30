"""The tab of risks on a project's page, and the page of a matrix."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import can
from pmo.core.calendars.queries import org_today
from pmo.core.registers.declaration import Tab, contribute_tabs
from projects.models import Project, Supplier
from risks.access import EXPOSURE
from risks.calc.scoring import zone
from risks.models import Kind, Risk, RiskMatrix
from risks.models.risk import OPEN
from risks.queries.grid import build_grid
from risks.queries.matrices import default_matrix
from risks.wording import ZONE_WORDS

MOST = 200


def risk_tab(request: HttpRequest, row: Project) -> HttpResponse:
    """The open risks of a project: small matrix of the threats, the worst first, exposure against the reserve.

    Figures count all of them; of more than 200 the worst are listed.
    """
    matrix, today = default_matrix(), org_today()
    found = Risk.objects.filter(project=row, status__in=OPEN).select_related("owner", "category")
    risks = list(found.order_by(F("score").desc(nulls_last=True), "code"))
    counts: dict[tuple[int | None, int | None], int] = {}
    for risk in risks:
        if risk.kind == Kind.THREAT:
            counts[risk.probability, risk.impact] = counts.get((risk.probability, risk.impact), 0) + 1
    register = reverse("register-list", kwargs={"key": "risks"}) + f"?project={row.pk}"
    listed = f"{register}&open=1&kind=threat"
    grid = build_grid(counts, matrix, lambda chance, effect: f"{listed}&probability={chance}&impact={effect}")
    money = can(request.user, EXPOSURE, row).allowed
    context = {
        "project": row,
        "grid": grid,
        "rows": [_line(risk, matrix, money) for risk in risks[:MOST]],
        "total": len(risks),
        "today": today,
        "overdue": sum(risk.review_on is not None and risk.review_on < today for risk in risks),
        "register_url": register,
        "list_url": f"{register}&open=1",
        "red_url": f"{listed}&zone=red",
        "matrix_url": reverse("risk-matrix") + f"?project={row.pk}",
        "money": money,
        "can_add": can(request.user, "add", Risk(project=row)),
        **(_reserve(row, risks) if money else {}),
    }
    return render(request, "risks/tab_risks.html", context)


def _line(risk: Risk, matrix: RiskMatrix, money: bool) -> dict[str, Any]:
    colour = zone(matrix.cells, risk.probability, risk.impact)
    return {
        "risk": risk,
        "zone": colour,
        "word": dict(ZONE_WORDS).get(colour, ""),
        "exposure": risk.exposure if money else None,
    }


def _reserve(project: Project, risks: list[Risk]) -> dict[str, Any]:
    """Exposure of the open threats by currency; in the project's own currency against its reserve, where it has one."""
    sums: dict[str, Decimal] = {}
    for risk in risks:
        if risk.kind == Kind.THREAT and risk.exposure is not None:
            sums[risk.currency] = sums.get(risk.currency, Decimal(0)) + risk.exposure
    own = sums.get(project.currency, Decimal(0))
    reserve: Decimal | None = getattr(project, "contingency_reserve", None)
    return {
        "sums": sorted(sums.items(), key=lambda item: (item[0] != project.currency, item[0])),
        "own": own,
        "reserve": reserve,
        "short": None if reserve is None or own <= reserve else own - reserve,
    }


def supplier_tab(request: HttpRequest, row: Supplier) -> HttpResponse:
    """The risks whose response counts on the supplier, of those the reader may see: open ones first, then by score."""
    matrix, today = default_matrix(), org_today()
    found = Risk.objects.visible_to(request.user).filter(backup_supplier=row).select_related("project", "owner")
    over = Case(When(status__in=OPEN, then=0), default=1, output_field=IntegerField())
    risks = found.order_by(over, F("score").desc(nulls_last=True), "code", "pk")[:MOST]
    context = {
        "row": row,
        "rows": [_line(risk, matrix, money=False) for risk in risks],
        **found.aggregate(total=Count("pk"), open=Count("pk", filter=Q(status__in=OPEN))),
        "today": today,
        "register_url": reverse("register-list", kwargs={"key": "risks"}) + f"?backup_supplier={row.pk}",
    }
    return render(request, "risks/tab_supplier.html", context)


def matrix_tab(request: HttpRequest, row: RiskMatrix) -> HttpResponse:
    """A matrix as it is drawn, with its steps."""
    return render(
        request,
        "risks/tab_matrix.html",
        {
            "grid": build_grid({}, row, lambda chance, effect: ""),
            "matrix": row,
            "edit": can(request.user, "change", row),
        },
    )


def contribute() -> None:
    """Add the tabs to the pages of a project, of a supplier and of a matrix."""
    cited = Tab("risks", _("Risk"), view=supplier_tab, permission="projects.supplier.view", order=20)
    contribute_tabs("suppliers", [cited])
    contribute_tabs("projects", [Tab("risks", _("Risk"), view=risk_tab, permission="risks.risk.view", order=35)])
    contribute_tabs(
        "risk-matrices",
        [
            Tab(
                "cells",
                _("Cells and steps"),
                view=matrix_tab,
                permission="risks.riskmatrix.view",
                order=10,
                front=True,
            )
        ],
    )
