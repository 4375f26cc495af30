"""The report of an import of linked tables, as it is kept with the batch: per table, per relation, what is kept and lost."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.apps import apps

from pmo.core.audit.services import plain
from pmo.core.registers.declaration import register_for
from portfolio.linked.declaration import TableOf
from portfolio.linked.graph import TableRead
from portfolio.services.linked.wants import OUTCOMES, REFUSED, Want, Wanted


def report_of(wanted: Wanted) -> dict[str, Any]:
    """Everything the page and the command tell, JSON-safe; texts are made when it is shown."""
    graph = wanted.graph
    tables = [
        _table(wanted, table, graph.tables[table.label])
        for table in graph.declared.tables
        if table.label in graph.tables
    ]
    counts = {name: sum(one[name] for one in tables) for name in OUTCOMES}
    return {
        "set": graph.declared.key,
        "counts": counts,
        "tables": tables,
        "missing": [one.files[0] for one in graph.declared.tables if one.label not in graph.tables],
        "relations": _relations(wanted),
        "links": sum(one.linked for one in wanted.relations.values()),
        "unread": graph.unread,
        "relation_file": graph.relation_file,
        "surplus": graph.surplus,
        "notes": [[file, plain(note.to_json())] for file, note in graph.notes],
        "refused": len(wanted.refused),
    }


def _table(wanted: Wanted, table: TableOf, read: TableRead) -> dict[str, Any]:
    told: dict[str, Any] = {
        "label": table.label,
        "file": read.file,
        "rows": len(read.nodes),
        **dict.fromkeys(OUTCOMES, 0),
        "kept": [
            {"column": one.declared.column, "code": one.declared.code, "register": one.register, "filled": one.filled}
            for one in wanted.fields.get(table.label, [])
        ],
        "lost": [{"column": column, "why": why} for column, why in wanted.lost.get(table.label, [])],
        "merged": wanted.merged[table.made[0].key] if table.made else 0,
        "named": sum(wanted.named[made.key] for made in table.made),
        "spared": sum(wanted.spared[made.key] for made in table.made),
        "trashed": [[made.model, wanted.trashed[made.key]] for made in table.made if wanted.trashed[made.key]],
        "register": "",
        "model": "projects.planversion",
        "fields": [],
        "beside": [],
    }
    if table.tasks is not None:
        told.update(wanted.task_outcomes)
        told["fields"] = [[column, "projects.plantask", name] for column, name in table.tasks.fed()]
        return told
    first = table.made[0]
    declared = register_for(apps.get_model(first.model))
    told["register"], told["model"] = declared.key if declared is not None else "", first.model
    outcomes = Counter(want.outcome for want in _of(wanted, first.key))
    written = sum(outcomes[name] for name in OUTCOMES if name != REFUSED)
    outcomes[REFUSED] = len(read.nodes) - written - wanted.merged[first.key]
    told.update(outcomes)
    told["fields"] = _fields(table)
    told["beside"] = [
        {"model": made.model, **Counter(want.outcome for want in _of(wanted, made.key))} for made in table.made[1:]
    ]
    return told


def _of(wanted: Wanted, key: str) -> list[Want]:
    """The records that rows of the file become, each once."""
    return list(dict.fromkeys(wanted.wants[key].values()))


def _fields(table: TableOf) -> list[list[str]]:
    """[column, model, field] of every column that feeds a field."""
    return [
        [column, made.model, name]
        for made in table.made
        for name, source in made.fields.items()
        for column in source.columns
    ]


def _relations(wanted: Wanted) -> list[dict[str, Any]]:
    known = [one.place for one in wanted.graph.declared.relations]
    told = []
    for place in known:
        count = wanted.relations[place]
        told.append(
            {
                "source": place[0],
                "name": place[1],
                "target": place[2],
                "rows": count.rows,
                "linked": count.linked,
                "new": count.new,
                "repeated": count.repeated,
                "refused": count.refused,
            }
        )
    for place, rows in wanted.graph.rows.items():
        if place not in known:
            told.append(
                {
                    "source": place[0][:60],
                    "name": place[1][:60],
                    "target": place[2][:60],
                    "rows": rows,
                    **dict.fromkeys(("linked", "new", "repeated"), 0),
                    "refused": rows,
                }
            )
    return told
