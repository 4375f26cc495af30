"""What suppliers do for the organisation now: the projects they serve, the money under contract, their qualification."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DecimalField,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from pmo.core.calendars.queries import org_today, organisation
from pmo.core.history.queries import as_of
from pmo.core.money.models import ExchangeRate
from projects.access import MONEY
from projects.models import Contract, Project, Supplier
from projects.models.choices import ProjectStatus

CONCENTRATED_FROM = 3
"""Projects in progress that one supplier serves at once, from which this is a concentration (R61)."""
EXPIRING_DAYS = 90
_MONEY = DecimalField(max_digits=24, decimal_places=2)


def in_force(user: Any) -> Any:
    """Active contracts that the user may see."""
    return Contract.objects.visible_to(user).filter(state=Contract.State.ACTIVE)


def serving(user: Any) -> Any:
    """Active contracts for projects in progress that the user may see."""
    return in_force(user).filter(project__status=ProjectStatus.IN_PROGRESS)


def projects_served(user: Any) -> Any:
    """Of a supplier: how many projects in progress it serves under active contracts. One subquery."""
    rows = serving(user).filter(supplier_id=OuterRef("pk")).order_by().values("supplier_id")
    counted = rows.annotate(served=Count("project_id", distinct=True)).values("served")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def under_contract(user: Any) -> Any:
    """Of a supplier: the amounts of its active contracts in base currency, of those whose money the user may see.

    At today's closing rates; null where a contract's currency has no rate. One subquery.
    """
    priced = in_force(user).allowed_to(user, MONEY).filter(supplier_id=OuterRef("pk"), amount__isnull=False)
    rows = priced.order_by().annotate(in_base=_in_base()).values("supplier_id")
    summed = rows.annotate(priced=Count("pk"), rated=Count("in_base"), total=Sum("in_base"))
    told = summed.annotate(told=Case(When(priced=F("rated"), then=F("total")), output_field=_MONEY))
    # Where the user may see no contract there is no subquery left, and PostgreSQL cannot sum a NULL without a type.
    return Cast(Subquery(told.values("told")), output_field=_MONEY)


def _in_base() -> Case:
    """A contract's amount in base currency."""
    today = org_today()
    rates = as_of(ExchangeRate, today).filter(
        kind=ExchangeRate.Kind.CLOSING, valid_from_date__lte=today, currency=OuterRef("currency")
    )
    rate = Subquery(rates.order_by("-valid_from_date").values("rate")[:1])
    same = When(currency=organisation().base_currency, then=F("amount"))
    return Case(same, default=F("amount") * rate, output_field=_MONEY)


def qualification(user: Any) -> Case:
    """Of a supplier: not dated, valid, expiring within `EXPIRING_DAYS` days or expired, by the organisation's today."""
    del user
    today = org_today()
    soon = today + datetime.timedelta(days=EXPIRING_DAYS)
    return Case(
        When(Q(qualified_until__lt=today), then=Value("expired")),
        When(Q(qualified_until__lte=soon), then=Value("expiring")),
        When(Q(qualified_until__isnull=False) | Q(qualified_on__isnull=False), then=Value("valid")),
        default=Value("open"),
        output_field=CharField(),
    )


@dataclass(frozen=True)
class SupplierFigures:
    """A supplier's contracts and the projects it serves, as one reader sees them on a day."""

    supplier: Supplier
    today: datetime.date
    contracts: list[Contract]
    projects: list[Project]
    backups: list[Supplier]
    amounts: dict[str, Decimal] = field(default_factory=dict)

    @property
    def active(self) -> int:
        """Contracts in force."""
        return sum(row.state == Contract.State.ACTIVE for row in self.contracts)

    @property
    def concentrated(self) -> bool:
        """Whether so many projects in progress hang on this one supplier that it is told."""
        return len(self.projects) >= CONCENTRATED_FROM

    @property
    def expired(self) -> bool:
        """Whether its qualification ended before today."""
        until = self.supplier.qualified_until
        return until is not None and until < self.today

    @property
    def blocked(self) -> bool:
        """Whether it is blocked and still under contract."""
        return self.supplier.standing == Supplier.Standing.BLOCKED and self.active > 0


def supplier_figures(supplier: Supplier, user: Any) -> SupplierFigures:
    """What the supplier's page shows. Three queries."""
    contracts = list(with_amounts(user).filter(supplier=supplier).order_by("state", "-starts_on", "code"))
    projects = [
        row.project
        for row in contracts
        if row.state == Contract.State.ACTIVE and row.project and row.project.status == ProjectStatus.IN_PROGRESS
    ]
    return SupplierFigures(
        supplier=supplier,
        today=org_today(),
        contracts=contracts,
        projects=sorted({row.pk: row for row in projects}.values(), key=lambda row: row.code),
        backups=list(Supplier.objects.visible_to(user).filter(backup_for=supplier).order_by("standing", "code")),
        amounts=amounts_of(contracts),
    )


def contracts_of_project(project: Project, user: Any) -> list[Contract]:
    """The contracts of a project, those in force first. One query."""
    rows = with_amounts(user).filter(project=project)
    return list(rows.order_by("state", "-starts_on", "code"))


def with_amounts(user: Any) -> Any:
    """Contracts the user may see, each with `told`, the amount where the user may see its money."""
    rows = Contract.objects.visible_to(user).select_related("supplier", "project").defer("amount")
    may = Q(pk__in=Contract.objects.allowed_to(user, MONEY).order_by().values("pk"))
    return rows.annotate(told=Case(When(may, then=F("amount")), output_field=_MONEY))


def amounts_of(contracts: Sequence[Any]) -> dict[str, Decimal]:
    """Sums of the amounts told of the contracts in force, by currency."""
    found: dict[str, Decimal] = {}
    for row in contracts:
        if row.told is not None and row.state == Contract.State.ACTIVE:
            found[row.currency] = found.get(row.currency, Decimal(0)) + row.told
    return dict(sorted(found.items()))
