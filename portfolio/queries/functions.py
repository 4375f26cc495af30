"""What a programme serves and is judged by, and what it uses, as one reader sees them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from pmo.core.calendars.queries import org_today
from portfolio.models import (
    Programme,
    ProgrammeContract,
    ProgrammeFunction,
    ProgrammeItem,
    ProgrammeMeasure,
    ProgrammeSupplier,
)
from projects.models import Contract, Supplier
from projects.models.choices import ProjectStatus
from projects.queries.suppliers import CONCENTRATED_FROM, amounts_of, projects_served, with_amounts


@dataclass(frozen=True)
class Purpose:
    """Functions and measures of a programme."""

    functions: list[ProgrammeFunction]
    measures: list[ProgrammeMeasure]

    @property
    def judged(self) -> int:
        """Measures with a result."""
        return sum(row.result != ProgrammeMeasure.Result.NOT_YET for row in self.measures)

    @property
    def met(self) -> int:
        """Measures that were met."""
        return sum(row.result == ProgrammeMeasure.Result.MET for row in self.measures)

    @property
    def waiting(self) -> int:
        """Measures without a result."""
        return len(self.measures) - self.judged


def purpose_of(programme: Programme, user: Any) -> Purpose:
    """Functions by place in their tree, measures by category. Two queries."""
    functions = ProgrammeFunction.objects.visible_to(user).filter(programme=programme, function__deleted_at=None)
    measures = ProgrammeMeasure.objects.visible_to(user).filter(programme=programme)
    return Purpose(
        functions=list(functions.select_related("function__parent").order_by("function__path", "pk")),
        measures=list(measures.order_by("category", "code", "pk")),
    )


@dataclass(frozen=True)
class Supply:
    """Contracts and suppliers of a programme."""

    today: datetime.date
    contracts: list[Contract]
    suppliers: list[Supplier]

    @property
    def active(self) -> int:
        """Contracts in force."""
        return sum(row.state == Contract.State.ACTIVE for row in self.contracts)

    @property
    def amounts(self) -> dict[str, Decimal]:
        """Money under contract by currency, as far as the reader may see it."""
        return amounts_of(self.contracts)

    @property
    def expired(self) -> int:
        """Suppliers whose qualification ended before today."""
        return sum(row.qualified_until is not None and row.qualified_until < self.today for row in self.suppliers)

    @property
    def concentrated(self) -> int:
        """Suppliers that serve so many projects in progress that it is told."""
        return sum(getattr(row, "served", 0) >= CONCENTRATED_FROM for row in self.suppliers)


def supply_of(programme: Programme, user: Any) -> Supply:
    """Contracts with the amounts the reader may see, suppliers with the projects they serve. Two queries."""
    used = ProgrammeContract.objects.visible_to(user).filter(programme=programme)
    relied = ProgrammeSupplier.objects.visible_to(user).filter(programme=programme)
    contracts = with_amounts(user).filter(pk__in=used.order_by().values("contract_id"))
    suppliers = Supplier.objects.visible_to(user).filter(pk__in=relied.order_by().values("supplier_id"))
    return Supply(
        today=org_today(),
        contracts=list(contracts.order_by("state", "-starts_on", "code")),
        suppliers=list(suppliers.annotate(served=projects_served(user)).order_by("standing", "code")),
    )


def programmes_relying_on(supplier: Supplier, user: Any) -> list[Programme]:
    """Programmes that rely on the supplier, each with `running`: its projects in progress, and those of the
    programmes below it, that the user may see. One query.
    """
    relied = ProgrammeSupplier.objects.visible_to(user).filter(supplier=supplier)
    items = ProgrammeItem.objects.visible_to(user).filter(programme__path__startswith=OuterRef("path"))
    running = items.filter(project__status=ProjectStatus.IN_PROGRESS).order_by().values(one=Value(1))
    counted = Subquery(running.annotate(running=Count("pk")).values("running"))
    rows = Programme.objects.visible_to(user).filter(pk__in=relied.order_by().values("programme_id"))
    found = rows.select_related("portfolio").annotate(running=Coalesce(counted, 0, output_field=IntegerField()))
    return list(found.order_by("code"))
