"""Creating and editing: errors by field, nothing lost, and the conflict page."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest

from pmo.core.access.roles import Role
from pmo.core.audit.actor import actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.records.services import update_record
from projects.models import Milestone, Project
from tests import factories
from tests.conftest import UserClient, client_of
from tests.registers.pages import shown, text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db: None) -> UserClient:
    return client_of(factories.user(username="manager"))


@pytest.fixture
def project(manager: UserClient) -> Project:
    return factories.project(name_en="Crane", pm=manager.user.person)


@pytest.fixture
def milestone(project: Project) -> Milestone:
    return factories.milestone(
        project,
        name="Handover",
        note="as planned",
        weight=5,
        baseline_date=datetime.date(2026, 5, 1),
        forecast_date=None,
    )


def values(project: Project, **changes: Any) -> dict[str, Any]:
    return {
        "project": project.pk,
        "code": "",
        "name": "Trial run",
        "weight": "2.5",
        "baseline_date": "2026-08-01",
        "forecast_date": "",
        "actual_date": "",
        "owner": "",
        "note": "two\nlines",
        **changes,
    }


def hidden(response: Any) -> dict[str, str]:
    """Hidden inputs of the page's form: what a browser sends along."""
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', response.content.decode())
    return dict(pairs)


def test_create_saves_and_leads_to_the_row(manager: UserClient, project: Project) -> None:
    response = manager.post(url("create", "milestones"), values(project), follow=True)
    row = Milestone.objects.get()
    assert (row.name, str(row.weight), row.baseline_date) == ("Trial run", "2.5000", datetime.date(2026, 8, 1))
    assert response.redirect_chain == [(url("detail", "milestones", pk=row.pk), 302)]
    assert "Milestone created: Trial run" in text(response)
    entry = AuditEntry.objects.get(model="projects.milestone")
    assert (entry.action, entry.actor, entry.project_id) == ("create", manager.user, project.pk)


def test_create_again_keeps_the_project(manager: UserClient, project: Project) -> None:
    address = f"{url('create', 'milestones')}?project={project.pk}"
    assert f'<option value="{project.pk}" selected>' in manager.get(address).content.decode()
    again = manager.post(address, values(project, another="1"), follow=True)
    assert again.redirect_chain == [(address, 302)]


def test_errors_name_the_field_and_keep_everything_typed(manager: UserClient, project: Project) -> None:
    response = manager.post(url("create", "milestones"), values(project, name="", weight="a lot", baseline_date="soon"))
    assert response.status_code == 422
    form = response.context["form"]
    assert set(form.errors) == {"name", "weight", "baseline_date"}
    html = response.content.decode()
    assert 'value="a lot"' in html
    assert "two\nlines</textarea>" in html
    assert '<a href="#id_name">' in html
    assert not Milestone.objects.exists()


def test_model_rules_and_uniqueness_are_told_by_field(
    manager: UserClient, project: Project, milestone: Milestone
) -> None:
    taken = manager.post(url("create", "milestones"), values(project, code=milestone.code))
    assert taken.status_code == 422
    assert taken.context["form"].errors["code"] == ["Milestone with this Project, Code already exists."]
    assert Milestone.objects.count() == 1
    negative = manager.post(url("create", "milestones"), values(project, weight="-1"))
    assert "weight" in negative.context["form"].errors


def test_figures_may_have_separators_and_dates_are_iso(manager: UserClient, project: Project) -> None:
    manager.post(url("create", "milestones"), values(project, weight="12,345.5"))
    assert str(Milestone.objects.get().weight) == "12345.5000"


def test_only_projects_where_one_may_add_are_offered(manager: UserClient, project: Project) -> None:
    foreign = factories.project(name_en="Foreign")
    page = manager.get(url("create", "milestones"))
    assert list(page.context["form"].fields["project"].queryset) == [project]
    refused = manager.post(url("create", "milestones"), values(foreign))
    assert refused.status_code == 422
    assert "project" in refused.context["form"].errors
    assert not Milestone.objects.exists()


@pytest.mark.usefixtures("english")
def test_a_row_is_not_moved_to_where_one_may_not_add(
    manager: UserClient, project: Project, milestone: Milestone, pmo_admin: UserClient
) -> None:
    from django.core.exceptions import ValidationError

    from pmo.core.registers.declaration import get_register
    from pmo.core.registers.services import update_row

    foreign = factories.project()
    register, actor = get_register("milestones"), actor_of(manager.user)
    with pytest.raises(ValidationError) as caught:
        update_row(register=register, actor=actor, row=milestone, values={"project": foreign}, expected_version=1)
    assert "You may not add rows there." in str(caught.value)
    milestone.refresh_from_db()
    assert milestone.project == project
    moved = update_row(
        register=register,
        actor=actor_of(pmo_admin.user),
        row=milestone,
        values={"project": foreign},
        expected_version=1,
    )
    assert moved.project == foreign


def test_who_may_not_add_or_change_is_told_why(outsider: UserClient, milestone: Milestone) -> None:
    for response in (
        outsider.get(url("create", "milestones")),
        outsider.post(url("create", "milestones"), values(milestone.project)),
        outsider.get(url("edit", "milestones", pk=milestone.pk)),
        outsider.post(url("edit", "milestones", pk=milestone.pk), values(milestone.project, version="1")),
        outsider.post(url("delete", "milestones", pk=milestone.pk), {"version": "1"}),
    ):
        assert response.status_code == 403
        assert "You need one of these roles here" in text(response)
    detail = text(outsider.get(url("detail", "milestones", pk=milestone.pk)))
    assert "You need one of these roles here" in detail
    hidden_row = factories.milestone(factories.project(visibility="private"))
    assert outsider.get(url("edit", "milestones", pk=hidden_row.pk)).status_code == 404


def test_edit_saves_with_a_reason(manager: UserClient, project: Project, milestone: Milestone) -> None:
    page = manager.get(url("edit", "milestones", pk=milestone.pk))
    sent = {**hidden(page), **values(project, code=milestone.code, name="Handover 2"), "reason": "supplier is late"}
    response = manager.post(url("edit", "milestones", pk=milestone.pk), sent)
    assert response.status_code == 302
    milestone.refresh_from_db()
    assert (milestone.name, milestone.version) == ("Handover 2", 2)
    assert AuditEntry.objects.get(action="update").reason == "supplier is late"
    history = text(manager.get(url("tab", "milestones", pk=milestone.pk, tab="history")))
    assert "supplier is late" in history


def test_a_long_list_is_typed_as_code_or_name(manager: UserClient, project: Project, monkeypatch: Any) -> None:
    monkeypatch.setattr("pmo.core.registers.forms.LONG_LIST", 2)
    people = [factories.person(code=f"E70{n}", name_en=f"Kim {n}") for n in range(4)]
    page = manager.get(url("create", "milestones"))
    assert 'list="lookup-owner"' in page.content.decode()
    manager.post(url("create", "milestones"), values(project, owner="E702 Kim 2"))
    assert Milestone.objects.get().owner == people[2]
    typo = manager.post(url("create", "milestones"), values(project, owner="Kin 9"))
    assert "No record you may choose is called “Kin 9”" in text(typo)
    assert 'value="Kin 9"' in typo.content.decode()
    options = manager.get(url("lookup", "milestones", field="owner"), {"term": "E703 kim"}).content.decode()
    assert re.findall(r'value="([^"]+)"', options) == ["E703 Kim 3"]


def conflict(manager: UserClient, milestone: Milestone, theirs: dict[str, Any], mine: dict[str, Any]) -> Any:
    """Open the form, let somebody else save `theirs`, then send `mine`."""
    address = url("edit", "milestones", pk=milestone.pk)
    page = manager.get(address)
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    other = client_of(factories.user(Role.PMO_ADMIN, username="other"))
    update_record(actor=actor_of(other.user), row=Milestone.objects.get(pk=milestone.pk), values=theirs)
    body = {**hidden(page), **{name: "" if value is None else value for name, value in sent.items()}, **mine}
    return manager.post(address, {name: value for name, value in body.items() if value is not False})


def test_a_lost_update_gets_a_page_that_keeps_what_was_typed(manager: UserClient, milestone: Milestone) -> None:
    response = conflict(
        manager,
        milestone,
        theirs={"name": "Handover (theirs)", "weight": 9},
        mine={"name": "Handover (mine)", "note": "my long text"},
    )
    assert response.status_code == 409
    milestone.refresh_from_db()
    assert (milestone.name, milestone.note) == ("Handover (theirs)", "as planned")
    html, words = response.content.decode(), text(response)
    assert 'value="Handover (mine)"' in html
    assert "my long text</textarea>" in html
    assert "Handover (theirs)" in words
    assert "Not saved. User" in words
    lines = {line.field.name: line for line in response.context["conflict"].lines}
    assert {name: (line.was, line.yours, line.theirs, line.pick) for name, line in lines.items()} == {
        "name": ("Handover", "Handover (mine)", "Handover (theirs)", "mine"),
        "weight": ("5", "5", "9", "theirs"),
        "note": ("as planned", "my long text", "as planned", "mine"),
    }


def test_the_conflict_page_saves_what_was_picked(manager: UserClient, milestone: Milestone) -> None:
    page = conflict(
        manager,
        milestone,
        theirs={"name": "Theirs", "weight": 9, "owner": factories.person(name_en="Pat")},
        mine={"name": "Mine", "note": "my text"},
    )
    picks = {f"pick-{line.field.name}": line.pick for line in page.context["conflict"].lines}
    fields = {line.field.name: line.field.value() for line in page.context["conflict"].lines}
    same = {field.name: field.value() for field in page.context["conflict"].same}
    sent = {**hidden(page), **same, **fields, **picks}
    saved = manager.post(
        url("edit", "milestones", pk=milestone.pk),
        {name: "" if value is None else value for name, value in sent.items() if value is not False},
    )
    assert saved.status_code == 302, text(saved)
    milestone.refresh_from_db()
    assert (milestone.name, milestone.note, milestone.weight, str(milestone.owner)) == ("Mine", "my text", 9, "Pat")
    assert milestone.version == 3


def test_without_a_conflict_in_between_the_twin_saves(manager: UserClient, milestone: Milestone) -> None:
    """The negative control: the same form without the other writer is saved."""
    address = url("edit", "milestones", pk=milestone.pk)
    page = manager.get(address)
    sent = {**hidden(page), **values(milestone.project, code=milestone.code, name="Mine")}
    assert manager.post(address, sent).status_code == 302


def test_a_version_that_cannot_be_read_never_overwrites(manager: UserClient, milestone: Milestone) -> None:
    sent = values(milestone.project, code=milestone.code, name="Mine", version="latest")
    assert manager.post(url("edit", "milestones", pk=milestone.pk), sent).status_code == 409
    milestone.refresh_from_db()
    assert milestone.name == "Handover"


def test_delete_trash_and_undo(manager: UserClient, milestone: Milestone) -> None:
    assert manager.get(url("delete", "milestones", pk=milestone.pk)).status_code == 405
    page = manager.post(url("delete", "milestones", pk=milestone.pk), {"version": "1"}, follow=True)
    assert page.redirect_chain == [(url("list", "milestones"), 302)]
    assert re.search(r'<form method="post" action="/changes/[0-9a-f-]{36}/undo/">', page.content.decode())
    assert "“Handover” is in the trash" in text(page)
    assert shown(page) == []
    assert "Handover" in text(manager.get(url("trash", "milestones")))
    undone = manager.post(url("restore", "milestones", pk=milestone.pk), follow=True)
    assert "Restored: Handover" in text(undone)
    assert shown(manager.get(url("list", "milestones"))) == [milestone.pk]
    assert [entry.action for entry in AuditEntry.objects.order_by("id")] == ["delete", "restore"]


def test_a_stale_delete_is_refused(manager: UserClient, milestone: Milestone) -> None:
    update_record(actor=actor_of(manager.user), row=milestone, values={"name": "Changed"})
    page = manager.post(url("delete", "milestones", pk=milestone.pk), {"version": "1"}, follow=True)
    assert "Not deleted: somebody changed this record" in text(page)
    assert Milestone.objects.filter(pk=milestone.pk).exists()


def test_the_trash_forgets_after_30_days_and_is_nobody_elses(
    manager: UserClient, outsider: UserClient, milestone: Milestone
) -> None:
    manager.post(url("delete", "milestones", pk=milestone.pk), {"version": "1"}, follow=True)
    assert outsider.get(url("trash", "milestones")).status_code == 403
    assert outsider.post(url("restore", "milestones", pk=milestone.pk)).status_code == 404
    stranger = client_of(factories.user(username="stranger"))
    factories.project(pm=stranger.user.person)
    assert "Handover" not in text(stranger.get(url("trash", "milestones")))
    long_ago = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    Milestone.all_objects.filter(pk=milestone.pk).update(deleted_at=long_ago)
    assert "Handover" not in text(manager.get(url("trash", "milestones")))
    assert manager.post(url("restore", "milestones", pk=milestone.pk)).status_code == 404


def test_a_code_taken_meanwhile_stops_the_restore(manager: UserClient, project: Project, milestone: Milestone) -> None:
    manager.post(url("delete", "milestones", pk=milestone.pk), {"version": "1"})
    factories.milestone(project, code=milestone.code)
    page = manager.post(url("restore", "milestones", pk=milestone.pk), follow=True)
    assert "Not restored:" in text(page)
    assert not Milestone.objects.filter(pk=milestone.pk).exists()
