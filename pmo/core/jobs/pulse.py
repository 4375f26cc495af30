"""Heartbeat and progress of one claimed job.

The job itself never touches its row: it leaves progress here, and a timer thread with its own connection writes it. So
progress is seen while the job is inside a transaction, and the heartbeat goes on during one long statement. In eager mode
(tests, commands in a transaction) the calls themselves write.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection
from django.utils import timezone

from pmo.core.jobs.errors import JobCancelled, LostClaim
from pmo.core.jobs.models import Job

log = logging.getLogger(__name__)

WRITE_SECONDS = 0.5
_SQLITE_WAIT_MS = 300


class Pulse:
    """Progress to write, and what was found when it was written: cancelled, or claimed by somebody else."""

    def __init__(self, job_id: int, claim: uuid.UUID) -> None:
        self.job_id, self.claim = job_id, claim
        self.done, self.total, self.message = 0, 0, ""
        self.cancelled = False
        self.lost = False
        self.changed = False
        self._written_at = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def report(self, done: int, total: int, message: str) -> None:
        """Leave progress, write it if the last write is half a second ago, and stop the job where it should stop."""
        self._set(done, total, message)
        if time.monotonic() - self._written_at >= WRITE_SECONDS:
            self.write()
        self.check()

    def check(self) -> None:
        """Raise JobCancelled or LostClaim where the row says so."""
        self.look()
        self._stop_if_told()

    def write(self) -> None:
        """Write heartbeat and progress, on the condition that the claim still holds."""
        self.changed = False
        rows = Job.objects.filter(pk=self.job_id, claim=self.claim, state=Job.State.RUNNING)
        if not rows.update(heartbeat_at=timezone.now(), done=self.done, total=self.total, message=self.message):
            self.lost = True
        self._written_at = time.monotonic()

    def look(self) -> None:
        """Read whether the claim still holds and whether somebody asked to stop."""
        row = Job.objects.filter(pk=self.job_id).values_list("claim", "state", "cancel_requested").first()
        if row is None or row[0] != self.claim or row[1] != Job.State.RUNNING:
            self.lost = True
        else:
            self.cancelled = row[2]

    def _set(self, done: int, total: int, message: str) -> None:
        self.done, self.total, self.message = max(done, 0), max(total, 0), message[:300]
        self.changed = True

    def _stop_if_told(self) -> None:
        if self.lost:
            raise LostClaim(f"Job {self.job_id} was taken over.")
        if self.cancelled:
            raise JobCancelled


class ThreadPulse(Pulse):
    """The same, written by a thread of its own while the `with` block lasts."""

    def __init__(self, job_id: int, claim: uuid.UUID) -> None:
        super().__init__(job_id, claim)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"pulse-{job_id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def report(self, done: int, total: int, message: str) -> None:
        self._set(done, total, message)
        self._stop_if_told()

    def check(self) -> None:
        self._stop_if_told()

    def _beat(self) -> None:
        every = settings.JOB_LOST_SECONDS / 4
        try:
            while not self._over.wait(WRITE_SECONDS) and not self.lost:
                try:
                    self._round(every)
                except DatabaseFault as fault:
                    log.warning("Heartbeat of job %s was not written: %s", self.job_id, fault)
                    connection.close()
        finally:
            connection.close()

    def _round(self, every: float) -> None:
        if connection.connection is None and connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                # Give up soon: the lock is most likely held by the job itself.
                cursor.execute(f"PRAGMA busy_timeout = {_SQLITE_WAIT_MS}")
        self.look()
        if not self.lost and (self.changed or time.monotonic() - self._written_at >= every):
            self.write()
