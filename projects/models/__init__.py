"""The project registry and what hangs on a project."""

from projects.models.aims import ProjectObjective, ProjectObjectiveVersion, SuccessCriterion, SuccessCriterionVersion
from projects.models.benefit import Benefit, BenefitLine, BenefitLineVersion, BenefitVersion
from projects.models.charter import CharterRevision, CharterSignature, ProjectCharter, ProjectCharterVersion
from projects.models.deliverable import Deliverable, DeliverableVersion
from projects.models.members import ProjectMember
from projects.models.milestone import Milestone, MilestoneVersion
from projects.models.money import BudgetLine, BudgetLineVersion, CostLine, CostLineVersion
from projects.models.plan import (
    Assignment,
    PlanCalendar,
    PlanFile,
    PlanResource,
    PlanTask,
    PlanVersion,
    TaskBaseline,
    TaskLink,
)
from projects.models.project import Project, ProjectVersion
from projects.models.quality import QualityFinding, QualityFindingVersion
from projects.models.report import (
    ReportRating,
    ReportRatingVersion,
    ReportSnapshot,
    StatusReport,
    StatusReportVersion,
)
from projects.models.ridac import Action, ActionVersion, Decision, DecisionVersion, Issue, IssueVersion
from projects.models.stakeholder import Stakeholder
from projects.models.supplier import Contract, Supplier

__all__ = [
    "Action",
    "ActionVersion",
    "Assignment",
    "Benefit",
    "BenefitLine",
    "BenefitLineVersion",
    "BenefitVersion",
    "BudgetLine",
    "BudgetLineVersion",
    "CharterRevision",
    "CharterSignature",
    "Contract",
    "CostLine",
    "CostLineVersion",
    "Decision",
    "DecisionVersion",
    "Deliverable",
    "DeliverableVersion",
    "Issue",
    "IssueVersion",
    "Milestone",
    "MilestoneVersion",
    "PlanCalendar",
    "PlanFile",
    "PlanResource",
    "PlanTask",
    "PlanVersion",
    "Project",
    "ProjectCharter",
    "ProjectCharterVersion",
    "ProjectMember",
    "ProjectObjective",
    "ProjectObjectiveVersion",
    "ProjectVersion",
    "QualityFinding",
    "QualityFindingVersion",
    "ReportRating",
    "ReportRatingVersion",
    "ReportSnapshot",
    "Stakeholder",
    "StatusReport",
    "StatusReportVersion",
    "SuccessCriterion",
    "SuccessCriterionVersion",
    "Supplier",
    "TaskBaseline",
    "TaskLink",
]
