"""Small makers for the kernel's tests."""

from __future__ import annotations

import itertools
from typing import Any

from pmo.core.models import OrgUnit, Person, RoleGrant, User
from portfolio.models import Portfolio, PortfolioItem
from projects.models import Project

_serial = itertools.count(1)


def unit(parent: OrgUnit | None = None, **values: Any) -> OrgUnit:
    number = next(_serial)
    row = OrgUnit.objects.create(**{"code": f"U{number}", "name_en": f"Unit {number}", "parent": parent, **values})
    row.path = f"{parent.path if parent else '/'}{row.pk}/"
    OrgUnit.objects.filter(pk=row.pk).update(path=row.path)
    return row


def user(role: str = "", *, in_unit: OrgUnit | None = None, **values: Any) -> User:
    number = next(_serial)
    row = User.objects.create_user(username=f"user{number}", password="a long password", **values)
    person = Person.objects.create(code=f"S{number}", name_en=f"Person {number}", user=row)
    if role:
        RoleGrant.objects.create(person=person, role=role, unit=in_unit)
    return row


def project(**values: Any) -> Project:
    number = next(_serial)
    return Project.objects.create(
        **{"code": f"P{number}", "name_en": f"Project {number}", "visibility": "private", **values}
    )


def portfolio(*projects: Project, **values: Any) -> Portfolio:
    number = next(_serial)
    row = Portfolio.objects.create(**{"code": f"PF{number}", "name_en": f"Portfolio {number}", **values})
    for item in projects:
        PortfolioItem.objects.create(portfolio=row, project=item)
    return row
