"""The list of programme measures says in one sentence how many were met, of the rows that its filters keep."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo.core.audit.actor import SYSTEM
from pmo.core.records.services import create_record
from portfolio.models import Portfolio, Programme, ProgrammeMeasure
from tests.conftest import UserClient
from tests.registers.pages import HTMX, url

pytestmark = pytest.mark.django_db
Result = ProgrammeMeasure.Result


def measures(*results: str) -> None:
    number = Programme.objects.count()
    portfolio = create_record(actor=SYSTEM, row=Portfolio(code=f"PF-{number}", name_en="Coast"))
    programme = create_record(actor=SYSTEM, row=Programme(code=f"PG-{number}", name_en="Harbour", portfolio=portfolio))
    for place, result in enumerate(results):
        row = ProgrammeMeasure(
            programme=programme, code=f"{programme.pk}-{place}", description="Measure", result=result
        )
        create_record(actor=SYSTEM, row=row)


def lead(client: UserClient, query: str = "") -> str:
    page = client.get(url("list", "programme-measures") + query, headers=HTMX)
    assert page.status_code == 200
    found = re.search(r'<p class="lead"[^>]*>(.*?)</p>', page.content.decode())
    return found[1] if found else ""


def plain(html: str) -> str:
    return re.sub("<[^>]*>", "", html)


def test_the_sentence_counts_what_the_filters_keep(client_for: Callable[..., UserClient]) -> None:
    client = client_for("pmo_admin", language="en")
    assert lead(client) == ""
    measures(Result.MET, Result.MET, Result.NOT_MET, Result.NOT_YET)
    said = lead(client)
    assert plain(said) == "Met: 2 of 3 judged; not met: 1; not judged yet: 1."
    assert 'href="?result=2_not_met"' in said
    kept = lead(client, "?result=1_met")
    assert plain(kept) == "Met: 2 of 2 judged; not met: 0; not judged yet: 0."
    assert kept.count("<a ") == 1, "a figure of nothing leads nowhere"


def test_it_takes_one_statement_however_many_rows(client_for: Callable[..., UserClient]) -> None:
    client = client_for("pmo_admin", language="en")

    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            lead(client)
        return len(caught)

    measures(Result.MET)
    lead(client)
    few = statements()
    measures(*[Result.MET, Result.NOT_MET, Result.NOT_YET] * 5)
    assert statements() == few <= 12
