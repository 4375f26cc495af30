"""The project registry and what hangs on a project."""

from projects.models.members import ProjectMember
from projects.models.milestone import Milestone, MilestoneVersion
from projects.models.money import BudgetLine, BudgetLineVersion, CostLine, CostLineVersion
from projects.models.project import Project, ProjectVersion
from projects.models.report import ReportRating, ReportRatingVersion, StatusReport, StatusReportVersion
from projects.models.ridac import Action, ActionVersion, Decision, DecisionVersion, Issue, IssueVersion
from projects.models.stakeholder import Stakeholder

__all__ = [
    "Action",
    "ActionVersion",
    "BudgetLine",
    "BudgetLineVersion",
    "CostLine",
    "CostLineVersion",
    "Decision",
    "DecisionVersion",
    "Issue",
    "IssueVersion",
    "Milestone",
    "MilestoneVersion",
    "Project",
    "ProjectMember",
    "ProjectVersion",
    "ReportRating",
    "ReportRatingVersion",
    "Stakeholder",
    "StatusReport",
    "StatusReportVersion",
]
