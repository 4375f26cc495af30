"""The registers of the project registry."""

from pmo.core.registers.declaration import register
from projects.registers.aims import CRITERIA, OBJECTIVES
from projects.registers.benefits import BENEFIT_LINES, BENEFITS
from projects.registers.charters import CHARTERS
from projects.registers.milestones import MILESTONES
from projects.registers.money import BUDGET_LINES, COST_LINES
from projects.registers.people import MEMBERS, STAKEHOLDERS
from projects.registers.plans import PLAN_VERSIONS, TASKS
from projects.registers.project import PROJECTS
from projects.registers.reports import RATINGS, REPORTS
from projects.registers.ridac import ACTIONS, DECISIONS, ISSUES
from projects.registers.scope import DELIVERABLES, FINDINGS
from projects.registers.suppliers import CONTRACTS, SUPPLIERS, contribute_supplier_filter
from projects.registers.wbs_rules import WBS_RULES

ALL = (
    PROJECTS,
    MILESTONES,
    TASKS,
    PLAN_VERSIONS,
    BUDGET_LINES,
    COST_LINES,
    ISSUES,
    DECISIONS,
    ACTIONS,
    STAKEHOLDERS,
    MEMBERS,
    REPORTS,
    RATINGS,
    CHARTERS,
    OBJECTIVES,
    CRITERIA,
    DELIVERABLES,
    FINDINGS,
    BENEFITS,
    BENEFIT_LINES,
    SUPPLIERS,
    CONTRACTS,
    WBS_RULES,
)


def declare() -> None:
    """Make all of them known."""
    for declared in ALL:
        register(declared)
    contribute_supplier_filter()
