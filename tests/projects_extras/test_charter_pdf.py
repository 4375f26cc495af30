"""The PDF of a project charter: the page's text, its signatures, no amounts for who sees none."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.urls import reverse

from projects.models import CharterSignature, Project, ProjectCharter
from tests import factories
from tests.conftest import UserClient, client_of
from tests.pdf.reading import STANDARD, fonts_used, pages, squeezed, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def charter(**values: Any) -> ProjectCharter:
    project: Project = factories.project(name_en="Harbour crane", name_zh="港口起重机", currency="CNY")
    factories.budget_line(project, "7654321.00", currency="CNY")
    factories.milestone(project, name="Handover 交付", is_key=True)
    known = {"purpose": "Lift <b>more</b> & faster", "scope_in": "Crane", "limit_spend": "345678.00", "limit_days": 10}
    return ProjectCharter.objects.create(project=project, **known | values)


def pdf(client: UserClient, row: ProjectCharter, query: str = "") -> bytes:
    answer = client.get(reverse("project-charter-pdf", kwargs={"pk": row.project_id}) + query)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    content: bytes = answer.content
    assert fonts_used(content) <= STANDARD
    return content


def test_a_draft_holds_the_text_and_says_that_it_is_one(pmo_admin: UserClient) -> None:
    found = pages(pdf(pmo_admin, charter()))
    assert all("Draft" in page for page in found)
    whole = squeezed("".join(found))
    for words in (
        "Harbour crane", "Lift <b>more</b> & faster", "Handover 交付", "Key milestone", "CNY 7.7 m", "CNY 0.35 m",
        "a key milestone by up to 10 working days", "Limits of the project manager's authority", "Date:",
    ):  # fmt: skip
        assert squeezed(words) in whole, words


def test_an_approved_one_is_not_marked_and_names_who_signed(pmo_admin: UserClient) -> None:
    day = datetime.date(2026, 11, 2)
    row = charter(state="approved", in_force=1, revision=1, approved_on=day, effective_on=day)
    signer = factories.person(name_en="Zhao Ming", name_zh="赵明")
    CharterSignature.objects.create(
        charter=row,
        project=row.project,
        revision=1,
        capacity=CharterSignature.Capacity.SPONSOR,
        person=signer,
        signed_on=day,
    )
    whole = text(pdf(pmo_admin, row))
    assert "ZhaoMing" in whole and "Signedon2026-11-02" in whole and "Draft" not in whole


def test_who_sees_no_money_gets_none(pmo_admin: UserClient) -> None:
    row = charter()
    member = factories.user()
    factories.member(row.project, member)
    blind = text(pdf(client_of(member), row))
    assert "CNY" not in blind and "Spendingperdecision" not in blind and "Crane" in blind


def test_no_charter_and_no_such_revision_are_not_found(pmo_admin: UserClient) -> None:
    row = charter()
    address = reverse("project-charter-pdf", kwargs={"pk": row.project_id})
    assert pmo_admin.get(address + "?revision=7").status_code == 404
    other = reverse("project-charter-pdf", kwargs={"pk": factories.project().pk})
    assert pmo_admin.get(other).status_code == 404
