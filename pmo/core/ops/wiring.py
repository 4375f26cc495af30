"""What operations register with the frame."""

from __future__ import annotations


def wire() -> None:
    """What is removed after a time, the check of the audit trail, the figures for monitors."""
    from pmo.core.ops import audit_check, purges
    from pmo.core.ops.metrics import sources
    from pmo.core.retention import job as retention_job

    purges.declare()
    retention_job.wire()
    audit_check.wire()
    sources.declare()
