"""What undo registers with the frame."""

from __future__ import annotations


def wire() -> None:
    """The jobs, and the nightly clearing."""
    from pmo.core.jobs.api import register_daily
    from pmo.core.undo import jobs

    register_daily(jobs.SWEEP, jobs.sweep_due, jobs.start_sweep)
