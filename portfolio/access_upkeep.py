"""Which roles see early warnings, mend data gaps and see who uses the product."""

from __future__ import annotations

from pmo.core.access.roles import EVERYBODY, WHOLE_PMO, Role, allow

WARNINGS = "portfolio.earlywarning.view"
GAPS = "portfolio.gap.view"
SNOOZE = "portfolio.snooze.add"
ADOPTION = "portfolio.adoption.view"


def declare_upkeep_roles() -> None:
    """The bundles: gaps for those who mend or ask others to, days of use for the PMO and the auditor."""
    allow(EVERYBODY, WARNINGS)
    allow(
        {
            Role.PMO_ANALYST,
            Role.PORTFOLIO_OWNER,
            Role.COORDINATOR,
            Role.PROJECT_MANAGER,
            Role.AUDITOR,
        },
        GAPS,
        "portfolio.snooze.view",
    )
    allow(
        {Role.PMO_ANALYST, Role.PORTFOLIO_OWNER, Role.COORDINATOR, Role.PROJECT_MANAGER},
        SNOOZE,
        "portfolio.snooze.delete",
    )
    allow({*WHOLE_PMO, Role.AUDITOR}, ADOPTION)
