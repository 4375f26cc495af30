"""Milestones that the published plan feeds: its fields are not edited here, and the milestone can be taken off the plan."""

from __future__ import annotations

import datetime
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.models import AuditEntry
from pmo.core.registers.declaration import get_register
from pmo.core.registers.services import update_row
from pmo.core.registers.undo.models import UndoEntry
from projects.calc.plan.document import Baseline, Plan, Span, Task
from projects.models import Milestone, Project
from projects.queries.plans.fed import feeds
from projects.services.plans.detaching import attach, detach
from projects.services.plans.storing import commit_plan
from tests import factories
from tests.conftest import UserClient, client_of
from tests.plans.build import at

pytestmark = pytest.mark.django_db
LATER = datetime.date(2027, 9, 9)
JSON = "application/json"


def plan(day: int = 5) -> Plan:
    """A phase, a task, an agreed milestone and one without a baseline."""
    base = (Baseline(0, at(4), at(4, 17), Span(0.0)),)
    done = {"milestone": True, "duration": Span(0.0)}
    return Plan(
        title="Quay",
        tasks=(
            Task("1", "Works", 1, wbs="1", summary=True),
            Task("2", "Dig", 2, parent="1", wbs="1.1", start=at(1), finish=at(3)),
            Task("3", "Accepted", 1, wbs="2", start=at(day), finish=at(day, 17), baselines=base, **done),
            Task("4", "Handed over", 1, wbs="3", start=at(day), finish=at(day, 17), **done),
        ),
    )


@pytest.fixture
def project(db: None) -> Project:
    factories.organisation()
    made = factories.project(name_en="Quay")
    commit_plan(actor=SYSTEM, project=made, plan=plan())
    return made


@pytest.fixture
def accepted(project: Project) -> Milestone:
    return Milestone.objects.get(project=project, name="Accepted")


@pytest.fixture
def manager(project: Project) -> UserClient:
    user = factories.user()
    factories.member(project, user, Role.PROJECT_MANAGER)
    return client_of(user)


def change(row: Milestone, **values: Any) -> None:
    update_row(register=get_register("milestones"), actor=SYSTEM, row=row, values=values, expected_version=row.version)


def test_the_plan_gives_name_and_dates_and_a_baseline_where_it_has_one(project: Project, accepted: Milestone) -> None:
    by_hand = factories.milestone(project, name="By hand")
    rows = list(Milestone.objects.order_by("pk"))
    found = feeds(rows)
    over = Milestone.objects.get(name="Handed over")
    assert {pk: one.row for pk, one in found.items()} == {accepted.pk: 3, over.pk: 4}
    assert found[accepted.pk].fields == ("project", "name", "forecast_date", "actual_date", "baseline_date")
    assert found[over.pk].fields == ("project", "name", "forecast_date", "actual_date")
    assert by_hand.pk not in found


def test_the_service_refuses_what_the_plan_gives_and_takes_the_rest(accepted: Milestone) -> None:
    with pytest.raises(ValidationError) as refused:
        change(accepted, forecast_date=LATER, note="Kept")
    assert set(refused.value.message_dict) == {"forecast_date"}
    assert "Comes from the plan, row 3" in refused.value.messages[0]
    change(accepted, note="Kept", is_key=True, name="Accepted")
    change(Milestone.objects.get(name="Handed over"), baseline_date=LATER)
    accepted.refresh_from_db()
    assert (accepted.note, accepted.is_key, accepted.forecast_date) == ("Kept", True, datetime.date(2027, 3, 5))


def test_form_cell_and_api_say_where_the_value_comes_from(manager: UserClient, accepted: Milestone) -> None:
    edit = reverse("register-edit", kwargs={"key": "milestones", "pk": accepted.pk})
    form = manager.get(edit).context["form"]
    assert form.fields["name"].widget.attrs["readonly"] and "readonly" not in form.fields["note"].widget.attrs
    assert "Comes from the plan, row 3" in form.fields["forecast_date"].help_text
    assert "#row-3" in form.fields["forecast_date"].help_text
    sent = {name: form[name].value() or "" for name in form.fields}
    stale = {**sent, "forecast_date": "2027-09-09", "version": accepted.version}
    response = manager.post(edit, stale)
    assert response.status_code == 422 and response.context["form"]["forecast_date"].value() == "2027-09-09"
    assert list(response.context["form"].errors) == ["forecast_date"]
    assert manager.post(edit, {**sent, "note": "Kept", "version": accepted.version}).status_code == 302
    accepted.refresh_from_db()
    cell = reverse("register-cell", kwargs={"key": "milestones", "pk": accepted.pk, "field": "forecast_date"})
    part = {"HX-Request": "true"}
    assert "readonly" in manager.get(cell, headers=part).content.decode()
    sent_cell = {"forecast_date": "2027-09-09", "version": accepted.version}
    assert manager.post(cell, sent_cell, headers=part).status_code == 422
    item = reverse("api-register-item", kwargs={"key": "milestones", "pk": accepted.pk})
    body = json.dumps({"forecast_date": "2027-09-09"})
    answer = manager.patch(item, body, content_type=JSON, headers={"If-Match": f'"{accepted.version}"'})
    assert answer.status_code in {400, 422} and "forecast_date" in answer.content.decode()
    accepted.refresh_from_db()
    assert (accepted.note, accepted.forecast_date) == ("Kept", datetime.date(2027, 3, 5))


def test_an_import_names_row_and_field_and_takes_the_rest(
    project: Project, accepted: Milestone, tmp_path: Path
) -> None:
    path = tmp_path / "milestones.csv"
    path.write_text(
        f"Project,Code,Milestone,Forecast,Note\n{project.code},{accepted.code},Accepted,2027-09-09,From the file\n",
        encoding="utf-8",
    )
    out = io.StringIO()
    call_command("import_register", "milestones", str(path), "--json", "--language", "en", stdout=out)
    (refused,) = json.loads(out.getvalue())["refused"]
    assert (refused["row"], refused["column"], refused["value"]) == (2, "Forecast", "2027-09-09")
    assert "Comes from the plan, row 3" in refused["reason"]
    accepted.refresh_from_db()
    assert (accepted.note, accepted.forecast_date) == ("From the file", datetime.date(2027, 3, 5))


def test_a_milestone_owned_here_stays_as_it_is_and_stands_once(project: Project, accepted: Milestone) -> None:
    detach(actor=SYSTEM, milestone=accepted)
    change(accepted, forecast_date=LATER, name="Accepted by the port")
    commit_plan(actor=SYSTEM, project=project, plan=plan(8))
    accepted.refresh_from_db()
    assert (accepted.name, accepted.forecast_date) == ("Accepted by the port", LATER)
    assert sorted(Milestone.objects.values_list("name", flat=True)) == ["Accepted by the port", "Handed over"]
    assert AuditEntry.objects.filter(action="milestone.detach", object_id=accepted.pk).count() == 1
    with pytest.raises(ValidationError):
        detach(actor=SYSTEM, milestone=accepted)
    attach(actor=SYSTEM, milestone=accepted)
    accepted.refresh_from_db()
    assert (accepted.name, accepted.forecast_date) == ("Accepted", datetime.date(2027, 3, 8))
    assert accepted.pk in feeds([accepted])


def test_a_task_that_is_gone_is_not_followed_again(project: Project, accepted: Milestone) -> None:
    detach(actor=SYSTEM, milestone=accepted)
    first = plan()
    commit_plan(actor=SYSTEM, project=project, plan=replace(first, tasks=first.tasks[:2]))
    with pytest.raises(ValidationError, match="no row for this milestone"):
        attach(actor=SYSTEM, milestone=accepted)


def test_the_page_offers_to_own_it_and_that_can_be_taken_back(manager: UserClient, accepted: Milestone) -> None:
    page = reverse("register-detail", kwargs={"key": "milestones", "pk": accepted.pk})
    own = reverse("milestone-detach", kwargs={"pk": accepted.pk})
    assert own in manager.get(page).content.decode()
    manager.post(own, {"version": accepted.version})
    key = accepted.task_key
    accepted.refresh_from_db()
    assert (accepted.task_key, accepted.left_task_key) == (None, key)
    assert AuditEntry.objects.get(action="milestone.detach").actor == manager.user
    assert reverse("milestone-attach", kwargs={"pk": accepted.pk}) in manager.get(page).content.decode()
    history = reverse("register-tab", kwargs={"key": "milestones", "pk": accepted.pk, "tab": "history"})
    told = manager.get(history, headers={"HX-Request": "true"}).content.decode()
    assert "took the milestone off the plan" in told and str(key) not in told
    entry = UndoEntry.objects.get()
    manager.post(reverse("change-undo", kwargs={"uid": entry.uid}))
    accepted.refresh_from_db()
    assert (accepted.task_key, accepted.left_task_key) == (key, None)
