"""The PDF of a report: from the frozen text alone, the same bytes for ever, amounts only for who sees them."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

import pytest
from django.urls import reverse

from pmo.core.audit.models import AuditEntry
from projects.models import StatusReport
from projects.queries.report_document import document_of, shown_to
from tests import factories
from tests.conftest import client_of
from tests.pdf.reading import STANDARD, fonts_used, pages, squeezed, text
from tests.reports.test_form import submitted
from tests.reports.test_snapshot import change_everything, published

pytestmark = pytest.mark.django_db


def pdf(client: Any, report: StatusReport, language: str = "en") -> bytes:
    client.cookies["bw_language"] = language
    answer = client.get(reverse("report-pdf", kwargs={"pk": report.pk}))
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    assert f'filename="{report.code}-' in answer["Content-Disposition"]
    content: bytes = answer.content
    return content


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_published_report_is_the_same_file_for_ever(world: Any, language: str, monkeypatch: Any) -> None:
    report = published(world)
    before = pdf(world.analyst, report, language)
    change_everything(world)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: datetime.date(2031, 5, 1))
    assert pdf(world.executive, StatusReport.objects.get(pk=report.pk), language) == before
    assert "Renamed" not in text(before) and "改名" not in text(before)


def test_it_says_what_the_page_says_in_both_languages(world: Any) -> None:
    report = published(world)
    english, chinese = text(pdf(world.analyst, report)), text(pdf(world.analyst, report, "zh-hans"))
    for words in ("Harbour crane", "Status report", "Rent a second crane", "Off track", "Handover", "As computed."):
        assert squeezed(words) in english
    for words in ("港口起重机", "状态报告", "里程碑", "赵明"):
        assert words in chinese
    assert fonts_used(pdf(world.analyst, report, "zh-hans")) <= STANDARD


def test_every_page_says_where_it_stands_and_no_printer_of_a_frozen_one(world: Any) -> None:
    report = published(world)
    found = pages(pdf(world.analyst, report))
    for number, page in enumerate(found, 1):
        assert squeezed(f"Page {number} of {len(found)}") in squeezed(page)
        assert "checksum" in squeezed(page) and "Printedat" not in squeezed(page)


def test_a_draft_is_marked_and_says_who_printed_it_when(world: Any) -> None:
    report = submitted(world)
    for page in pages(pdf(world.manager, report)):
        assert "Submitted" in page
        assert re.search(r"Printedat20\d\d-\d\d-\d\d\d\d:\d\dbymanager", squeezed(page))


def test_who_sees_no_money_gets_none_on_paper(world: Any) -> None:
    report = published(world)
    member = factories.user()
    factories.member(world.project, member)
    full, plain = (json.dumps(shown_to(document_of(report), "en", money=seen)) for seen in (True, False))
    amounts = {squeezed(amount) for amount in re.findall(r"CNY [\d.,]+ ?\w?", full) if amount not in plain}
    seeing, blind = text(pdf(world.analyst, report)), text(pdf(client_of(member), report))
    assert amounts and all(amount in seeing for amount in amounts)
    assert not [amount for amount in amounts if amount in blind]
    assert "Handover" in blind


def test_the_audit_trail_knows_who_took_it(world: Any) -> None:
    report = published(world)
    pdf(world.analyst, report)
    entry = AuditEntry.objects.filter(action="export").order_by("-pk").first()
    assert entry is not None and entry.object_label == report.code and entry.payload.changes == {"format": "pdf"}
    assert entry.actor_id == world.analyst.user.pk


def test_a_stranger_finds_nothing(world: Any, client: Any) -> None:
    report = published(world)
    assert client.get(reverse("report-pdf", kwargs={"pk": report.pk})).status_code == 302
