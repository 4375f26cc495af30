"""What the files of the linked tables say, read here, against what stands in the database."""

from __future__ import annotations

import csv
import datetime
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

Rows = list[dict[str, str]]
_SINCE = datetime.date(2000, 1, 1)


def compare(folder: Path, report: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Everything that differs, and what differs because the report says so."""
    tables = {path.stem: _rows(path) for path in sorted(folder.glob("*.csv"))}
    links = tables.pop("relationships")
    named = list(_repeated(tables["supplier"], report))
    checks = (_bureaus, _functions, _investments, _kept, _measures, _suppliers, _contracts, _projects, _tasks)
    found = [text for check in checks for text in check(tables)]
    found += _counts(tables, links, report)
    found += _relations(tables, links)
    return found, named


def _rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _long(text: str) -> str:
    """Blanks count once, line breaks stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").replace("\t", " ").split("\n")
    return "\n".join(" ".join(part for part in line.split(" ") if part) for line in lines).strip()


def _cents(text: str) -> Decimal | None:
    return (Decimal(text) * 1_000_000).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) if text else None


def _differ(what: str, expected: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """Keys on one side only, and values that are not the same."""
    for key in sorted(expected.keys() | found.keys()):
        one, other = expected.get(key, "nothing"), found.get(key, "nothing")
        if one != other:
            yield f"{what} {key}: the file says {one!r}, the database {other!r}"


# -- tables ----------------------------------------------------------------------------------------


def _bureaus(tables: dict[str, Rows]) -> Iterator[str]:
    from pmo.core.people.models import OrgUnit
    from portfolio.models import Portfolio

    expected = {f"HHS-{row['Code']}": _one_line(row["Name"]) for row in tables["bureau"]}
    yield from _differ("unit", expected, dict(OrgUnit.objects.values_list("code", "name_en")))
    rows = Portfolio.objects.exclude(code="HHS-OTHER").values_list("code", "name_en", "unit__code")
    found = {code: (name, unit) for code, name, unit in rows}
    yield from _differ("portfolio", {code: (name, code) for code, name in expected.items()}, found)


def _functions(tables: dict[str, Rows]) -> Iterator[str]:
    from portfolio.models import BusinessFunction

    kinds = {"business_area": "area", "business_function": "function", "service": "service"}
    expected = {_one_line(row["name"]): kind for table, kind in kinds.items() for row in tables[table]}
    rows = BusinessFunction.objects.values_list("code", "name_en", "kind")
    found = {f"{code.removeprefix('FEA-')}-{name}": kind for code, name, kind in rows}
    yield from _differ("function", expected, found)


def _investments(tables: dict[str, Rows]) -> Iterator[str]:
    from portfolio.models import Programme

    expected = {
        row["Identifier"]: (_one_line(row["name"]) or f"Investment {row['Identifier']}", _long(row["Summary"]))
        for row in tables["investment"]
    }
    rows = Programme.objects.values_list("code", "name_en", "outcome")
    yield from _differ("investment", expected, {code: (name, outcome) for code, name, outcome in rows})


def _kept(tables: dict[str, Rows]) -> Iterator[str]:
    """Every column that became a field of the register, cell by cell."""
    from pmo.core.custom_fields.models import CustomValue
    from portfolio.models import Programme
    from projects.models import Project

    million: Callable[[str], Any] = _cents
    columns: tuple[tuple[str, str, str, Any, str, Callable[[str], Any]], ...] = (
        ("investment", "Identifier", "", Programme, "Investment_type", _one_line),
        ("investment", "Identifier", "", Programme, "Evaluation_by_CIO", Decimal),
        ("investment", "Identifier", "", Programme, "Performance_Gap", _long),
        ("investment", "Identifier", "", Programme, "Business_Case", _one_line),
        ("investment", "Identifier", "", Programme, "Changes_to_Baseline", Decimal),
        ("investment", "Identifier", "", Programme, "Last_Baseline", datetime.date.fromisoformat),
        ("investment", "Identifier", "", Programme, "m", Decimal),
        ("project", "Id", "HHS-", Project, "Cost_Variance", million),
        ("project", "Id", "HHS-", Project, "Project_delay", Decimal),
        ("project", "Id", "HHS-", Project, "Updated_Date", Decimal),
    )
    for table, identity, prefix, model, column, parse in columns:
        codes = dict(model.objects.values_list("pk", "code"))
        expected = {prefix + row[identity]: parse(row[column]) for row in tables[table] if row[column]}
        rows = CustomValue.objects.filter(field__code=column.lower(), record_id__in=codes)
        found = {
            codes[one.record_id]: next(v for v in (one.text, one.number, one.day) if v is not None) for one in rows
        }
        yield from _differ(column, expected, found)


def _measures(tables: dict[str, Rows]) -> Iterator[str]:
    from portfolio.models import ProgrammeMeasure

    results = {"Met": "1_met", "Not Met": "2_not_met", "": "3_not_yet"}
    expected = {
        row["ID"]: (_long(row["Description"]), _one_line(row["Measurement_category"]), results[row["Metric_results"]])
        for row in tables["metric"]
    }
    rows = ProgrammeMeasure.objects.values_list("code", "description", "category", "result")
    yield from _differ("metric", expected, {code: tuple(values) for code, *values in rows})


def _suppliers(tables: dict[str, Rows]) -> Iterator[str]:
    from projects.models import Supplier

    expected = {_one_line(row["ID"]): _one_line(row["name"]) for row in tables["supplier"]}
    yield from _differ("supplier", expected, dict(Supplier.objects.values_list("code", "name_en")))


def _repeated(rows: Rows, report: dict[str, Any]) -> Iterator[str]:
    """Identifiers that differ in blanks only mean one supplier, if the names are the same too; the report counts them."""
    seen: dict[str, str] = {}
    repeated = [row["ID"] for row in rows if seen.setdefault(_one_line(row["ID"]), row["ID"]) != row["ID"]]
    if report["tables"]["Supplier"]["merged"] == len(repeated):
        for code in repeated:
            yield f"supplier {code!r} is {seen[_one_line(code)]!r}: their identifiers differ in blanks only"


def _contracts(tables: dict[str, Rows]) -> Iterator[str]:
    from projects.models import Contract

    expected = {
        f"HHS-{row['ID']}": (_one_line(row["Description"]), _cents(row["Contract_size"]), "USD")
        for row in tables["contract"]
    }
    rows = Contract.objects.values_list("code", "title", "amount", "currency")
    yield from _differ("contract", expected, {code: tuple(values) for code, *values in rows})


def _projects(tables: dict[str, Rows]) -> Iterator[str]:
    from projects.models import BudgetLine, Project

    expected = {}
    for row in tables["project"]:
        start = _SINCE + datetime.timedelta(days=int(row["Start_days_after_2000"])) if row["name"] else None
        finish = start + datetime.timedelta(days=int(row["Planned_Duration"])) if start else None
        expected[f"HHS-{row['Id']}"] = (_one_line(row["name"]) or f"Project {row['Id']}", start, finish, "USD")
    rows = Project.objects.values_list("code", "name_en", "planned_start", "planned_finish", "currency")
    yield from _differ("project", expected, {code: tuple(values) for code, *values in rows})
    budgets = {f"HHS-{row['Id']}": _cents(row["Planned_Cost"]) for row in tables["project"] if row["Planned_Cost"]}
    yield from _differ("budget", budgets, dict(BudgetLine.objects.values_list("project__code", "amount")))


def _tasks(tables: dict[str, Rows]) -> Iterator[str]:
    from projects.models.plan import PlanTask

    expected = {row["Id"]: _task(row) for row in tables["activity"]}
    rows = PlanTask.objects.filter(plan__state="published", plan__deleted_at__isnull=True)
    found = {
        row.uid: (
            row.name,
            _day(row.starts_at),
            (row.duration or 0) / 1440,
            row.cost,
            row.notes,
            row.percent_complete == 100,
            _day(row.actual_start),
            None if row.actual_duration is None else row.actual_duration / 1440,
            {one["name"]: one["value"] for one in row.fields},
        )
        for row in rows
    }
    yield from _differ("activity", expected, found)
    for plan, uids in _by_plan(rows).items():
        if uids != sorted(uids):
            yield f"plan {plan}: the tasks do not stand in the order of their Id"


def _task(row: dict[str, str]) -> tuple[Any, ...]:
    start = datetime.date.fromisoformat(row["Start_Date_Planned"])
    kept = ("status", "output_type", "No_Child_Activity", "Actual_start_delay")
    return (
        _one_line(row["name"]),
        start,
        float(row["Planned_Duration"].split()[0]),
        _cents(row["planned_Costs"]),
        _long(row["description"]),
        row["status"].startswith("Completed"),
        start + datetime.timedelta(days=int(row["Actual_start_delay"].split()[0])),
        float(row["Actual_duration"].split()[0]) if row["Actual_duration"] else None,
        {name: row[name] for name in kept if row[name]},
    )


def _day(moment: datetime.datetime | None) -> datetime.date | None:
    return moment.date() if moment is not None else None


def _by_plan(rows: Any) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row in rows.order_by("plan_id", "position"):
        found.setdefault(row.plan_id, []).append(int(row.uid))
    return found


# -- counts and relations --------------------------------------------------------------------------


def _counts(tables: dict[str, Rows], links: Rows, report: dict[str, Any]) -> Iterator[str]:
    """What the report counts is what the files hold."""
    told = {one["file"].removesuffix(".csv"): one["rows"] for one in report["tables"].values()}
    yield from _differ("rows of", {name: len(rows) for name, rows in tables.items()}, told)
    said = Counter(f"{row['from_label']} {row['relation']} {row['to_label']}" for row in links)
    relations = {f"{one['source']} {one['name']} {one['target']}": one for one in report["relations"]}
    yield from _differ("relations", said, {name: one["rows"] for name, one in relations.items()})
    for name, one in relations.items():
        if one["linked"] + one["repeated"] != one["rows"]:
            yield f"{name}: {one['rows']} relations, {one['linked']} linked and {one['repeated']} repeated"


def _relations(tables: dict[str, Rows], links: Rows) -> Iterator[str]:
    """Every link in the database is one of the file, and the other way round; by the codes of both ends."""
    codes = _codes(tables)
    said: dict[str, set[tuple[str, str]]] = {}
    for row in links:
        pair = (codes[row["from_label"]][row["from_node"]], codes[row["to_label"]][row["to_node"]])
        said.setdefault(row["relation"], set()).add(pair)
    for name, found in _linked().items():
        for pair in sorted(said[name] - found):
            yield f"{name} {pair}: in the file, not in the database"
        for pair in sorted(found - said[name]):
            yield f"{name} {pair}: in the database, not in the file"
    for name in said.keys() - _linked().keys():
        yield f"{name}: nothing in the database stands for it"


def _codes(tables: dict[str, Rows]) -> dict[str, dict[str, str]]:
    """The code of the record of every row, by table and id."""
    made: dict[str, tuple[str, Callable[[dict[str, str]], str]]] = {
        "Bureau": ("bureau", lambda row: f"HHS-{row['Code']}"),
        "Business_Area": ("business_area", lambda row: f"FEA-{row['name'].split('-')[0].strip()}"),
        "Business_Function": ("business_function", lambda row: f"FEA-{row['name'].split('-')[0].strip()}"),
        "Service": ("service", lambda row: f"FEA-{row['name'].split('-')[0].strip()}"),
        "Investment": ("investment", lambda row: row["Identifier"]),
        "Metric": ("metric", lambda row: row["ID"]),
        "Supplier": ("supplier", lambda row: _one_line(row["ID"])),
        "Contract": ("contract", lambda row: f"HHS-{row['ID']}"),
        "Project": ("project", lambda row: f"HHS-{row['Id']}"),
        "Activity": ("activity", lambda row: row["Id"]),
    }
    return {label: {row["node_id"]: code(row) for row in tables[name]} for label, (name, code) in made.items()}


def _linked() -> dict[str, set[tuple[str, str]]]:
    from portfolio.models import (
        BusinessFunction,
        Programme,
        ProgrammeContract,
        ProgrammeFunction,
        ProgrammeItem,
        ProgrammeMeasure,
        ProgrammeSupplier,
    )
    from projects.models import Contract
    from projects.models.plan import PlanTask

    functions = ProgrammeFunction.objects
    tasks = PlanTask.objects.filter(plan__state="published", plan__deleted_at__isnull=True)
    placed = Programme.objects.exclude(portfolio__code="HHS-OTHER")
    below = BusinessFunction.objects.exclude(parent=None)
    return {
        "responsible_for": set(placed.values_list("portfolio__code", "code")),
        "serves": set(below.values_list("code", "parent__code")),
        "has_business_function": set(
            functions.filter(function__kind="function").values_list("programme__code", "function__code")
        ),
        "is_a_type_of": set(
            functions.filter(function__kind="service").values_list("programme__code", "function__code")
        ),
        "judged_by": set(ProgrammeMeasure.objects.values_list("programme__code", "code")),
        "delivers": set(Contract.objects.values_list("supplier__code", "code")),
        "lets_contract": set(ProgrammeContract.objects.values_list("programme__code", "contract__code")),
        "uses_Supplier": set(ProgrammeSupplier.objects.values_list("programme__code", "supplier__code")),
        "pays_for": set(ProgrammeItem.objects.values_list("programme__code", "project__code")),
        "has_task": set(tasks.values_list("plan__project__code", "uid")),
    }
