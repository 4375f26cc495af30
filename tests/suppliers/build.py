"""Suppliers with contracts, and the people who look at them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.records.services import create_record
from portfolio.models import Programme
from projects.models import Contract, Project, Supplier
from tests import factories

DAY = datetime.date(2026, 3, 2)


class Cast:
    """The PMO, an executive of the whole organisation, and a project manager with a team member of one private project."""

    def __init__(self) -> None:
        factories.organisation()
        self.pmo = factories.user(Role.PMO_ADMIN)
        self.executive = factories.user(Role.EXECUTIVE)
        self.pm, self.team, self.nobody = factories.user(), factories.user(), factories.user()
        self.portfolio = factories.portfolio()
        self.project = self.another(pm=self.pm.person)
        factories.member(self.project, self.team, Role.TEAM_MEMBER)

    def another(self, **values: Any) -> Project:
        """A private project in progress of the portfolio."""
        project = factories.project(visibility="private", **{"status": "in_progress", **values})
        factories.portfolio_item(self.portfolio, project)
        return project


def supplier(**values: Any) -> Supplier:
    """A supplier with a code of its own."""
    n = factories.number()
    return create_record(actor=SYSTEM, row=Supplier(**{"code": f"S-{n}", "name_en": f"Supplier {n}", **values}))


def contract(of: Supplier, project: Project | None = None, **values: Any) -> Contract:
    """An active contract of a thousand."""
    n = factories.number()
    given = {"code": f"C-{n}", "title": f"Contract {n}", "amount": Decimal(1000), **values}
    return create_record(actor=SYSTEM, row=Contract(supplier=of, project=project, **given))


def programme(cast: Cast, **values: Any) -> Programme:
    """A programme of the portfolio."""
    n = factories.number()
    row = Programme.objects.create(code=f"G-{n}", name_en=f"Programme {n}", portfolio=cast.portfolio, **values)
    Programme.objects.filter(pk=row.pk).update(path=f"/{row.pk}/")
    row.refresh_from_db()
    return row
