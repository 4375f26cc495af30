"""Small makers for the kernel's tests."""

from __future__ import annotations

from typing import Any

from pmo.core.models import OrgUnit, Person, RoleGrant, User
from portfolio.models import Portfolio, PortfolioItem
from projects.models import Project
from tests import factories


def unit(parent: OrgUnit | None = None, **values: Any) -> OrgUnit:
    number = factories.number()
    row = OrgUnit.objects.create(**{"code": f"U{number}", "name_en": f"Unit {number}", "parent": parent, **values})
    row.path = f"{parent.path if parent else '/'}{row.pk}/"
    OrgUnit.objects.filter(pk=row.pk).update(path=row.path)
    return row


def user(role: str = "", *, in_unit: OrgUnit | None = None, **values: Any) -> User:
    number = factories.number()
    row = User.objects.create_user(username=f"user{number}", password="a long password", **values)
    person = Person.objects.create(code=f"S{number}", name_en=f"Person {number}", user=row)
    if role:
        RoleGrant.objects.create(person=person, role=role, unit=in_unit)
    return row


def project(**values: Any) -> Project:
    number = factories.number()
    return Project.objects.create(
        **{"code": f"P{number}", "name_en": f"Project {number}", "visibility": "private", **values}
    )


def portfolio(*projects: Project, **values: Any) -> Portfolio:
    number = factories.number()
    row = Portfolio.objects.create(**{"code": f"PF{number}", "name_en": f"Portfolio {number}", **values})
    for item in projects:
        PortfolioItem.objects.create(portfolio=row, project=item)
    return row
