"""What somebody may not see does not come out by a side door: filters, chips, choices, sentences, roles given to oneself."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.test import Client

from pmo.core.access.roles import Role
from pmo.core.history.models import versioned_models
from pmo.core.history.services import write_versions
from portfolio.models import HealthModel, PortfolioMember
from portfolio.services.health.recompute import recompute
from projects.models import ProjectMember, StatusReport
from tests import factories
from tests.conftest import UserClient, client_of

pytestmark = pytest.mark.django_db
SECRET = "Merger with Heron"


def body(client: Client, url: str, **query: Any) -> str:
    """The page's text, whatever its status."""
    return client.get(url, query).content.decode()


@pytest.mark.parametrize("register", ["milestones", "issues", "actions", "status-reports"])
def test_a_filter_by_number_does_not_tell_the_name_of_a_hidden_project(outsider: UserClient, register: str) -> None:
    factories.organisation()
    hidden = factories.project(visibility="private", name_en=SECRET, name_zh="")
    factories.milestone(factories.project())
    page = body(outsider, f"/r/{register}/", project=hidden.pk)
    assert SECRET not in page
    export = outsider.get(f"/r/{register}/export.csv", {"project": hidden.pk})
    assert SECRET not in b"".join(export.streaming_content).decode()


def test_a_filter_by_number_still_names_a_project_one_sees(outsider: UserClient) -> None:
    factories.organisation()
    shown = factories.project(name_en="Open lab", name_zh="")
    assert "Open lab" in body(outsider, "/r/milestones/", project=shown.pk)


def test_the_portfolio_filter_offers_only_portfolios_one_sees(outsider: UserClient, pmo_admin: UserClient) -> None:
    factories.organisation()
    factories.portfolio(name_en=SECRET, name_zh="")
    assert SECRET in body(pmo_admin, "/r/milestones/")
    assert SECRET not in body(outsider, "/r/milestones/")


def test_a_new_row_for_a_hidden_project_does_not_name_it(client_for: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pmo.core.registers.forms.LONG_LIST", 1)
    factories.organisation()
    hidden = factories.project(visibility="private", name_en=SECRET, name_zh="")
    manager = client_for()
    for _ in range(3):
        factories.project(pm=manager.user.person)
    assert SECRET not in body(manager, "/r/milestones/new/", project=hidden.pk)


def test_a_new_row_from_a_project_page_knows_the_project_in_a_long_list(
    client_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pmo.core.registers.forms.LONG_LIST", 1)
    factories.organisation()
    manager = client_for()
    mine = [factories.project(pm=manager.user.person, name_en=f"Mine {n}", name_zh="") for n in range(3)]
    assert f'value="{mine[1].code} Mine 1"' in body(manager, "/r/milestones/new/", project=mine[1].pk)


def _overspent(**values: Any) -> Any:
    """A project that has spent all its budget for half the work, with health computed for it."""
    project = factories.project(
        actual_start=datetime.date(2026, 1, 1),
        planned_start=datetime.date(2026, 1, 1),
        planned_finish=datetime.date(2026, 12, 31),
        **values,
    )
    factories.budget_line(project, "7654321.00")
    factories.cost_line(project, "7111111.00")
    past = datetime.date(2026, 2, 1)
    factories.milestone(project, baseline_date=past, forecast_date=past, actual_date=past)
    factories.milestone(project, baseline_date=datetime.date(2027, 1, 1), forecast_date=datetime.date(2027, 1, 1))
    return project


def test_the_overview_says_nothing_of_money_to_those_who_may_not_see_it(
    outsider: UserClient, pmo_admin: UserClient
) -> None:
    factories.organisation()
    project = _overspent()
    _recompute()
    assert "is spent for" in body(pmo_admin, f"/r/projects/{project.pk}/")
    page = body(outsider, f"/r/projects/{project.pk}/")
    assert "is spent for" not in page
    assert not re.search(r"\b(7\.11|7111|7,111)", page)


def test_the_dashboard_says_nothing_of_money_to_a_coordinator(client_for: Any) -> None:
    factories.organisation()
    portfolio = factories.portfolio()
    factories.portfolio_item(portfolio, _overspent())
    coordinator, owner = client_for(), client_for()
    PortfolioMember.objects.create(portfolio=portfolio, person=coordinator.user.person, role=Role.COORDINATOR)
    PortfolioMember.objects.create(portfolio=portfolio, person=owner.user.person, role=Role.PORTFOLIO_OWNER)
    _recompute()
    assert " over" in body(owner, "/dashboard/") and "earned" in body(owner, "/dashboard/")
    page = body(coordinator, "/dashboard/")
    assert "Projects by colour" in page
    assert " earned" not in page
    assert "Forecast vs budget" not in page


def _recompute() -> None:
    from pmo.core.audit.actor import SYSTEM
    from pmo.core.calendars.queries import org_today
    from portfolio.services.health.models import ensure_default_model

    ensure_default_model()
    for model in versioned_models():
        write_versions(model=model, rows=list(model._base_manager.all()), day=datetime.date(2026, 1, 1))
    recompute(actor=SYSTEM, day=org_today())


@pytest.mark.parametrize(
    "role",
    [Role.PMO_ADMIN, Role.PMO_ANALYST, Role.AUDITOR, Role.PORTFOLIO_OWNER, Role.EXECUTIVE, Role.RESOURCE_MANAGER],
)
def test_a_project_manager_cannot_give_roles_of_the_office(client_for: Any, role: Role) -> None:
    factories.organisation()
    manager = client_for()
    project = factories.project(pm=manager.user.person)
    data = {"project": project.pk, "person": manager.user.person.pk, "role": role}
    assert manager.post("/r/project-members/new/", data).status_code == 422
    assert not ProjectMember.objects.filter(role=role).exists()
    kept = factories.member(project, factories.person(), Role.TEAM_MEMBER)
    answer = manager.post(
        f"/r/project-members/{kept.pk}/cell/role/",
        {"role": role, "version": kept.version},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    kept.refresh_from_db()
    assert kept.role == Role.TEAM_MEMBER


def test_a_project_manager_gives_the_roles_of_a_project(client_for: Any) -> None:
    factories.organisation()
    manager = client_for()
    project = factories.project(pm=manager.user.person)
    for role in (Role.PROJECT_MANAGER, Role.COORDINATOR, Role.TEAM_MEMBER, Role.SPONSOR):
        data = {"project": project.pk, "person": factories.person().pk, "role": role}
        assert manager.post("/r/project-members/new/", data).status_code == 302


def test_the_pmo_gives_any_role_in_a_project(pmo_admin: UserClient) -> None:
    factories.organisation()
    data = {"project": factories.project().pk, "person": factories.person().pk, "role": Role.AUDITOR}
    assert pmo_admin.post("/r/project-members/new/", data).status_code == 302


@pytest.mark.parametrize("role", [Role.PMO_ADMIN, Role.PMO_ANALYST, Role.AUDITOR])
def test_a_portfolio_owner_cannot_give_roles_of_the_office(client_for: Any, role: Role) -> None:
    factories.organisation()
    owner = client_for()
    portfolio = factories.portfolio(owner=owner.user.person)
    data = {"portfolio": portfolio.pk, "person": owner.user.person.pk, "role": role}
    assert owner.post("/r/portfolio-members/new/", data).status_code == 422
    assert not PortfolioMember.objects.exists()


def _holding(role: Role) -> UserClient:
    """Somebody with a role of the office in one project only."""
    user = factories.user()
    factories.member(factories.project(), user, role)
    return client_of(user)


def test_a_role_in_one_project_does_not_open_the_health_model(db: None) -> None:
    factories.organisation()
    _recompute()
    client = _holding(Role.PMO_ANALYST)
    assert client.get("/health/model/edit/").status_code in {403, 404}
    assert HealthModel.objects.count() == 1


def test_a_role_in_one_project_does_not_open_the_jobs_of_others(db: None) -> None:
    from django.utils import timezone

    from pmo.core.jobs.models import Job

    factories.organisation()
    other = Job.objects.create(
        kind="registers.export", owner=factories.user(), owner_name="Somebody else", created_at=timezone.now()
    )
    client = _holding(Role.AUDITOR)
    assert "Somebody else" not in body(client, "/jobs/")
    assert client.get(f"/jobs/{other.uid}/").status_code == 404
    analyst = _holding(Role.PMO_ANALYST)
    assert analyst.post(f"/jobs/{other.uid}/cancel").status_code == 404


def test_a_project_manager_cannot_delete_a_published_report(client_for: Any, pmo_admin: UserClient) -> None:
    factories.organisation()
    manager = client_for()
    project = factories.project(pm=manager.user.person)
    day = datetime.date(2026, 11, 1)
    report = StatusReport.objects.create(
        project=project,
        code="SR1",
        period_start=day,
        period_end=day,
        declared="red",
        state=StatusReport.State.PUBLISHED,
    )
    url = f"/r/status-reports/{report.pk}/delete/"
    manager.post(url, {"version": 1, "reason": "It looks bad"})
    assert StatusReport.objects.filter(pk=report.pk).exists()
    pmo_admin.post(url, {"version": 1, "reason": "Filed twice"})
    assert not StatusReport.objects.filter(pk=report.pk).exists()


def test_a_submitted_report_is_not_sent_twice(client_for: Any) -> None:
    factories.organisation()
    manager = client_for()
    project = factories.project(pm=manager.user.person)
    data = {"period_start": "2026-11-16", "period_end": "2026-11-22", "declared": "green", "submit": "1"}
    for dimension in ("schedule", "cost", "scope", "resource", "quality", "risk"):
        data[f"{dimension}-declared"] = "green"
    first = manager.post(f"/reports/new/?project={project.pk}", data)
    assert first.status_code == 302, first.content.decode()[:3000]
    second = manager.post(f"/reports/new/?project={project.pk}", data)
    assert second.status_code == 422
    assert StatusReport.objects.count() == 1
