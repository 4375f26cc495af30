"""The nightly upkeep as a job."""

from __future__ import annotations

import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.jobs.api import JobContext, Outcome, job_kind
from portfolio.access import RECOMPUTE
from portfolio.services.upkeep.daily import KIND, run_day


def describe(result: dict[str, Any]) -> Outcome:
    """One sentence for the job page."""
    return Outcome(_("Upkeep as of %(date)s: %(units)d units.") % result, reverse("adoption"))


@job_kind(KIND, label=gettext_lazy("Upkeep of the data"), permission=RECOMPUTE, describe=describe)
def run_upkeep(ctx: JobContext) -> dict[str, Any]:
    """Completeness by unit, the back-test of the warnings, old days of use removed. Parameter: `date`."""
    return run_day(day=datetime.date.fromisoformat(ctx.params["date"]))
