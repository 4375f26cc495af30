"""Archives, rows, cells and relations that are refused, each in words."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from pmo.core.audit.actor import SYSTEM
from pmo.core.imports.limits import DEFAULT_LIMITS
from pmo.core.imports.messages import ReadError
from pmo.core.imports.models import ImportBatch
from pmo.core.imports.texts import say_message
from pmo.core.jobs.models import Job
from pmo.core.people.models import OrgUnit
from pmo.core.records.services import delete_record, restore_record
from portfolio.linked.presets import PRESETS
from portfolio.linked.zipped import read_archive
from portfolio.models import Programme
from portfolio.services.linked import batches
from projects.models import Contract, Project, Supplier
from tests.conftest import UserClient
from tests.linked.build import (
    TABLES,
    archive,
    checked,
    counts,
    imported,
    refusals,
    relations,
    replaced,
    undone,
    upload,
)

pytestmark = pytest.mark.django_db


def _bomb() -> bytes:
    """Forty megabytes of one letter."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("bureau.csv", b"0" * (40 << 20))
    return sink.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"node_id,Code,Name\n1,2,Three\n", "This is no zip archive."),
        (archive()[:900], "This is no zip archive."),
        (archive({"readme.md": "# Hello"}), "There is no table"),
        (archive({"a/bureau.csv": "node_id\n1\n", "b/bureau.csv": "node_id\n1\n"}), "Two files of the zip archive"),
        (archive(relationships=None), "The table of relations is missing"),
        (archive(relationships="from_node,relation\n1,serves\n"), "relationships.csv has no column from_label"),
        (archive(bureau="Code,Name\n41,Harbour\n"), "bureau.csv has no column node_id"),
        (archive(bureau='node_id,Code,Name\n3,41,"Harbour\n'), "bureau.csv: The quotation marks"),
        (archive({"ships.csv": "node_id\n1\n", "relationships.csv": TABLES["relationships.csv"]}), "not known"),
    ],
)
def test_archives_that_cannot_be_read(enterprise: OrgUnit, content: bytes, words: str) -> None:
    with pytest.raises(ReadError) as refused:
        checked(content)
    assert words in say_message(refused.value.message)


def test_an_archive_that_would_unpack_to_far_more_is_not_unpacked(enterprise: OrgUnit, tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    path.write_bytes(_bomb())
    with pytest.raises(ReadError) as refused:
        read_archive(path)
    assert "It may be a zip bomb" in str(refused.value)
    path.write_bytes(archive())
    with pytest.raises(ReadError) as refused:
        read_archive(path, limits=replace(DEFAULT_LIMITS, upload_bytes=1000))
    assert "unpacks to 1 MB or more" in str(refused.value)
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as made:
        for number in range(300):
            made.writestr(f"{number}.csv", "a\n")
    path.write_bytes(many.getvalue())
    with pytest.raises(ReadError) as refused:
        read_archive(path)
    assert "300 files" in str(refused.value)


def test_a_changed_byte_is_a_damaged_archive(enterprise: OrgUnit, tmp_path: Path) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as made:
        made.writestr("bureau.csv", TABLES["bureau.csv"])
    path = tmp_path / "damaged.zip"
    path.write_bytes(sink.getvalue().replace(b"Lighthouse", b"Lighthousf"))
    with pytest.raises(ReadError) as refused:
        read_archive(path)
    assert "is damaged or incomplete" in str(refused.value)


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packed_bytes_that_make_no_sense_are_a_damaged_archive(
    enterprise: OrgUnit, tmp_path: Path, packing: int
) -> None:
    path = tmp_path / "damaged.zip"
    with zipfile.ZipFile(path, "w", packing) as made:
        made.writestr("bureau.csv", TABLES["bureau.csv"] * 20)
        (entry,) = made.infolist()
    content = bytearray(path.read_bytes())
    # LZMA's own header stays: nine bytes that say how it is packed.
    packed = 30 + len(entry.filename) + 9
    content[packed : packed + entry.compress_size - 9] = b"\xff" * (entry.compress_size - 9)
    path.write_bytes(content)
    with pytest.raises(ReadError) as refused:
        read_archive(path)
    assert "is damaged or incomplete" in str(refused.value)


def test_bad_cells_are_named_by_row_and_column_and_the_rest_comes_in(enterprise: OrgUnit) -> None:
    batch = imported(
        archive(
            contract=replaced("contract", "1.5,", "lots,"),
            metric=replaced("metric", "Quality,Met", "Quality,Perhaps"),
            activity=replaced("activity", "580 days", "soon"),
        )
    )
    assert [row[:3] for row in refusals(batch)] == [
        (2, "activity.csv: Planned_Duration", "soon"),
        (2, "contract.csv: Contract_size", "lots"),
        (2, "metric.csv: Metric_results", "Perhaps"),
    ]
    assert "is not a number of days" in refusals(batch)[0][3]
    assert "is not a number" in refusals(batch)[1][3]
    assert Contract.objects.get(code="HHS-501").amount is None


def test_rows_without_id_twice_or_without_what_they_need(enterprise: OrgUnit) -> None:
    batch = imported(
        archive(
            bureau=TABLES["bureau.csv"] + "3,43,Twice\n,44,None\n",
            project=replaced("project", "\n51,,62", "\n51,,61"),
            metric=TABLES["metric.csv"] + "22,Nobody asks,73,204-Quality,Met\n",
        )
    )
    told = {(row, column): reason for row, column, _value, reason in refusals(batch)}
    assert told[4, "bureau.csv: node_id"] == "The id “3” stands already in row 2 of this table."
    assert told[5, "bureau.csv: node_id"] == "The row has no id, so no relation can name it."
    assert told[3, "project.csv: Id"] == "“61” stands already in row 2 of this table."
    assert told[4, "metric.csv: ID"] == "No relation says Programme, and the record needs it."
    assert told[20, "relationships.csv: from_node"] == "The row of Project with the id 51 was refused."
    assert counts(batch.result)["Bureau"] == (2, 0, 0, 0, 2)
    assert counts(batch.result)["Activity"] == (2, 0, 0, 0, 1)
    assert Project.objects.count() == 1


def test_relations_that_lead_nowhere_are_named(enterprise: OrgUnit) -> None:
    more = (
        "10,Investment,pays_for,999,Project\n"
        "10,Investment,envies,11,Investment\n"
        "4,Bureau,responsible_for,10,Investment\n"
        "7,Ocean,feeds,10,Investment\n"
    )
    batch = imported(archive(relationships=TABLES["relationships.csv"] + more))
    assert sorted((row, value, reason) for row, _column, value, reason in refusals(batch)) == [
        (21, "999", "There is no row with the id 999 in the table Project."),
        (22, "envies", "The relation Investment envies Investment has no meaning in this set of tables."),
        (23, "10", "The row is linked already by row 2; only one such link is possible."),
        (24, "feeds", "The relation Ocean feeds Investment has no meaning in this set of tables."),
    ]
    assert relations(batch.result)["pays_for"] == (2, 1, 1, 0, 1)
    assert relations(batch.result)["envies"] == (1, 0, 0, 0, 1)
    assert relations(batch.result)["responsible_for"] == (2, 1, 1, 0, 1)
    assert Programme.objects.get(code="900-000000001").portfolio.code == "HHS-41"


def test_rows_out_of_step_values_without_their_start_and_further_columns_are_named(enterprise: OrgUnit) -> None:
    head, _line, rest = TABLES["relationships.csv"].partition("\n")
    table = f"{head},since\n" + "".join(f"{line},2011\n" for line in rest.splitlines())
    batch = imported(
        archive(
            relationships=table,
            supplier=TABLES["supplier.csv"] + "33,SUP-A,Radar Works West\n",
            service="node_id,name\n911,721-Signal Management,astray\n912,722-Tides\n913,723-Fog\n",
            project=replaced("project", "51,,62,,,,,,", "51,,62,,45,,,,"),
        )
    )
    assert batch.result["surplus"] == ["since"]
    told = {(row, column): reason for row, column, _value, reason in refusals(batch)}
    assert "surplus: “astray”" in told[2, "service.csv: "]
    assert told[3, "project.csv: Planned_Duration"] == "“Start_days_after_2000” is empty, so this value says no date."
    # The same identifier with another name is no repetition.
    assert told[5, "supplier.csv: ID"] == "“SUP-A” stands already in row 2 of this table."
    assert counts(batch.result)["Service"] == (2, 0, 0, 0, 1)
    assert relations(batch.result)["is_a_type_of"] == (1, 0, 0, 0, 1)


def test_what_is_no_table_of_the_set_is_named_as_lost(enterprise: OrgUnit) -> None:
    files = {**TABLES, "readme.md": "# Hello", "ships.csv": "a,b\n1,2\n", "__MACOSX/._bureau.csv": "x"}
    batch = checked(archive(files, service=None))
    assert sorted(batch.preview["unread"]) == ["readme.md", "ships.csv"]
    assert batch.preview["missing"] == ["service"]
    assert relations(batch.preview)["is_a_type_of"] == (1, 0, 0, 0, 1)


def test_every_set_names_fields_and_relations_that_exist() -> None:
    from django.apps import apps

    for one in PRESETS:
        keys = {made.key for _table, made in one.made()}
        labels = {table.label for table in one.tables}
        for _table, made in one.made():
            known = {field.name for field in apps.get_model(made.model)._meta.get_fields()}
            named: set[Any] = {*made.fields, *made.fixed, *made.unique, *made.points, *made.fallback}
            assert named <= known, made.key
            assert set(made.points.values()) <= keys
            assert set(made.fallback.values()) <= set(one.spare)
            assert len({kept.code for kept in made.kept}) == len(made.kept)
        for relation in one.relations:
            assert {relation.source, relation.target} <= labels
            assert {fill.owner for fill in relation.fills} | {fill.to for fill in relation.fills} <= keys


def test_headers_are_known_in_capitals_and_small_letters(enterprise: OrgUnit) -> None:
    batch = imported(archive(bureau=replaced("bureau", "node_id,Code,Name", "NODE_ID,CODE,name")))
    assert counts(batch.result)["Bureau"] == (2, 0, 0, 0, 0)
    assert OrgUnit.objects.get(code="HHS-41").name_en == "Harbour Service"


def test_a_table_without_the_column_of_its_key_is_refused_row_by_row(enterprise: OrgUnit) -> None:
    batch = imported(archive(bureau=replaced("bureau", "node_id,Code,Name", "node_id,Number,Title")))
    assert counts(batch.result)["Bureau"] == (0, 0, 0, 0, 2)
    told = [one[3] for one in refusals(batch) if one[1] == "bureau.csv: Code"]
    assert len(told) == 2


def test_of_two_checks_at_once_the_first_one_tells_its_findings(
    enterprise: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = batches.take(
        actor=SYSTEM, file=upload(archive(contract=replaced("contract", "1.5,", "lots,"))), filename=""
    )
    real = batches.report_of

    def slower(wanted: Any) -> dict[str, Any]:
        """While the one makes its report, another check of the same archive begins and ends."""
        monkeypatch.setattr(batches, "report_of", real)
        batches.run_check(actor=SYSTEM, batch_id=batch.pk)
        return {**real(wanted), "set": "late"}

    monkeypatch.setattr(batches, "report_of", slower)
    batch = batches.run_check(actor=SYSTEM, batch_id=batch.pk)
    assert (batch.preview["set"], batch.refusals.count()) == ("us_federal", 1)


def test_a_job_that_saw_the_same_import_as_another_click_is_not_started(enterprise: OrgUnit) -> None:
    batch = checked(archive())
    seen = ImportBatch.objects.get(pk=batch.pk)
    first = batches.start_check(actor=SYSTEM, batch=batch)
    with pytest.raises(ValidationError):
        batches.start_check(actor=SYSTEM, batch=seen)
    assert list(Job.objects.filter(kind=batches.CHECK_JOB)) == [first]
    assert batches.start_check(actor=SYSTEM, batch=batch) == first


@pytest.mark.parametrize("content", [b"node_id,Code,Name\n1,2,Three\n", archive()[:900], _bomb()])
def test_what_its_directory_gives_away_is_refused_before_it_is_kept(
    enterprise: OrgUnit, pmo_admin: UserClient, content: bytes, settings: Any
) -> None:
    sent = pmo_admin.post(reverse("linked-new"), {"file": upload(content)})
    assert sent.status_code == 422
    assert "zip archive" in sent.content.decode().split('id="file-error"')[1].split("</p>")[0]
    assert not ImportBatch.objects.exists()
    assert not [one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()]


def test_new_records_whose_counterpart_lies_in_the_trash_are_told_first(
    enterprise: OrgUnit, pmo_admin: UserClient
) -> None:
    imported(archive())
    delete_record(actor=SYSTEM, row=Supplier.objects.get(code="SUP-B"))
    delete_record(actor=SYSTEM, row=Contract.objects.get(code="HHS-502"))
    batch = checked(archive())
    assert {one["label"]: one["trashed"] for one in batch.preview["tables"] if one["trashed"]} == {
        "Supplier": [["projects.supplier", 1]],
        "Contract": [["projects.contract", 1]],
    }
    page = pmo_admin.get(reverse("linked-import", kwargs={"pk": batch.pk})).content.decode()
    assert f'href="{reverse("register-trash", kwargs={"key": "suppliers"})}"' in page
    # Restored and read again, they are known, and nothing comes in twice.
    for model in (Supplier, Contract):
        restore_record(actor=SYSTEM, row=model.all_objects.get(deleted_at__isnull=False))
    batch = batches.run_check(actor=SYSTEM, batch_id=batch.pk)
    assert not any(one["trashed"] or one["created"] for one in batch.preview["tables"])
    assert "in the trash" not in pmo_admin.get(reverse("linked-import", kwargs={"pk": batch.pk})).content.decode()


def test_what_an_undo_took_back_lies_in_the_trash(enterprise: OrgUnit) -> None:
    undone(imported(archive()))
    trashed = [model for one in checked(archive()).preview["tables"] for model, _count in one["trashed"]]
    assert {"core.orgunit", "portfolio.portfolio", "portfolio.programme", "projects.project"} <= set(trashed)


def test_the_form_says_what_each_table_must_hold_and_refuses_rows_without_it(
    enterprise: OrgUnit, pmo_admin: UserClient
) -> None:
    body = pmo_admin.get(reverse("linked-new")).content.decode()
    rows = {row.split("</th>")[0].split(">")[-1]: row for row in body.split("<tr>")[2:]}
    cells = {name: row.split("<td") for name, row in rows.items()}
    (us_federal,) = PRESETS
    for table in us_federal.tables:
        _head, needed, further, _becomes = cells[f"{table.files[0]}.csv"]
        assert [column in needed for column in ("<code>node_id</code>", *_codes(table.needed))] == [True] * (
            len(table.needed) + 1
        )
        assert all(column in further for column in _codes(table.further))
        assert not any(column in needed for column in _codes(table.further))
    assert all(column in cells["relationships.csv"][1] for column in _codes(us_federal.relation_columns))
    # What is called required is what a row is refused for.
    emptied = {
        table.files[0]: _without(TABLES[f"{table.files[0]}.csv"], column)
        for table in us_federal.tables
        for column in table.needed[:1]
    }
    assert {name: row[0] for name, row in counts(checked(archive(**emptied)).preview).items()} == dict.fromkeys(
        [table.label for table in us_federal.tables], 0
    )


def _codes(columns: tuple[str, ...]) -> list[str]:
    return [f"<code>{column}</code>" for column in columns]


def _without(table: str, column: str) -> str:
    """The table with nothing in a column."""
    rows = list(csv.DictReader(io.StringIO(table)))
    sink = io.StringIO()
    writer = csv.DictWriter(sink, rows[0].keys())
    writer.writeheader()
    writer.writerows([{**row, column: ""} for row in rows])
    return sink.getvalue()
