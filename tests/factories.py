"""Small, believable rows for tests: plain functions, each saves one row and returns it."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from pmo.core.access.roles import Role
from pmo.core.calendars.models import Organisation
from pmo.core.money.models import Currency
from pmo.core.people.models import OrgUnit, Person, RoleGrant, User
from portfolio.models import Portfolio, PortfolioItem
from projects.models import BudgetLine, CostLine, Decision, Issue, Milestone, Project, ProjectMember
from projects.models.choices import Visibility

# Six digits from the first to the last: codes and names have one length, sort as they were made and are never the
# beginning of another one.
SHARED, OWN = 100_001, 500_001
_shared = _numbers = itertools.count(SHARED)
PASSWORD = "a-long-test-password"


def number() -> int:
    """A number no other row in the database has."""
    return next(_numbers)


@contextmanager
def own_numbers() -> Iterator[None]:
    """Numbers of one test, the same wherever it stands in the run; rows that tests share are counted apart."""
    global _numbers
    _numbers = itertools.count(OWN)
    try:
        yield
    finally:
        _numbers = _shared


def organisation(**values: Any) -> Organisation:
    """The one organisation, in Shanghai, with CNY."""
    known = Organisation.objects.first()
    return known or Organisation.objects.create(**{"name_zh": "测试集团", "name_en": "Test group", **values})


def unit(parent: OrgUnit | None = None, **values: Any) -> OrgUnit:
    """A unit with its path."""
    n = number()
    made = OrgUnit.objects.create(
        **{"code": f"U{n}", "name_zh": f"部门{n}", "name_en": f"Unit {n}", "parent": parent, **values}
    )
    made.path = f"{parent.path if parent else '/'}{made.pk}/"
    OrgUnit.objects.filter(pk=made.pk).update(path=made.path)
    return made


def person(**values: Any) -> Person:
    """A person without a login."""
    n = number()
    return Person.objects.create(**{"code": f"E{n:04d}", "name_zh": f"员工{n}", "name_en": f"Person {n}", **values})


def user(role: Role | str | None = None, *, within: OrgUnit | None = None, language: str = "en", **values: Any) -> User:
    """A login with its person; `role` is granted in the organisation, or in a unit."""
    n = number()
    name = values.pop("username", f"user{n}")
    made = User.objects.create_user(name, password=PASSWORD, language=language, **values)
    who = Person.objects.create(code=f"L{n:04d}", name_zh=f"用户{n}", name_en=f"User {n}", user=made)
    if role is not None:
        RoleGrant.objects.create(person=who, role=role, unit=within)
    return made


def project(**values: Any) -> Project:
    """A project shown to the whole organisation."""
    n = number()
    defaults = {
        "code": f"P-{n:04d}",
        "name_zh": f"项目{n}",
        "name_en": f"Project {n}",
        "visibility": Visibility.ORGANISATION,
    }
    return Project.objects.create(**{**defaults, **values})


def member(project: Project, who: User | Person, role: Role | str = Role.TEAM_MEMBER) -> ProjectMember:
    """A role in one project."""
    person_row = who.person if isinstance(who, User) else who
    return ProjectMember.objects.create(project=project, person=person_row, role=role)


def portfolio(**values: Any) -> Portfolio:
    """A portfolio."""
    n = number()
    return Portfolio.objects.create(
        **{"code": f"PF-{n:02d}", "name_zh": f"组合{n}", "name_en": f"Portfolio {n}", **values}
    )


def portfolio_item(portfolio: Portfolio, project: Project, **values: Any) -> PortfolioItem:
    """Puts a project into a portfolio."""
    return PortfolioItem.objects.create(portfolio=portfolio, project=project, **values)


def milestone(project: Project, **values: Any) -> Milestone:
    """A milestone with a baseline and a later forecast, both far ahead of any today."""
    n = number()
    day = datetime.date(2040, 1, 1) + datetime.timedelta(days=n % SHARED)
    defaults = {
        "code": f"MS-{n:04d}",
        "name": f"Milestone {n}",
        "baseline_date": day,
        "forecast_date": day + datetime.timedelta(days=7),
    }
    return Milestone.objects.create(project=project, **{**defaults, **values})


def issue(project: Project, **values: Any) -> Issue:
    """An open issue."""
    n = number()
    return Issue.objects.create(project=project, **{"code": f"ISS-{n:04d}", "title": f"Issue {n}", **values})


def decision(project: Project, **values: Any) -> Decision:
    """A pending decision."""
    n = number()
    return Decision.objects.create(project=project, **{"code": f"DEC-{n:04d}", "title": f"Decision {n}", **values})


def budget_line(project: Project, amount: str | int | Decimal = "100000.00", **values: Any) -> BudgetLine:
    """Approved money."""
    n = number()
    return BudgetLine.objects.create(project=project, **{"code": f"BUD-{n:05d}", "amount": Decimal(amount), **values})


def cost_line(project: Project, amount: str | int | Decimal = "1000.00", **values: Any) -> CostLine:
    """Money spent."""
    n = number()
    defaults = {"code": f"ACT-{n:06d}", "booked_on": datetime.date(2026, 3, 1), "amount": Decimal(amount)}
    return CostLine.objects.create(project=project, **{**defaults, **values})


def currency(code: str = "CNY", **values: Any) -> Currency:
    """A currency."""
    return Currency.objects.create(**{"code": code, "name_zh": code, "name_en": code, **values})
