"""A worker that dies leaves whole chunks and the next attempt goes on; undo puts everything back as it was."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.history.models import version_of
from pmo.core.imports import commit, services, undo
from pmo.core.imports.commit import TakenOver, run_commit
from pmo.core.imports.commit_writer import ChunkWriter
from pmo.core.imports.models import ImportBatch
from pmo.core.imports.undo import edited_since, run_undo
from pmo.core.people.models import OrgUnit
from pmo.core.records.services import create_record, update_record
from portfolio.models import Portfolio, PortfolioItem, Programme, ProgrammeItem
from projects.models import BudgetLine, Milestone, Project, StatusReport
from tests import factories
from tests.wizard.build import YEARS, YEARS_MAPPING, counts, differing, digest, imported, mapped, undone, write

pytestmark = pytest.mark.django_db
State = ImportBatch.State


class Crash(RuntimeError):
    """The worker is gone."""


def crash_at(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """The chunk of this number dies after it has written its records, before its transaction ends."""
    real = ChunkWriter._write_rows
    seen = {"chunks": 0}

    def dying(self: ChunkWriter, plan: Any) -> None:
        real(self, plan)
        seen["chunks"] += 1
        if seen["chunks"] == number:
            raise Crash

    monkeypatch.setattr(ChunkWriter, "_write_rows", dying)


def state_of_things() -> list[Any]:
    """What the file became, without ids and moments."""
    versions: Any = version_of(Project)
    return [
        list(
            Project.objects.order_by("name_en").values_list(
                "name_en", "unit__name_en", "planned_finish", "currency", "version"
            )
        ),
        list(
            versions.objects.order_by("valid_from", "name_en").values_list(
                "name_en", "valid_from", "valid_to", "planned_finish"
            )
        ),
        list(BudgetLine.objects.order_by("project__name_en").values_list("project__name_en", "amount", "version")),
        list(
            StatusReport.objects.order_by("period_end", "project__name_en").values_list(
                "project__name_en", "original_word", "period_end"
            )
        ),
        list(OrgUnit.objects.order_by("name_en").values_list("name_en", flat=True)),
    ]


@pytest.mark.parametrize("chunk", [1, 2, 3, 4, 5, 6, 7, 8, 9])
def test_a_run_that_dies_in_any_chunk_is_finished_exactly_once(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(commit, "CHUNK", 1)
    expected_batch = imported(YEARS, YEARS_MAPPING)
    expected = state_of_things()
    undone(expected_batch)
    batch = mapped(YEARS, YEARS_MAPPING)
    services.begin_commit(actor=SYSTEM, batch=batch)
    with monkeypatch.context() as patch:
        crash_at(patch, chunk)
        with pytest.raises(Crash):
            run_commit(actor=SYSTEM, batch_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.chunks_done, batch.rows.count()) == (State.FAILED, chunk - 1, chunk - 1)
    services.begin_commit(actor=SYSTEM, batch=batch)
    batch = run_commit(actor=SYSTEM, batch_id=batch.pk)
    assert (batch.state, counts(batch)) == (State.COMMITTED, (4, 5, 0, 0))
    assert state_of_things() == expected


def test_answers_about_earlier_rows_survive_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit, "CHUNK", 1)
    text = "year,name\n2021,Compliance Enforcement\n2022,Compliance Enforcment\n"
    batch = mapped(text, {"fields": {"name": "name"}, "date": {"column": "year"}})
    services.set_answers(actor=SYSTEM, batch=batch, answers={"3": "row:2"})
    services.begin_commit(actor=SYSTEM, batch=batch)
    with monkeypatch.context() as patch:
        crash_at(patch, 2)
        with pytest.raises(Crash):
            run_commit(actor=SYSTEM, batch_id=batch.pk)
    services.begin_commit(actor=SYSTEM, batch=batch)
    assert counts(run_commit(actor=SYSTEM, batch_id=batch.pk)) == (1, 1, 0, 0)


def test_rows_of_one_date_do_not_find_each_other_after_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit, "CHUNK", 1)
    text = "code,name\nA,Harbour Widening North\nB,Harbour Widening North\n"
    batch = mapped(text, {"fields": {"code": "code", "name": "name"}, "match": {"by": ["name"]}})
    services.begin_commit(actor=SYSTEM, batch=batch)
    with monkeypatch.context() as patch:
        crash_at(patch, 2)
        with pytest.raises(Crash):
            run_commit(actor=SYSTEM, batch_id=batch.pk)
    services.begin_commit(actor=SYSTEM, batch=batch)
    assert counts(run_commit(actor=SYSTEM, batch_id=batch.pk)) == (2, 0, 0, 0)


def test_of_two_workers_one_writes_a_chunk() -> None:
    batch = mapped(YEARS, YEARS_MAPPING)
    services.begin_commit(actor=SYSTEM, batch=batch)
    stale = ImportBatch.objects.get(pk=batch.pk)
    run_commit(actor=SYSTEM, batch_id=batch.pk)
    with pytest.raises(TakenOver):
        commit._count_chunk(stale, 0)
    assert Project.objects.count() == 4


def test_a_finished_batch_is_not_written_again() -> None:
    batch = imported(YEARS, YEARS_MAPPING)
    told = AuditEntry.objects.count()
    assert run_commit(actor=SYSTEM, batch_id=batch.pk).state == State.COMMITTED
    with pytest.raises(ValidationError):
        services.begin_commit(actor=SYSTEM, batch=batch)
    assert AuditEntry.objects.count() == told


def test_one_import_of_a_register_at_a_time() -> None:
    first, second = mapped(YEARS, YEARS_MAPPING), mapped(YEARS, YEARS_MAPPING)
    services.begin_commit(actor=SYSTEM, batch=first)
    with pytest.raises(ValidationError, match="list.csv"):
        services.begin_commit(actor=SYSTEM, batch=second)


# -- undo -----------------------------------------------------------------------------------------


def world() -> Project:
    """Something that stands before the import, and is changed by it."""
    unit = create_record(actor=SYSTEM, row=OrgUnit(code="EN", name_en="Energy"), day=datetime.date(2025, 1, 1))
    row = Project(
        code="EN-1",
        name_en="North Sea Interconnector",
        unit=unit,
        currency="GBP",
        planned_finish=datetime.date(2026, 3, 31),
    )
    project = create_record(actor=SYSTEM, row=row, day=datetime.date(2020, 1, 1))
    line = BudgetLine(project=project, code="IMPORT", amount=900, currency="GBP")
    create_record(actor=SYSTEM, row=line, day=datetime.date(2020, 1, 1))
    update_record(
        actor=SYSTEM, row=project, values={"planned_finish": datetime.date(2026, 6, 30)}, day=datetime.date(2021, 9, 1)
    )
    late = create_record(
        actor=SYSTEM, row=Project(code="TR-7", name_en="Digital Tax Services"), day=datetime.date(2026, 1, 1)
    )
    assert late.pk
    return project


def test_undo_puts_every_table_back_as_it_was() -> None:
    world()
    before = digest()
    batch = imported(YEARS, YEARS_MAPPING)
    assert len(differing(before, digest())) >= 6
    batch = undone(batch)
    assert batch.state == State.UNDONE
    assert (batch.result["kept_count"], batch.result["removed"], batch.result["restored"]) == (0, 17, 4)
    assert differing(before, digest()) == []
    created = Project.all_objects.filter(name_en="Coastal Hospitals").get()
    assert created.deleted_at is not None
    assert not version_of(Project).objects.filter(row_id=created.pk).exists()  # type: ignore[union-attr]


def test_undo_of_portfolios_programmes_and_moves() -> None:
    text = "code,name,pf,pg\nA,Alpha,North,One\nB,Beta,North,Two\n"
    mapping = {
        "fields": {
            "code": "code",
            "name": "name",
            "portfolio": {"column": "pf", "create_parent": True},
            "programme": {"column": "pg", "create_parent": True},
        }
    }
    imported(text, mapping, as_of=datetime.date(2026, 6, 30))
    before = digest()
    moved = imported("code,name,pf,pg\nA,Alpha,South,\nB,Beta,North,One\nC,Gamma,South,Three\n", mapping)
    assert not ProgrammeItem.objects.filter(project__code="A").exists()
    undone(moved)
    assert differing(before, digest()) == []
    assert ProgrammeItem.objects.get(project__code="A").programme.name_en == "One"


def test_what_somebody_changed_since_is_kept_and_named() -> None:
    batch = imported(YEARS, YEARS_MAPPING)
    row = Project.objects.get(name_en="Coastal Hospitals")
    update_record(actor=SYSTEM, row=row, values={"country": "Chile"})
    kept = [("Coastal Hospitals", "edited"), ("Health", "used")]
    assert [(one.label, one.why) for one in edited_since(batch)] == kept
    batch = undone(batch)
    assert [(one["label"], one["why"]) for one in batch.result["kept"]] == kept
    assert [one.name_en for one in Project.objects.all()] == ["Coastal Hospitals"]
    assert row.budget_lines.count() == 1 and row.unit.deleted_at is None


def test_a_created_project_that_others_use_is_kept() -> None:
    batch = imported(YEARS, YEARS_MAPPING)
    row = Project.objects.get(name_en="Coastal Hospitals")
    create_record(actor=SYSTEM, row=Milestone(project=row, name="Handover", baseline_date=datetime.date(2027, 1, 1)))
    batch = undone(batch)
    assert ("Coastal Hospitals", "used") in [(one["label"], one["why"]) for one in batch.result["kept"]]
    assert Project.objects.get() == row


def test_a_created_portfolio_with_a_kept_programme_is_kept() -> None:
    mapping = {
        "fields": {
            "code": "code",
            "name": "name",
            "portfolio": {"column": "pf", "create_parent": True},
            "programme": {"column": "pg", "create_parent": True},
        }
    }
    batch = imported("code,name,pf,pg\nA,Alpha,North,One\n", mapping)
    other = factories.project(code="Z")
    programme = Programme.objects.get()
    create_record(actor=SYSTEM, row=ProgrammeItem(project=other, programme=programme))
    batch = undone(batch)
    assert Portfolio.objects.get().name_en == "North"
    assert {one["model"] for one in batch.result["kept"]} == {"portfolio.programme", "portfolio.portfolio"}
    assert not PortfolioItem.objects.exists()


def test_history_that_a_later_import_wrote_over_is_kept() -> None:
    first = imported(YEARS, YEARS_MAPPING)
    imported(
        YEARS.replace(
            "2023,EN-1,North Sea Interconnector,Energy,Red,2019-04-01,2028-03-31",
            "2023,EN-1,North Sea Interconnector,Energy,Red,2019-04-01,2029-03-31",
        ),
        YEARS_MAPPING,
    )
    kept = undone(first).result["kept"]
    assert [one["label"] for one in kept if one["model"] == "projects.project"] == ["North Sea Interconnector"]
    assert Project.objects.get().planned_finish == datetime.date(2029, 3, 31)


def test_an_interrupted_import_can_be_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit, "CHUNK", 2)
    world()
    before = digest()
    batch = mapped(YEARS, YEARS_MAPPING)
    services.begin_commit(actor=SYSTEM, batch=batch)
    with monkeypatch.context() as patch:
        crash_at(patch, 3)
        with pytest.raises(Crash):
            run_commit(actor=SYSTEM, batch_id=batch.pk)
    batch.refresh_from_db()
    assert differing(before, digest())
    undone(batch)
    assert differing(before, digest()) == []


def test_an_interrupted_undo_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "GROUPS", 1)
    world()
    before = digest()
    batch = imported(YEARS, YEARS_MAPPING)
    services.begin_undo(actor=SYSTEM, batch=batch)
    real, seen = undo._take_back, {"groups": 0}

    def dying(*args: Any) -> None:
        seen["groups"] += 1
        if seen["groups"] == 3:
            raise Crash
        real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(undo, "_take_back", dying)
        with pytest.raises(Crash):
            run_undo(actor=SYSTEM, batch_id=batch.pk)
    assert run_undo(actor=SYSTEM, batch_id=batch.pk).state == State.UNDONE
    assert differing(before, digest()) == []


def test_an_interrupted_undo_is_not_turned_into_an_import() -> None:
    batch = imported(YEARS, YEARS_MAPPING)
    services.begin_undo(actor=SYSTEM, batch=batch)
    ImportBatch.objects.update(state=State.FAILED)
    with pytest.raises(ValidationError):
        services.begin_commit(actor=SYSTEM, batch=batch)
    assert run_commit(actor=SYSTEM, batch_id=batch.pk).state == State.FAILED
    assert run_undo(actor=SYSTEM, batch_id=batch.pk).state == State.UNDONE
    assert not Project.objects.exists()


def test_a_command_that_was_killed_does_not_block_imports_for_ever() -> None:
    dead, next_one = mapped(YEARS, YEARS_MAPPING), mapped(YEARS, YEARS_MAPPING)
    services.begin_commit(actor=SYSTEM, batch=dead)
    ImportBatch.objects.filter(pk=dead.pk).update(updated_at=timezone.now() - datetime.timedelta(minutes=11))
    assert counts(write(next_one)) == (4, 5, 0, 0)
    dead.refresh_from_db()
    assert dead.state == State.FAILED


def test_undone_is_undone() -> None:
    batch = undone(imported(YEARS, YEARS_MAPPING))
    with pytest.raises(ValidationError):
        services.begin_undo(actor=SYSTEM, batch=batch)
    assert counts(imported(YEARS, YEARS_MAPPING)) == (4, 5, 0, 0)


# -- the trail, and its cost ----------------------------------------------------------------------


def test_the_trail_names_file_digest_and_counts_and_who_did_it() -> None:
    user = factories.user("pmo_analyst")
    batch = mapped(YEARS, YEARS_MAPPING, actor=actor_of(user))
    write(batch, actor_of(user))
    entry = AuditEntry.objects.get(action="import.commit")
    told = {name: new for name, (_old, new) in entry.payload.changes.items()}
    assert (entry.actor, told["file"], told["sha256"]) == (user, "list.csv", batch.content_hash)
    assert (told["created"], told["updated"], told["refused"]) == (4, 5, 0)
    made = AuditEntry.objects.filter(action="create", model="projects.project")
    assert made.count() == 4 and {one.actor for one in made} == {user}
    assert "list.csv" in made[0].reason


def rows_of(count: int) -> str:
    lines = [f"2021,N-{n},Bridge {n},Unit {n % 3},Amber,2020-01-01,2024-01-01,{n + 1},fine" for n in range(count)]
    lines += [f"2022,N-{n},Bridge {n},Unit {n % 4},Red,2020-01-01,2025-01-01,{n + 2},late" for n in range(count)]
    return YEARS.splitlines()[0] + "\n" + "\n".join(lines) + "\n"


def queries_of(run: Any) -> int:
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        run()
    return len(caught)


def test_statements_do_not_grow_with_rows() -> None:
    mapping = {
        **YEARS_MAPPING,
        "fields": {**YEARS_MAPPING["fields"], "portfolio": {"column": "department", "create_parent": True}},
    }
    few, many = (
        mapped(rows_of(6), mapping),
        mapped(rows_of(60).replace("N-", "M-").replace("Bridge", "Tunnel"), mapping),
    )
    assert queries_of(lambda: write(few)) >= queries_of(lambda: write(many)) - 12
    assert queries_of(lambda: undone(many)) <= queries_of(lambda: undone(few)) + 12
