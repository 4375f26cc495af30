"""One private project in one portfolio, a person for every letter of the table, and a row of every register."""

from __future__ import annotations

import datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.services import Act, record
from pmo.core.calendars.models import CalendarException, FiscalPeriod
from pmo.core.imports.models import ImportBatch, ImportMapping
from pmo.core.jobs.models import Job
from pmo.core.money.models import Currency, ExchangeRate
from pmo.core.people.models import RoleGrant, User
from portfolio.models import (
    BandOverride,
    Contribution,
    HealthSnapshot,
    Objective,
    PortfolioMember,
    Programme,
    ProgrammeItem,
)
from portfolio.services.health.models import ensure_default_model
from projects.models import Action, ProjectMember, ReportRating, Stakeholder, StatusReport
from tests import factories
from tests.access.rooms import ROOMS

DAY = datetime.date(2026, 11, 16)


class World:
    """`user(letter)` signs somebody in; `row(register)` is the row everybody meets; `form(register)` fills a new one."""

    def __init__(self) -> None:
        factories.organisation()
        self.unit = factories.unit()
        self.users = {letter: factories.user(username=f"user-{letter}") for letter in "ANCEORPTSUX"}
        self._grants()
        self.portfolio = factories.portfolio(owner=self.users["O"].person, unit=self.unit)
        self.project = factories.project(
            visibility="private",
            unit=self.unit,
            pm=self.users["P"].person,
            sponsor=self.users["S"].person,
            name_en="The project",
        )
        self.item = factories.portfolio_item(self.portfolio, self.project)
        for letter, role in (("C", Role.COORDINATOR), ("T", Role.TEAM_MEMBER)):
            factories.member(self.project, self.users[letter], role)
        PortfolioMember.objects.create(portfolio=self.portfolio, person=self.users["E"].person, role=Role.EXECUTIVE)
        self.rows = self._rows()
        for room in ROOMS:
            self.rows |= room.rows(self)
        self.clients = {letter: self._sign_in(letter) for letter in self.users}

    def _sign_in(self, letter: str) -> Client:
        client = Client()
        client.force_login(self.user(letter))
        client.cookies["bw_language"] = "en"
        return client

    def _grants(self) -> None:
        for letter, role in (("A", Role.PMO_ADMIN), ("N", Role.PMO_ANALYST), ("U", Role.AUDITOR)):
            RoleGrant.objects.create(person=self.users[letter].person, role=role)
        RoleGrant.objects.create(person=self.users["R"].person, role=Role.RESOURCE_MANAGER, unit=self.unit)

    def user(self, letter: str) -> User:
        """A fresh object: nothing is kept from an earlier request."""
        return User.objects.get(pk=self.users[letter].pk)

    def _rows(self) -> dict[str, Any]:
        project, portfolio, person = self.project, self.portfolio, factories.person()
        programme = Programme.objects.create(code="G1", name_en="Programme", portfolio=portfolio)
        Programme.objects.filter(pk=programme.pk).update(path=f"/{programme.pk}/")
        objective = Objective.objects.create(code="O1", name_en="Objective")
        report = StatusReport.objects.create(
            project=project,
            code="SR1",
            period_start=DAY,
            period_end=DAY,
            declared="green",
            author=self.users["P"].person,
        )
        model = ensure_default_model()
        record(actor=SYSTEM, act=Act("update", "projects.project", project.pk, "The project", project.pk))
        from pmo.core.audit.models import AuditEntry

        return {
            "projects": project,
            "milestones": factories.milestone(project),
            "budget-lines": factories.budget_line(project),
            "cost-lines": factories.cost_line(project),
            "issues": factories.issue(project),
            "decisions": factories.decision(project),
            "actions": Action.objects.create(project=project, code="A1", title="Action"),
            "stakeholders": Stakeholder.objects.create(project=project, code="S1", name="Stakeholder"),
            "project-members": ProjectMember.objects.create(project=project, person=person, role=Role.TEAM_MEMBER),
            "status-reports": report,
            "report-ratings": ReportRating.objects.create(
                project=project, report=report, dimension="cost", declared="green"
            ),
            "portfolios": portfolio,
            "programmes": programme,
            "portfolio-items": self.item,
            "programme-items": ProgrammeItem.objects.create(programme=programme, project=project),
            "portfolio-members": PortfolioMember.objects.create(
                portfolio=portfolio, person=person, role=Role.EXECUTIVE
            ),
            "band-overrides": BandOverride.objects.create(
                portfolio=portfolio, band="amber", reason="Because", starts_on=DAY, decided_by=person
            ),
            "objectives": objective,
            "contributions": Contribution.objects.create(project=project, objective=objective, weight=10),
            "health": HealthSnapshot.objects.create(project=project, date=DAY, model=model, band="green", overall=80.0),
            "health-models": model,
            "people": person,
            "org-units": factories.unit(),
            "role-grants": RoleGrant.objects.create(person=person, role=Role.AUDITOR),
            "users": factories.user(),
            "currencies": Currency.objects.create(code="CHF", name_zh="瑞郎", name_en="Franc"),
            "exchange-rates": ExchangeRate.objects.create(currency="CHF", valid_from_date=DAY, rate=8),
            "calendar-exceptions": CalendarException.objects.create(day=DAY, factor=0),
            "fiscal-periods": FiscalPeriod.objects.create(code="2026", starts_on=DAY, ends_on=DAY),
            "jobs": Job.objects.create(kind="test", created_at=timezone.now()),
            "audit": AuditEntry.objects.latest("pk"),
            "import-mappings": ImportMapping.objects.create(name="Mapping", target="projects", spec={"fields": {}}),
            "imports": ImportBatch.objects.create(
                target="projects", filename="a.csv", stored="a", content_hash="0", size=1, owner=self.users["A"]
            ),
        }

    def _unplaced(self) -> int:
        """A project of the portfolio that is in no programme yet."""
        project = factories.project(visibility="organisation")
        factories.portfolio_item(self.portfolio, project)
        return project.pk

    def form(self, key: str) -> dict[str, Any]:
        """What is typed into the form of a new row."""
        for room in ROOMS:
            if key in room.RIGHTS:
                return dict(room.form(self, key))
        project, portfolio, person, programme = (
            self.project.pk,
            self.portfolio.pk,
            factories.person().pk,
            self.rows["programmes"].pk,
        )
        number = factories.number()
        free = factories.project(visibility="organisation").pk
        choices = {"kind": "opex", "category": "other", "currency": "CNY"}
        forms: dict[str, dict[str, Any]] = {
            "projects": {
                "code": f"N{number}",
                "name_en": "New",
                "type": "it",
                "status": "in_progress",
                "stage": "executing",
                "method": "agile",
                "delivery_driver": "none",
                "priority": "3_medium",
                "visibility": "private",
                "currency": "CNY",
            },
            "milestones": {"project": project, "name": "New"},
            "budget-lines": {"project": project, "amount": "10", **choices},
            "cost-lines": {"project": project, "amount": "10", "booked_on": "2026-01-05", **choices},
            "issues": {"project": project, "title": "New", "severity": "2_major", "state": "open"},
            "decisions": {"project": project, "title": "New", "currency": "CNY", "state": "open"},
            "actions": {"project": project, "title": "New", "state": "open"},
            "stakeholders": {
                "project": project,
                "name": "New",
                "power": 3,
                "interest": 3,
                "engagement": "3_neutral",
                "desired": "4_supportive",
            },
            "project-members": {"project": project, "person": person, "role": "team_member"},
            "status-reports": {
                "project": project,
                "period_start": "2026-11-23",
                "period_end": "2026-11-29",
                "declared": "green",
            },
            "portfolios": {"code": f"N{number}", "name_en": "New", "cycle": "weekly"},
            "programmes": {"code": f"N{number}", "name_en": "New", "portfolio": portfolio},
            "portfolio-items": {"portfolio": portfolio, "project": free},
            "programme-items": {"programme": programme, "project": self._unplaced()},
            "portfolio-members": {"portfolio": portfolio, "person": person, "role": "executive"},
            "band-overrides": {
                "portfolio": portfolio,
                "band": "red",
                "reason": "Because",
                "starts_on": "2026-11-20",
                "decided_by": person,
            },
            "objectives": {"code": f"N{number}", "name_en": "New"},
            "contributions": {
                "project": project,
                "objective": Objective.objects.create(code=f"O{number}", name_en="Other").pk,
                "weight": "5",
            },
            "people": {"code": f"N{number}", "name_en": "New"},
            "org-units": {"code": f"N{number}", "name_en": "New", "kind": "team"},
            "role-grants": {"person": person, "role": "auditor"},
            "users": {"username": f"new{number}", "language": "en", "theme": "auto", "is_active": "on"},
            "currencies": {
                "code": f"X{chr(65 + number % 26)}{chr(65 + number // 26 % 26)}",
                "name_zh": "新",
                "name_en": "New",
            },
            "exchange-rates": {"currency": "USD", "kind": "closing", "valid_from_date": "2026-01-01", "rate": "7"},
            "calendar-exceptions": {"day": f"2027-01-{number % 28 + 1:02d}", "factor": "0", "region": f"r{number}"},
            "fiscal-periods": {"code": f"N{number}", "starts_on": "2026-01-01", "ends_on": "2026-12-31"},
            "import-mappings": {"name": f"N{number}", "target": "projects", "spec": "{}"},
        }
        return forms[key]
