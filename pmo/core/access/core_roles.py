"""Which roles hold the kernel's permissions."""

from __future__ import annotations

from pmo.core.access.roles import EVERYBODY, READER, WHOLE_PMO, Role, allow

_REFERENCE = ("orgunit", "person", "currency", "exchangerate", "calendarexception", "fiscalperiod", "organisation")


def declare() -> None:
    """Everybody reads the reference data; the PMO administrator keeps it (holds everything); analysts keep calendars and rates."""
    for model in _REFERENCE:
        allow(EVERYBODY, f"core.{model}.view")
    for model in ("exchangerate", "calendarexception", "fiscalperiod"):
        allow({Role.PMO_ANALYST}, *(f"core.{model}.{action}" for action in ("add", "change", "delete")))
    allow(
        {Role.AUDITOR},
        "core.auditentry.view",
        "core.auditcheck.view",
        "core.rolegrant.view",
        "core.user.view",
        "core.job.view",
    )
    allow({Role.AUDITOR}, "core.administration.view", "core.featureswitch.view")
    allow(
        WHOLE_PMO,
        "core.auditentry.view",
        "core.job.view",
        "core.job.change",
        "core.importmapping.view",
        "core.importbatch.view",
        "core.importbatch.add",
        "core.importmapping.add",
        "core.importmapping.change",
        "core.importmapping.delete",
        "core.importbatch.change",
        "core.savedview.publish",
    )
    allow({READER}, "core.apitoken.own")
