"""Checking the audit trail every week, and whenever somebody asks."""

from __future__ import annotations

import datetime
import time
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM, Actor
from pmo.core.audit.models import AuditCheck
from pmo.core.audit.verifying import Verdict, verify
from pmo.core.jobs.api import Job, JobContext, Outcome, enqueue, job_kind, register_daily
from pmo.core.messages.api import EventKind, Mode, notify, register_event
from pmo.core.messages.queries import holders_of

KIND = "core.verify_audit"
VIEW = "core.auditentry.view"
# Who hears of a trail that is not intact: PMO administrators and auditors.
TOLD = "core.auditcheck.view"
EVENT = "audit.broken"
_HOUR = 2
_SUNDAY = 6
MOST_FINDINGS = 50


def check(*, now: datetime.datetime, told: Any = None) -> AuditCheck:
    """Check the whole trail and keep what was found."""
    begun = time.monotonic()
    verdict = verify(now=now, told=told)
    return AuditCheck.objects.create(
        at=now,
        seconds=round(time.monotonic() - begun, 2),
        entries=verdict.entries,
        unsealed=verdict.unsealed,
        head=verdict.head,
        last_entry_id=verdict.last_entry_id,
        found=len(verdict.findings),
        findings=_findings(verdict),
    )


def _findings(verdict: Verdict) -> list[dict[str, Any]]:
    return [
        {"code": one.code, "ids": list(one.ids), "count": one.count, "seal": one.seal}
        for one in verdict.findings[:MOST_FINDINGS]
    ]


def _describe(result: dict[str, Any]) -> Outcome:
    if result["found"]:
        text = _("The audit trail is not intact.")
    else:
        text = _("The audit trail is intact: %(count)s entries checked.") % {"count": result["entries"]}
    return Outcome(text, reverse("audit-check"))


@job_kind(KIND, label=gettext_lazy("Check the audit trail"), permission=VIEW, describe=_describe)
def run(ctx: JobContext) -> dict[str, Any]:
    """Check, and tell PMO administrators and auditors where something is wrong."""
    row = check(now=timezone.now(), told=lambda done, last: ctx.progress(done, 0))
    if not row.intact:
        _alarm(row)
    return {"check": row.pk, "entries": row.entries, "found": row.found, "head": row.head}


def _alarm(row: AuditCheck) -> None:
    notify(
        event=EVENT,
        recipients=holders_of(TOLD),
        params={"count": row.found},
        url=reverse("audit-check"),
        key=f"check:{row.pk}",
    )


def due(now: datetime.datetime) -> str | None:
    """Once a week, in the night to Monday or as soon as the clock runs again."""
    sunday = now.date() - datetime.timedelta(days=(now.weekday() - _SUNDAY) % 7)
    if now.date() == sunday and now.hour < _HOUR:
        sunday -= datetime.timedelta(days=7)
    return sunday.isoformat()


def start(key: str) -> object:
    """Begin the week's check."""
    return enqueue(kind=KIND, params={}, actor=SYSTEM, unique_key=f"{KIND}:{key}")


def start_check(*, actor: Actor) -> Job:
    """Begin a check because somebody asks for it."""
    return enqueue(kind=KIND, params={}, actor=actor)


def wire() -> None:
    """The clock, and what is told."""
    register_daily(KIND, due, start)
    register_event(
        EventKind(
            EVENT,
            gettext_lazy("The audit trail is not intact"),
            gettext_lazy("The audit trail is not intact. Findings: %(count)s"),
            group="system",
            icon="shield",
            tone="bad",
            email=Mode.NOW,
            by_role={Role.PMO_ADMIN: Mode.NOW, Role.AUDITOR: Mode.NOW},
        )
    )
