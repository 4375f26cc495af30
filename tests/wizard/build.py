"""Small imports for these tests, and a digest of everything an import can touch."""

from __future__ import annotations

import datetime
import hashlib
import json
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile

from pmo.core.audit.actor import SYSTEM, Actor
from pmo.core.audit.services import plain
from pmo.core.imports import services
from pmo.core.imports.commit import run_commit
from pmo.core.imports.mapping_json import load_mapping
from pmo.core.imports.models import ImportBatch
from pmo.core.imports.preview import run_check
from pmo.core.imports.texts import say
from pmo.core.imports.undo import run_undo
from pmo.core.records.models import Record

DAY = datetime.date(2026, 10, 31)

# Three annual reports: one project keeps its name, one is renamed, one is new in the second year, one gets its number last.
YEARS = """year,number,project,department,rating,start,end,cost m,comment
2021,,North Sea Interconnector,Energy,Green,2019-04-01,2026-03-31,1200.5,On plan.
2021,,Digital Tax Services,Treasury,Amber/Red,2018-01-01,2023-12-31,310,Suppliers late.
2021,,Harbour Widening (HW),Transport,Amber,2020-06-01,2025-06-30,88.25,
2022,,North Sea Interconnector,Energy,Amber,2019-04-01,2027-03-31,1350,Cable delivery slips.
2022,,Digital Tax Services,Treasury,Amber/Red,2018-01-01,2024-06-30,335,Still late.
2022,,Harbour Widening,Transport,Green,2020-06-01,2025-06-30,88.25,
2022,,Coastal Hospitals,Health,Exempt,2021-09-01,2030-12-31,640,
2023,EN-1,North Sea Interconnector,Energy,Red,2019-04-01,2028-03-31,1500,Converter station failed its test.
2023,TR-7,Digital Tax Services,Treasury,Amber,2018-01-01,2024-06-30,340,Recovery plan agreed.
"""
YEARS_MAPPING: dict[str, Any] = {
    "fields": {
        "code": {"column": "number"},
        "name": {"column": "project"},
        "unit": {"column": "department", "create_parent": True},
        "type": {"constant": "construction"},
        "planned_start": {"column": "start"},
        "planned_finish": {"column": "end"},
        "budget": {"column": "cost m", "scale": 1000000, "currency": "GBP"},
        "currency": {"constant": "GBP"},
        "reviewed_rating": {"column": "rating"},
        "reviewed_comment": {"column": "comment"},
    },
    "date": {"column": "year", "year_end": "03-31"},
}


def upload(
    text: str | bytes, *, actor: Actor = SYSTEM, as_of: datetime.date | None = DAY, filename: str = "list.csv"
) -> ImportBatch:
    """A batch with a file of this content."""
    data = text.encode() if isinstance(text, str) else text
    return services.upload(
        actor=actor, file=ContentFile(data, name=filename), filename=filename, target="projects", as_of=as_of
    )


def mapped(text: str, mapping: dict[str, Any], **values: Any) -> ImportBatch:
    """A batch that is ready to be checked or written."""
    actor = values.get("actor", SYSTEM)
    batch = upload(text, **values)
    assert services.describe(batch)
    services.set_mapping(actor=actor, batch=batch, mapping=load_mapping(mapping))
    return batch


def checked(text: str, mapping: dict[str, Any], **values: Any) -> ImportBatch:
    """A batch with its preview; nothing is written."""
    return run_check(batch_id=mapped(text, mapping, **values).pk)


def write(batch: ImportBatch, actor: Actor = SYSTEM) -> ImportBatch:
    """Write a batch in this process."""
    services.begin_commit(actor=actor, batch=batch)
    return run_commit(actor=actor, batch_id=batch.pk)


def imported(
    text: str, mapping: dict[str, Any], *, answers: dict[str, str] | None = None, **values: Any
) -> ImportBatch:
    """A written batch."""
    batch = mapped(text, mapping, **values)
    if answers:
        services.set_answers(actor=SYSTEM, batch=batch, answers=answers)
    return write(batch)


def undone(batch: ImportBatch) -> ImportBatch:
    """The batch taken back in this process."""
    services.begin_undo(actor=SYSTEM, batch=batch)
    return run_undo(actor=SYSTEM, batch_id=batch.pk)


def counts(batch: ImportBatch) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, refused rows."""
    found = batch.result.get("counts") or batch.preview["counts"]
    return found["created"], found["updated"], found["unchanged"], found["refused"]


def refusals(batch: ImportBatch) -> list[tuple[int, str, str, str]]:
    """Row, column, value and code of every refused cell."""
    return list(batch.refusals.values_list("row", "column", "value", "code"))


def reasons(batch: ImportBatch) -> list[str]:
    """The sentences in the active language."""
    return [say(one.code, one.params) for one in batch.refusals.all()]


_APART = {
    "auditentry",
    "auditpayload",
    "auditseal",
    "importbatch",
    "importrow",
    "importrefusal",
    "importchange",
    "importmapping",
    "job",
    "jobattempt",
    "joboutbox",
    "jobnotice",
    "session",
    "logentry",
}


# Made of the other tables, and not of rows that a test puts there by itself.
_INDEX = {"core.searchentry", "core.searchspelling"}


def digest() -> dict[str, str]:
    """A digest of each table: every column of every row, without the audit trail, imports, jobs and the trash."""
    found = {}
    for model in apps.get_models():
        if model._meta.model_name in _APART or model._meta.label_lower in _INDEX:
            continue
        rows: Any = model._base_manager.order_by("pk")
        if issubclass(model, Record):
            rows = rows.filter(deleted_at__isnull=True)
        content = json.dumps(plain(list(rows.values_list())), ensure_ascii=False)
        found[model._meta.label_lower] = hashlib.sha256(content.encode()).hexdigest()
    return found


def differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Tables that are not alike."""
    return sorted(label for label in one if one[label] != other[label])
