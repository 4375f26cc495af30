"""Who may do what, written down by hand: the tests walk this table against every route.

Letters: A PMO administrator, N PMO analyst, C coordinator (member of the project), E executive (member of the portfolio),
O portfolio owner, R resource manager (of the unit), P project manager, T team member, S sponsor, U auditor, X a login without a role.
All of them meet one private project in one portfolio; X has no part in either.
"""

from __future__ import annotations

from tests.access.rights import INSIDE, ROLES, Rights
from tests.access.rooms import ROOMS

__all__ = ["INSIDE", "REGISTERS", "ROLES", "Rights"]

REGISTERS: dict[str, Rights] = {
    "projects": Rights(INSIDE, "ANO", "ANPO", "A", lists=ROLES),
    "milestones": Rights(INSIDE, "ANCP", "ANCP", "ANCP", lists=ROLES),
    "budget-lines": Rights("ANEOPSU", "AN", "AN", "AN"),
    "cost-lines": Rights("ANEOPSU", "ANP", "ANP", "ANP"),
    "issues": Rights(INSIDE, "ANCPT", "ANCPT", "ANCP", lists=ROLES),
    "decisions": Rights(INSIDE, "ANCP", "ANCPSEO", "ANCP", lists=ROLES),
    "actions": Rights(INSIDE, "ANCPT", "ANCPT", "ANCP", lists=ROLES),
    "stakeholders": Rights(INSIDE, "ANCP", "ANCP", "ANCP", lists=ROLES),
    "project-members": Rights(INSIDE, "ANP", "ANP", "ANP", lists=ROLES),
    "status-reports": Rights(INSIDE, "ANCP", "ANCP", "ANP", lists=ROLES),
    "report-ratings": Rights(INSIDE, lists=ROLES),
    "portfolios": Rights(INSIDE, "AN", "ANO", "A", lists=ROLES),
    "programmes": Rights(INSIDE, "ANO", "ANO", "ANO", lists=ROLES),
    "portfolio-items": Rights(INSIDE, "ANO", "ANO", "ANO", lists=ROLES),
    "programme-items": Rights(INSIDE, "ANO", "ANO", "ANO", lists=ROLES),
    "portfolio-members": Rights("ANEOU", "AO", "AO", "AO"),
    "band-overrides": Rights("ANEOU", "AEO", "AO", "A"),
    "objectives": Rights(ROLES, "AN", "AN", "A"),
    "contributions": Rights(INSIDE, "ANO", "ANO", "ANO", lists=ROLES),
    "health": Rights(INSIDE, lists=ROLES),
    "health-models": Rights(ROLES),
    "people": Rights(ROLES, "A", "A", "A"),
    "org-units": Rights(ROLES, "A", "A", "A"),
    "role-grants": Rights("AU", "A", "A", "A"),
    "users": Rights("AU"),
    "currencies": Rights(ROLES, "A", "A", "A"),
    "exchange-rates": Rights(ROLES, "AN", "AN", "AN"),
    "calendar-exceptions": Rights(ROLES, "AN", "AN", "AN"),
    "fiscal-periods": Rights(ROLES, "AN", "AN", "AN"),
    "jobs": Rights("ANU", lists=ROLES),
    "audit": Rights("ANU"),
    "import-mappings": Rights("AN", change="AN", delete="AN"),
    "imports": Rights("AN"),
}
for _room in ROOMS:
    REGISTERS |= _room.RIGHTS
