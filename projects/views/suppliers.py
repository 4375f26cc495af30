"""The page that opens a supplier, and the contracts of a project."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import can
from pmo.core.registers.declaration import Tab, contribute_tabs
from projects.models import Contract, Project, Supplier
from projects.queries import suppliers as figures
from projects.registers.suppliers import served_url


def supplier_page(request: HttpRequest, row: Supplier) -> HttpResponse:
    """What hangs on the supplier: contracts, projects served, who can stand in."""
    context = {
        "row": row,
        "figures": figures.supplier_figures(row, request.user),
        "least": figures.CONCENTRATED_FROM,
        "served_url": served_url(row),
        "can_add": can(request.user, "add", Contract),
    }
    return render(request, "projects/tab_supplier.html", context)


def contracts(request: HttpRequest, row: Project) -> HttpResponse:
    """The contracts of a project."""
    rows = figures.contracts_of_project(row, request.user)
    context = {
        "project": row,
        "contracts": rows,
        "active": sum(one.state == Contract.State.ACTIVE for one in rows),
        "amounts": figures.amounts_of(rows),
        "can_add": can(request.user, "add", Contract(project=row)),
    }
    return render(request, "projects/tab_contracts.html", context)


def contribute() -> None:
    """Add the tabs to the pages of suppliers and projects."""
    front = Tab("summary", _("Overview"), view=supplier_page, permission="projects.supplier.view", order=5, front=True)
    contribute_tabs("suppliers", [front])
    shown = Tab("contracts", _("Contracts"), view=contracts, permission="projects.contract.view", order=32)
    contribute_tabs("projects", [shown])
