"""Small projects with everything this room adds, written by its services so that they have a history."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.people.models import User
from pmo.core.records.services import create_record, update_record
from projects.models import Benefit, BenefitLine, Deliverable, Project, ProjectCharter, QualityFinding
from tests import factories

DAY = datetime.date(2026, 3, 2)
WEEK = datetime.timedelta(weeks=1)

FULL = {
    "purpose": "Approve faster",
    "scope_in": "Projects of the energy unit",
    "scope_out": "Contracts",
    "limit_spend": Decimal(50_000),
    "limit_days": 10,
    "escalation": "To the sponsor within two days",
}


class Cast:
    """A project with its manager, sponsor and PMO, each with a login."""

    def __init__(self) -> None:
        factories.organisation()
        self.pm, self.sponsor = factories.user(), factories.user()
        self.pmo = factories.user(Role.PMO_ADMIN)
        self.project = project(pm=self.pm.person, sponsor=self.sponsor.person, visibility="private")

    def charter(self, **values: Any) -> ProjectCharter:
        """A draft that is complete."""
        return create_record(actor=SYSTEM, row=ProjectCharter(project=self.project, **{**FULL, **values}), day=DAY)


def act(user: User) -> Any:
    """The actor of a login, as a request would read it anew."""
    return actor_of(User.objects.get(pk=user.pk))


def project(**values: Any) -> Project:
    """A project that came on the registry on DAY."""
    n = factories.number()
    row = Project(**{"code": f"X-{n}", "name_en": f"Project {n}", "visibility": "organisation", **values})
    return create_record(actor=SYSTEM, row=row, day=DAY)


def deliverable(of: Project, day: datetime.date = DAY, **values: Any) -> Deliverable:
    """A deliverable with criteria."""
    n = factories.number()
    row = Deliverable(project=of, **{"name": f"Deliverable {n}", "criteria": "Works", **values})
    return create_record(actor=SYSTEM, row=row, day=day)


def finding(of: Project, day: datetime.date = DAY, **values: Any) -> QualityFinding:
    """A major finding that is open."""
    row = QualityFinding(project=of, **{"title": "Finding", "severity": "1_major", "found_on": day, **values})
    return create_record(actor=SYSTEM, row=row, day=day)


def benefit(of: Project, **values: Any) -> Benefit:
    """Money that adds up, from a month after the finish on."""
    defaults = {"name": "Benefit", "currency": "CNY", "planned_total": Decimal(1200), "offset_months": 1}
    return create_record(actor=SYSTEM, row=Benefit(project=of, **{**defaults, **values}), day=DAY)


def line(of: Benefit, period: datetime.date, day: datetime.date = DAY, **values: Any) -> BenefitLine:
    """A period of a benefit."""
    row = BenefitLine(project=of.project, benefit=of, period=period, currency=of.currency, **values)
    return create_record(actor=SYSTEM, row=row, day=day)


def change(row: Any, day: datetime.date, **values: Any) -> Any:
    """Change a row as of a day."""
    return update_record(actor=SYSTEM, row=row, values=values, day=day)
