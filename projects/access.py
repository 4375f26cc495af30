"""Who reaches which project, and which roles hold the registry's permissions."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q

from pmo.core.access.grants import grants_of, may_hold, role_rows
from pmo.core.access.roles import EVERYBODY, READER, WHOLE_PMO, Role, allow
from pmo.core.access.units import below
from projects.models import Project, ProjectMember
from projects.models.choices import Visibility

MONEY = "projects.money.view"
REVIEW = "projects.statusreport.review"
SUBMIT = "projects.statusreport.submit"
SUBMIT_CHARTER = "projects.projectcharter.submit"
SIGN_CHARTER = "projects.projectcharter.sign"
COUNTERSIGN = "projects.projectcharter.countersign"
APPROVE_CHARTER = "projects.projectcharter.approve"
REOPEN_CHARTER = "projects.projectcharter.reopen"
ACCEPT = "projects.deliverable.accept"
VIEW_PLAN = "projects.plan.view"
IMPORT_PLAN = "projects.plan.import"
EDIT_PLAN = "projects.plan.edit"
PUBLISH_PLAN = "projects.plan.publish"
ADD_CONTRACT = "projects.contract.add"

_CHILDREN = (
    "milestone",
    "budgetline",
    "costline",
    "issue",
    "decision",
    "action",
    "stakeholder",
    "statusreport",
    "reportrating",
    "projectmember",
)
_WRITTEN_BY_PM = ("milestone", "costline", "issue", "decision", "action", "stakeholder", "statusreport", "reportrating")
_WRITE = ("add", "change", "delete")


def project_ids(user: Any, roles: frozenset[str]) -> Any:
    """Ids of projects the user reaches with one of the roles through membership, unit or the project's own visibility."""
    grants = grants_of(user)
    if grants.person_id is None:
        return None
    held = may_hold(user, roles)
    found = Q(visibility=Visibility.ORGANISATION) if READER in roles else Q(pk__in=[])
    if held - {READER}:
        members = ProjectMember.objects.filter(person_id=grants.person_id, role__in=held)
        found |= Q(pk__in=members.order_by().values("project_id"))
    if Role.PROJECT_MANAGER in held:
        found |= Q(pm_id=grants.person_id)
    if Role.SPONSOR in held:
        found |= Q(sponsor_id=grants.person_id)
    paths = grants.unit_paths(roles)
    if paths:
        found |= below(paths, "unit__path")
    return Project.objects.filter(found).order_by().values("pk")


def own_project_ids(user: Any) -> Any:
    """Ids of projects in which the user has any part as a member, project manager or sponsor.

    Three lookups rather than one condition: only so does each follow its index, instead of a look at every project there is.
    """
    person = grants_of(user).person_id
    member = ProjectMember.objects.filter(person_id=person, project__deleted_at__isnull=True)
    managed, sponsored = Project.objects.filter(pm_id=person), Project.objects.filter(sponsor_id=person)
    ids = (rows.order_by().values_list(name) for rows, name in ((managed, "pk"), (sponsored, "pk")))
    return member.order_by().values_list("project_id").union(*ids)


def roles_in_projects(person_id: int) -> list[Any]:
    """Every role the person holds in some project."""
    return [
        role_rows(ProjectMember.objects.filter(person_id=person_id), F("role")),
        role_rows(Project.objects.filter(pm_id=person_id), Role.PROJECT_MANAGER.value),
        role_rows(Project.objects.filter(sponsor_id=person_id), Role.SPONSOR.value),
    ]


def declare_roles() -> None:
    """The bundles: everybody who reaches a project reads it; its manager keeps it; the PMO keeps all; money is for few."""
    allow(
        EVERYBODY,
        "projects.project.view",
        *(f"projects.{name}.view" for name in _CHILDREN if name not in {"budgetline", "costline"}),
    )
    money_roles = {
        Role.PMO_ANALYST,
        Role.EXECUTIVE,
        Role.PORTFOLIO_OWNER,
        Role.PROJECT_MANAGER,
        Role.SPONSOR,
        Role.AUDITOR,
    }
    allow(money_roles, MONEY, "projects.budgetline.view", "projects.costline.view")
    for name in _WRITTEN_BY_PM:
        allow({Role.PROJECT_MANAGER}, *(f"projects.{name}.{action}" for action in _WRITE))
    allow(
        {Role.PROJECT_MANAGER},
        "projects.project.change",
        "projects.projectmember.add",
        "projects.projectmember.delete",
        "projects.projectmember.change",
        SUBMIT,
    )
    for name in ("milestone", "issue", "decision", "action", "stakeholder"):
        allow({Role.COORDINATOR}, *(f"projects.{name}.{action}" for action in _WRITE))
    allow(
        {Role.COORDINATOR},
        "projects.statusreport.add",
        "projects.statusreport.change",
        "projects.reportrating.add",
        "projects.reportrating.change",
    )
    for name in ("issue", "action"):
        allow({Role.TEAM_MEMBER}, f"projects.{name}.add", f"projects.{name}.change")
    allow({Role.SPONSOR, Role.EXECUTIVE, Role.PORTFOLIO_OWNER}, "projects.decision.change")
    for name in ("project", *_CHILDREN):
        allow({Role.PMO_ANALYST}, *(f"projects.{name}.{action}" for action in ("add", "change")))
    allow(WHOLE_PMO, REVIEW, SUBMIT, "projects.project.import", *(f"projects.{name}.delete" for name in _CHILDREN))
    allow({Role.PORTFOLIO_OWNER}, "projects.project.add", "projects.project.change")


_KEPT_TOGETHER = ("projectobjective", "successcriterion", "deliverable", "qualityfinding")
_EXTRAS = ("projectcharter", *_KEPT_TOGETHER, "benefit", "benefitline")


def declare_extra_roles() -> None:
    """Charter, aims, deliverables, findings and benefits: the manager keeps them, others sign, accept and measure."""
    allow(EVERYBODY, *(f"projects.{name}.view" for name in (*_EXTRAS, "charterrevision", "chartersignature")))
    every = [f"projects.{name}.{action}" for name in _EXTRAS for action in _WRITE]
    allow({Role.PROJECT_MANAGER, *WHOLE_PMO}, *every, SUBMIT_CHARTER, REOPEN_CHARTER, SIGN_CHARTER)
    allow({Role.COORDINATOR}, *(f"projects.{name}.{action}" for name in _KEPT_TOGETHER for action in _WRITE))
    allow(WHOLE_PMO, COUNTERSIGN)
    allow({Role.SPONSOR, *WHOLE_PMO}, APPROVE_CHARTER)
    allow({Role.SPONSOR}, SIGN_CHARTER, REOPEN_CHARTER, "projects.successcriterion.change")
    allow({Role.SPONSOR, Role.PORTFOLIO_OWNER, *WHOLE_PMO}, ACCEPT)
    allow({Role.SPONSOR, Role.PORTFOLIO_OWNER}, "projects.benefit.change", *_BENEFIT_LINES)


_BENEFIT_LINES = ("projects.benefitline.add", "projects.benefitline.change")


def declare_plan_roles() -> None:
    """Whoever sees a project sees its plan, without its costs and rates; its manager, coordinator and the PMO keep it.

    The four permissions are asked for on the project; versions, tasks and files follow them.
    """
    allow(EVERYBODY, VIEW_PLAN, "projects.planversion.view", "projects.plantask.view")
    keepers = {Role.PROJECT_MANAGER, Role.COORDINATOR, *WHOLE_PMO}
    allow(keepers, IMPORT_PLAN, EDIT_PLAN, PUBLISH_PLAN, "projects.planfile.view")
    allow(EVERYBODY, "projects.wbsrules.view")
    allow(WHOLE_PMO, "projects.wbsrules.add", "projects.wbsrules.change", "projects.wbsrules.delete")


def declare_supplier_roles() -> None:
    """Everybody knows the suppliers, the PMO keeps them; a project's contracts are its manager's too.

    A contract without a project is seen and kept by roles held in the whole organisation.
    """
    allow(EVERYBODY, "projects.supplier.view", "projects.contract.view")
    allow(WHOLE_PMO, *(f"projects.supplier.{action}" for action in _WRITE))
    allow({Role.PROJECT_MANAGER, *WHOLE_PMO}, ADD_CONTRACT, "projects.contract.change", "projects.contract.delete")
