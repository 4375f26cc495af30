"""Changing many rows: which, what, who may, what is refused; the filter of the moment decides; all of it can be taken back."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.audit.models import AuditEntry, AuditPayload
from pmo.core.jobs.api import run_job_now
from pmo.core.jobs.models import Job
from pmo.core.records.services import create_many, update_record
from pmo.core.registers.bulk.operations import bulk_form, verbs_of
from pmo.core.registers.declaration import all_registers, get_register
from pmo.core.registers.undo.models import UndoEntry
from projects.models import Milestone, MilestoneVersion, Project
from tests import factories
from tests.conftest import UserClient, client_of
from tests.registers.pages import shown, text, url

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 5, 1)


@pytest.fixture
def project(db: None) -> Project:
    return factories.project(name_en="Harbour")


@pytest.fixture
def manager(project: Project) -> UserClient:
    user = factories.user(username="manager")
    factories.member(project, user, Role.PROJECT_MANAGER)
    return client_of(user)


@pytest.fixture
def rows(project: Project) -> list[Milestone]:
    return [factories.milestone(project, name=f"Step {n}", baseline_date=DAY) for n in range(6)]


def post(client: UserClient, data: dict[str, Any], query: str = "") -> Any:
    return client.post(f"{url('bulk', 'milestones')}{query}", data, follow=True)


def hidden(page: Any) -> dict[str, list[str]]:
    """What the preview's form sends on."""
    html = page.content.decode()
    form = (
        html[html.index('name="form_token"') - 400 : html.index("Change these rows") + 40]
        if "Change these rows" in html
        else html
    )
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(value)
    return found


def run(client: UserClient, data: dict[str, Any], query: str = "") -> tuple[Any, UndoEntry]:
    """From the chosen rows through the preview to the result."""
    page = post(client, {"act": "edit", "step": "preview", **data}, query)
    assert "Nothing is written yet." in text(page), text(page)[-1500:]
    result = post(client, {**hidden(page), "step": "run"}, query)
    return result, UndoEntry.objects.latest("pk")


def chosen(rows: list[Milestone]) -> dict[str, Any]:
    return {"row": [str(row.pk) for row in rows]}


def values(field: str) -> list[Any]:
    return list(Milestone.objects.order_by("pk").values_list(field, flat=True))


def test_set_clear_add_move_and_append(manager: UserClient, rows: list[Milestone]) -> None:
    Milestone.objects.filter(pk=rows[0].pk).update(weight=2, note="Old")
    run(
        manager,
        {
            **chosen(rows[:2]),
            "op-is_key": "set",
            "is_key": "on",
            "op-weight": "add",
            "weight": "1.5",
            "op-baseline_date": "shift",
            "days-baseline_date": "-7",
            "op-note": "append",
            "note": "New",
        },
    )
    assert values("is_key")[:3] == [True, False, False]
    first, second = Milestone.objects.get(pk=rows[0].pk), Milestone.objects.get(pk=rows[1].pk)
    assert (first.weight, first.note, first.baseline_date) == (3.5, "Old New", DAY - datetime.timedelta(days=7))
    assert (second.weight, second.note, second.version) == (None, "", 1)
    entry = UndoEntry.objects.get()
    assert [(item["id"], item["reason"]) for item in entry.refused] == [
        (second.pk, "It is empty, so nothing can be added to it.")
    ]
    run(manager, {**chosen(rows[:1]), "op-weight": "clear"})
    assert Milestone.objects.get(pk=rows[0].pk).weight is None


def test_a_preview_writes_nothing(manager: UserClient, rows: list[Milestone]) -> None:
    page = post(manager, {"act": "edit", "step": "preview", **chosen(rows), "op-name": "set", "name": "Same"})
    assert "6 rows will change." in text(page) and "Step 0" in text(page)
    assert values("name") == [f"Step {n}" for n in range(6)]
    assert not AuditEntry.objects.exists() and not UndoEntry.objects.exists()


def test_no_row_no_field_and_bad_values_are_told(manager: UserClient, rows: list[Milestone]) -> None:
    assert "Choose rows first." in text(post(manager, {"act": "edit"}))
    assert "Choose at least one field" in text(post(manager, {"act": "edit", "step": "preview", **chosen(rows)}))
    for verb, value, told in (
        ("set", "soon", "Enter a number"),
        ("set", "", "Give a value, or choose to clear the field."),
        ("explode", "1", "This cannot be done to this field."),
    ):
        page = post(manager, {"act": "edit", "step": "preview", **chosen(rows), "op-weight": verb, "weight": value})
        assert page.status_code == 422 and told in text(page), (verb, text(page)[-800:])
    page = post(
        manager,
        {"act": "edit", "step": "preview", **chosen(rows), "op-baseline_date": "shift", "days-baseline_date": "x"},
    )
    assert "A number of days is expected" in text(page)


def test_rows_without_the_right_are_refused_and_named(
    manager: UserClient, rows: list[Milestone], project: Project
) -> None:
    foreign = factories.milestone(factories.project(name_en="Other"), name="Not mine")
    page = post(manager, {"act": "edit", "step": "preview", **chosen([*rows, foreign]), "op-name": "set", "name": "Z"})
    assert "6 rows will change." in text(page) and "1 is refused." in text(page)
    assert "Not mine Your roles do not let you do this with it." in text(page)
    _result, entry = run(manager, {**chosen([*rows, foreign]), "op-name": "set", "name": "Z"})
    assert (entry.matched, entry.changed, entry.refused_count) == (7, 6, 1)
    assert values("name") == ["Z"] * 6 + ["Not mine"]


def test_hidden_rows_are_no_row(manager: UserClient, rows: list[Milestone]) -> None:
    secret = factories.milestone(factories.project(visibility="private"), name="Secret")
    result, entry = run(manager, {**chosen([rows[0], secret]), "op-name": "set", "name": "Z"})
    assert "Secret" not in text(result)
    assert (entry.matched, entry.changed, [item["id"] for item in entry.refused]) == (1, 1, [secret.pk])


def test_what_a_row_refuses_does_not_hold_up_the_others(manager: UserClient, rows: list[Milestone]) -> None:
    """Two rows cannot have one code: the first takes it."""
    _result, entry = run(manager, {**chosen(rows[:3]), "op-code": "set", "code": "ONE"})
    assert (entry.changed, entry.refused_count) == (1, 2)
    assert "Code:" in entry.refused[0]["reason"]
    assert Counter(values("code"))["ONE"] == 1
    acts = AuditEntry.objects.filter(action="update")
    assert [act.object_id for act in acts] == [rows[0].pk]
    assert AuditPayload.objects.count() == 1


def test_rows_that_say_so_already_are_counted_not_written(manager: UserClient, rows: list[Milestone]) -> None:
    _result, entry = run(manager, {**chosen(rows[:2]), "op-name": "set", "name": "Step 0"})
    assert (entry.changed, entry.unchanged) == (1, 1)
    assert Milestone.objects.get(pk=rows[0].pk).version == 1


def test_a_row_changed_after_the_preview_is_refused(
    manager: UserClient, pmo_admin: UserClient, rows: list[Milestone]
) -> None:
    page = post(manager, {"act": "edit", "step": "preview", **chosen(rows[:2]), "op-name": "set", "name": "Mine"})
    update_record(actor=actor_of(pmo_admin.user), row=Milestone.objects.get(pk=rows[0].pk), values={"name": "Theirs"})
    result = post(manager, {**hidden(page), "step": "run"})
    assert "1 row was refused and is as before." in text(result)
    assert "Theirs Somebody changed it after you looked at it" in text(result)
    assert values("name")[:2] == ["Theirs", "Mine"]


def test_all_that_match_is_what_matches_when_it_is_done(
    manager: UserClient, rows: list[Milestone], project: Project
) -> None:
    query = "?name__icontains=step"
    page = post(manager, {"act": "edit", "step": "preview", "all": "1", "op-is_key": "set", "is_key": "on"}, query)
    assert "6 rows will change." in text(page)
    Milestone.objects.filter(pk=rows[0].pk).update(name="Left the filter")
    late = factories.milestone(project, name="Step late")
    post(manager, {**hidden(page), "step": "run"}, query)
    entry = UndoEntry.objects.get()
    expected = {row.pk for row in [*rows[1:], late]}
    assert set(Milestone.objects.filter(is_key=True).values_list("pk", flat=True)) == expected
    assert (entry.matched, entry.changed) == (6, 6)


def test_a_filter_that_cannot_be_used_changes_nothing(manager: UserClient, rows: list[Milestone]) -> None:
    page = post(
        manager, {"act": "edit", "step": "run", "all": "1", "op-name": "set", "name": "Z"}, "?baseline_date__gte=soon"
    )
    assert "a date is expected" in text(page)
    assert "Z" not in values("name") and not UndoEntry.objects.exists()


def test_two_clicks_do_it_once(manager: UserClient, rows: list[Milestone]) -> None:
    Milestone.objects.update(weight=1)
    page = post(manager, {"act": "edit", "step": "preview", **chosen(rows[:1]), "op-weight": "add", "weight": "2"})
    first = post(manager, {**hidden(page), "step": "run"})
    second = post(manager, {**hidden(page), "step": "run"})
    assert Milestone.objects.get(pk=rows[0].pk).weight == 3
    assert first.redirect_chain == second.redirect_chain
    assert UndoEntry.objects.count() == 1


def test_deleting_and_restoring_many(manager: UserClient, rows: list[Milestone]) -> None:
    page = post(manager, {"act": "delete", **chosen(rows[:4])})
    assert "4 rows will move to the trash." in text(page)
    assert Milestone.objects.count() == 6
    sent = {"act": "delete", "row": [f"{row.pk}:1" for row in rows[:4]], "step": "run"}
    post(manager, sent)
    entry = UndoEntry.objects.get()
    assert (entry.kind, entry.changed, Milestone.objects.count()) == ("bulk_delete", 4, 2)
    trash = manager.get(url("trash", "milestones")).content.decode()
    assert f'name="row" value="{rows[0].pk}" form="bulk-form"' in trash and 'name="act" value="restore"' in trash
    assert "2 rows will be restored." in text(post(manager, {"act": "restore", **chosen(rows[:2])}))
    post(manager, {"act": "restore", **chosen(rows[:2]), "step": "run"})
    assert Milestone.objects.count() == 4
    undone = manager.post(reverse("change-undo", kwargs={"uid": entry.uid}), follow=True)
    assert "2 rows stay as they are." in text(undone) and "It is not in the trash any more." in text(undone)
    assert Milestone.objects.count() == 6
    restored = UndoEntry.objects.get(kind="bulk_restore")
    manager.post(reverse("change-undo", kwargs={"uid": restored.uid}))
    assert shown(manager.get(url("list", "milestones"))) == [row.pk for row in rows[2:]]


def test_who_may_not_change_is_refused_at_the_door(rows: list[Milestone], outsider: UserClient) -> None:
    assert outsider.post(url("bulk", "milestones"), {"act": "edit", **chosen(rows)}).status_code == 403
    assert outsider.post(url("bulk", "milestones"), {"act": "delete", **chosen(rows)}).status_code == 403
    assert "data-select" not in outsider.get(url("list", "milestones")).content.decode()
    assert outsider.get(url("bulk", "milestones")).status_code == 405


def test_protected_fields_stay_protected(project: Project) -> None:
    """A coordinator sees no money: the field is not offered, and sent by hand it is refused."""
    project.budget = 5
    user = factories.user(username="coordinator")
    factories.member(project, user, Role.COORDINATOR)
    client = client_of(user)
    register = get_register("projects")
    protected = {c.field for c in register.columns if c.permission} & set(register.form_fields)
    form = bulk_form(register, user)
    assert not protected & set(form.fields)
    assert client.post(url("bulk", "projects"), {"act": "edit", "row": [str(project.pk)]}).status_code in {200, 403}


@pytest.fixture
def five_hundred(project: Project) -> list[Milestone]:
    made = [
        Milestone(project=project, code=f"B-{n:03d}", name=f"Row {n}", baseline_date=DAY, weight=n) for n in range(500)
    ]
    return create_many(actor=SYSTEM, rows=made)


def state_of_rows() -> list[Any]:
    return list(Milestone.objects.order_by("pk").values_list("pk", "name", "baseline_date", "weight", "is_key"))


def test_five_hundred_rows_changed_by_a_job_and_undone(manager: UserClient, five_hundred: list[Milestone]) -> None:
    before = state_of_rows()
    sent = {
        "act": "edit",
        "all": "1",
        "op-is_key": "set",
        "is_key": "on",
        "op-baseline_date": "shift",
        "days-baseline_date": "3",
    }
    page = post(manager, {**sent, "step": "preview"})
    assert "500 rows match, and your roles let you change 500 of them. The first 200 were tried" in text(page)
    result = post(manager, {**hidden(page), "step": "run"})
    entry = UndoEntry.objects.get()
    assert "In progress: 0 of 500 rows changed so far." in text(result)
    job = Job.objects.get(uid=entry.job_uid)
    assert run_job_now(job.pk).result == {"uid": str(entry.uid), "changed": 500, "refused": 0}
    assert all(is_key and day == DAY + datetime.timedelta(days=3) for _p, _n, day, _w, is_key in state_of_rows())
    assert AuditEntry.objects.filter(action="update").count() == 500
    assert MilestoneVersion.objects.filter(is_key=True, valid_to=None).count() == 500
    answer = manager.post(reverse("change-undo", kwargs={"uid": entry.uid}))
    assert answer.url.startswith("/jobs/")
    undo_job = Job.objects.filter(kind="core.undo").get()
    assert run_job_now(undo_job.pk).result == {"uid": str(entry.uid), "undone": 500, "kept": 0}
    assert state_of_rows() == before
    assert MilestoneVersion.objects.filter(is_key=True).count() == 0
    entry.refresh_from_db()
    assert entry.state == "undone"
    assert "Taken back: every row is as it was before." in text(
        manager.get(reverse("change-detail", kwargs={"uid": entry.uid}))
    )


def test_undoing_many_leaves_the_rows_of_others_alone(
    manager: UserClient, pmo_admin: UserClient, rows: list[Milestone]
) -> None:
    _result, entry = run(manager, {**chosen(rows), "op-name": "set", "name": "Same"})
    update_record(actor=actor_of(pmo_admin.user), row=Milestone.objects.get(pk=rows[2].pk), values={"weight": 9})
    page = manager.post(reverse("change-undo", kwargs={"uid": entry.uid}), follow=True)
    assert "Taken back, but 1 row stays as it is." in text(page)
    assert f"Same Changed since by {pmo_admin.user.person}." in text(page)
    assert values("name") == ["Step 0", "Step 1", "Same", "Step 3", "Step 4", "Step 5"]


def test_a_stopped_job_goes_on_where_it_stopped(manager: UserClient, five_hundred: list[Milestone]) -> None:
    post(manager, {"act": "edit", "all": "1", "op-weight": "add", "weight": "1000", "step": "run"})
    entry = UndoEntry.objects.get()
    job = Job.objects.get(uid=entry.job_uid)
    run_job_now(job.pk)
    # As if the worker had died before it could say so.
    Job.objects.filter(pk=job.pk).update(state="queued", result=None)
    run_job_now(job.pk)
    assert [int(weight) for weight in values("weight")] == [1000 + n for n in range(500)]


def test_the_statements_of_a_chunk_do_not_grow_beyond_the_rows(manager: UserClient, project: Project) -> None:
    """The audit trail of a bulk edit is written in one go: entries and details, two statements."""
    rows = [factories.milestone(project) for _n in range(40)]
    with CaptureQueriesContext(connection) as captured:
        post(manager, {"act": "edit", **chosen(rows), "op-is_key": "set", "is_key": "on", "step": "run"})
    written = [query["sql"] for query in captured if query["sql"].startswith("INSERT INTO")]
    assert sum("core_auditentry" in sql for sql in written) == 1
    assert sum("core_auditpayload" in sql for sql in written) == 1


@pytest.mark.parametrize("key", [r.key for r in all_registers() if r.form_fields and not r.read_only])
def test_every_register_offers_every_field(pmo_admin: UserClient, key: str) -> None:
    register = get_register(key)
    form = bulk_form(register, pmo_admin.user)
    assert set(form.fields) == set(register.form_fields)
    assert not set(form.fields) & {"row", "all", "act", "step", "bulk_reason", "form_token"}
    assert all(verbs_of(register, name, field) for name, field in form.fields.items())
