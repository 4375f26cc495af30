"""Signs of life of the beat, the tick and the workers, for the readiness page."""

from __future__ import annotations

import datetime

from django.utils import timezone

from pmo.core.jobs.models import BeatTick

BEAT, TICK, WORKER = "beat", "tick", "worker:"
_FORGET_AFTER = datetime.timedelta(days=1)


def note(name: str) -> None:
    """The part called `name` is alive now."""
    BeatTick.objects.update_or_create(name=name[:100], defaults={"at": timezone.now()})


def forget_old_workers() -> None:
    """Drop workers that have been silent for a day."""
    BeatTick.objects.filter(name__startswith=WORKER, at__lt=timezone.now() - _FORGET_AFTER).delete()


def note_worker(host: str) -> None:
    """The worker of this host is alive now."""
    note(f"{WORKER}{host}")


def age_of_worker(host: str, now: datetime.datetime) -> float | None:
    """Seconds since the worker of this host gave a sign; None where it never has."""
    at = BeatTick.objects.filter(name=f"{WORKER}{host}"[:100]).values_list("at", flat=True).first()
    return None if at is None else max((now - at).total_seconds(), 0.0)


def ages(now: datetime.datetime) -> dict[str, float | None]:
    """Seconds since the beat, the tick and the liveliest worker gave a sign; None where one never has."""
    moments = dict(BeatTick.objects.values_list("name", "at"))
    workers = [at for name, at in moments.items() if name.startswith(WORKER)]
    last = {"beat": moments.get(BEAT), "tick": moments.get(TICK), "worker": max(workers, default=None)}
    return {name: None if at is None else max((now - at).total_seconds(), 0.0) for name, at in last.items()}
