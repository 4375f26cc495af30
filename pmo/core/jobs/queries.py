"""What the job pages show."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, QuerySet, Value, When
from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pmo.core.access.api import has_any
from pmo.core.jobs.errors import UnknownKind
from pmo.core.jobs.kinds import Outcome, kind_label, kind_of
from pmo.core.jobs.models import Job, JobAttempt
from pmo.core.jobs.processes import short_name
from pmo.core.web.formats import format_duration

VIEW_ALL = "core.job.view"
_TONES = {"running": "accent", "done": "green", "failed": "red", "dead": "red", "cancelled": "line", "queued": "line"}


def visible_jobs(user: Any) -> QuerySet[Job]:
    """Jobs the user started; all of them for holders of core.job.view. Running first, then waiting, then the newest."""
    rows = Job.objects.all() if has_any(user, VIEW_ALL) else Job.objects.filter(owner_id=user.pk)
    rank = Case(
        When(state=Job.State.RUNNING, then=Value(0)), When(state=Job.State.QUEUED, then=Value(1)), default=Value(2)
    )
    return rows.select_related("owner__person").order_by(rank, "-pk")


def get_job(user: Any, uid: uuid.UUID) -> Job:
    """The job, if the user may see it. Raises Http404."""
    job = visible_jobs(user).filter(uid=uid).first()
    if job is None:
        raise Http404(_("There is no such job, or you may not see it."))
    return job


def visible_job_ids(user: Any, ids: set[int]) -> set[int]:
    """Those of the jobs that the user may see."""
    rows = Job.objects.filter(pk__in=ids)
    if not has_any(user, VIEW_ALL):
        rows = rows.filter(owner_id=user.pk)
    return set(rows.values_list("pk", flat=True))


def percent(job: Job) -> int | None:
    """Whole percent done; None while the number of steps is not known."""
    if job.state == Job.State.DONE:
        return 100
    return min(100 * job.done // job.total, 100) if job.total else None


def eta_seconds(job: Job, now: datetime.datetime) -> float | None:
    """Seconds left at the rate since this attempt started; None before the first step and for jobs that do not run."""
    if job.state != Job.State.RUNNING or job.started_at is None or not 0 < job.done <= job.total:
        return None
    elapsed = (now - job.started_at).total_seconds()
    return max(elapsed, 0.0) / job.done * (job.total - job.done)


def run_seconds(job: Job, now: datetime.datetime) -> float | None:
    """Seconds the latest attempt has taken so far, or took."""
    if job.started_at is None:
        return None
    return max(((job.finished_at or now) - job.started_at).total_seconds(), 0.0)


def outcome_of(job: Job) -> Outcome | None:
    """What the kind says about the result of a finished job."""
    if job.state != Job.State.DONE or job.result is None:
        return None
    try:
        describe = kind_of(job.kind).describe
    except UnknownKind:
        return None
    return describe(job.result) if describe else None


@dataclass(frozen=True)
class AttemptRow:
    """One line of a job's log."""

    attempt: JobAttempt
    worker: str
    duration: str


@dataclass(frozen=True)
class JobRow:
    """A job as the pages show it: texts in the reader's language."""

    job: Job
    label: Any
    state: str
    tone: str
    percent: int | None
    eta: str
    duration: str
    owner: str
    error: str


def job_row(job: Job, now: datetime.datetime, *, details: bool = False) -> JobRow:
    """`details`: the reader looks after jobs and sees what an unexpected error said."""
    lang = get_language() or "zh-hans"
    left = eta_seconds(job, now)
    return JobRow(
        job=job,
        label=kind_label(job.kind),
        state=job.get_state_display(),
        tone=_TONES[job.state],
        percent=percent(job),
        eta="" if left is None else format_duration(left, lang),
        duration=format_duration(run_seconds(job, now), lang) if job.started_at else "",
        owner=owner_name(job),
        error=error_text(job, details=details),
    )


def owner_name(job: Job) -> str:
    """Who started the job: the person in the reader's language, else the name kept with it."""
    person = getattr(job.owner, "person", None)
    return str(person or job.owner_name or _("System"))


def error_text(job: Job, *, details: bool) -> str:
    """What the reader is told: the sentence of a refusal, but of an unexpected error only that there was one."""
    if not job.error or job.state == Job.State.FAILED or details:
        return job.error
    if job.state == Job.State.DEAD:
        return _("The work stopped with an error of ours, %(count)s times. The PMO has been told.") % {
            "count": job.attempts
        }
    return _("The last attempt stopped with an error of ours; it is tried again.")


def attempt_rows(job: Job, now: datetime.datetime) -> list[AttemptRow]:
    """The log of a job's attempts, oldest first."""
    lang = get_language() or "zh-hans"
    return [
        AttemptRow(
            row, short_name(row.worker), format_duration(((row.ended_at or now) - row.started_at).total_seconds(), lang)
        )
        for row in job.log.all()
    ]


def as_json(job: Job, now: datetime.datetime, *, details: bool) -> dict[str, Any]:
    """The JSON twin of the job page."""
    return {
        "uid": str(job.uid),
        "kind": job.kind,
        "label": str(kind_label(job.kind)),
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "percent": percent(job),
        "eta_seconds": eta_seconds(job, now),
        "message": job.message,
        "result": job.result,
        "error": error_text(job, details=details),
        "attempts": job.attempts,
        "owner": job.owner_name,
        "cancel_requested": job.cancel_requested,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
    }
