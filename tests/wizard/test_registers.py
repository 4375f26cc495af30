"""Importing into registers: found by their key, refused cell by cell, written by the register's own rules, and undone."""

from __future__ import annotations

import datetime
import json
import re
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from pmo.core.access.decisions import Refused
from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM, Actor, actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.calendars.queries import org_today
from pmo.core.history.queries import as_of
from pmo.core.imports import services
from pmo.core.imports.commit import run_commit
from pmo.core.imports.mapping import MappingError
from pmo.core.imports.mapping_json import dump_mapping, load_mapping
from pmo.core.imports.models import ImportBatch, ImportMapping
from pmo.core.imports.preview import run_check
from pmo.core.imports.register_target import RegisterTarget
from pmo.core.imports.targets import all_targets, get_target, target_of_register
from pmo.core.people.models import OrgUnit, Person, RoleGrant
from pmo.core.records.services import create_record, update_record
from pmo.core.records.trees import create_in_tree
from portfolio.models import BandOverride, Objective
from projects.models import BudgetLine, Issue, Milestone, Project
from risks.models import Risk
from risks.services import create_risk
from tests import factories
from tests.conftest import UserClient, client_of
from tests.wizard.build import counts, differing, digest, reasons, refusals, undone, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db: None) -> UserClient:
    return client_of(factories.user(username="manager"))


@pytest.fixture
def project(manager: UserClient) -> Project:
    return factories.project(code="P-1", name_zh="岸桥", name_en="Crane", pm=manager.user.person)


def batch_of(target: str, text: str, *, actor: Actor = SYSTEM, **changes: Any) -> ImportBatch:
    """An uploaded and read file; `changes` overrule the guessed mapping."""
    file = ContentFile(text.encode(), name="rows.csv")
    as_of_day = changes.pop("as_of", None)
    batch = services.upload(actor=actor, file=file, filename="rows.csv", target=target, as_of=as_of_day)
    assert services.describe(batch), batch.table
    if changes:
        mapping = load_mapping({**batch.mapping, **changes})
        services.set_mapping(actor=actor, batch=batch, mapping=mapping)
    return batch


def checked(target: str, text: str, **values: Any) -> ImportBatch:
    return run_check(batch_id=batch_of(target, text, **values).pk)


def imported(target: str, text: str, *, actor: Actor = SYSTEM, **values: Any) -> ImportBatch:
    return write(batch_of(target, text, actor=actor, **values), actor)


# -- fields ---------------------------------------------------------------------------------------


def test_fields_come_from_the_declaration_in_both_languages() -> None:
    target = get_target("milestones")
    assert isinstance(target, RegisterTarget) and target.match_key == ("project", "code")
    fields = target.engine_target().fields
    assert {key: one.kind for key, one in fields.items()} == {
        "project": "reference",
        "code": "text",
        "name": "text",
        "is_key": "bool",
        "weight": "decimal",
        "baseline_date": "date",
        "forecast_date": "date",
        "actual_date": "date",
        "owner": "reference",
        "note": "text",
    }
    assert fields["project"].needed and fields["name"].needed and not fields["code"].needed
    assert {"Project", "项目", "project"} <= set(fields["project"].aliases)
    states = get_target("issues").engine_target().fields["state"]
    with translation.override("zh-hans"):
        chinese = str(Issue._meta.get_field("state").flatchoices[0][1])
    assert states.kind == "choice" and chinese in states.choices[0].words


def test_amounts_one_may_not_see_cannot_be_mapped(project: Project, pmo_analyst: UserClient) -> None:
    worker = factories.user()
    factories.member(project, worker, Role.COORDINATOR)
    assert "amount" not in get_target("budget-lines").engine_target(worker).fields
    assert "amount" in get_target("budget-lines").engine_target(pmo_analyst.user).fields


def test_a_register_of_the_system_or_with_a_target_of_its_own_gets_none() -> None:
    assert target_of_register("health") is None and target_of_register("audit") is None
    projects = target_of_register("projects")
    assert projects is not None and not isinstance(projects, RegisterTarget)
    assert len({one.key for one in all_targets()}) == len(all_targets())


# -- matching -------------------------------------------------------------------------------------


def test_rows_are_found_by_project_and_code_and_only_mapped_columns_change(project: Project) -> None:
    other = factories.project(code="P-2")
    factories.milestone(project, code="M1", name="Start", note="keep me")
    factories.milestone(other, code="M1", name="Elsewhere")
    before = digest()
    text = "Project,Code,Milestone,Weight\nP-1,M1,Start,5\nCrane,M2,Middle,\nP-2,M9,End,1\nP-1,M1,Again,\n"
    batch = imported("milestones", text)
    assert counts(batch) == (2, 1, 0, 1)
    assert [row[3] for row in refusals(batch)] == ["repeated_key"]
    row = Milestone.objects.get(project=project, code="M1")
    assert (row.weight, row.note, row.name) == (5, "keep me", "Start")
    assert Milestone.objects.get(project=other, code="M1").name == "Elsewhere"
    assert AuditEntry.objects.filter(model="projects.milestone", action="create").count() >= 2
    again = imported("milestones", text)
    assert counts(again)[:3] == (0, 0, 3)
    undone(again)
    undone(batch)
    assert differing(before, digest()) == []


def test_a_blank_code_is_a_new_row_where_the_register_gives_codes(project: Project) -> None:
    batch = imported("milestones", "项目,编号,里程碑\n岸桥,,投产\nP-1,,验收\n")
    assert counts(batch) == (2, 0, 0, 0)
    assert all(code for code in Milestone.objects.values_list("code", flat=True))


def test_without_the_key_every_row_is_new_and_says_so(project: Project) -> None:
    batch = batch_of("milestones", "Project,Milestone\nP-1,Start\n")
    assert load_mapping(batch.mapping).match.by == ("new",)
    assert counts(run_check(batch_id=batch.pk)) == (1, 0, 0, 0)
    mapping = load_mapping({**batch.mapping, "match": {"by": ["key"]}})
    services.set_mapping(actor=SYSTEM, batch=batch, mapping=mapping)
    with translation.override("en"), pytest.raises(MappingError, match="Rows find what exists"):
        run_check(batch_id=batch.pk)


def test_a_register_without_a_key_does_not_make_the_same_row_twice() -> None:
    portfolio, person = factories.portfolio(code="PF-1"), factories.person(code="E-7")
    text = "Portfolio,Health,Reason,From,Until,Decided by\nPF-1,Red,Audit finding,2026-11-01,,E-7\n"
    fields = {
        "portfolio": "Portfolio",
        "band": "Health",
        "reason": "Reason",
        "starts_on": "From",
        "decided_by": "Decided by",
    }
    first = imported("band-overrides", text, fields=fields)
    assert counts(first) == (1, 0, 0, 0), reasons(first)
    assert BandOverride.objects.get().portfolio == portfolio and BandOverride.objects.get().decided_by == person
    assert counts(imported("band-overrides", text, fields=fields)) == (0, 0, 1, 0)


def test_an_empty_cell_leaves_a_value_unless_one_asks_to_clear_it(project: Project) -> None:
    owner = factories.person(code="E-9")
    row = factories.milestone(project, code="M1", name="Start", note="old", owner=owner)
    text = "Project,Code,Milestone,Note,Owner\nP-1,M1,Start,,\n"
    assert counts(imported("milestones", text)) == (0, 0, 1, 0)
    assert counts(imported("milestones", text, blanks="clear")) == (0, 1, 0, 0)
    row.refresh_from_db()
    assert (row.note, row.owner) == ("", None)
    needed = imported("milestones", "Project,Code,Milestone\nP-1,M1,\n", blanks="clear")
    assert [(row[1], row[3]) for row in refusals(needed)] == [("Milestone", "not_accepted")]
    row.refresh_from_db()
    assert row.name == "Start"


# -- references -----------------------------------------------------------------------------------


def test_references_are_found_by_code_name_in_either_language_mail_or_login(project: Project) -> None:
    user = factories.user(username="li.wei")
    Person.objects.filter(pk=user.person.pk).update(
        code="E-1", name_zh="李伟", name_en="Li Wei", email="li@example.org"
    )
    names = ["E-1", "李伟", "li wei", "li@example.org", "li.wei", "E-1 Li Wei"]
    lines = [f"P-1,M{number},Step {number},{name}" for number, name in enumerate(names)]
    batch = imported("milestones", "Project,Code,Milestone,Owner\n" + "\n".join(lines) + "\n")
    assert counts(batch) == (6, 0, 0, 0), reasons(batch)
    assert set(Milestone.objects.values_list("owner", flat=True)) == {user.person.pk}


def test_what_is_not_found_is_refused_offered_and_mapped_and_never_created(project: Project) -> None:
    factories.person(code="E-1", name_zh="王芳", name_en="Wang Fang")
    factories.person(code="E-2", name_en="Same Name")
    factories.person(code="E-3", name_en="Same Name")
    people = Person.objects.count()
    text = "Project,Code,Milestone,Owner\nP-1,M1,One,Wang Fangg\nP-1,M2,Two,Same Name\nP-7,M3,Three,\n"
    batch = checked("milestones", text)
    assert refusals(batch) == [
        (2, "Owner", "Wang Fangg", "no_such_reference"),
        (3, "Owner", "Same Name", "several_references"),
        (4, "Project", "P-7", "no_such_reference"),
    ]
    assert counts(batch) == (2, 0, 0, 1)
    assert batch.preview["words"]["owner"] == [["Wang Fangg", 1, ""]]
    assert batch.preview["offers"]["owner"][0] == ["e-1", "E-1 王芳 / Wang Fang"]
    owner = {**batch.mapping["fields"]["owner"], "value_map": {"Wang Fangg": "e-1"}}
    mapping = load_mapping({**batch.mapping, "fields": {**batch.mapping["fields"], "owner": owner}})
    services.set_mapping(actor=SYSTEM, batch=batch, mapping=mapping)
    write(batch)
    assert Milestone.objects.get(code="M1").owner.code == "E-1"
    assert Milestone.objects.get(code="M2").owner is None
    assert Person.objects.count() == people


def test_rows_may_name_rows_above_them() -> None:
    text = "编号,名称,parent\nO-1,提升吞吐量,\nO-2,缩短等待,O-1\nO-3,零事故,提升吞吐量\n"
    batch = imported("objectives", text)
    assert counts(batch) == (3, 0, 0, 0) and refusals(batch) == []
    assert set(Objective.objects.exclude(parent=None).values_list("parent__code", flat=True)) == {"O-1"}
    undone(batch)
    assert not Objective.objects.exists()


def test_the_page_of_meanings_shows_what_yes_and_no_mean_and_changes_nothing_by_itself(
    pmo_admin: UserClient, project: Project
) -> None:
    text = "Project,Code,Milestone,Key milestone\nP-1,M1,One,yes\nP-1,M2,Two,no\n"
    fields = {"project": "Project", "code": "Code", "name": "Milestone", "is_key": "Key milestone"}
    batch = checked("milestones", text, actor=actor_of(pmo_admin.user), fields=fields)
    assert sorted(batch.preview["words"]["is_key"]) == [["no", 1, "false"], ["yes", 1, "true"]]
    url = reverse("import-values", kwargs={"pk": batch.pk})
    html = pmo_admin.get(url).content.decode()
    chosen = re.findall(r'<option value="(true|false)" selected', html)
    assert sorted(chosen) == ["false", "true"]
    names = re.findall(r'<select id="([^"]+)"', html)
    words = dict(re.findall(r'name="([^"]+)-word" value="([^"]+)"', html))
    form = {name: {"yes": "true", "no": "false"}[words[name]] for name in names}
    pmo_admin.post(url, {**form, **{f"{name}-word": word for name, word in words.items()}})
    batch.refresh_from_db()
    assert "value_map" not in batch.mapping["fields"]["is_key"]
    write(batch, actor_of(pmo_admin.user))
    assert dict(Milestone.objects.values_list("code", "is_key")) == {"M1": True, "M2": False}


# -- values ---------------------------------------------------------------------------------------


def test_wrong_cells_are_named_by_row_column_and_value_and_the_rest_is_written(project: Project) -> None:
    text = (
        "Project,Code,Milestone,Weight,Baseline,Key milestone\n"
        "P-1,M1,Start,-1,2026-05-01,yes\n"
        "P-1,M2,Middle,3,someday,maybe\n"
    )
    fields = {
        "project": "Project", "code": "Code", "name": "Milestone", "weight": "Weight", "baseline_date": "Baseline",
        "is_key": "Key milestone",
    }  # fmt: skip
    batch = imported("milestones", text, fields=fields)
    found = refusals(batch)
    assert {row[:3] for row in found} == {
        (2, "Weight", "-1"),
        (3, "Baseline", "someday"),
        (3, "Key milestone", "maybe"),
    }
    assert counts(batch) == (2, 0, 0, 0)
    assert Milestone.objects.get(code="M1").baseline_date == datetime.date(2026, 5, 1)


def test_an_amount_in_another_currency_is_refused_not_converted(project: Project) -> None:
    factories.budget_line(project, code="B1", amount=10, currency="CNY")
    text = "Project,Code,Amount,Currency\nP-1,B1,$20,\nP-1,B2,$30,USD\nP-1,B3,¥5万,\n"
    fields = {"project": "Project", "code": "Code", "amount": "Amount", "currency": "Currency"}
    kind = {"kind": {"constant": "capex"}, "category": {"constant": "other"}}
    batch = imported("budget-lines", text, fields={**fields, **kind})
    assert (2, "Amount", "$20", "currency_differs") in refusals(batch)
    assert BudgetLine.objects.get(code="B1").amount == 10
    assert (BudgetLine.objects.get(code="B2").currency, BudgetLine.objects.get(code="B3").amount) == ("USD", 50_000)


def test_history_is_written_for_the_day_of_the_file_where_it_is_kept(project: Project) -> None:
    day = org_today() - datetime.timedelta(days=30)
    batch = imported("milestones", "Project,Code,Milestone\nP-1,M1,Start\n", as_of=day)
    row = Milestone.objects.get(code="M1")
    assert as_of(Milestone, day).filter(row_id=row.pk).exists()
    update_record(actor=SYSTEM, row=row, values={"name": "Renamed"})
    late = imported("milestones", "Project,Code,Milestone,Weight\nP-1,M1,Start,7\n", as_of=day)
    row.refresh_from_db()
    assert counts(late) == (0, 1, 0, 0) and row.name == "Renamed" and row.weight != 7
    assert as_of(Milestone, day).get(row_id=row.pk).weight == 7
    undone(late)
    undone(batch)


# -- rules and rights -----------------------------------------------------------------------------


def test_rules_of_the_register_refuse_in_preview_and_commit_alike() -> None:
    root = OrgUnit(code="HQ", name_en="Head office", kind="enterprise")
    create_in_tree(actor=SYSTEM, row=root)
    below = OrgUnit(code="D1", name_en="Dock", kind="department", parent=root)
    create_in_tree(actor=SYSTEM, row=below)
    team = OrgUnit(code="T1", name_en="Team", kind="team", parent=below)
    create_in_tree(actor=SYSTEM, row=team)
    text = (
        "Code,English name,Kind,Parent\nHQ,Headquarters,enterprise,T1\nD2,Depot,department,HQ\n"
        "T2,Night shift,team,D2\nT1,Team,team,D2\n"
    )
    fields = {"code": "Code", "name_en": "English name", "parent": "Parent", "kind": "Kind"}
    before = digest()
    preview = run_check(batch_id=batch_of("org-units", text, fields=fields).pk)
    assert differing(before, digest()) == []
    assert [(row[0], row[1]) for row in refusals(preview)] == [(2, "Parent")]
    batch = imported("org-units", text, fields=fields)
    assert refusals(batch) == refusals(preview) and counts(batch) == counts(preview) == (2, 2, 0, 0)
    moved = OrgUnit.objects.get(code="T1")
    assert moved.path == f"{OrgUnit.objects.get(code='D2').path}{moved.pk}/"
    assert OrgUnit.objects.get(code="HQ").name_en == "Headquarters"
    undone(batch)
    assert OrgUnit.objects.get(code="T1").path == f"{below.path}{team.pk}/"
    assert set(OrgUnit.objects.values_list("code", flat=True)) == {"HQ", "D1", "T1"}


def test_what_one_may_not_see_is_not_found_and_what_one_may_not_do_is_refused_with_a_reason(
    manager: UserClient, project: Project
) -> None:
    hidden = factories.project(code="P-8", visibility="private")
    seen = factories.project(code="P-9", visibility="organisation")
    factories.milestone(seen, code="M1", name="Not yours")
    factories.milestone(hidden, code="M1", name="Secret")
    text = "Project,Code,Milestone\nP-1,M1,Mine\nP-8,M1,Changed\nP-9,M1,Changed\nP-9,M2,New\nP-9,M1,\n"
    batch = checked("milestones", text, actor=actor_of(manager.user))
    assert counts(batch)[:3] == (1, 0, 0)
    found = {row[0]: row[3] for row in refusals(batch)}
    assert found == {3: "no_such_reference", 4: "not_allowed", 5: "not_allowed", 6: "repeated_key"}
    with translation.override("en"):
        assert any("one of these roles" in text for text in reasons(batch))
    write(batch, actor_of(manager.user))
    assert sorted(Milestone.objects.values_list("name", flat=True)) == ["Mine", "Not yours", "Secret"]


def test_who_may_add_rows_imports_them_and_sees_the_own_batch_only(
    manager: UserClient, project: Project, pmo_admin: UserClient, client_for: Any
) -> None:
    page = manager.get(reverse("register-list", kwargs={"key": "milestones"})).content.decode()
    assert f"{reverse('import-new')}?target=milestones" in page
    file = ContentFile(b"Project,Code,Milestone\nP-1,M1,Start\n", name="m.csv")
    sent = manager.post(f"{reverse('import-new')}?target=milestones", {"target": "milestones", "file": file})
    assert sent.status_code == 302
    batch = ImportBatch.objects.get()
    assert (batch.owner_id, batch.target) == (manager.user.pk, "milestones")
    colleague = client_of(factories.user())
    factories.project(pm=colleague.user.person)
    for name in ("columns", "preview", "values", "matches", "file", "page", "refused", "wait"):
        url = reverse(f"import-{name}", kwargs={"pk": batch.pk})
        assert manager.get(url).status_code in {200, 302}, name
        assert pmo_admin.get(url).status_code in {200, 302}, name
        assert colleague.get(url).status_code == 404, name
    assert colleague.post(reverse("import-commit", kwargs={"pk": batch.pk})).status_code == 404
    listed = reverse("import-list")
    assert "m.csv" in manager.get(listed).content.decode() and "m.csv" in pmo_admin.get(listed).content.decode()
    assert "m.csv" not in colleague.get(listed).content.decode()
    nobody = client_for(None)
    assert nobody.get(listed).status_code == 403
    assert nobody.get(f"{reverse('import-new')}?target=milestones").status_code == 403
    assert (
        f"{reverse('import-new')}"
        not in nobody.get(reverse("register-list", kwargs={"key": "milestones"})).content.decode()
    )


def test_a_grant_of_a_role_is_refused_as_in_its_form(manager: UserClient) -> None:
    with translation.override("en"), pytest.raises(Refused, match="role"):
        batch_of("role-grants", "Person,Role\nE-1,PMO administrator\n", actor=actor_of(manager.user))
    assert not ImportBatch.objects.exists() and not RoleGrant.objects.exists()


def test_a_mapping_of_another_register_is_not_overwritten(manager: UserClient, project: Project) -> None:
    kept = create_record(
        actor=SYSTEM, row=ImportMapping(name="Ours", target="projects", spec={"fields": {"code": "a"}})
    )
    mapping = load_mapping({"fields": {"name": "Milestone"}})
    with translation.override("en"), pytest.raises(ValidationError, match="another register"):
        services.save_mapping(
            actor=actor_of(manager.user), name="Ours", target="milestones", mapping=mapping, replace_existing=True
        )
    saved = services.save_mapping(actor=actor_of(manager.user), name="Mine", target="milestones", mapping=mapping)
    kept.refresh_from_db()
    assert kept.spec == {"fields": {"code": "a"}} and saved.spec == dump_mapping(load_mapping(saved.spec))
    assert services.mappings_for("milestones") == [saved]


# -- going on, and the command ----------------------------------------------------------------------


@pytest.mark.parametrize("target", ["milestones", "org-units"])
def test_a_worker_that_dies_between_chunks_is_followed_by_one_that_finishes(
    project: Project, monkeypatch: Any, target: str
) -> None:
    from pmo.core.imports import commit

    monkeypatch.setattr(commit, "CHUNK", 2)
    texts = {
        "milestones": "Project,Code,Milestone\n" + "".join(f"P-1,M{n},Step {n}\n" for n in range(7)),
        "org-units": "Code,English name,Kind,Parent\nU0,Unit 0,team,\n"
        + "".join(f"U{n},Unit {n},team,U{n - 1}\n" for n in range(1, 7)),
    }
    model: Any = {"milestones": Milestone, "org-units": OrgUnit}[target]
    batch = batch_of(target, texts[target])
    services.begin_commit(actor=SYSTEM, batch=batch)
    written = commit._count_chunk

    def dies(one: ImportBatch, number: int) -> None:
        if number == 2:
            raise KeyboardInterrupt
        written(one, number)

    monkeypatch.setattr(commit, "_count_chunk", dies)
    with pytest.raises(KeyboardInterrupt):
        run_commit(actor=SYSTEM, batch_id=batch.pk)
    assert model.objects.count() == 4
    monkeypatch.setattr(commit, "_count_chunk", written)
    batch = run_commit(actor=SYSTEM, batch_id=batch.pk)
    assert counts(batch) == (7, 0, 0, 0) and refusals(batch) == []
    assert model.objects.count() == 7
    undone(batch)
    assert not model.objects.exists()


def test_the_command_prints_what_import_portfolio_prints(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("Project,Code,Milestone\nP-1,M1,Start\nP-7,M2,End\n")
    out = StringIO()
    call_command("import_register", "milestones", str(path), "--json", "--language", "en", stdout=out)
    told = json.loads(out.getvalue())
    assert {name: told[name] for name in ("created", "updated", "unchanged")} == {
        "created": 1,
        "updated": 0,
        "unchanged": 0,
    }
    assert told["refused"] == [
        {"row": 3, "column": "Project", "value": "P-7", "reason": "“P-7” was not found in: Project registry."}
    ]
    with pytest.raises(CommandError, match="Known are"):
        call_command("import_register", "nothing", str(path), "--language", "en")
    with pytest.raises(CommandError, match="Rows find what exists"):
        path.write_text("Project,Milestone\nP-1,Start\n")
        call_command("import_register", "milestones", str(path), "--language", "en")
    assert ImportBatch.objects.count() == 1


def test_statements_do_not_grow_with_the_rows(project: Project) -> None:
    def cost(rows: int) -> int:
        lines = "".join(f"P-1,C{rows}-{n},Step {n}\n" for n in range(rows))
        batch = batch_of("milestones", "Project,Code,Milestone\n" + lines)
        services.begin_commit(actor=SYSTEM, batch=batch)
        with CaptureQueriesContext(connection) as caught:
            run_commit(actor=SYSTEM, batch_id=batch.pk)
        return len(caught)

    few = cost(5)
    # A statement of SQLite holds so many values only, so that long inserts are cut.
    assert cost(120) <= few + 6


@pytest.mark.parametrize("guess", ["70000", "80000"])
def test_an_import_does_not_tell_whether_a_hidden_amount_was_guessed(
    manager: UserClient, project: Project, guess: str
) -> None:
    foreign = factories.project(code="P-9", visibility="organisation")
    factories.member(foreign, manager.user, Role.COORDINATOR)
    create_risk(
        actor=SYSTEM,
        row=Risk(project=foreign, code="R1", title="Quay", impact_money=Decimal(70_000), probability=2, impact_time=2),
    )
    label = str(Risk._meta.get_field("impact_money").verbose_name)
    batch = checked("risks", f"Project,Code,{label}\nP-9,R1,{guess}\n", actor=actor_of(manager.user))
    assert [(row[0], row[3]) for row in refusals(batch)] == [(2, "not_allowed")]
    told = " ".join(reasons(batch))
    assert told and not any(amount in told for amount in ("70000", "70,000", "70 000", "7 万", "7万"))
