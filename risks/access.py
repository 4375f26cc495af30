"""Who reads and keeps risks. The scope is the project; exposure in money is for those who see the project's money."""

from __future__ import annotations

from pmo.core.access.roles import EVERYBODY, WHOLE_PMO, Role, allow

EXPOSURE = "risks.exposure.view"
MATRIX_PAGE = "risks.risk.view"

_WRITE = ("add", "change", "delete")


def declare_roles() -> None:
    """Who sees a project sees its risks; its manager and coordinator keep them; the team may report one."""
    allow(EVERYBODY, "risks.risk.view", "risks.riskcategory.view", "risks.riskmatrix.view")
    allow({Role.PROJECT_MANAGER, Role.COORDINATOR}, *(f"risks.risk.{action}" for action in _WRITE))
    allow({Role.TEAM_MEMBER}, "risks.risk.add")
    for name in ("risk", "riskcategory", "riskmatrix"):
        allow(WHOLE_PMO, *(f"risks.{name}.{action}" for action in _WRITE))
    money = {
        Role.PMO_ANALYST,
        Role.EXECUTIVE,
        Role.PORTFOLIO_OWNER,
        Role.PROJECT_MANAGER,
        Role.SPONSOR,
        Role.AUDITOR,
    }
    allow(money, EXPOSURE)
