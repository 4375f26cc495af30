"""A small archive of linked tables: a few made-up rows of every table, and what tests do with one."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from pmo.core.audit.actor import SYSTEM, Actor
from pmo.core.imports import services
from pmo.core.imports.models import ImportBatch
from pmo.core.imports.texts import say
from pmo.core.imports.undo import run_undo
from portfolio.services.linked import batches

TABLES: dict[str, str] = {
    "bureau.csv": "node_id,Code,Name\n3,41,Harbour Service\n4,42,Lighthouse Office\n",
    "business_area.csv": "node_id,name\n900,1-Services for Sailors\n",
    "business_function.csv": "node_id,name\n901,101-Pilotage\n902,102-Dredging - rivers\n",
    "service.csv": "node_id,name\n911,721-Signal Management\n",
    "investment.csv": (
        "node_id,Evaluation_by_CIO,Identifier,Investment_type,Last_Baseline,Summary,m,name,Colour\n"
        '10,4,900-000000001,Major,2011-02-11,"Ships see\nthe harbour.",1.298,Harbour radar,blue\n'
        "11,,900-000000002,Non Major,,,0,,\n"
    ),
    "metric.csv": (
        "node_id,Description,ID,Measurement_category,Metric_results\n"
        "20,Ships seen at night,71,204-Quality,Met\n21,Ships lost,72,204-Quality,\n"
    ),
    "supplier.csv": "node_id,ID,name\n30,SUP-A,Radar Works\n31,SUP-A ,Radar Works\n32,SUP-B,Cable Yard\n",
    "contract.csv": "node_id,Contract_size,Description,ID\n40,1.5,Radar masts,501\n41,0.0421,,502\n",
    "project.csv": (
        "node_id,Cost_Variance,Id,Planned_Cost,Planned_Duration,Project_delay,Start_days_after_2000,Updated_Date,name\n"
        "50,-0.002,61,0.25,30,4,4203,296,Masts\n51,,62,,,,,,\n"
    ),
    "activity.csv": (
        "node_id,Actual_duration,Actual_start_delay,Id,No_Child_Activity,Planned_Duration,Start_Date_Planned,description,name,"
        "output_type,planned_Costs,status\n"
        "60,,58 days,12,1,580 days,2011-02-28,,Build masts,Key Deliverable,0.143,In-progress\n"
        "61,29 days,-1 days,9,1,30 days,2011-01-10,Draw them,Plan masts,Key Deliverable,0.01,Completed - Closed\n"
        "62,,0 days,13,1,1 days,2011-03-01,,Survey,,0.002,In-progress\n"
    ),
    "relationships.csv": (
        "from_node,from_label,relation,to_node,to_label\n"
        "3,Bureau,responsible_for,10,Investment\n"
        "901,Business_Function,serves,900,Business_Area\n"
        "902,Business_Function,serves,900,Business_Area\n"
        "10,Investment,has_business_function,901,Business_Function\n"
        "11,Investment,has_business_function,902,Business_Function\n"
        "10,Investment,is_a_type_of,911,Service\n"
        "10,Investment,judged_by,20,Metric\n"
        "10,Investment,judged_by,21,Metric\n"
        "30,Supplier,delivers,40,Contract\n"
        "31,Supplier,delivers,41,Contract\n"
        "10,Investment,lets_contract,40,Contract\n"
        "10,Investment,lets_contract,41,Contract\n"
        "10,Investment,uses_Supplier,30,Supplier\n"
        "10,Investment,uses_Supplier,31,Supplier\n"
        "10,Investment,uses_Supplier,32,Supplier\n"
        "10,Investment,pays_for,50,Project\n"
        "50,Project,has_task,60,Activity\n"
        "50,Project,has_task,61,Activity\n"
        "51,Project,has_task,62,Activity\n"
    ),
}


def archive(files: dict[str, Any] | None = None, **changed: Any) -> bytes:
    """The zip of the tables. `changed` replaces a table by its name without ending, None leaves it out."""
    wanted = dict(TABLES if files is None else files)
    for name, text in changed.items():
        wanted.pop(f"{name}.csv", None)
        if text is not None:
            wanted[f"{name}.csv"] = text
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in wanted.items():
            made.writestr(name, text)
    return sink.getvalue()


def replaced(name: str, old: str, new: str) -> str:
    """A table with one text in the place of another."""
    text = TABLES[f"{name}.csv"]
    assert old in text
    return text.replace(old, new)


def upload(content: bytes, name: str = "tables.zip") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content, content_type="application/zip")


def checked(content: bytes, actor: Actor = SYSTEM) -> ImportBatch:
    """The batch of an archive whose report stands. Raises ReadError where the archive is refused."""
    batch = batches.take(actor=actor, file=upload(content), filename="tables.zip")
    return batches.run_check(actor=actor, batch_id=batch.pk)


def imported(content: bytes, actor: Actor = SYSTEM) -> ImportBatch:
    """The batch of an archive that was written."""
    batch = checked(content, actor)
    services.begin_commit(actor=actor, batch=batch)
    return batches.run_commit(actor=actor, batch_id=batch.pk)


def undone(batch: ImportBatch) -> ImportBatch:
    """The batch after it was taken back."""
    services.begin_undo(actor=SYSTEM, batch=batch)
    return run_undo(actor=SYSTEM, batch_id=batch.pk)


def counts(report: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    """New, changed, unchanged, repeated, refused of every table."""
    names = ("created", "updated", "unchanged", "merged", "refused")
    return {one["label"]: tuple(one[name] for name in names) for one in report["tables"]}


def relations(report: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    """Rows, linked, new, repeated, refused of every relation."""
    names = ("rows", "linked", "new", "repeated", "refused")
    return {one["name"]: tuple(one[name] for name in names) for one in report["relations"]}


def refusals(batch: ImportBatch) -> list[tuple[int, str, str, str]]:
    """Row, column, value and reason of what was refused."""
    rows = batch.refusals.order_by("column", "row", "id")
    return [(one.row, one.column, one.value, say(one.code, one.params)) for one in rows]
