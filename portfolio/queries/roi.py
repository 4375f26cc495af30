"""Return on investment of everything: what the benefits in money promise and have brought against what the projects cost."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Sum

from pmo.core.history.queries import as_of
from portfolio.models import HealthSnapshot
from projects.models import Benefit, BenefitLine


@dataclass(frozen=True)
class Roi:
    """Per cent of the money put in; None where nothing was put in. `planned` over the life of the benefits, `realised` so far."""

    planned: float | None
    realised: float | None


def portfolio_roi(day: datetime.date, currency: str) -> Roi | None:
    """ROI over the projects that have a budget on the day and benefits in the base currency; None where there are none.

    Planned: planned benefits less budgets, divided by budgets. Realised: benefits measured so far less actual cost,
    divided by actual cost. Benefits are read as they stood at the end of the day. Three aggregates.
    """
    promised = as_of(Benefit, day).filter(monetary=True, manner=Benefit.Manner.SUM, currency=currency)
    counted = HealthSnapshot.objects.filter(date=day, bac__gt=0)
    costs = counted.filter(Exists(promised.filter(project_id=OuterRef("project_id")))).order_by()
    put_in = costs.aggregate(bac=Sum("bac"), ac=Sum("ac"))
    if not put_in["bac"]:
        return None
    inside = counted.order_by().values("project_id")
    planned = promised.filter(project_id__in=inside).aggregate(total=Sum("planned_total"))["total"]
    lines = as_of(BenefitLine, day).filter(
        benefit_id__in=promised.filter(project_id__in=inside).order_by().values("row_id"), period__lte=day
    )
    realised = lines.aggregate(total=Sum("actual"))["total"]
    return Roi(_share(planned, put_in["bac"]), _share(realised, put_in["ac"]))


def _share(gain: Decimal | None, cost: Decimal | None) -> float | None:
    return float(100 * ((gain or Decimal(0)) - cost) / cost) if cost else None
