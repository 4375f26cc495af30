"""The pages of health: why a project has its score, the rules, the preview, starting a run."""

import copy
import datetime
import html
import re

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.jobs.api import Job
from pmo.core.people.models import Person, RoleGrant, User
from pmo.core.records.services import update_record
from portfolio.explanations import account_of, rows_url
from portfolio.models import HealthModel, HealthSnapshot
from portfolio.queries.health_models import spec_of
from portfolio.queries.health_story import series_of, story_of
from portfolio.sentences import Teller
from portfolio.services.health.models import ensure_default_model
from portfolio.services.health.recompute import recompute
from tests.health import build
from tests.health.build import DAY, START, TODAY

pytestmark = pytest.mark.django_db


def login(client, role, name="somebody", language="en"):
    user = User.objects.create_user(name, password="x", language=language)
    person = Person.objects.create(code=name, name_en=name, user=user)
    if role:
        RoleGrant.objects.create(person=person, role=role)
    client.force_login(user)
    client.cookies["bw_language"] = language
    return user


def text_of(response):
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(plain))


@pytest.fixture(scope="module")
def project_once(shared_rows):
    return shared_rows(_project)


@pytest.fixture
def project(db, project_once):
    """Late and dear, two reports missing, declared on track."""
    return copy.deepcopy(project_once)


def _project():
    build.organisation()
    row = build.project(
        "Line 3",
        portfolio=build.portfolio("Grid"),
        planned_start=build.date("2026-01-05"),
        delivery_driver="date",
        planned_finish=build.date("2026-12-31"),
        forecast_finish=build.date("2027-01-29"),
        visibility="organisation",
    )
    build.budget(row, 1_000_000)
    build.cost(row, 450_000, "2026-03-02")
    build.milestone(row, "Concept", "2026-03-31", None, "2026-03-31", weight=40)
    build.milestone(row, "Start of production", "2026-10-30", "2026-11-30", weight=60, is_key=True)
    build.report(row, "2026-11-05", comment="Rigs are booked.")
    build.add("action", row, title="Order", due_on="2026-11-01")
    build.add("decision", row, title="Rigs", needed_by="2026-11-10")
    recompute(actor=SYSTEM, day=DAY, today=TODAY)
    return row


def account(project, language="en", money=True):
    story = story_of(project.pk)
    with translation.override(language):
        return account_of(story, spec_of(story.snapshot.model), Teller(language, DAY, money))


def test_the_points_add_up_to_the_score_shown(project):
    found = account(project)
    snapshot = HealthSnapshot.objects.get()
    assert found.shown == f"{round(snapshot.overall, 1):.1f}"
    assert found.band == snapshot.band
    assert round(100 - found.lost, 1) == round(snapshot.overall, 1)
    assert [block.label for block in found.blocks] == ["Schedule", "Cost", "Governance"]
    assert found.missing == ["Scope", "Resources", "Quality", "Risk", "Benefits"]


def test_every_measure_says_who_how_much_and_when(project):
    said = {line.code: line.sentence for block in account(project).blocks for line in block.lines}
    assert said == {
        "key_milestone_slip_wd": "Start of production is expected on 30 Nov, 21 working days after the baseline.",
        "finish_slip_wd": "Finish is expected on 29 Jan 2027, 21 working days later than planned.",
        "late_milestones": "1 milestone is past its baseline and open.",
        "spi_t": "The work done was planned to take 93% of the working days used so far.",
        "cpi": "CNY 0.45 m is spent for work worth CNY 0.40 m.",
        "eac_over_budget_pct": "It is forecast to cost CNY 1.1 m, CNY 0.13 m (+12.5%) over the budget of CNY 1.0 m.",
        "report_age_cycles": "The last report is of 5 Nov, 15 days old; one is due every 7 days.",
        "overdue_actions": "1 action is overdue.",
        "overdue_decisions": "1 decision is overdue.",
    }


def test_rules_are_told_from_the_score_before_to_the_score_after(project):
    (rule,) = account(project).rules
    before = 100 - sum(line.lost for block in account(project).blocks for line in block.lines)
    assert rule.sentence == f"2 reports missing, minus 10 by rule: {before:.1f} to {before - 10:.1f}."
    assert rule.lost == 10.0
    notes = account(project).notes
    assert any(note.startswith("No data for Scope, Resources, Quality, Risk, Benefits") for note in notes)


def test_the_value_and_its_thresholds_stand_side_by_side(project):
    lines = {line.code: line for block in account(project).blocks for line in block.lines}
    assert (lines["cpi"].value, lines["cpi"].green, lines["cpi"].red) == ("0.89", "≥ 0.95", "< 0.85")
    slip = lines["key_milestone_slip_wd"]
    assert (slip.value, slip.green, slip.red, slip.band) == ("21 wd", "≤ 5", "> 15", "red")


def test_who_may_not_see_money_reads_ratios_and_gets_no_way_to_the_amounts(project):
    lines = {line.code: line for block in account(project, money=False).blocks for line in block.lines}
    assert lines["cpi"].sentence == "Each unit of money spent has earned 0.89."
    assert lines["eac_over_budget_pct"].sentence == "The cost at completion is forecast 12.5% over budget."
    assert (lines["cpi"].url, lines["eac_over_budget_pct"].url) == ("", "")


def test_the_story_stays_as_it_was_when_rows_change_later(project):
    before = account(project)
    stone = project.milestones.get(is_key=True)
    update_record(actor=SYSTEM, row=stone, values={"name": "SOP", "forecast_date": TODAY}, day=TODAY)
    assert account(project) == before


def test_every_measure_opens_the_rows_behind_it(project, client):
    login(client, Role.PMO_ADMIN)
    story = story_of(project.pk)
    counted = {"overdue_actions": 1, "overdue_decisions": 1, "late_milestones": 1, "key_milestone_slip_wd": 1}
    opened = 0
    for line in (line for block in account(project).blocks for line in block.lines):
        url = rows_url(story, line.code, Teller("en", DAY, True))
        response = client.get(url)
        assert response.status_code == 200, url
        opened += 1
        if line.code in counted:
            page = client.get(url.replace("/r/", "/api/v1/")).json()
            assert len(page["results"]) == counted[line.code], url
    assert opened == 9


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_tab_shows_the_account(project, client, language):
    login(client, Role.PMO_ADMIN, language=language)
    response = client.get(reverse("register-tab", kwargs={"key": "projects", "pk": project.pk, "tab": "health"}))
    assert response.status_code == 200
    page = text_of(response)
    shown = account(project).shown
    assert f"− {account(project).lost} = {shown}" in page
    assert response.content.count(b'<td class="fig-bars">') == 10
    assert b"style=" not in response.content
    assert "Rigs are booked." in page
    if language == "en":
        assert f"Why {shown}?" in page
        assert "better than computed" in page


def test_the_tab_of_a_past_date_and_of_a_date_before_the_first(project, client):
    login(client, Role.PMO_ADMIN)
    url = reverse("project-health", kwargs={"pk": project.pk})
    response = client.get(url, {"date": "2026-11-24"}, follow=True)
    assert "Why " in text_of(response)
    early = client.get(url, {"date": "2026-01-02"}, follow=True)
    assert "No health was computed up to this date" in text_of(early)
    wrong = client.get(url, {"date": "soon"}, follow=True)
    assert wrong.status_code == 422
    assert "received soon" in text_of(wrong)


def test_a_grey_project_says_what_is_missing(client):
    build.organisation()
    row = build.project("Empty", visibility="organisation", day=DAY)
    recompute(actor=SYSTEM, day=DAY, today=TODAY)
    login(client, Role.PMO_ADMIN)
    page = text_of(client.get(reverse("project-health", kwargs={"pk": row.pk}), follow=True))
    assert "Why no colour?" in page
    assert "5% of the weight has data, a colour needs 15%." in page


def test_the_tab_without_any_snapshot(client):
    build.organisation()
    row = build.project("New", visibility="organisation", day=START)
    login(client, Role.PMO_ADMIN)
    page = text_of(client.get(reverse("project-health", kwargs={"pk": row.pk}), follow=True))
    assert "Health has not been computed yet" in page


def test_a_hidden_project_is_not_found(project, client):
    hidden = build.project("Secret", visibility="private")
    login(client, None)
    assert client.get(reverse("project-health", kwargs={"pk": hidden.pk})).status_code == 404


def test_the_series_has_a_point_per_snapshot(project):
    recompute(actor=SYSTEM, day=DAY - datetime.timedelta(days=7), today=TODAY)
    points = series_of(project.pk)
    assert [point.date for point in points] == [DAY - datetime.timedelta(days=7), DAY]
    assert points[1].overall == HealthSnapshot.objects.get(date=DAY).overall


def test_the_button_starts_a_job_for_the_pmo_only(project, client):
    url = reverse("health-recompute")
    login(client, None)
    assert client.post(url, {"project": project.pk}).status_code == 403
    login(client, Role.PMO_ANALYST, "analyst")
    response = client.post(url, {"project": project.pk, "date": DAY.isoformat()})
    job = Job.objects.get()
    assert response.url == reverse("job-detail", kwargs={"uid": job.uid})
    assert job.params == {"date": "2026-11-20", "projects": [project.pk]}
    future = (timezone.now() + datetime.timedelta(days=3)).date().isoformat()
    for wrong in ("soon", future):
        client.post(url, {"date": wrong})
    assert Job.objects.count() == 1


def edit_form(client):
    """Every field of the editor as the page gives it."""
    page = client.get(reverse("health-model-edit")).content.decode()
    fields = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "csrfmiddlewaretoken":
            fields[name[1]] = value[1] if value else ""
    fields["note"] = "Schedule counts more"
    return fields


@pytest.fixture
def analyst(client):
    return login(client, Role.PMO_ANALYST, "analyst")


def test_the_editor_previews_without_writing_and_publishes(project, client, analyst):
    fields = edit_form(client)
    assert fields["dimension_weights.schedule"] == "25"
    fields |= {"green_from": "2", "amber_from": "1", "cap_one_red": "1.9", "cap_two_red": "0.9"}
    url = reverse("health-model-edit")
    page = client.post(url, {**fields, "preview": "1"})
    assert page.status_code == 200
    assert "1 project would change colour" in text_of(page)
    assert 'value="1.9"' in page.content.decode()
    assert HealthModel.objects.count() == 1
    published = client.post(url, {**fields, "publish": "1"})
    assert published.url == reverse("health-model", kwargs={"number": 2})
    assert spec_of(HealthModel.objects.get(number=2)).cap_one_red == 1.9
    history = text_of(client.get(reverse("health-model-history")))
    assert "On track from: 75 → 2" in history
    assert "Schedule counts more" in history
    assert "v2" in text_of(client.get(reverse("health-model")))


def test_a_wrong_rule_keeps_what_was_typed_and_says_where_and_why(client, analyst):
    build.organisation()
    ensure_default_model()
    fields = edit_form(client) | {
        "measures.cpi.points.1.value": "0.5",
        "cap_one_red": "80",
        "dimension_weights.cost": "-3",
    }
    for button in ("preview", "publish"):
        page = client.post(reverse("health-model-edit"), {**fields, button: "1"})
        assert page.status_code == 422
        body = text_of(page)
        assert "Received 0.5, expected > 0.7: the values of the points must rise." in body
        assert "Received 80, expected < 75." in body
        assert "Received -3, expected >= 0." in body
        assert 'value="-3"' in page.content.decode()
    letters = client.post(reverse("health-model-edit"), {**fields, "cap_one_red": "many", "publish": "1"})
    assert letters.status_code == 422
    assert HealthModel.objects.count() == 1


def test_the_form_gives_back_the_rules_it_started_from(client, analyst):
    build.organisation()
    first = ensure_default_model()
    client.post(reverse("health-model-edit"), {**edit_form(client), "publish": "1"})
    second = HealthModel.objects.get(number=2)
    assert {**second.spec, "version": 1} == first.spec


def test_a_planned_version_can_be_withdrawn(client, analyst):
    build.organisation()
    ensure_default_model()
    soon = (timezone.now() + datetime.timedelta(days=5)).date().isoformat()
    client.post(reverse("health-model-edit"), {**edit_form(client), "valid_from": soon, "publish": "1"})
    assert HealthModel.objects.count() == 2
    client.post(reverse("health-model-withdraw", kwargs={"number": 2}))
    assert HealthModel.objects.count() == 1
    client.post(reverse("health-model-withdraw", kwargs={"number": 1}))
    assert HealthModel.objects.count() == 1


def test_everybody_reads_the_rules_and_only_the_pmo_edits_them(client):
    build.organisation()
    login(client, Role.TEAM_MEMBER)
    page = text_of(client.get(reverse("health-model")))
    assert "One dimension off track caps health at 74.9, two or more at 54.9." in page
    assert client.get(reverse("health-model-edit")).status_code == 403
    assert client.get(reverse("health-model", kwargs={"number": 9})).status_code == 404


def test_the_tab_needs_the_same_queries_for_any_history(project, client, django_assert_max_num_queries):
    user = login(client, Role.PMO_ADMIN)
    for number in range(1, 20):
        recompute(actor=SYSTEM, day=DAY - datetime.timedelta(days=number), today=TODAY)
    client.force_login(user)
    url = reverse("register-tab", kwargs={"key": "projects", "pk": project.pk, "tab": "health"})
    with django_assert_max_num_queries(30):
        assert client.get(url, headers={"HX-Request": "true"}).status_code == 200
