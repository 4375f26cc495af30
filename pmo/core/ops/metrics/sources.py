"""Figures that a scrape asks the database for; apps add theirs from their wiring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import Error as DatabaseFault
from django.db import connection, transaction
from django.db.models import Count, Min
from django.utils import timezone

from pmo.core.audit.models import AuditEntry, AuditSeal
from pmo.core.jobs import ticks
from pmo.core.jobs.models import Job, JobOutbox


@dataclass(frozen=True)
class Sample:
    """One value with its labels."""

    value: float
    labels: dict[str, str]


@dataclass(frozen=True)
class Gauge:
    """A figure: `read()` gives its samples, in one statement where it can."""

    name: str
    help: str
    labels: tuple[str, ...]
    read: Callable[[], list[Sample]]


_gauges: dict[str, Gauge] = {}


def register_gauge(name: str, about: str, read: Callable[[], list[Sample]], labels: tuple[str, ...] = ()) -> None:
    """Make a figure known, in the units that its name ends with; a later one of the same name takes its place."""
    _gauges[name] = Gauge(name, about, labels, read)


def all_gauges() -> list[Gauge]:
    """Every figure, by name."""
    return [_gauges[name] for name in sorted(_gauges)]


def database_up() -> bool:
    """Whether the database answers."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseFault:
        return False
    return True


def _jobs() -> list[Sample]:
    rows = Job.objects.order_by().values_list("kind", "state").annotate(number=Count("pk"))
    return [Sample(number, {"kind": kind, "state": state}) for kind, state, number in rows.order_by("kind", "state")]


def _oldest_jobs() -> list[Sample]:
    now = timezone.now()
    live = Job.objects.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING]).order_by()
    rows = live.values_list("kind", "state").annotate(since=Min("created_at")).order_by("kind", "state")
    return [
        Sample(max((now - since).total_seconds(), 0), {"kind": kind, "state": state}) for kind, state, since in rows
    ]


def _pulse() -> list[Sample]:
    return [Sample(age, {"part": part}) for part, age in ticks.ages(timezone.now()).items() if age is not None]


def _queue() -> list[Sample]:
    return [Sample(JobOutbox.objects.count(), {})]


def _unsealed() -> list[Sample]:
    last = AuditSeal.objects.order_by("-last_entry_id").values_list("last_entry_id", flat=True).first() or 0
    return [Sample(AuditEntry.objects.filter(id__gt=last).count(), {})]


def declare() -> None:
    """The kernel's figures."""
    register_gauge("bellwether_jobs", "Jobs by kind and state", _jobs, ("kind", "state"))
    register_gauge(
        "bellwether_job_oldest_age_seconds", "Age of the oldest job that is not over", _oldest_jobs, ("kind", "state")
    )
    register_gauge("bellwether_pulse_age_seconds", "Since the last sign of life", _pulse, ("part",))
    register_gauge("bellwether_job_queue_length", "Jobs waiting for delivery to a worker", _queue)
    register_gauge("bellwether_audit_unsealed_entries", "Audit entries not under a seal yet", _unsealed)
