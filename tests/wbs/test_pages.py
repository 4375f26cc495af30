"""The plan tab and the editor's pages: what they say, what they answer, how many statements they take."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from projects.models.plan import PlanTask, PlanVersion, TaskBaseline, TaskLink, WbsRules
from projects.queries.plans.outline_rows import ROW
from projects.services.plans import versions
from tests import factories
from tests.conftest import UserClient, client_of
from tests.wbs.conftest import MONDAY, draft, rows, shape

pytestmark = pytest.mark.django_db


def tab(project: Any, **query: Any) -> str:
    from urllib.parse import urlencode

    url = reverse("register-tab", kwargs={"key": "projects", "pk": project.pk, "tab": "plan"})
    return f"{url}?{urlencode(query)}" if query else url


@pytest.fixture
def published(plan: PlanVersion) -> PlanVersion:
    found = rows(plan)
    TaskBaseline.objects.create(task=found["C"], number=0, starts_at=MONDAY, finishes_at=MONDAY)
    TaskLink.objects.create(plan=plan, predecessor=found["C"], successor=found["D"], lag=960, lag_unit="d")
    PlanTask.objects.filter(pk=found["D"].pk).update(critical=True)
    PlanTask.objects.filter(pk=found["E"].pk).update(milestone=True, duration=0)
    return versions.publish(actor=SYSTEM, draft=plan, expected_version=None).version


def test_without_a_plan_one_is_started_or_imported(pmo_admin: UserClient, project: Any) -> None:
    html = pmo_admin.get(tab(project)).content.decode()
    assert reverse("plan-start", kwargs={"pk": project.pk}) in html
    assert reverse("plan-import", kwargs={"pk": project.pk}) in html
    answer = pmo_admin.post(reverse("plan-start", kwargs={"pk": project.pk}))
    assert answer.headers["Location"] == reverse("plan-edit", kwargs={"pk": project.pk})
    assert PlanVersion.objects.get(project=project).state == "draft"


def test_the_tab_shows_outline_links_baseline_and_critical(pmo_admin: UserClient, published: PlanVersion) -> None:
    html = pmo_admin.get(tab(published.project), headers={"HX-Request": "true"}).content.decode()
    assert 'aria-level="3"' in html
    assert "3FS+2d" in html
    assert "chart-baseline" in html
    assert "chart-link" in html
    assert "badge-critical" in html


@pytest.mark.parametrize(("query", "names"), [
    ({"level": 1}, "AF"), ({"only": "critical"}, "ABD"), ({"only": "milestones"}, "AE"), ({}, "ABCDEFGH"),
])  # fmt: skip
def test_filters_keep_the_rows_above(pmo_admin: UserClient, published: PlanVersion, query: Any, names: str) -> None:
    response = pmo_admin.get(tab(published.project, **query), headers={"HX-Request": "true"})
    assert [line.task.name for line in response.context["part"].lines] == list(names)


def test_a_closed_branch_hides_its_rows(pmo_admin: UserClient, published: PlanVersion) -> None:
    query = {"closed": rows(published)["B"].pk}
    response = pmo_admin.get(tab(published.project, **query), headers={"HX-Request": "true"})
    assert [line.task.name for line in response.context["part"].lines] == list("ABEFGH")


def test_statements_do_not_grow_with_the_plan(
    pmo_admin: UserClient, published: PlanVersion, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(20):
        pmo_admin.get(tab(published.project), headers={"HX-Request": "true"})
    PlanTask.objects.bulk_create(
        PlanTask(plan=published, position=100_000 + step, level=1 + step % 2, name=f"T{step}") for step in range(150)
    )
    with django_assert_max_num_queries(20):
        response = pmo_admin.get(tab(published.project), headers={"HX-Request": "true"})
    assert len(response.context["part"].lines) == 100
    assert "from=100" in response.content.decode()


def test_tasks_and_summaries_are_counted_apart(pmo_admin: UserClient, published: PlanVersion) -> None:
    html = pmo_admin.get(tab(published.project), headers={"HX-Request": "true"}).content.decode()
    assert "5 tasks and 3 summaries" in html and "8 rows" in html


def test_the_legend_says_what_is_drawn(pmo_admin: UserClient, published: PlanVersion) -> None:
    def legend(**query: Any) -> list[str]:
        response = pmo_admin.get(tab(published.project, **query), headers={"HX-Request": "true"})
        return [item.swatch for item in response.context["axis"].legend if item.swatch != "forecast-line"]

    assert legend() == ["remaining", "critical", "baseline", "stone"]
    assert legend(only="milestones") == ["stone"]


def test_the_last_five_versions_are_listed_and_the_rest_is_a_list_away(
    pmo_admin: UserClient, published: PlanVersion
) -> None:
    url, part = tab(published.project), {"HX-Request": "true"}
    everything = f"{reverse('register-list', kwargs={'key': 'plan-versions'})}?project={published.project_id}"
    assert everything not in pmo_admin.get(url, headers=part).content.decode()
    state = PlanVersion.State.SUPERSEDED
    for number in range(2, 9):
        PlanVersion.objects.create(project=published.project, number=number, state=state)
    response = pmo_admin.get(url, headers=part)
    assert [one.number for one in response.context["versions"]] == [8, 7, 6, 5, 4]
    assert response.context["plan"] == published and everything in response.content.decode()
    asked = pmo_admin.get(tab(published.project, version=2), headers=part)
    assert asked.context["plan"].number == 2


def act(client: UserClient, plan: PlanVersion, **sent: Any) -> Any:
    url = reverse("plan-edit-act", kwargs={"pk": plan.project_id})
    return client.post(url, sent, headers={"Accept": "application/json"})


def test_an_operation_answers_the_changed_rows_only(pmo_admin: UserClient, plan: PlanVersion) -> None:
    row = rows(plan)["C"]
    data = act(pmo_admin, plan, act="edit", row=row.pk, field="name", value="Chapter", version=row.version).json()
    assert [one[0] for one in data["rows"]] == [row.pk]
    assert data["rows"][0][4] == "Chapter"
    assert data["undo"]
    page = pmo_admin.get(reverse("plan-edit", kwargs={"pk": plan.project_id})).content.decode()
    assert "Chapter" in page
    assert act(pmo_admin, plan, act="undo").json()["rows"][0][4] == "C"


def test_the_answer_holds_the_rows_that_lose_or_regain_a_predecessor(pmo_admin: UserClient, plan: PlanVersion) -> None:
    found = rows(plan)
    TaskLink.objects.create(plan=plan, predecessor=found["C"], successor=found["D"])
    TaskLink.objects.create(plan=plan, predecessor=found["D"], successor=found["H"])
    places = {name: ROW.index(name) for name in ("id", "links")}

    def links(answer: Any) -> dict[int, list[int]]:
        return {row[places["id"]]: [key for key, _rest in row[places["links"]]] for row in answer.json()["rows"]}

    assert links(act(pmo_admin, plan, act="delete", row=found["D"].pk))[found["H"].pk] == []
    back = links(act(pmo_admin, plan, act="undo"))
    assert back[found["D"].pk] == [found["C"].pk]
    assert back[found["H"].pk] == [found["D"].pk]


@pytest.mark.parametrize(
    ("most", "sent"),
    [
        (19, {"act": "edit", "field": "name", "value": "Chapter"}),
        (28, {"act": "edit", "field": "duration", "value": "5d"}),
        (28, {"act": "outdent"}),
        (20, {"act": "up"}),
        (26, {"act": "above"}),
    ],
)
def test_a_keystroke_takes_few_statements(
    pmo_admin: UserClient, plan: PlanVersion, sent: Any, most: int, django_assert_max_num_queries: Any
) -> None:
    row = rows(plan)["D"].pk
    act(pmo_admin, plan, act="below", row=rows(plan)["H"].pk)
    with django_assert_max_num_queries(most):
        assert act(pmo_admin, plan, row=row, **sent).status_code == 200


def test_the_answer_says_what_undo_and_redo_would_do(pmo_admin: UserClient, plan: PlanVersion) -> None:
    def told(**sent: Any) -> tuple[bool, bool]:
        page = act(pmo_admin, plan, **sent).json()
        opened = pmo_admin.get(f"/projects/{plan.project_id}/plan/edit/rows.json").json()
        assert (page["undo"], page["redo"]) == (opened["undo"], opened["redo"])
        return bool(page["undo"]), bool(page["redo"])

    row = rows(plan)["C"].pk
    assert told(act="edit", row=row, field="name", value="One") == (True, False)
    assert told(act="above", row=row) == (True, False)
    assert told(act="undo") == (True, True)
    assert told(act="undo") == (False, True)
    assert told(act="redo") == (True, True)
    assert told(act="edit", row=row, field="name", value="One") == (True, True)
    assert told(act="redo") == (True, False)
    assert told(act="undo") == (True, True)
    assert told(act="below", row=row) == (True, False)


def test_refusals_and_rivals_are_told(pmo_admin: UserClient, plan: PlanVersion) -> None:
    row = rows(plan)["C"]
    wrong = act(pmo_admin, plan, act="edit", row=row.pk, field="duration", value="soon")
    assert wrong.status_code == 422
    assert "soon" in wrong.json()["text"]
    act(pmo_admin, plan, act="edit", row=row.pk, field="name", value="One", version=row.version)
    late = act(pmo_admin, plan, act="edit", row=row.pk, field="name", value="Two", version=row.version)
    assert late.status_code == 409
    assert late.json()["rows"][0][4] == "One"
    assert act(pmo_admin, plan, act="indent", row="x").status_code == 422
    assert act(pmo_admin, plan, act="nothing", row=row.pk).status_code == 422


def test_somebody_else_between_is_noticed(pmo_admin: UserClient, plan: PlanVersion) -> None:
    seq = pmo_admin.get(reverse("plan-edit-rows", kwargs={"pk": plan.project_id})).json()["seq"]
    first = act(pmo_admin, plan, act="below", row=rows(plan)["H"].pk, seq=seq).json()
    assert first["behind"] is False
    assert act(pmo_admin, plan, act="undo", seq=seq).json()["behind"] is True


def test_a_row_is_edited_without_script(pmo_admin: UserClient, plan: PlanVersion) -> None:
    row = rows(plan)["C"]
    url = reverse("plan-edit-row", kwargs={"pk": plan.project_id, "row": row.pk})
    assert 'value="2d"' in pmo_admin.get(url).content.decode()
    sent = {"name": "Sea", "duration": "3d", "start": "2026-11-02", "finish": "2026-11-03", "was-finish": "2026-11-03",
            "was-start": "2026-11-02", "predecessors": "", "percent": "40", "responsible": "", "version": row.version}  # fmt: skip
    assert pmo_admin.post(url, sent | {"percent": "400"}).status_code == 422
    sent["version"] = PlanTask.objects.get(pk=row.pk).version
    assert pmo_admin.post(url, sent).status_code == 302
    found = PlanTask.objects.get(pk=row.pk)
    assert (found.name, found.duration, found.percent_complete) == ("Sea", 1440, 40)
    plain = pmo_admin.post(reverse("plan-edit-act", kwargs={"pk": plan.project_id}), {"act": "delete", "row": row.pk})
    assert plain.status_code == 302
    assert "Sea" not in rows(plan)


def test_a_paste_is_looked_at_first(pmo_admin: UserClient, plan: PlanVersion) -> None:
    url = reverse("plan-edit-paste", kwargs={"pk": plan.project_id})
    wrong = pmo_admin.post(url, {"value": "One\tsoon"})
    assert "soon" in wrong.content.decode()
    assert "insert" not in wrong.content.decode().split("paste-text")[1].split("</form>")[0].replace("inserted", "")
    assert pmo_admin.post(url, {"value": "One\tsoon", "insert": "1"}).status_code == 422
    assert pmo_admin.post(url, {"value": "One\t2d", "insert": "1", "row": rows(plan)["H"].pk}).status_code == 302
    assert shape(plan)[-1] == ("One", 2)
    long = act(pmo_admin, plan, act="paste", row=rows(plan)["H"].pk, value="\n".join(f"r{n}" for n in range(30)))
    assert long.json()["preview"] is True


def test_the_preview_of_a_paste_has_the_levels_to_come_and_marks_the_cells(
    pmo_admin: UserClient, plan: PlanVersion
) -> None:
    url = reverse("plan-edit-paste", kwargs={"pk": plan.project_id})
    text = "One\t2d\t2026年11月30日\t\t7\n  Two\tsoon"
    found = pmo_admin.post(url, {"value": text, "row": rows(plan)["H"].pk}).context
    assert [(one.line, one.column) for one, _name in found["errors"]] == [(1, "predecessors"), (2, "duration")]
    assert [row["level"] for row in found["rows"]] == [2, 3]
    assert [[cell for cell, wrong in row["cells"] if wrong] for row in found["rows"]] == [["7"], ["soon"]]


def test_publishing_writes_the_codes(pmo_admin: UserClient, plan: PlanVersion) -> None:
    pmo_admin.post(reverse("plan-start", kwargs={"pk": plan.project_id}))
    act(pmo_admin, plan, act="above", row=rows(plan)["A"].pk)
    assert pmo_admin.post(reverse("plan-publish", kwargs={"pk": plan.project_id})).status_code == 302
    plan.refresh_from_db()
    assert plan.state == "published"
    assert rows(plan)["A"].wbs == "2"
    pmo_admin.post(reverse("plan-start", kwargs={"pk": plan.project_id}))
    assert pmo_admin.post(reverse("plan-discard", kwargs={"pk": plan.project_id})).status_code == 302
    assert not PlanVersion.objects.filter(project=plan.project, state="draft").exists()


def test_the_verdict_names_the_rows_and_follows_the_rules(pmo_admin: UserClient, project: Any) -> None:
    plan = draft(project, [1, 2, 1, 2, 2])
    PlanVersion.objects.filter(pk=plan.pk).update(state="published")
    PlanTask.objects.filter(plan=plan).update(wbs="")
    url = reverse("plan-wbs", kwargs={"pk": project.pk})
    response = pmo_admin.get(url, {"rule": "whole"})
    assert response.context["verdict"].word == "failed"
    matched = [line.task.name for line in response.context["part"].lines if not line.above]
    assert matched == ["A"]
    WbsRules.objects.create(name="Ours", whole=False, complete=False, code_rule="any", min_hours=0, max_hours=400)
    assert pmo_admin.get(url).context["verdict"].word == "passed"


def test_days_of_the_plan_are_the_plan_s_own(pmo_admin: UserClient, published: PlanVersion) -> None:
    late = datetime.datetime(2026, 11, 3, 23, 30, tzinfo=datetime.UTC)
    PlanTask.objects.filter(pk=rows(published)["C"].pk).update(finishes_at=late)
    html = pmo_admin.get(tab(published.project), headers={"HX-Request": "true"}).content.decode()
    assert 'datetime="2026-11-03"' in html


def test_the_verdict_on_a_draft_is_for_those_who_keep_the_plan() -> None:
    project = factories.project()
    draft(project, [1, 2, 2])
    member = factories.user()
    factories.member(project, member, Role.TEAM_MEMBER)
    url = reverse("plan-wbs", kwargs={"pk": project.pk})
    for address in (url, f"{url}?draft", f"{url}?draft&rule=complete"):
        assert client_of(member).get(address).status_code == 404


def test_a_nul_in_what_is_typed_or_pasted_is_left_out(pmo_admin: UserClient) -> None:
    project = factories.project()
    plan = draft(project, [1])
    url = reverse("plan-edit-act", kwargs={"pk": project.pk})
    row = PlanTask.objects.get(plan=plan)
    sent = {"act": "edit", "row": row.pk, "field": "name", "value": "Se\x00a", "version": row.version}
    assert pmo_admin.post(url, sent, headers={"Accept": "application/json"}).status_code == 200
    assert pmo_admin.post(url, {"act": "paste", "row": row.pk, "value": "Bri\x00dge\t2d"}).status_code == 302
    assert {"Sea", "Bridge"} <= set(PlanTask.objects.filter(plan=plan).values_list("name", flat=True))
