"""Every type of page, on the demo company: an address each, found through the rows that the demo has."""

from __future__ import annotations

import uuid
from dataclasses import replace
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Count, Model, QuerySet

from knowledge.models import Article, Lesson, Template
from office.models import PMOCharter, PMOUnit, TypeAssessment
from office.services.charters import revise_charter
from pmo.core.activity.services.comments import add_comment
from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.custom_fields.models import CustomField
from pmo.core.imports import services
from pmo.core.jobs.models import Job
from pmo.core.messages.api import notify
from pmo.core.messages.models import Webhook
from pmo.core.messages.services.webhooks import create_webhook
from pmo.core.messages.tokens import unsubscribe_token
from pmo.core.people.models import Person, User
from pmo.core.registers.saved_views.models import SavedView
from pmo.core.registers.undo.models import UndoEntry
from pmo.core.report_builder.services import keep_report
from pmo.core.search.services import rebuild
from pmo.core.sign_in.services.accounts import create_service
from pmo.core.sign_in.services.invites import invite
from portfolio.demo.seed import SeedPlan, seed_demo
from portfolio.models import Board, Portfolio, Programme, RollupReport
from projects.models import Milestone, Project, ProjectCharter, StatusReport, Supplier
from projects.models.plan import PlanFile
from projects.services.plans import shelf
from projects.services.plans.shelf import PROPOSE_JOB
from projects.services.plans.storing import commit_plan
from projects.services.plans.taking import preview
from projects.services.plans.working import report_of
from resources.models import Allocation, Equipment
from risks.models import Risk, RiskMatrix
from tests.conftest import client_of
from tests.health import build
from tests.linked.build import archive, checked, replaced
from tests.plan_pages.build import changed_plan, small_plan
from tests.plan_registers.build import came_along
from tests.wizard.build import upload

# The roles whose home is a page of its own kind, by their demo login.
HOMES = {
    "executive": "wangzhiyuan",
    "portfolio owner": "fangyi",
    "sponsor": "lilan",
    "project manager": "zhouqiming",
    "team member": "shenli",
    "resource manager": "pengcheng",
    "auditor": "tianye",
}
TABS = (
    "charter",
    "scope",
    "benefits",
    "resources",
    "risks",
    "lessons",
    "health",
    "schedule",
    "cost",
    "contracts",
    "issues",
    "reports",
)
LISTS = (
    "risks",
    "lessons",
    "templates",
    "articles",
    "benefits",
    "deliverables",
    "quality-findings",
    "charters",
    "allocations",
    "pool",
    "certificates",
    "equipment",
    "equipment-bookings",
    "custom-fields",
    "lookup-values",
    "decision-rights",
    "pmo-charters",
    "type-assessments",
    "metrics",
    "users",
    "invitations",
    "audit",
    "health",
    "report-periods",
    "report-delegations",
    "reporting-rules",
    "rollup-reports",
    "status-reports",
    "early-warnings",
    "put-off-gaps",
    "lookup-tables",
    "tags",
    "suppliers",
    "contracts",
    "business-functions",
    "programme-measures",
)
FILE = "Code,Project name,RAG\nA-1,Alpha,Green\nA-2,Beta,Tangerine\n"


def company() -> SimpleNamespace:
    """The demo of eight weeks, a list half imported, a job, and a session for each home and for the administrator."""
    seed_demo(actor=SYSTEM, plan=SeedPlan(today=build.DAY, weeks=8))
    rebuild()
    _told()
    return SimpleNamespace(
        sessions={name: _session(name) for name in ("suqing", *HOMES.values())},
        project=Project.objects.annotate(risks_of=Count("risks")).order_by("-risks_of", "pk")[0].pk,
        batch=_read_batch(),
        linked=_linked_tables(),
        draft=_draft(),
        kept=_kept(),
        said=_said(),
        change=_change(),
        service=_program(),
        job=Job.objects.create(kind="recompute_health", state=Job.State.DONE).uid,
        plans=_plan_files(),
    )


def _plan_files() -> dict[str, str]:
    """A plan, the file that came after it, one that holds several projects and one that cannot be read; by state."""
    project = Project.objects.annotate(risks_of=Count("risks")).order_by("-risks_of", "pk")[0]
    keeper = get_user_model().objects.get(username="suqing")
    commit_plan(actor=actor_of(keeper), project=project, plan=small_plan())
    sources = [{"key": key, "name": f"Crane {key}", "tasks": 4, "stub": key == "C"} for key in "ABC"]
    plan, places = replace(changed_plan(), entries=came_along()), {}
    report = report_of(plan) | {"registers": preview(actor=actor_of(keeper), project=project, plan=plan)}
    for state in ("read", "choosing", "failed"):
        file = PlanFile.objects.create(
            project=project, filename=f"{state}.mpp", stored="plans/none", size=9, sha256="0", owner=keeper, state=state,
            report=report, sources=sources, error={"code": "protected", "params": {}},
        )  # fmt: skip
        shelf.keep_plan(file, plan)
        places[state] = f"/projects/{project.pk}/plan/files/{file.pk}/"
    fed = Milestone.objects.get(project=project, name="Accepted", task_key__isnull=False)
    return places | {"fed": f"/r/milestones/{fed.pk}/", "new": f"/projects/from-plans/{_proposed(keeper)}/0/"}


def _proposed(keeper: User) -> uuid.UUID:
    """A plan file that was read for a project not registered yet."""
    values = {
        "code": "PX-0917",
        "name_en": "Harbour crane renewal",
        "planned_start": "2027-03-01",
        "manager": "Nobody Here",
    }
    result = {"filename": "crane.mpp", "sources": [], "projects": [{"key": "", "name": "Crane", "values": values}]}
    params = {"filename": "crane.mpp", "name": "plans/none", "sha256": "0", "size": 9}
    job = Job.objects.create(kind=PROPOSE_JOB, owner=keeper, state=Job.State.DONE, params=params, result=result)
    return job.uid


def _told() -> None:
    """The administrator was told of something; a program outside waits to be."""
    keeper = get_user_model().objects.get(username="suqing")
    create_webhook(actor=actor_of(keeper), name="Data platform", url="https://hooks.example.org/", events=[])
    params = {"person": "Zhou Qiming", "subject": "Risk review", "project": "Metro", "period": "2026-11"}
    for event in ("report.submitted", "mention", "report.published"):
        notify(event=event, recipients=[keeper], params=params, text="Please look.", url="/my-work/")


def _program() -> int:
    """A service account, and an invitation that waits."""
    keeper = actor_of(get_user_model().objects.get(username="suqing"))
    invite(actor=keeper, email="zhao@example.org", name="赵敏", roles=["executive"], unit=None, language="zh-hans")
    return create_service(actor=keeper, name="Data platform", roles=["pmo_analyst"], unit=None).pk


def _kept() -> int:
    """A report of the builder that is sent every Monday."""
    keeper = get_user_model().objects.get(username="suqing")
    query = "_of=projects&_by=status&_across=priority"
    return keep_report(actor=actor_of(keeper), name="Projects by status", query=query, schedule="weekly").pk


def _said() -> int:
    """A risk that somebody has spoken of."""
    risk = Risk.objects.order_by("pk")[0]
    keeper = get_user_model().objects.get(username="suqing")
    add_comment(actor=actor_of(keeper), row=risk, text="Two rigs are free in week 50.", url=f"/r/risks/{risk.pk}/")
    return int(risk.pk)


def _change() -> object:
    """A deletion that can still be taken back."""
    keeper = get_user_model().objects.get(username="suqing")
    risk = Risk.objects.order_by("-pk")[0]
    client_of(keeper).post(f"/r/risks/{risk.pk}/delete/", {"version": risk.version})
    return UndoEntry.objects.get(kind=UndoEntry.Kind.DELETE).uid


def _read_batch() -> int:
    batch = upload(FILE)
    services.describe(batch)
    return batch.pk


def _linked_tables() -> int:
    """Linked tables whose report stands, with refused rows and a column that nobody expected."""
    return checked(archive(contract=replaced("contract", "1.5,", "lots,"), service=None)).pk


def _draft() -> int:
    """The next revision of the charter that is in force."""
    signed = PMOCharter.objects.filter(state=PMOCharter.State.SIGNED).order_by("pk")[0]
    return revise_charter(actor=SYSTEM, charter=signed, note="A new unit").pk


def _session(username: str) -> str:
    client = client_of(get_user_model().objects.get(username=username))
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def _pk(rows: type[Model] | QuerySet, **where: object) -> int:
    found = (rows if isinstance(rows, QuerySet) else rows._default_manager.all()).filter(**where)
    return int(found.order_by("pk").values_list("pk", flat=True)[0])


def main_pages(demo: SimpleNamespace) -> dict[str, str]:
    """The dozen that people come for: seen in every combination."""
    project = f"/r/projects/{demo.project}/"
    return {
        "home": "/",
        "demo scorecard": "/scorecard/",
        "demo dashboard": "/dashboard/",
        "demo early warnings": "/warnings/?weeks=12",
        "demo data gaps": "/data-quality/?rule=risk_review_overdue",
        "demo adoption": "/adoption/",
        "project list": "/r/projects/",
        "project page": project,
        "tab risks": f"{project}tab/risks/",
        "project charter": f"/projects/{demo.project}/charter/",
        "review queue": "/reporting/queue/",
        "risk matrix": "/risks/matrix/",
        "capacity": "/resources/capacity/",
        "knowledge": "/knowledge/",
        "office": "/office/",
        "risk form": "/r/risks/new/",
    }


def other_pages(demo: SimpleNamespace) -> dict[str, str]:
    """The rest, each seen in two combinations that have no language, theme or width in common."""
    project, article = f"/r/projects/{demo.project}/", _pk(Article)
    charter = _pk(PMOCharter)
    own = {
        "matrix cells": f"/risks/matrices/{_pk(RiskMatrix)}/cells/",
        "ready-made scales": "/risks/matrices/ready-made/",
        "ready-made categories": "/risks/categories/ready-made/",
        "capacity of people by week": "/resources/capacity/?rows=people&by=week",
        "equipment grid": "/resources/equipment/",
        "search": "/knowledge/search?q=%E9%A3%8E%E9%99%A9",
        "search without result": "/knowledge/search?q=zzzz",
        "article": f"/knowledge/articles/{article}/",
        "article form": f"/r/articles/{article}/edit/",
        "article revisions": f"/knowledge/articles/{article}/revisions/",
        "article images": f"/knowledge/articles/{article}/images/",
        "preview of a custom field": f"/r/custom-fields/{_pk(CustomField, kind='formula')}/tab/preview/",
        "form of a custom field": f"/r/custom-fields/{_pk(CustomField, kind='choice')}/edit/",
        "pmo unit": f"/office/units/{_pk(PMOUnit)}/",
        "assessment form": f"/office/units/{_pk(PMOUnit)}/assess/",
        "assessment": f"/office/assessments/{_pk(TypeAssessment)}/",
        "pmo charter": f"/office/charters/{charter}/",
        "rights editor": f"/office/charters/{demo.draft}/rights/",
        "metric": "/metrics/PF-COVERAGE/",
        "registers": "/registers/",
        "favourites": "/favourites/",
        "start empty": "/start-empty/",
        "portfolio": f"/r/portfolios/{_pk(Portfolio)}/",
        "programme": f"/r/programmes/{_pk(Programme)}/",
        "functions of a programme": f"/r/programmes/{_pk(Programme, code='PG-5GN')}/tab/functions/",
        "suppliers of a programme": f"/r/programmes/{_pk(Programme, code='PG-5GN')}/tab/supply/",
        "supplier": f"/r/suppliers/{_pk(Supplier, code='SUP-AQT')}/",
        "boards": "/boards/",
        "board of the PMO": "/boards/role/pmo/",
        "board of a past day": "/boards/role/executive/?date=2026-10-31",
        "board of one's own": f"/boards/{_pk(Board)}/",
        "arranging a board": f"/boards/{_pk(Board)}/arrange/",
        "tile": "/tiles/by-unit/",
        "reports built": "/built-reports/",
        "beginning a report": "/built-reports/new/",
        "report with two columns": f"/built-reports/{demo.kept}/",
        "report over time": "/built-reports/new/?_of=projects&_by=planned_finish:quarter&_chart=line",
        "report as a table": "/built-reports/new/?_of=risks&_by=status&_chart=table",
        "rows of a past day": "/r/milestones-past/?as_of=2026-10-31",
        "plan tasks": "/r/tasks/",
        "plan versions": "/r/plan-versions/",
        "late reports": "/reporting/late/",
        "reporting rule form": "/r/reporting-rules/new/",
        "delegation form": "/r/report-delegations/new/",
        "roll-up form": "/r/rollup-reports/new/",
        "lookup value form": "/r/lookup-values/new/",
        "on-time rate": "/reporting/on-time/",
        "roll-up report": f"/reporting/rollup/{_pk(RollupReport, state='published')}/",
        "roll-up draft": f"/reporting/rollup/{_pk(RollupReport, state='draft')}/",
        "model of health": "/health/model/",
        "model form": "/health/model/edit/",
        "model history": "/health/model/history/",
        "import upload": "/imports/new/",
        "import columns": f"/imports/{demo.batch}/columns/",
        "import page": f"/imports/{demo.batch}/",
        "job": f"/jobs/{demo.job}/",
        "notifications": "/notifications",
        "one search": "/search/?q=dianchi",
        "one search without hits": "/search/?q=zzzz",
        "one search before a word": "/search/",
        "keyboard": "/keyboard/",
        "notification settings": "/account/messages",
        "calendars": "/account/calendars",
        "account and security": "/account/security",
        "sessions": "/account/sessions",
        "change of the password": "/account/password",
        "confirmation": "/account/confirm",
        "invitations": "/invites/",
        "service accounts": "/service-accounts/",
        "service account": f"/service-accounts/{demo.service}/",
        "new login": "/users/new/",
        "sign-in of a login": f"/r/users/{_pk(User, username='lilan')}/tab/sign-in/",
        "my data": "/my-data",
        "data of a person": f"/people/{_pk(Person)}/data",
        "check of the audit trail": "/audit/check",
        "webhooks": "/webhooks/",
        "administration": "/administration/",
        "organisation settings": "/administration/organisation/",
        "roles": "/administration/roles/",
        "why": "/administration/why/?who=zhouqiming&action=change&register=projects",
        "working calendar": "/administration/calendar/?country=CN",
        "lookups": "/administration/lookups/",
        "mappings": "/administration/mappings/",
        "mapping upload": "/administration/mappings/new/",
        "mail": "/administration/mail/",
        "retention": "/administration/retention/",
        "feature switches": "/administration/features/",
        "webhook form": "/webhooks/new/",
        "webhook": f"/webhooks/{_pk(Webhook)}/",
        "chat group form": "/chat-groups/new/",
        "unsubscribe": f"/unsubscribe/{unsubscribe_token(1, 'report.due')}",
        "risk": f"/r/risks/{_pk(Risk)}/",
        "risk trash": "/r/risks/trash/",
        "risk view": f"/r/risks/?view={_pk(SavedView, register='risks')}",
        "risk views": "/r/risks/views/",
        "risk view form": "/r/risks/views/new/?sort=-score",
        "recent changes": "/changes/",
        "a change": f"/changes/{demo.change}/",
        "what was said of a risk": f"/r/risks/{demo.said}/tab/activity/",
        "empty list": "/r/risks/?q=zzzz",
        "lesson": f"/r/lessons/{_pk(Lesson)}/",
        "template": f"/r/templates/{_pk(Template)}/",
        "equipment": f"/r/equipment/{_pk(Equipment)}/",
        "allocation": f"/r/allocations/{_pk(Allocation)}/",
        "allocation form": "/r/allocations/new/",
        "charter form": f"/r/charters/{_pk(ProjectCharter)}/edit/",
        "choose a report's project": "/reports/new/",
        "report draft": f"/reports/new/?project={demo.project}",
        "report upload": f"/reports/form/?project={demo.project}",
        "report to review": f"/reports/{_pk(StatusReport, state='submitted')}/",
        "report on file": f"/reports/{_pk(StatusReport, state='published')}/",
        "plan import": f"/projects/{demo.project}/plan/import/",
        "plan import of several": "/imports/plans/",
        "import of linked tables": "/imports/linked/",
        "report of linked tables": f"/imports/linked/{demo.linked}/",
        "new projects from plan files": "/projects/from-plans/",
        "new project from a plan file": demo.plans["new"],
        "milestone that the plan feeds": demo.plans["fed"],
        "form of a milestone that the plan feeds": f"{demo.plans['fed']}edit/",
        "plan": f"/r/projects/{demo.project}/tab/plan/",
        "plan, work breakdown structure": f"/projects/{demo.project}/plan/wbs/?rule=complete",
        "WBS rules form": "/r/wbs-rules/new/",
        "plan files": f"/projects/{demo.project}/plan/files/",
        "plan export": f"/projects/{demo.project}/plan/export/",
        "plan file with several projects": demo.plans["choosing"],
        "plan file not readable": demo.plans["failed"],
        "fidelity report": demo.plans["read"],
        "fidelity report, outline": f"{demo.plans['read']}?show=outline",
        "fidelity report, changes": f"{demo.plans['read']}?show=changes",
        "fidelity report, rows": f"{demo.plans['read']}rows/?line=tasks",
    }
    own |= {f"tab {key}": f"{project}tab/{key}/" for key in TABS}
    own |= {f"list {key}": f"/r/{key}/" for key in LISTS}
    return own | {"risks that count on a supplier": f"/r/suppliers/{_pk(Supplier, code='SUP-QYC')}/tab/risks/"}
