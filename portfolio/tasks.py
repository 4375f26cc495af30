"""Background work of the portfolio room."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.jobs.api import JobContext, JobFailed, Outcome, job_kind
from portfolio.access import RECOMPUTE, REMIND
from portfolio.models import Portfolio
from portfolio.services.health.nightly import KIND
from portfolio.services.health.recompute import CHUNK, recompute
from portfolio.services.health.retention import thin
from portfolio.services.health.rollup import fill_late
from portfolio.services.reporting import nightly as reporting
from portfolio.services.reporting.periods import settle_periods
from portfolio.services.reporting.reminders import send_reminders
from portfolio.services.telling import tell_colour_changes, tell_warnings


def describe(result: dict[str, Any]) -> Outcome:
    """One sentence for the job page, with the way to the rows."""
    text = _("Health as of %(date)s: %(projects)d projects, %(snapshots)d snapshots on file.") % result
    return Outcome(text, reverse("register-list", kwargs={"key": "health"}) + f"?date={result['date']}")


@job_kind(KIND, label=gettext_lazy("Recompute health"), permission=RECOMPUTE, describe=describe)
def recompute_health(ctx: JobContext) -> dict[str, Any]:
    """Compute the snapshots and roll-ups of a date; at night also thin out what has turned old.

    Parameters: `date`, and optionally `portfolio` (id), `projects` (ids), `chunk` (projects per transaction), `nightly`.
    """
    params = ctx.params
    day = datetime.date.fromisoformat(params["date"])
    portfolio = None
    if params.get("portfolio") is not None:
        portfolio = Portfolio.all_objects.filter(pk=params["portfolio"]).first()
        if portfolio is None:
            raise JobFailed(_("The portfolio is no longer on file."))
    ctx.check_cancelled()
    try:
        result = recompute(
            actor=ctx.actor,
            day=day,
            portfolio=portfolio,
            project_ids=params.get("projects"),
            progress=lambda done, total: ctx.progress(done, total, _told(done, total)),
            chunk_size=params.get("chunk", CHUNK),
        )
    except ValidationError as error:
        raise JobFailed(" ".join(error.messages)) from error
    report = {**result.as_dict(), "changed": result.changed}
    if params.get("nightly"):
        ctx.check_cancelled()
        report["thinned"] = thin(day=day)
        fill_late(day=day)
        tell_colour_changes(day=day)
        tell_warnings(day=day)
    return report


def _told(done: int, total: int) -> str:
    return _("%(done)d of %(total)d projects") % {"done": done, "total": total}


def describe_reporting(result: dict[str, Any]) -> Outcome:
    """One sentence for the job page, with the way to the late list."""
    text = _("Reports due: %(made)d new, %(handed_in)d handed in; %(reminders)d reminders, %(escalations)d missing.")
    return Outcome(text % result, reverse("reporting-late"))


@job_kind(reporting.KIND, label=gettext_lazy("Reporting cycle"), permission=REMIND, describe=describe_reporting)
def run_reporting(ctx: JobContext) -> dict[str, Any]:
    """Settle the periods that ended before `date`, then send the reminders of that day."""
    day = datetime.date.fromisoformat(ctx.params["date"])
    ctx.check_cancelled()
    settled = settle_periods(day=day)
    ctx.check_cancelled()
    return {"date": ctx.params["date"], **settled, **send_reminders(day=day)}
