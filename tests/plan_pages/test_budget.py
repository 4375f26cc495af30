"""Pages of plan files take a constant number of statements, within the budget of the house."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Project
from projects.models.plan import PlanFile, PlanVersion
from projects.services.plans.working import report_of
from tests.conftest import UserClient
from tests.plan_pages.build import small_plan

Address = Callable[..., str]
LIST, FIGURES = 12, 20


def statements(client: UserClient, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as taken:
        assert client.get(url).status_code == 200
    return len(taken)


def add_files(project: Project, client: UserClient, number: int) -> None:
    report = report_of(small_plan())
    for one in range(number):
        last = PlanVersion.objects.filter(project=project).count()
        file = PlanFile.objects.create(
            project=project, filename=f"{last}.mpp", stored=f"plans/{one}", size=1, sha256="0", owner=client.user,
            state="committed", report=report,
        )  # fmt: skip
        PlanVersion.objects.create(
            project=project, number=last + 1, state="superseded", source=file, published_by=client.user
        )


@pytest.mark.parametrize("name", ["plan-files", "plan-import"])
def test_lists_take_the_same_statements_however_long(
    manager: UserClient, project: Project, address: Address, name: str
) -> None:
    add_files(project, manager, 3)
    statements(manager, address(name))
    few = statements(manager, address(name))
    add_files(project, manager, 27)
    assert statements(manager, address(name)) == few <= LIST


@pytest.mark.parametrize("show", ["report", "outline", "changes"])
def test_the_report_is_a_page_of_figures(manager: UserClient, address: Address, uploaded: PlanFile, show: str) -> None:
    url = f"{address('plan-file', uploaded)}?show={show}"
    statements(manager, url)
    assert statements(manager, url) <= FIGURES
