"""A list on paper: its filters, order, units and masks; long ones by a job; the trail knows."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.urls import reverse

from pmo.core.audit.models import AuditEntry, AuditPayload
from pmo.core.jobs.api import Job, run_job_now
from pmo.core.registers.export_job import KIND
from tests import factories
from tests.conftest import UserClient, client_of
from tests.pdf.reading import STANDARD, fonts_used, pages, squeezed, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def pdf(client: UserClient, key: str, query: str = "") -> bytes:
    answer = client.get(reverse("register-export", kwargs={"key": key, "kind": "pdf"}) + query)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    content: bytes = answer.content
    assert fonts_used(content) <= STANDARD
    return content


def test_it_holds_the_rows_of_the_page_in_its_order(pmo_admin: UserClient) -> None:
    project = factories.project()
    for name in ("<b>Bold</b> & co", "里程碑甲", "Zebra"):
        factories.milestone(project, name=name, is_key=name != "Zebra")
    found = text(pdf(pmo_admin, "milestones", "?columns=name,is_key&is_key=true&sort=-name"))
    assert "Zebra" not in found and found.index("里程碑甲") < found.index("<b>Bold</b>&co")
    assert "Yes" in found and squeezed("Rows") + "2" in found
    entry = AuditEntry.objects.get(action="export")
    assert AuditPayload.objects.get(entry=entry).changes["format"] == "pdf"


def test_three_rows_and_three_hundred(pmo_admin: UserClient, django_assert_max_num_queries: Any) -> None:
    project = factories.project()
    for number in range(3):
        factories.milestone(project, name=f"Stone-{number:03d}.")
    with django_assert_max_num_queries(16):
        assert len(pages(pdf(pmo_admin, "milestones"))) == 1
    for number in range(3, 300):
        factories.milestone(project, name=f"Stone-{number:03d}.")
    with django_assert_max_num_queries(16):
        found = pdf(pmo_admin, "milestones")
    assert len(pages(found)) > 3
    assert all(f"Stone-{number:03d}." in text(found) for number in range(300))
    for place, page in enumerate(pages(found), 1):
        assert squeezed(f"Page {place} of {len(pages(found))}") in squeezed(page) and "Milestone" in page


def test_masked_money_is_not_on_paper(pmo_admin: UserClient) -> None:
    risky = factories.project(contingency_reserve="76543210.00", currency="CNY")
    member = factories.user()
    factories.member(risky, member)
    query = "?columns=code,contingency_reserve"
    factories.project(contingency_reserve="1230000.00", currency="CNY", visibility="private")
    assert "76.5" in text(pdf(pmo_admin, "projects", query))
    blind = text(pdf(client_of(member), "projects", query))
    assert "76.5" not in blind and "76543210" not in blind and "hidden" in blind
    assert risky.code in blind


def test_amounts_in_the_units_of_the_reader(client_for: Any) -> None:
    factories.budget_line(factories.project(currency="CNY"), "12340000.00", currency="CNY")
    english = text(pdf(client_for("pmo_admin"), "budget-lines", "?columns=project,amount"))
    chinese = text(pdf(client_for("pmo_admin", language="zh-hans"), "budget-lines", "?columns=project,amount"))
    assert "CNYmillion" in english and "12" in english
    assert "万元" in chinese and "1,234" in chinese


def test_a_colour_has_its_word(pmo_admin: UserClient) -> None:
    project = factories.project()
    from projects.models import StatusReport

    StatusReport.objects.create(
        project=project, period_start=datetime.date(2026, 11, 2), period_end=datetime.date(2026, 11, 8), declared="red"
    )
    assert "Offtrack" in text(pdf(pmo_admin, "status-reports", "?columns=project,declared"))


def test_a_long_list_is_a_job_and_an_endless_one_is_refused(
    client_for: Any, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    project = factories.project()
    for name in ("One", "Two", "Three"):
        factories.milestone(project, name=name)
    reader, stranger = client_for("pmo_admin"), client_for()
    monkeypatch.setattr("pmo.core.registers.views.exports.MOST_AT_ONCE", 2)
    refused = reader.get(reverse("register-export", kwargs={"key": "milestones", "kind": "pdf"}))
    assert refused.status_code == 422 and "more than 2" in refused.content.decode()
    start = reverse("register-export-job", kwargs={"key": "milestones", "kind": "pdf"})
    reader.post(start + "?sort=name")
    job = Job.objects.get(kind=KIND)
    assert run_job_now(job.pk).state == Job.State.DONE
    file = reader.get(f"/exports/{job.uid}")
    assert file["Content-Type"] == "application/pdf"
    content = b"".join(file.streaming_content)
    assert all(name in text(content) for name in ("One", "Two", "Three"))
    assert stranger.get(f"/exports/{job.uid}").status_code == 404
    monkeypatch.setattr("pmo.core.registers.export_job.MOST_PDF_ROWS", 2)
    reader.post(start)
    late = Job.objects.filter(kind=KIND).latest("pk")
    failed = run_job_now(late.pk)
    assert failed.state == Job.State.FAILED and "2" in failed.error


def test_no_rows_say_so(pmo_admin: UserClient) -> None:
    assert "Norows" in text(pdf(pmo_admin, "milestones"))


def test_the_menu_offers_it(pmo_admin: UserClient) -> None:
    page = pmo_admin.get(reverse("register-list", kwargs={"key": "milestones"}) + "?is_key=true").content.decode()
    assert "/r/milestones/export.pdf?is_key=true" in page


def test_the_sums_of_the_list_stand_below_it(client_for: Any) -> None:
    project, reader = factories.project(currency="CNY"), client_for("pmo_admin", language="en")
    for amount in ("1250000.00", "2500000.00"):
        factories.budget_line(project, amount, currency="CNY")

    def found(columns: str) -> str:
        return text(pdf(reader, "budget-lines", f"?columns={columns}"))

    def listed() -> list[str]:
        """What the page of the list has below its amounts."""
        page = reader.get(reverse("register-list", kwargs={"key": "budget-lines"}) + "?columns=project,amount")
        foot = str(page.context["listing"].foot[1])
        return re.findall(r"<li>(.*?)</li>", foot) or [re.sub("<[^>]*>", "", foot)]

    assert listed() == ["3.8"]
    assert "Total3.8" in found("project,amount")
    assert "Total3.8" in found("amount,project")
    factories.budget_line(project, "70000.00", currency="EUR")
    assert len(listed()) == 2
    assert squeezed("Total" + ", ".join(listed())) in found("project,amount")
    assert "Total" not in found("project,note")
