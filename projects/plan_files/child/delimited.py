"""What Primavera's XER and Microsoft's MPX hold by their own count, and in which character set they are."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from projects.plan_files.child.counts import HeldProject, Inventory
from projects.plan_files.errors import PlanFileError
from projects.plan_files.limits import MEGABYTE, Limits

XER_ROWS = {
    "TASK": "tasks",
    "PROJWBS": "groups",
    "TASKPRED": "links",
    "TASKRSRC": "assignments",
    "TASKPROC": "steps",
    "PROJCOST": "expenses",
    "TASKDOC": "documents",
    "PROJRISK": "risks",
    "PROJISSU": "issues",
    "PROJTHRS": "thresholds",
    "WBSMEMO": "wbs_notes",
    "WBSBUDG": "budget",
    "TASKFDBK": "feedback",
}
XER_GLOBAL = {"CALENDAR": "calendars", "RSRC": "resources"}
XER_EXTRAS = {
    "ROLERATE": "role_rates",
    "RSRCCURV": "curves",
    "OBS": "responsible_structure",
    "ACCOUNT": "cost_accounts",
    "TRSRCFIN": "timephased",
    "TASKFIN": "timephased",
}


def charset_of(content: bytes) -> str:
    """UTF-8 where the bytes are valid, Chinese where most of the other characters then are, Western otherwise.

    Neither format says which; the code page of the machine that wrote the file is meant.
    """
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return "cp1252"
    foreign = [one for one in text if one > "\x7f"]
    common = sum(
        "\u4e00" <= one <= "\u9fa5" or "\u3000" <= one <= "\u303f" or "\uff00" <= one <= "\uffef" for one in foreign
    )
    return "gb18030" if common * 10 >= len(foreign) * 9 else "cp1252"


def _text(path: Path, limits: Limits) -> tuple[str, str]:
    if path.stat().st_size > limits.unpacked:
        raise PlanFileError("unpacks_too_large", limit=limits.unpacked // MEGABYTE)
    content = path.read_bytes()
    if content.count(b"\x00") > len(content) // 100:
        raise PlanFileError("damaged", detail="zero bytes")
    charset = charset_of(content)
    return content.decode(charset, errors="replace"), charset


def xer_inventory(path: Path, limits: Limits) -> Inventory:
    """The projects of an XER file with their rows, from its tables."""
    text, charset = _text(path, limits)
    held = Inventory(charset=charset)
    projects: dict[str, HeldProject] = {}
    names: dict[str, str] = {}
    complete = False
    for table, row in _xer_rows(text):
        complete = complete or table == ""
        _count_xer(held, projects, names, table, row)
    for key, project in projects.items():
        project.name = names.get(key, "")
        project.rows["tasks"] += project.rows["groups"]
    held.projects = list(projects.values())
    if not complete:
        raise PlanFileError("damaged", detail="no end mark")
    if not held.projects:
        raise PlanFileError("no_project")
    held.counts["tasks"] = max(one.rows["tasks"] for one in held.projects)
    return held


def _xer_rows(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each row of each table by its column names; the end mark as a table without a name."""
    table, columns = "", list[str]()
    for line in text.splitlines():
        mark, *values = line.split("\t")
        if mark == "%T" and values:
            table, columns = values[0], []
        elif mark == "%F":
            columns = values
        elif mark == "%R" and table:
            yield table, dict(zip(columns, values, strict=False))
        elif mark == "%E":
            yield "", {}


def _count_xer(
    held: Inventory, projects: dict[str, HeldProject], names: dict[str, str], table: str, row: dict[str, str]
) -> None:
    key = row.get("proj_id", "")
    if table == "PROJECT":
        project = projects.setdefault(key, HeldProject(key))
        project.code = row.get("proj_short_name", "")
        project.exported = row.get("export_flag", "Y") != "N"
    elif table in XER_ROWS:
        projects.setdefault(key, HeldProject(key)).rows[XER_ROWS[table]] += 1
        if table == "PROJWBS" and row.get("proj_node_flag") == "Y":
            names[key] = row.get("wbs_name", "")
        if table == "TASKPRED" and row.get("pred_proj_id", key) != key:
            projects[key].rows["external_links"] += 1
    elif table in XER_GLOBAL:
        held.counts[XER_GLOBAL[table]] = held.counts.get(XER_GLOBAL[table], 0) + 1
    elif table in XER_EXTRAS:
        held.extras[XER_EXTRAS[table]] += 1


MPX_ROWS = {"20": "calendars", "50": "resources", "55": "calendars", "70": "tasks", "75": "assignments"}
MPX_EXTRAS = {"72": "recurring_tasks", "76": "workgroup"}


def mpx_inventory(path: Path, limits: Limits) -> Inventory:
    """The records of an MPX file. Its first line says what separates fields."""
    text, charset = _text(path, limits)
    held = Inventory(charset=charset)
    separator = text[3:4] or ","
    columns: list[str] = []
    rows: Counter[str] = Counter()
    csv.field_size_limit(limits.unpacked)
    try:
        for record in csv.reader(text.splitlines(), delimiter=separator):
            columns = _count_mpx(held, rows, columns, record)
    except csv.Error as error:
        raise PlanFileError("damaged", detail=repr(error)) from error
    held.counts = {
        name: rows[name] for name in ("tasks", "links", "calendars", "resources", "assignments", "baselines")
    }
    return held


def _count_mpx(held: Inventory, rows: Counter[str], columns: list[str], record: list[str]) -> list[str]:
    """Count one record; returns the columns of tasks, which record 61 declares by number."""
    kind = record[0] if record else ""
    if kind == "61":
        return record[1:]
    if kind in MPX_EXTRAS:
        held.extras[MPX_EXTRAS[kind]] += 1
    if kind not in MPX_ROWS:
        return columns
    values = dict(zip(columns, record[1:], strict=False)) if kind == "70" else {}
    if values.get("3") == "0":  # the row of outline level 0
        return columns
    rows[MPX_ROWS[kind]] += 1
    rows["links"] += len([one for one in (values.get("70") or values.get("71") or "").split(",") if one.strip()])
    rows["baselines"] |= any(values.get(column) for column in ("56", "57"))
    return columns
