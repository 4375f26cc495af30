"""The PDF of a built report: its figures, its chart, its filters in words, its reader's own rows; and by mail."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.http import QueryDict
from django.urls import reverse

from pmo.core.audit.actor import actor_of
from pmo.core.audit.models import AuditEntry, AuditPayload
from pmo.core.pdf.picture import Picture
from pmo.core.pdf.table import Table
from pmo.core.registers.declaration import get_register
from pmo.core.report_builder import paper
from pmo.core.report_builder.answer import answer
from pmo.core.report_builder.models import BuiltReport
from pmo.core.report_builder.question import read_question
from pmo.core.report_builder.sending import attachment
from pmo.core.report_builder.services import keep_report, subscribe
from projects.models import Project
from projects.models.choices import Visibility
from tests import factories
from tests.conftest import UserClient
from tests.pdf.reading import box, squeezed, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ADDRESS = "/built-reports/export.pdf"


@pytest.fixture
def projects() -> list[Project]:
    made = []
    for number, status in enumerate(["in_progress", "in_progress", "closed", "not_started"]):
        finish = datetime.date(2026, 3 * number + 1, 5)
        made.append(factories.project(status=status, planned_finish=finish, currency="CNY"))
    factories.budget_line(made[0], "12500000.00")
    factories.budget_line(made[2], "3400000.00")
    return made


def read(client: UserClient, **params: str) -> str:
    response = client.get(f"{ADDRESS}?{urlencode(params)}")
    assert response.status_code == 200 and response["Content-Type"] == "application/pdf"
    return text(response.content)


def blocks(user: Any, monkeypatch: pytest.MonkeyPatch, **params: str) -> list[Any]:
    caught: list[Any] = []
    monkeypatch.setattr(paper, "make_pdf", lambda sheet, blocks: caught.extend(blocks) or b"")
    question = read_question(get_register(params["_of"]), user, QueryDict(urlencode(params)))
    paper.report_pdf(question, answer(question, user), "Title", "Reader")
    return [part for block in caught for part in getattr(block, "blocks", [block])]


def test_it_says_what_filters_and_how(projects: list[Project], pmo_admin: UserClient) -> None:
    found = read(pmo_admin, _of="projects", _by="status", status="in_progress", _title="<b>Mine</b> & yours")
    for words in ("<b>Mine</b> & yours", "Filters", "Status: In progress", "How is this calculated?", "Number of rows"):
        assert squeezed(words) in found
    assert "Inprogress2" in found and "Closed" not in found
    entry = AuditEntry.objects.get(action="export")
    assert AuditPayload.objects.get(entry=entry).changes["format"] == "pdf"


def test_money_is_written_in_the_units_of_the_language(projects: list[Project], client_for: Any) -> None:
    asked = {"_of": "budget-lines", "_by": "project", "_measure": "sum:amount"}
    assert "12.5" in read(client_for("pmo_admin"), **asked)
    chinese = read(client_for("pmo_admin", language="zh-hans"), **asked)
    assert "1,250" in chinese and "万元" in chinese and "计算方法" in chinese


@pytest.mark.parametrize(
    ("params", "pictures"),
    [
        ({"_by": "planned_finish:quarter"}, 1),
        ({"_by": "planned_finish:quarter", "_chart": "line"}, 1),
        ({"_by": "planned_finish:quarter", "_across": "status"}, 1),
        ({"_by": "planned_finish:quarter", "_chart": "table"}, 0),
        ({"_by": "status"}, 0),
    ],
)
def test_every_chart_of_the_page_is_drawn(
    params: dict[str, str], pictures: int, projects: list[Project], pmo_admin: UserClient, monkeypatch: Any
) -> None:
    found = blocks(pmo_admin.user, monkeypatch, _of="projects", **params)
    assert len([block for block in found if isinstance(block, Picture)]) == pictures
    (table,) = [block for block in found if isinstance(block, Table) and not block.plain]
    bars = [cell for row in table.raw for cell in row if isinstance(cell, Picture)]
    assert len(bars) == (3 if params == {"_by": "status"} else 0)
    monkeypatch.undo()
    assert "Title" not in read(pmo_admin, _of="projects", **params)


def test_readers_get_their_own_rows(projects: list[Project], client_for: Any, pmo_admin: UserClient) -> None:
    Project.objects.filter(pk=projects[0].pk).update(visibility=Visibility.PRIVATE)
    asked = {"_of": "projects", "_by": "status"}
    assert "Inprogress2" in read(pmo_admin, **asked) and "Inprogress1" in read(client_for(), **asked)


def test_the_same_question_gives_the_same_bytes(
    projects: list[Project], pmo_admin: UserClient, monkeypatch: Any
) -> None:
    monkeypatch.setattr(paper, "printed_by", lambda name: name)
    made = {pmo_admin.get(f"{ADDRESS}?_of=projects&_by=planned_finish:month").content for _time in range(3)}
    assert len(made) == 1


def test_a_wide_table_turns_the_paper(pmo_admin: UserClient) -> None:
    for number in range(12):
        factories.project(country="CN", planned_finish=datetime.date(2026, number + 1, 5))
    wide = pmo_admin.get(f"{ADDRESS}?_of=projects&_by=status&_across=planned_finish:month").content
    across, up = box(wide)
    assert across > up
    assert all(f"2026-{number:02d}" in text(wide) for number in range(1, 13))


def test_a_wrong_question_is_no_file(pmo_admin: UserClient) -> None:
    assert pmo_admin.get(f"{ADDRESS}?_of=projects&_by=nothing").status_code == 422


@pytest.mark.parametrize(("send", "start"), [("pdf", b"%PDF-"), ("xlsx", b"PK"), ("words", None)])
def test_the_mail_brings_the_file_that_was_chosen(
    send: str, start: bytes | None, projects: list[Project], pmo_admin: UserClient
) -> None:
    form = {"query": "_of=projects&_by=status", "name": "Weekly", "sharing": "public", "schedule": "weekly"}
    pmo_admin.post("/built-reports/keep/", {**form, "send": send})
    report = BuiltReport.objects.get()
    assert ("_send" in report.query) == (send != "words")
    made = attachment(reverse("built-report", args=[report.pk]), pmo_admin.user)
    assert (made is None) == (start is None)
    if made is not None and start is not None:
        assert made[0].endswith(f".{send}") and made[1].startswith(start)
    page = pmo_admin.get(reverse("built-report", args=[report.pk])).content.decode()
    assert f'<option value="{send}" selected>' in page


def test_who_lost_the_report_gets_no_file(projects: list[Project], pmo_admin: UserClient, client_for: Any) -> None:
    query = "_of=projects&_by=status&_send=pdf"
    report = keep_report(actor=actor_of(pmo_admin.user), name="R", query=query, sharing="public", schedule="weekly")
    reader = client_for()
    subscribe(actor=actor_of(reader.user), report=report, on=True)
    address = reverse("built-report", args=[report.pk])
    Project.objects.filter(pk=projects[0].pk).update(visibility=Visibility.PRIVATE)
    made = attachment(address, reader.user)
    assert made is not None and "Inprogress1" in text(made[1])
    BuiltReport.objects.update(sharing="private")
    assert attachment(address, reader.user) is None
    assert attachment("/nowhere/", reader.user) is None and attachment("/", reader.user) is None


def test_a_letter_carries_its_file() -> None:
    from django.core.mail import get_connection

    from pmo.core.messages.letters import Letter

    letter = Letter("u", "a@example.org", "S", "T", "<p>T</p>", "https://x/", ("r.pdf", b"%PDF-", "application/pdf"))
    letter.as_message(get_connection()).send()
    assert mail.outbox[0].attachments[0][0] == "r.pdf"
