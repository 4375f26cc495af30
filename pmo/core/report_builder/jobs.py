"""Sending scheduled reports as a job of the morning."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo.core.audit.actor import SYSTEM
from pmo.core.jobs.api import JobContext, enqueue, job_kind
from pmo.core.report_builder.services import send_reports

KIND = "core.send_built_reports"


@job_kind(KIND, label=_("Send scheduled reports"), permission="core.builtreport.send", max_attempts=3)
def run(ctx: JobContext) -> dict[str, Any]:
    """Send the reports of the day that the job was made for."""
    return {"sent": send_reports(datetime.date.fromisoformat(ctx.params["day"]))}


def start_sending(key: str) -> None:
    """Enqueue the job of the day `key`."""
    enqueue(kind=KIND, params={"day": key}, actor=SYSTEM, unique_key=f"{KIND} {key}")
