"""What Java's reader of GanttProject misses: most links of nested tasks, notes, and the baselines; and codes of the outline."""

from __future__ import annotations

import datetime
from typing import Any

from projects.calc.plan.outline import outline_numbers
from projects.plan_files.child.counts import Inventory
from projects.plan_files.child.remarks import Remarks
from projects.plan_files.child.values import Json, text
from projects.plan_files.child.xml_inventory import GAN_KINDS

LAST_BASELINE = 10
OWN_NUMBER = "GANTT_NUMBER"


def complete(plan: Json, held: Inventory, remarks: Remarks) -> None:
    """Replace the links by those of the file and add its baselines. Java numbers tasks one higher than the file."""
    minutes = int(plan["minutes_per_day"])
    if held.description:
        field = {"name": "DESCRIPTION", "label": "Description", "kind": "text", "value": text(held.description)}
        plan.setdefault("fields", []).append(field)
        remarks.kept("fields", "project_fields", "Description", distinct=True)
    rows = {row["uid"]: row for row in plan["tasks"]}
    _codes(plan["tasks"], remarks)
    for one in held.rows:
        _texts(rows.get(_uid(one.get("id")), {}), one)
    links = [_link(one, minutes) for one in held.links]
    plan["links"] = [
        one for one in links if one is not None and one["predecessor"] in rows and one["successor"] in rows
    ]
    remarks.lost("links", "soft_links", count=sum(one.get("hardness") == "Rubber" for one in held.links))
    for number, baseline in enumerate(held.previous):
        if number > LAST_BASELINE:
            remarks.lost("baselines", "too_many_baselines", str(baseline["name"]))
            continue
        for one in baseline["tasks"]:
            row = rows.get(_uid(one.get("id")))
            if row is not None:
                row.setdefault("baselines", []).append(_baseline(number, one, minutes))
        remarks.kept("baselines", "names", str(baseline["name"]))


def _codes(rows: list[Json], remarks: Remarks) -> None:
    """WBS codes are outline numbers: GanttProject has none, it numbers the rows of each level on its own."""
    for row, code in zip(rows, outline_numbers(row["level"] for row in rows), strict=True):
        own = row.get("wbs", "")
        if own:
            field = {"name": OWN_NUMBER, "label": "GanttProject number", "kind": "text", "value": own}
            row.setdefault("fields", []).append(field)
            remarks.kept("tasks", "own_numbers", f"{code} {row['name']}")
        row["wbs"] = code


def _texts(row: Json, held: dict[str, str]) -> None:
    """Notes and addresses, which Java's reader passes over."""
    if row and held.get("notes") and not row.get("notes"):
        row["notes"] = text(held["notes"])
    if row and held.get("webLink") and not row.get("hyperlink"):
        row["hyperlink"] = text(held["webLink"])[:1000]


def _uid(value: Any) -> str:
    text = str(value or "")
    return str(int(text) + 1) if text.isdecimal() else ""


def _link(held: dict[str, Any], minutes: int) -> Json | None:
    kind = GAN_KINDS.get(held.get("type", "2"))
    lag = _number(held.get("difference", "0"))
    if kind is None or lag is None:
        return None
    return {
        "predecessor": _uid(held["predecessor"]),
        "successor": _uid(held.get("id")),
        "kind": kind,
        "lag": {"minutes": lag * minutes, "unit": "d"},
    }


def _baseline(number: int, held: dict[str, Any], minutes: int) -> Json:
    result: Json = {"number": number}
    days = _number(held.get("duration"))
    if days is not None:
        result["duration"] = {"minutes": days * minutes, "unit": "d"}
    try:
        result["start"] = datetime.datetime.fromisoformat(str(held.get("start"))).isoformat(timespec="minutes")
    except ValueError:
        return result
    return result


def _number(value: Any) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None
