"""Which version of the health model holds on a day."""

from __future__ import annotations

import datetime
import zoneinfo

from django.db.models import Q

from pmo.core.calendars.queries import organisation_as_of
from pmo.core.history.queries import as_of
from portfolio.calc.health import HealthModelSpec
from portfolio.models import BandOverride, HealthModel

_ONE_DAY = datetime.timedelta(days=1)


class NoHealthModelError(LookupError):
    """No version of the health model is in force on the day."""


def not_deleted_by(day: datetime.date) -> Q:
    """A filter on records without version rows: those that were not in the trash yet at the end of the day."""
    zone = zoneinfo.ZoneInfo(organisation_as_of(day).time_zone)
    end = datetime.datetime.combine(day + _ONE_DAY, datetime.time(), tzinfo=zone)
    return Q(deleted_at__isnull=True) | Q(deleted_at__gte=end)


def model_in_force(day: datetime.date) -> HealthModel:
    """The version that holds on the day: the newest of those in force from the day or before.

    A version never changes and is never published for days gone by, so a past day keeps its own. Raises
    NoHealthModelError.
    """
    rows = HealthModel.all_objects.filter(not_deleted_by(day), valid_from__lte=day)
    model: HealthModel | None = rows.order_by("-valid_from", "-number").first()
    if model is None:
        raise NoHealthModelError(f"no health model is in force on {day}")
    return model


def spec_of(model: HealthModel) -> HealthModelSpec:
    """The rules of a stored version."""
    return HealthModelSpec.from_dict(model.spec)


def overrides_on(day: datetime.date) -> dict[int, str]:
    """{portfolio id: colour it is shown in} on the day; of several the one from the latest day."""
    rows = as_of(BandOverride, day).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)
    return dict(rows.order_by("starts_on", "row_id").values_list("portfolio_id", "band"))
