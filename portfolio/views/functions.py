"""Tabs of a programme: the functions it serves with the measures it is judged by, and what it uses."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pmo.core.access.api import can
from portfolio.models import Programme, ProgrammeContract, ProgrammeFunction, ProgrammeMeasure, ProgrammeSupplier
from portfolio.queries.functions import programmes_relying_on, purpose_of, supply_of
from projects.models import Supplier


def functions_tab(request: HttpRequest, row: Programme) -> HttpResponse:
    """Functions and measures of a programme."""
    context = {
        "row": row,
        "purpose": purpose_of(row, request.user),
        "can_function": can(request.user, "add", ProgrammeFunction(programme=row)),
        "can_measure": can(request.user, "add", ProgrammeMeasure(programme=row)),
    }
    return render(request, "portfolio/tab_functions.html", context)


def supply_tab(request: HttpRequest, row: Programme) -> HttpResponse:
    """Contracts and suppliers of a programme."""
    context = {
        "row": row,
        "supply": supply_of(row, request.user),
        "can_contract": can(request.user, "add", ProgrammeContract),
        "can_supplier": can(request.user, "add", ProgrammeSupplier(programme=row)),
    }
    return render(request, "portfolio/tab_supply.html", context)


def programmes_tab(request: HttpRequest, row: Supplier) -> HttpResponse:
    """The programmes that rely on a supplier."""
    context = {
        "row": row,
        "programmes": programmes_relying_on(row, request.user),
        "can_add": can(request.user, "add", ProgrammeSupplier),
    }
    return render(request, "portfolio/tab_programmes.html", context)
