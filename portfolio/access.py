"""Who reaches which portfolio (and through it which projects), and which roles hold the portfolio room's permissions."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q

from pmo.core.access.grants import grants_of, may_hold, role_rows
from pmo.core.access.roles import DELEGATE, EVERYBODY, OWNER, READER, WHOLE_PMO, Role, allow
from pmo.core.access.units import below
from pmo.core.calendars.queries import org_today
from portfolio.models import (
    Portfolio,
    PortfolioItem,
    PortfolioMember,
    Programme,
    ProgrammeItem,
    ReportDelegation,
    RollupReport,
)
from projects.access import SUBMIT, own_project_ids
from projects.models import Project
from projects.models.choices import Visibility

RECOMPUTE = "portfolio.health.recompute"
OVERRIDE = "portfolio.bandoverride.add"
SCORECARD = "portfolio.scorecard.view"
DASHBOARD = "portfolio.dashboard.view"
# One's own boards are a matter of taste, like favourites: an auditor has some too.
ARRANGE = "portfolio.board.arrange"
# In no bundle: only the PMO administrator, who holds every permission.
START_EMPTY = "portfolio.setup.empty"

REMIND = "portfolio.reportperiod.remind"
PUBLISH_ROLLUP = "portfolio.rollupreport.publish"

_WRITE = ("add", "change", "delete")


def portfolio_ids(user: Any, roles: frozenset[str]) -> Any:
    """Ids of portfolios the user reaches with one of the roles through membership, ownership or unit."""
    grants = grants_of(user)
    if grants.person_id is None:
        return None
    held = may_hold(user, roles)
    found = Q(pk__in=[])
    if held - {READER}:
        members = PortfolioMember.objects.filter(person_id=grants.person_id, role__in=held)
        found |= Q(pk__in=members.order_by().values("portfolio_id"))
    if Role.PORTFOLIO_OWNER in held:
        found |= Q(owner_id=grants.person_id)
    paths = grants.unit_paths(roles)
    if paths:
        found |= below(paths, "unit__path")
    if READER in roles and _has_part(user):
        items = PortfolioItem.objects.filter(project_id__in=own_project_ids(user))
        found |= Q(pk__in=items.order_by().values("portfolio_id"))
    return Portfolio.objects.filter(found).order_by().values("pk")


def _has_part(user: Any) -> bool:
    """Whether the user may have a part in some project: nobody has one without a role."""
    return bool(may_hold(user, EVERYBODY) - {READER})


def project_ids(user: Any, roles: frozenset[str]) -> Any:
    """Ids of projects reached through their portfolio, or shown within the portfolio or programme of one's own projects."""
    grants = grants_of(user)
    if grants.person_id is None:
        return None
    found = Q(pk__in=[])
    if may_hold(user, roles) - {READER}:
        found |= Q(portfolio_id__in=portfolio_ids(user, roles - {READER}))
    if READER in roles and _has_part(user):
        mine = own_project_ids(user)
        portfolios = PortfolioItem.objects.filter(project_id__in=mine).order_by().values("portfolio_id")
        programmes = ProgrammeItem.objects.filter(project_id__in=mine).order_by().values("programme_id")
        siblings = ProgrammeItem.objects.filter(programme_id__in=programmes).order_by().values("project_id")
        found |= Q(portfolio_id__in=portfolios, project__visibility=Visibility.PORTFOLIO)
        found |= Q(project_id__in=siblings, project__visibility__in=[Visibility.PROGRAMME, Visibility.PORTFOLIO])
    return PortfolioItem.objects.filter(found).order_by().values("project_id")


def delegations_to(person_id: int) -> Any:
    """Delegations under which the person writes reports today."""
    today = org_today()
    return ReportDelegation.objects.filter(to_person_id=person_id, starts_on__lte=today, ends_on__gte=today)


def delegated_project_ids(user: Any, roles: frozenset[str]) -> Any:
    """Ids of projects whose reports the user writes today for a project manager who is away."""
    person_id = grants_of(user).person_id
    if person_id is None or DELEGATE not in may_hold(user, roles):
        return None
    active = delegations_to(person_id)
    single = active.filter(project__isnull=False, project__pm_id=F("from_person_id")).order_by()
    whole = active.filter(project__isnull=True).order_by()
    found = Q(pm_id__in=whole.values("from_person_id")) | Q(pk__in=single.values("project_id"))
    return Project.objects.filter(found).order_by().values("pk")


def my_project_ids(user: Any) -> Any:
    """Ids of projects in which the user has a part, or whose reports the user writes today for a project manager who is away."""
    standing_in = delegated_project_ids(user, frozenset({DELEGATE}))
    if standing_in is None:
        return own_project_ids(user)
    either = Q(pk__in=own_project_ids(user)) | Q(pk__in=standing_in)
    return Project.objects.filter(either).order_by().values("pk")


def delegation_ids(user: Any, roles: frozenset[str]) -> Any:
    """Ids of delegations: one's own as the project manager who gave it; as a reader also those given to oneself."""
    person_id = grants_of(user).person_id
    if person_id is None:
        return None
    found = Q(pk__in=[])
    if OWNER in roles:
        found |= Q(from_person_id=person_id)
    if READER in roles:
        found |= Q(to_person_id=person_id)
    return ReportDelegation.all_objects.filter(found).order_by().values("pk")


def rollup_report_ids(user: Any, roles: frozenset[str]) -> Any:
    """Ids of roll-up reports: of portfolios in which a role is held, and of programmes one manages."""
    person_id = grants_of(user).person_id
    if person_id is None:
        return None
    found = Q(pk__in=[])
    named = roles - {READER, OWNER}
    if may_hold(user, named):
        found |= Q(portfolio_id__in=portfolio_ids(user, named))
    if OWNER in roles:
        found |= Q(programme__manager_id=person_id)
    return RollupReport.all_objects.filter(found).order_by().values("pk")


def roles_in_reporting(person_id: int) -> list[Any]:
    """What standing in for others today, and managing a programme, gives the person."""
    return [
        role_rows(delegations_to(person_id), DELEGATE),
        role_rows(Programme.objects.filter(manager_id=person_id), OWNER),
    ]


def declare_reporting_roles() -> None:
    """The PMO keeps the rules and reminds; a project manager hands over; the portfolio's owner and the programme manager roll up."""
    allow(EVERYBODY, "portfolio.reportperiod.view", "portfolio.reportingrule.view", "portfolio.reportreminder.view")
    allow(WHOLE_PMO, REMIND, *(f"portfolio.reportingrule.{action}" for action in _WRITE))
    allow(
        {READER, OWNER, *WHOLE_PMO, Role.AUDITOR},
        "portfolio.reportdelegation.view",
    )
    allow({Role.PROJECT_MANAGER, *WHOLE_PMO}, "portfolio.reportdelegation.add")
    allow({OWNER, *WHOLE_PMO}, "portfolio.reportdelegation.change", "portfolio.reportdelegation.delete")
    allow(
        {OWNER, Role.EXECUTIVE, Role.PORTFOLIO_OWNER, Role.PMO_ANALYST, Role.AUDITOR},
        "portfolio.rollupreport.view",
    )
    writers = {OWNER, Role.PORTFOLIO_OWNER, Role.PMO_ANALYST}
    allow(writers, "portfolio.rollupreport.change", "portfolio.rollupreport.delete", PUBLISH_ROLLUP)
    allow(writers, "portfolio.rollupreport.add")
    for name in ("project", "milestone", "issue", "decision", "action", "stakeholder"):
        allow({DELEGATE}, f"projects.{name}.view")
    for name in ("statusreport", "reportrating"):
        allow({DELEGATE}, *(f"projects.{name}.{action}" for action in ("view", "add", "change")))
    allow(
        {DELEGATE},
        SUBMIT,
        "risks.risk.view",
        "portfolio.reportperiod.view",
        "portfolio.reportreminder.view",
        "portfolio.healthsnapshot.view",
    )


def roles_in_portfolios(person_id: int) -> list[Any]:
    """Every role the person holds in some portfolio."""
    return [
        role_rows(PortfolioMember.objects.filter(person_id=person_id), F("role")),
        role_rows(Portfolio.objects.filter(owner_id=person_id), Role.PORTFOLIO_OWNER.value),
    ]


def declare_roles() -> None:
    """The bundles of the portfolio room."""
    allow(
        EVERYBODY,
        "portfolio.portfolio.view",
        "portfolio.programme.view",
        "portfolio.objective.view",
        "portfolio.contribution.view",
        "portfolio.portfolioitem.view",
        "portfolio.programmeitem.view",
        "portfolio.healthsnapshot.view",
        "portfolio.healthmodel.view",
    )
    allow(
        {Role.EXECUTIVE, Role.PORTFOLIO_OWNER, Role.PMO_ANALYST, Role.AUDITOR},
        SCORECARD,
        "portfolio.portfoliomember.view",
        "portfolio.bandoverride.view",
    )
    allow({Role.PMO_ANALYST, Role.PORTFOLIO_OWNER, Role.AUDITOR, Role.COORDINATOR, Role.RESOURCE_MANAGER}, DASHBOARD)
    allow(WHOLE_PMO, RECOMPUTE, "portfolio.healthmodel.add", "portfolio.healthmodel.change")
    for model in ("programme", "contribution", "portfolioitem", "programmeitem"):
        allow({Role.PMO_ANALYST, Role.PORTFOLIO_OWNER}, *(f"portfolio.{model}.{action}" for action in _WRITE))
    allow(
        {Role.PMO_ANALYST},
        *(f"portfolio.{model}.{action}" for model in ("portfolio", "objective") for action in ("add", "change")),
    )
    allow(
        {Role.PORTFOLIO_OWNER},
        "portfolio.portfolio.change",
        OVERRIDE,
        "portfolio.bandoverride.change",
        *(f"portfolio.portfoliomember.{action}" for action in _WRITE),
    )
    allow({Role.EXECUTIVE}, OVERRIDE)


_LINKS = ("programmefunction", "programmecontract", "programmesupplier", "programmemeasure")


def declare_function_roles() -> None:
    """What programmes serve and use is read with the programme and kept like it; the PMO keeps the functions themselves."""
    allow(EVERYBODY, "portfolio.businessfunction.view", *(f"portfolio.{name}.view" for name in _LINKS))
    allow(WHOLE_PMO, *(f"portfolio.businessfunction.{action}" for action in _WRITE))
    allow(
        {Role.PMO_ANALYST, Role.PORTFOLIO_OWNER},
        *(f"portfolio.{name}.{action}" for name in _LINKS for action in _WRITE),
    )
