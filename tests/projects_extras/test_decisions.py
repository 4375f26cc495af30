"""A decision is closed with the words of what was decided, from whichever page it is closed."""

import datetime
import json

import pytest
from django.core.exceptions import ValidationError

from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.models import AuditEntry
from pmo.core.calendars.queries import org_today
from projects.models import Decision
from projects.services.ridac import update_decision
from tests import factories
from tests.conftest import UserClient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ["decided", "deferred", "withdrawn"])
def test_no_answer_without_words(state: str) -> None:
    row = factories.decision(factories.project())
    with pytest.raises(ValidationError) as refused:
        update_decision(actor=SYSTEM, row=row, values={"state": state, "outcome": "  "})
    assert list(refused.value.error_dict) == ["outcome"]
    assert Decision.objects.get(pk=row.pk).state == "open"


def test_the_day_is_today_unless_given() -> None:
    project = factories.project()
    given = datetime.date(2026, 3, 2)
    first, second = factories.decision(project), factories.decision(project)
    update_decision(actor=SYSTEM, row=first, values={"state": "decided", "outcome": "Yes: it pays."})
    update_decision(actor=SYSTEM, row=second, values={"state": "decided", "outcome": "No.", "decided_on": given})
    assert [row.decided_on for row in Decision.objects.order_by("pk")] == [org_today(), given]


def test_an_answer_does_not_lose_its_words_but_one_that_came_without_may_be_edited() -> None:
    project = factories.project()
    told = factories.decision(project, state="decided", outcome="Yes")
    imported = factories.decision(project, state="decided")
    with pytest.raises(ValidationError):
        update_decision(actor=SYSTEM, row=told, values={"outcome": ""})
    update_decision(actor=SYSTEM, row=imported, values={"title": "Other words", "outcome": ""})
    assert Decision.objects.get(pk=imported.pk).title == "Other words"


def test_the_list_the_form_and_the_api_say_what_is_missing(pmo_admin: UserClient) -> None:
    row = factories.decision(factories.project())
    typed = {"state": "decided", "version": row.version}
    cell = pmo_admin.post(f"/r/decisions/{row.pk}/cell/state/", typed, headers={"HX-Request": "true"})
    assert cell.status_code == 422 and "decided and why" in cell.content.decode()
    answer = pmo_admin.patch(
        f"/api/v1/decisions/{row.pk}/",
        json.dumps({"state": "decided"}),
        content_type="application/json",
        headers={"If-Match": f'"{row.version}"'},
    )
    assert answer.status_code == 400 and "decided and why" in answer.content.decode()
    assert Decision.objects.get(pk=row.pk).state == "open"
    assert not AuditEntry.objects.filter(model="projects.decision", object_id=row.pk).exists()
