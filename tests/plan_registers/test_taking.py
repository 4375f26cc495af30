"""Risks and issues come in with the plan, again and again, and go back with it; what people wrote here stays."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from pmo.core.access.roles import _bundles
from pmo.core.audit.actor import SYSTEM, Actor
from pmo.core.audit.models import AuditEntry
from pmo.core.custom_fields.models import CustomValue
from pmo.core.people.models import Person
from pmo.core.records.services import delete_record, update_record
from projects.models import Issue, Project
from projects.models.plan import PlanFile, PlanVersion, TakenRow
from projects.queries.plans import stored
from projects.queries.plans.report import lines
from projects.queries.plans.taken import registers_shown, timesheets_shown
from projects.services.plans.reverting import revert_import
from projects.services.plans.versions import publish
from risks.models import Risk, RiskCategory, RiskVersion
from risks.services import update_risk
from tests import factories
from tests.custom_fields.making import field
from tests.plan_registers.build import export

Load = Callable[..., PlanFile]
Commit = Callable[..., PlanFile]


def counts(file: PlanFile) -> dict[str, dict[str, int]]:
    """What the report says by register, without zeros."""
    return {
        one["kind"]: {name: number for name, number in one["counts"].items() if number}
        for one in file.report["registers"]
    }


def later(**changes: dict[str, Any]) -> dict[str, Any]:
    """The export a month later: columns of rows changed, by the id of the row."""
    sets = export()
    for rows in (sets["Risks"], sets["Issues"]):
        for row in rows:
            row.update(changes.get(str(row.get("RiskId") or row.get("IssueId")).replace("-", "_"), {}))
    return sets


def test_the_report_says_before_the_import_what_comes_in(load: Load, project: Project) -> None:
    file = load(export())
    assert counts(file) == {"risks": {"new": 2}, "issues": {"new": 2}}
    assert not Risk.objects.exists() and not Issue.objects.exists()
    shown = registers_shown(file.report["registers"])
    assert [(one.label, one.sentence, one.done) for one in shown] == [
        ("Risks", "New 2", False),
        ("Issues", "New 2", False),
    ]
    kept = {line.text for area in lines(file.report, money=True)["kept"] for line in area.lines}
    assert "Names that mean nobody here, or several people, kept as lines of the description" in kept
    hours = timesheets_shown(file.report["timesheets"])
    assert hours is not None
    told = (hours.lines, hours.hours, hours.task_hours, hours.tasks, hours.plan_hours, hours.difference)
    assert told == (3, "38.5", "30.5", 1, "30", "0.5")


def test_a_risk_comes_with_its_figures_on_the_scales_of_this_house(
    load: Load, commit: Commit, project: Project
) -> None:
    weather = RiskCategory.objects.create(code="E.5", name_en="Weather")
    commit(load(export()))
    risk = Risk.objects.get(title="Flood in spring")
    assert (risk.percent, risk.probability, risk.impact_cost, risk.score) == (Decimal(70), 4, 4, 16)
    assert (risk.impact_money, risk.currency, risk.exposure) == (Decimal(120000), "EUR", Decimal(84000))
    assert (risk.status, risk.identified_on, risk.review_on) == (
        "analysed",
        datetime.date(2026, 1, 5),
        datetime.date(2026, 4, 1),
    )
    assert (risk.owner, risk.category) == (Person.objects.get(email="liwei@example.com"), weather)
    assert risk.event == "The river rises.\n\nEvery year.\n\nImpact: 7.0\nOwner: Gast, Eva\nInsurer: Allianz"
    assert (risk.response, risk.trigger) == ("Raise the dam\n\nContingencyPlan: Pump", "Level above 4 m")
    closed = Risk.objects.get(title="Steel late")
    assert (closed.status, closed.closed_on, closed.impact_time, closed.impact_money) == (
        "closed",
        datetime.date(2026, 2, 3),
        2,
        None,
    )
    assert closed.owner is None and "AssignedToResource: Nobody Known" in closed.event


def test_an_issue_comes_with_its_choices_whatever_their_language(load: Load, commit: Commit, project: Project) -> None:
    commit(load(export()))
    permit, late = Issue.objects.get(title="Permit missing"), Issue.objects.get(title="Crane late")
    assert (permit.severity, permit.state, permit.due_on) == ("1_critical", "open", datetime.date(2026, 5, 1))
    assert permit.description == "Asked twice\n\nStatus: (2) Postponed\nCategory: (1) Authorities"
    assert permit.owner == Person.objects.get(email="liwei@example.com")
    assert (late.severity, late.state, late.closed_on) == ("3_minor", "done", datetime.date(2026, 2, 20))
    assert late.resolution == "Rented another"


def test_what_came_in_is_audited_and_told_by_the_version(
    load: Load, commit: Commit, project: Project, actor: Actor
) -> None:
    file = commit(load(export()))
    assert counts(file) == {"risks": {"new": 2}, "issues": {"new": 2}}
    version = PlanVersion.objects.get()
    told = {(one["area"], one["code"]): one["examples"] for one in version.kept}
    assert told["risks", "people_unknown"] == ["Nobody Known"]
    assert told["risks", "columns_in_file"] == ["Exposure", "CostExposure", "ItemRelativeUrlPath", "Insurance cost"]
    assert told["risks", "categories_unknown"] == ["Weather"]
    assert [one["count"] for one in version.lost if one["code"] == "attachments_not_in_export"] == [2]
    made = AuditEntry.objects.filter(action="create", model__in=["risks.risk", "projects.issue"])
    assert made.count() == 4 and set(made.values_list("actor_id", flat=True)) == {actor.user.pk}
    assert AuditEntry.objects.get(action="plan.registers").object_id == version.pk


def test_the_same_file_again_changes_nothing(load: Load, commit: Commit, project: Project) -> None:
    commit(load(export()))
    before = set(Risk.objects.values_list("pk", "version")) | set(Issue.objects.values_list("pk", "version"))
    file = commit(load(export()))
    assert counts(file) == {"risks": {"unchanged": 2}, "issues": {"unchanged": 2}}
    assert set(Risk.objects.values_list("pk", "version")) | set(Issue.objects.values_list("pk", "version")) == before


def test_only_what_changed_is_taken_and_what_people_wrote_here_stays(
    load: Load, commit: Commit, project: Project
) -> None:
    commit(load(export()))
    risk, permit = Risk.objects.get(title="Flood in spring"), Issue.objects.get(title="Permit missing")
    update_risk(actor=SYSTEM, row=risk, values={"response": "Move the site", "strategy": "avoid"})
    update_record(actor=SYSTEM, row=permit, values={"severity": "2_major"})
    sets = later(
        k_flood={"Probability": 0.9, "MitigationPlan": "Raise it twice"},
        i_permit={"Discussion": "Asked three times"},
    )
    file = load(sets)
    assert counts(file) == {"risks": {"changed": 1, "unchanged": 1}, "issues": {"changed": 1, "unchanged": 1}}
    commit(file)
    risk.refresh_from_db()
    permit.refresh_from_db()
    assert (risk.percent, risk.probability, risk.score) == (Decimal(90), 5, 20)
    assert (risk.response, risk.strategy) == ("Move the site", "avoid")
    assert (permit.severity, permit.description.splitlines()[0]) == ("2_major", "Asked three times")
    (held,) = file.report["registers"][0]["held"]
    assert held == {"title": "Flood in spring", "fields": ["response"]}
    (shown,) = registers_shown(file.report["registers"])[0].named
    assert (shown.verdict, shown.reason) == ("Changed here, left as it is", "Response measure")
    assert counts(commit(load(sets))) == {"risks": {"unchanged": 2}, "issues": {"unchanged": 2}}


def test_a_custom_field_of_the_columns_name_is_filled_and_followed(
    load: Load, commit: Commit, project: Project, actor: Actor
) -> None:
    insurer = field("insurer", register="risks")
    commit(load(export()))
    risk = Risk.objects.get(title="Flood in spring")
    assert "Allianz" not in risk.event
    value = CustomValue.objects.get(field=insurer, record_id=risk.pk)
    assert value.text == "Allianz"
    file = commit(load(later(k_flood={"Insurer": "Lloyd's"})))
    value.refresh_from_db()
    assert (value.text, counts(file)["risks"]) == ("Lloyd's", {"changed": 1, "unchanged": 1})
    revert_import(actor=actor, version=PlanVersion.objects.get(source=file))
    value.refresh_from_db()
    assert value.text == "Allianz"


def test_what_the_file_says_after_people_said_it_is_the_files_word_again(
    load: Load, commit: Commit, project: Project
) -> None:
    commit(load(export()))
    late = Issue.objects.get(title="Crane late")
    update_record(actor=SYSTEM, row=late, values={"resolution": "Bought one"})
    assert counts(commit(load(later(i_late={"Resolution": "Bought one"}))))["issues"] == {"unchanged": 2}
    commit(load(later(i_late={"Resolution": "Sold it"})))
    late.refresh_from_db()
    assert late.resolution == "Sold it"


def test_a_row_that_was_deleted_here_is_not_brought_back(load: Load, commit: Commit, project: Project) -> None:
    commit(load(export()))
    delete_record(actor=SYSTEM, row=Issue.objects.get(title="Crane late"))
    file = commit(load(later(i_late={"Resolution": "Bought one"})))
    assert counts(file)["issues"] == {"unchanged": 1, "in_trash": 1}
    assert Issue.objects.count() == 1


def test_a_record_of_the_same_title_is_tied_not_doubled(load: Load, commit: Commit, project: Project) -> None:
    mine = factories.issue(project, title="Permit  missing", severity="3_minor", description="")
    file = commit(load(export()))
    assert counts(file)["issues"] == {"new": 1, "adopted": 1}
    mine.refresh_from_db()
    assert (mine.severity, mine.title) == ("3_minor", "Permit  missing")
    assert mine.description.startswith("Asked twice")


def test_a_row_that_does_not_fit_is_named_with_its_reason_and_the_others_come_in(
    load: Load, commit: Commit, project: Project
) -> None:
    sets = later(k_flood={"Probability": 150.0}, i_permit={"Title": "x" * 301}, i_late={"Title": ""})
    file = commit(load(sets))
    assert counts(file) == {"risks": {"new": 1, "refused": 1}, "issues": {"refused": 2}}
    risks, issues = registers_shown(file.report["registers"])
    assert "Probability, %" in risks.named[0].reason and "100" in risks.named[0].reason
    assert [one.title[:3] for one in issues.named] == ["xxx", "i-l"]
    with translation.override("zh-hans"):
        assert "概率" in registers_shown(file.report["registers"])[0].named[0].reason


def test_who_may_not_write_risks_imports_the_plan_and_is_told(
    load: Load, commit: Commit, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role in list(_bundles):
        monkeypatch.setitem(_bundles, role, _bundles[role] - {"risks.risk.add"})
    file = load(export())
    assert counts(file) == {"risks": {"denied": 2}, "issues": {"new": 2}}
    assert registers_shown(file.report["registers"])[0].named[0].reason
    commit(file)
    assert stored.published(project) is not None
    assert not Risk.objects.exists() and Issue.objects.count() == 2


def test_many_rows_take_no_more_statements(
    load: Load, commit: Commit, project: Project, django_assert_max_num_queries: Any
) -> None:
    sets = export()
    for name, key in (("Issues", "IssueId"), ("Risks", "RiskId")):
        sets[name] += [{**sets[name][0], key: f"{key}{one}", "Title": f"{name} {one}"} for one in range(60)]
    with django_assert_max_num_queries(70):
        file = load(sets)
    with django_assert_max_num_queries(180):
        commit(file)
    assert (Risk.objects.count(), Issue.objects.count()) == (62, 62)
    assert len(set(Risk.objects.values_list("code", flat=True))) == 62
    assert RiskVersion.objects.count() == 62


def test_undoing_the_import_takes_the_rows_back(load: Load, commit: Commit, project: Project, actor: Actor) -> None:
    commit(load(export()))
    sets = later(k_flood={"Probability": 0.9}, i_permit={"Resolution": "Granted"}, i_late={"Resolution": "Sold it"})
    sets["Issues"] += [{**sets["Issues"][0], "IssueId": f"i-{name}", "Title": name} for name in ("Gate", "Fence")]
    file = commit(load(sets))
    update_record(actor=SYSTEM, row=Issue.objects.get(title="Fence"), values={"escalated": True})
    delete_record(actor=SYSTEM, row=Issue.objects.get(title="Crane late"))
    version = PlanVersion.objects.get(source=file)
    revert_import(actor=actor, version=version)
    assert set(Issue.objects.values_list("title", flat=True)) == {"Permit missing", "Fence"}
    assert Issue.objects.get(title="Permit missing").resolution == ""
    risk = Risk.objects.get(title="Flood in spring")
    assert (risk.percent, risk.probability) == (Decimal(70), 4)
    file.refresh_from_db()
    assert counts(file)["risks"] == {"changed": 1, "unchanged": 1}
    assert counts(commit(file)) == {
        "risks": {"changed": 1, "unchanged": 1},
        "issues": {"new": 1, "changed": 1, "unchanged": 1, "in_trash": 1},
    }


def test_a_draft_brings_its_rows_when_it_is_published(
    load: Load, commit: Commit, project: Project, actor: Actor
) -> None:
    file = commit(load(export()), publish=False)
    assert not TakenRow.objects.exists()
    done = publish(actor=actor, draft=stored.draft(project), expected_version=None)
    assert [one["kind"] for one in done.registers] == ["risks", "issues"]
    file.refresh_from_db()
    assert file.report["registers"][0]["done"] and Risk.objects.count() == 2
