"""The pages of linked tables: upload, report, import, links, undo; the command; the jobs behind them."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.imports.models import ImportBatch
from pmo.core.jobs.api import run_job_now
from pmo.core.jobs.models import Job
from pmo.core.people.models import OrgUnit, RoleGrant
from portfolio.models import Programme
from portfolio.services.linked import batches
from tests.conftest import UserClient
from tests.linked.build import TABLES, archive, checked, imported, replaced, undone, upload

pytestmark = pytest.mark.django_db


def work(batch: ImportBatch) -> ImportBatch:
    """Let a worker do the batch's job; returns the batch as it stands then."""
    batch.refresh_from_db()
    assert batch.job_id is not None
    run_job_now(batch.job_id)
    batch.refresh_from_db()
    return batch


def page(client: UserClient, batch: ImportBatch, name: str = "linked-import", **query: Any) -> str:
    """A page of the batch as text."""
    response = client.get(reverse(name, kwargs={"pk": batch.pk}), query)
    assert response.status_code == 200
    content: str = response.content.decode()
    return content


def test_from_the_upload_to_the_registers_and_back(enterprise: OrgUnit, pmo_admin: UserClient) -> None:
    assert reverse("linked-new") in pmo_admin.get(reverse("import-list")).content.decode()
    sent = pmo_admin.post(reverse("linked-new"), {"file": upload(archive())})
    batch = ImportBatch.objects.get()
    assert (sent.status_code, sent["Location"]) == (302, reverse("linked-import", kwargs={"pk": batch.pk}))
    assert "Check linked tables" in page(pmo_admin, batch)
    work(batch)
    report = page(pmo_admin, batch)
    assert "19 rows would come in new, 0 change, 0 are the same already, 0 are refused" in report
    assert "investment.csv: 1 row has no name; it is called by its identifier." in report
    assert "linked_import=" not in report
    assert pmo_admin.get(reverse("import-page", kwargs={"pk": batch.pk})).status_code == 302
    assert pmo_admin.get(reverse("import-columns", kwargs={"pk": batch.pk})).status_code == 404

    pmo_admin.post(reverse("linked-commit", kwargs={"pk": batch.pk}))
    assert Job.objects.get(pk=ImportBatch.objects.get().job_id).kind == batches.COMMIT_JOB
    work(batch)
    assert batch.state == "committed"
    assert f"{reverse('register-list', kwargs={'key': 'programmes'})}?linked_import={batch.pk}" in page(
        pmo_admin, batch
    )
    listed = pmo_admin.get(reverse("register-list", kwargs={"key": "programmes"}), {"linked_import": batch.pk})
    assert "900-000000001" in listed.content.decode()
    others = pmo_admin.get(reverse("register-list", kwargs={"key": "programmes"}), {"linked_import": batch.pk + 1})
    assert "900-000000001" not in others.content.decode()
    wrong = pmo_admin.get(reverse("register-list", kwargs={"key": "programmes"}), {"linked_import": "last"})
    assert wrong.status_code == 422

    pmo_admin.post(reverse("linked-undo", kwargs={"pk": batch.pk}))
    work(batch)
    assert (batch.state, Programme.objects.count()) == ("undone", 0)
    assert "The import was undone" in page(pmo_admin, batch)


def test_refused_rows_are_listed_by_table_and_as_csv(enterprise: OrgUnit, pmo_admin: UserClient) -> None:
    batch = checked(archive(contract=replaced("contract", "1.5,", "lots,"), metric="node_id,ID\n20,71\n"))
    every = page(pmo_admin, batch)
    assert "contract.csv: Contract_size" in every
    assert "metric.csv: Description" in every
    some = page(pmo_admin, batch, table="Contract")
    assert "metric.csv: Description" not in some
    response = pmo_admin.get(reverse("linked-refused", kwargs={"pk": batch.pk}))
    lines = b"".join(response).decode().splitlines()  # type: ignore[arg-type]
    assert lines[0].removeprefix("\ufeff") == "Table,Row,Column,Value,Reason,Refused"
    assert any(line.startswith("Contract,2,contract.csv: Contract_size,lots,") for line in lines)


def test_a_refused_archive_says_why_and_can_be_thrown_away(enterprise: OrgUnit, pmo_admin: UserClient) -> None:
    pmo_admin.post(reverse("linked-new"), {"file": upload(archive(relationships=None))})
    batch = work(ImportBatch.objects.get())
    assert Job.objects.get(pk=batch.job_id).state == "failed"
    assert "The table of relations is missing" in page(pmo_admin, batch)
    assert '<span class="badge badge-red">Refused</span>' in pmo_admin.get(reverse("import-list")).content.decode()
    pmo_admin.post(reverse("linked-discard", kwargs={"pk": batch.pk}))
    assert not ImportBatch.objects.exists()
    assert pmo_admin.post(reverse("linked-new")).status_code == 422


def test_the_pmo_administrator_alone_imports(enterprise: OrgUnit, pmo_analyst: UserClient) -> None:
    assert pmo_analyst.get(reverse("linked-new")).status_code == 403
    assert pmo_analyst.post(reverse("linked-new"), {"file": upload(archive())}).status_code == 403
    assert reverse("linked-new") not in pmo_analyst.get(reverse("import-list")).content.decode()


def test_two_clicks_on_read_again_are_one_check(enterprise: OrgUnit, pmo_admin: UserClient) -> None:
    batch = checked(archive(contract=replaced("contract", "1.5,", "lots,")))
    for _click in range(2):
        sent = pmo_admin.post(reverse("linked-check", kwargs={"pk": batch.pk}))
        assert sent["Location"] == reverse("linked-import", kwargs={"pk": batch.pk})
    assert Job.objects.filter(kind=batches.CHECK_JOB).count() == 1
    work(batch)
    assert (batch.state, batch.refusals.count()) == ("previewed", 1)


def test_the_right_is_asked_again_when_the_job_runs(enterprise: OrgUnit, pmo_admin: UserClient) -> None:
    pmo_admin.post(reverse("linked-new"), {"file": upload(archive())})
    RoleGrant.objects.filter(person__user=pmo_admin.user).update(role=Role.PMO_ANALYST)
    batch = work(ImportBatch.objects.get())
    assert (batch.state, Job.objects.get(pk=batch.job_id).state) == ("uploaded", "failed")


@pytest.mark.parametrize("rows", [1, 12])
def test_the_report_takes_the_same_statements_for_any_number_of_rows(
    enterprise: OrgUnit, pmo_admin: UserClient, django_assert_max_num_queries: Any, rows: int
) -> None:
    bad = "".join(f"{700 + number},x,Yard,{number}\n" for number in range(rows))
    batch = checked(archive(contract=TABLES["contract.csv"] + bad))
    page(pmo_admin, batch)
    with django_assert_max_num_queries(20):
        page(pmo_admin, batch)


def test_the_command_prints_counts_by_table_and_relation(enterprise: OrgUnit, tmp_path: Path) -> None:
    path = tmp_path / "tables.zip"
    path.write_bytes(archive(contract=replaced("contract", "1.5,", "lots,")))
    out = StringIO()
    call_command("import_linked", str(path), "--dry-run", "--language=en", stdout=out)
    assert "Nothing was written." in out.getvalue()
    assert not ImportBatch.objects.exists()
    out = StringIO()
    call_command("import_linked", str(path), "--json", "--language=en", stdout=out)
    told = json.loads(out.getvalue())
    assert told["tables"]["Supplier"] == {
        "file": "supplier.csv", "rows": 3, "created": 2, "updated": 0, "unchanged": 0, "refused": 0, "merged": 1,
    }  # fmt: skip
    assert told["relations"][9] == {
        "source": "Project", "name": "has_task", "target": "Activity", "rows": 3, "linked": 3, "new": 3, "repeated": 0,
        "refused": 0,
    }  # fmt: skip
    assert [(one["row"], one["column"]) for one in told["refused"]] == [(2, "contract.csv: Contract_size")]
    path.write_bytes(b"no zip")
    with pytest.raises(CommandError, match="This is no zip archive"):
        call_command("import_linked", str(path), "--language=en")
    assert ImportBatch.objects.count() == 1


def test_the_numbers_of_a_written_import_lead_to_its_rows(enterprise: OrgUnit, pmo_admin: UserClient) -> None:
    batch = imported(archive())
    rows = f'href="{reverse("register-list", kwargs={"key": "suppliers"})}?linked_import={batch.pk}">2</a>'
    assert rows in page(pmo_admin, batch)
    assert rows not in page(pmo_admin, undone(batch))
