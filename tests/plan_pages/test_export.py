"""The plan as a file: it reads back the same, amounts are for who may see money, and the audit trail tells of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from pmo.core.audit.models import AuditEntry
from projects.calc.plan.difference import difference
from projects.models.plan import PlanFile
from projects.plan_exports.csv_file import read_csv
from projects.plan_exports.xlsx import read_xlsx
from projects.queries.plans import stored
from tests.conftest import UserClient
from tests.plan_pages.conftest import work

Address = Callable[..., str]


@pytest.fixture
def committed(manager: UserClient, address: Address, uploaded: PlanFile) -> PlanFile:
    """The file, imported and published."""
    manager.post(address("plan-file-commit", uploaded), {"take": "publish"})
    return work(uploaded)


def export(client: UserClient, file: PlanFile, kind: str, status: int = 200, **query: object) -> bytes:
    url = reverse("plan-export", kwargs={"pk": file.project_id, "kind": kind})
    response = client.get(url, query)
    assert response.status_code == status
    if status != 200:
        return b""
    assert response["Content-Disposition"].startswith("attachment")
    return b"".join(response.streaming_content)


@pytest.mark.parametrize(("kind", "read"), [("csv", read_csv), ("xlsx", read_xlsx)])
def test_an_export_reads_back_the_same(
    manager: UserClient, committed: PlanFile, tmp_path: Path, kind: str, read: Callable[..., object]
) -> None:
    path = tmp_path / f"plan.{kind}"
    path.write_bytes(export(manager, committed, kind))
    version = stored.published(committed.project)
    assert version is not None
    assert difference(stored.plan_of(version), read(path)).empty  # type: ignore[arg-type]


def test_mspdi_is_a_project_file(manager: UserClient, committed: PlanFile) -> None:
    assert b"<Project xmlns" in export(manager, committed, "mspdi")
    assert AuditEntry.objects.get(action="plan.export").project_id == committed.project_id


def test_without_the_right_to_money_an_export_has_no_amounts(
    manager: UserClient, member: UserClient, committed: PlanFile
) -> None:
    assert b"7200" in export(manager, committed, "csv")
    shown = export(member, committed, "csv")
    assert b"Design" in shown and b"7200" not in shown


def test_versions_by_number_and_none_that_is_not_there(manager: UserClient, committed: PlanFile) -> None:
    assert export(manager, committed, "csv", version=1)
    for wrong in ("2", "x", "-1"):
        export(manager, committed, "csv", status=404, version=wrong)
    export(manager, committed, "docx", status=404)
