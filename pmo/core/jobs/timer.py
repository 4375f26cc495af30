"""The timer of a worker's main process: delivers and reaps even where the beat has stopped."""

from __future__ import annotations

import logging
import socket
import threading

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection

from pmo.core.jobs import services, ticks
from pmo.core.messages.tasks import wake

log = logging.getLogger(__name__)

_LONGEST_SECONDS = 10.0


class WorkerTimer:
    """A thread that runs a round every few seconds until it is stopped."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; a second call while it runs does nothing."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._over.clear()
        self._thread = threading.Thread(target=self._run, name="jobs-timer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the current round."""
        self._over.set()

    def _run(self) -> None:
        every = min(_LONGEST_SECONDS, settings.JOB_LOST_SECONDS / 2)
        while True:
            run_round()
            if self._over.wait(every):
                return


def run_round() -> None:
    """One round. A database that does not answer is logged and tried again in the next one."""
    try:
        ticks.note_worker(socket.gethostname())
        services.reap_lost()
        services.deliver_due()
        wake()
    except DatabaseFault as fault:
        log.warning("The worker's timer could not reach the database: %s", fault)
    finally:
        # Pool processes are forked from this one: no connection may be open then.
        connection.close()
