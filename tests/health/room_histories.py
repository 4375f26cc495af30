"""Edits in the rooms beside the registry: people, allocations, risks, deliverables, findings, benefits, charters."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from pmo.core.audit.actor import SYSTEM
from pmo.core.people.models import Person
from pmo.core.records.services import create_record, delete_record, update_record
from projects.models import Benefit, BenefitLine, Deliverable, Project, ProjectCharter, QualityFinding
from resources.models import Allocation, PoolMember, ResourceRole
from risks.models import Risk, RiskMatrix
from risks.services import create_risk, load_scale, update_matrix, update_risk

DAYS = datetime.timedelta(days=1)
ROOM_ROWS = (Allocation, PoolMember, QualityFinding, Deliverable, Benefit, BenefitLine, ProjectCharter, Risk)


def _person(day: datetime.date) -> Person:
    return Person.objects.first() or create_record(actor=SYSTEM, row=Person(code="E1", name_en="Li Lan"), day=day)


def _pool(day: datetime.date, a: int) -> None:
    person = _person(day)
    member = PoolMember.objects.filter(person=person).first()
    if member is None:
        role = ResourceRole.objects.first() or create_record(
            actor=SYSTEM, row=ResourceRole(name_en="Engineer"), day=day
        )
        row = PoolMember(person=person, role=role, availability=100, pool_from=day - 90 * DAYS)
        create_record(actor=SYSTEM, row=row, day=day)
    else:
        update_record(actor=SYSTEM, row=member, values={"availability": 20 + a % 80}, day=day)


def _new(kind: type, project: Project, day: datetime.date, a: int, b: int) -> Any:
    common: dict[str, Any] = {"project": project}
    if kind is Allocation:
        span = {"starts_on": day - 10 * DAYS, "ends_on": day + (5 + a % 60) * DAYS}
        return Allocation(person=_person(day), percent=20 + b % 150, state="committed", **span, **common)
    if kind is QualityFinding:
        severity = ("1_major", "2_minor")[a % 2]
        return QualityFinding(title=f"F{a}", severity=severity, found_on=day - (b % 9) * DAYS, **common)
    if kind is Deliverable:
        return Deliverable(name=f"D{a}", due_on=day + (a % 20 - 12) * DAYS, **common)
    if kind is Benefit:
        return Benefit(
            name=f"B{a}",
            currency="CNY",
            planned_total=Decimal(1000 + a),
            offset_months=b % 5,
            anchor="finish",
            **common,
        )
    return ProjectCharter(purpose=f"C{a}", **common)


def _line(project: Project, day: datetime.date, a: int, b: int) -> None:
    benefit = Benefit.objects.filter(project=project).order_by("pk").first()
    if benefit is None:
        return
    period = (day - (40 + 31 * (a % 4)) * DAYS).replace(day=1)
    if not BenefitLine.objects.filter(benefit=benefit, period=period).exists():
        row = BenefitLine(
            project=project, benefit=benefit, period=period, planned=Decimal(100), actual=Decimal(b % 140)
        )
        create_record(actor=SYSTEM, row=row, day=day)


def _risk(project: Project, day: datetime.date, a: int, b: int) -> None:
    values = {
        "probability": 1 + a % 5,
        "percent": None,
        "impact_time": 1 + b % 5,
        "impact_money": Decimal(1000 * (1 + b % 7)),
        "status": ("identified", "responding", "closed")[a % 3],
    }
    old = Risk.objects.filter(project=project).order_by("pk").first() if a % 2 else None
    if old is None:
        create_risk(actor=SYSTEM, row=Risk(project=project, title=f"R{a}", **values), day=day)
    else:
        update_risk(actor=SYSTEM, row=old, values=values, day=day)


def add(project: Project, day: datetime.date, a: int, b: int) -> None:
    """One edit, chosen by `a`."""
    choice = a % 9
    kinds = (Allocation, QualityFinding, Deliverable, Benefit, ProjectCharter)
    if choice == 4 and ProjectCharter.objects.filter(project=project).exists():
        return
    if choice < len(kinds):
        create_record(actor=SYSTEM, row=_new(kinds[choice], project, day, a, b), day=day)
    elif choice == 5:
        _line(project, day, b, a)
    elif choice == 6:
        _risk(project, day, b, a)
    elif choice == 7:
        _pool(day, b)
    else:
        update_record(
            actor=SYSTEM,
            row=project,
            values={"contingency_reserve": Decimal(500 * (b % 9)), "status": "in_progress"},
            day=day,
        )


def start(project: Project, day: datetime.date) -> None:
    """A row of everything, so that every measure has a value."""
    load_scale(actor=SYSTEM, key="common", day=day, default=True)
    _pool(day, 0)
    for number in (0, 0, 1, 2, 3, 4, 5):
        add(project, day, number, 3)
    for number in (0, 4):
        _risk(project, day, number, 4)
    update_record(
        actor=SYSTEM, row=project, values={"contingency_reserve": Decimal(4000), "status": "in_progress"}, day=day
    )


def upheaval(day: datetime.date) -> None:
    """On a later day everything is changed: colours of the matrix, hours, rows, and at last each register loses a row."""
    for matrix in RiskMatrix.objects.filter(is_default=True):
        update_matrix(actor=SYSTEM, row=matrix, values={"cells": "G" * 25}, day=day)
    _pool(day, 17)
    for project in Project.objects.order_by("pk"):
        for number in range(9):
            add(project, day, number, number + 5)
    for charter in ProjectCharter.objects.all():
        values = {"state": "approved", "approved_on": day, "effective_on": day, "in_force": 1}
        update_record(actor=SYSTEM, row=charter, values=values, day=day)
    for risk in Risk.objects.all():
        update_risk(actor=SYSTEM, row=risk, values={"status": "closed"}, day=day)
    for model in (BenefitLine, Allocation, QualityFinding, Deliverable, PoolMember):
        row = model.objects.order_by("pk").first()
        if row is not None:
            delete_record(actor=SYSTEM, row=row, day=day)
