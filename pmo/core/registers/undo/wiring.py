"""What undo registers with the frame."""

from __future__ import annotations

import importlib


def wire() -> None:
    """The jobs, and the nightly clearing."""
    from pmo.core.jobs.api import register_daily
    from pmo.core.registers.undo import jobs

    importlib.import_module("pmo.core.registers.bulk.jobs")
    register_daily(jobs.SWEEP, jobs.sweep_due, jobs.start_sweep)
