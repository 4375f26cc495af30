"""The report of an import of linked tables as its page shows it, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pmo.core.imports.models import ImportBatch
from pmo.core.imports.texts import say_stored
from pmo.core.registers.declaration import UnknownRegisterError, get_register, register_for
from portfolio.linked.declaration import LinkedTables, RelationOf, TableOf
from portfolio.linked.presets import PRESETS, preset

FILTER = "linked_import"
_WHY = {
    "no_fields": gettext_lazy("The register takes no further fields."),
    "may_not_add": gettext_lazy("A field would have to be added, which needs the right to define fields."),
    "archived": gettext_lazy("The field of this key is archived."),
    "other_type": gettext_lazy("A field of this key holds values of another type."),
}


@dataclass(frozen=True)
class Shown:
    """A line of the report with the way to its rows ("" where there is none)."""

    label: str
    told: Mapping[str, Any]
    into: Sequence[tuple[str, str, int]]
    rows_url: str = ""


def shown_report(batch: ImportBatch, report: Mapping[str, Any], *, written: bool) -> dict[str, Any]:
    """Tables, relations, what is kept, lost and made up, for the template."""
    declared = preset(report["set"])
    return {
        "declared": declared,
        "tables": [_table(batch, one, written=written) for one in report["tables"]],
        "relations": [_relation(declared, one) for one in report["relations"]],
        "fields": _fields(report),
        "kept": _kept(report),
        "trashed": _trashed(report),
        "lost": _lost(report),
        "notes": _notes(declared, report),
        "counts": report["counts"],
        "links": report["links"],
    }


def _table(batch: ImportBatch, one: Mapping[str, Any], *, written: bool) -> Shown:
    into = [_way(batch, one["model"], one["created"] + one["updated"], written=written)]
    for beside in one["beside"]:
        count = beside.get("created", 0) + beside.get("updated", 0)
        into.append(_way(batch, beside["model"], count, written=written))
    return Shown(one["file"], one, into, into[0][1] if written and one["register"] else "")


def _way(batch: ImportBatch | None, label: str, touched: int, *, written: bool) -> tuple[str, str, int]:
    """Title of a register, the address of the rows that the import touched, and how many there are."""
    declared = register_for(apps.get_model(label))
    if declared is None:
        return str(apps.get_model(label)._meta.verbose_name_plural), "", touched
    url = reverse("register-list", kwargs={"key": declared.key})
    if written and touched and batch is not None:
        url += f"?{FILTER}={batch.pk}"
    return str(declared.title), url, touched


def _relation(declared: LinkedTables, one: Mapping[str, Any]) -> dict[str, Any]:
    """A relation with what it becomes."""
    place = (one["source"], one["name"], one["target"])
    known = next((relation for relation in declared.relations if relation.place == place), None)
    return {**one, "becomes": _becomes(declared, known) if known is not None else ""}


def _becomes(declared: LinkedTables, relation: RelationOf) -> str:
    """What a relation turns into: records that join two others, tasks, or a field of one record."""
    if relation.join is not None:
        return str(apps.get_model(relation.join.model)._meta.verbose_name_plural)
    if relation.plan:
        return _("Tasks of a plan")
    fill = relation.fills[0]
    model: Any = apps.get_model(declared.by_key(fill.owner).model)
    told = {"field": model._meta.get_field(fill.field).verbose_name, "record": model._meta.verbose_name}
    return _("%(record)s: %(field)s") % told


def _fields(report: Mapping[str, Any]) -> list[dict[str, str]]:
    """Every column that feeds a field, with the record and the field."""
    rows = []
    for table in report["tables"]:
        for column, label, name in table["fields"]:
            meta = apps.get_model(label)._meta
            field = str(meta.get_field(name).verbose_name)
            rows.append({"file": table["file"], "column": column, "record": str(meta.verbose_name), "field": field})
    return rows


def _kept(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for table in report["tables"]:
        for one in table["kept"]:
            try:
                title = str(get_register(one["register"]).title)
            except UnknownRegisterError:
                title = one["register"]
            rows.append({**one, "file": table["file"], "title": title})
    return rows


def _trashed(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Registers with new records whose counterpart lies in their trash, how many, and the way there."""
    counts: dict[str, int] = {}
    for table in report["tables"]:
        for model, count in table.get("trashed", []):
            counts[model] = counts.get(model, 0) + count
    rows = []
    for model, count in counts.items():
        declared = register_for(apps.get_model(model))
        url = reverse("register-trash", kwargs={"key": declared.key}) if declared is not None else ""
        title = declared.title if declared is not None else apps.get_model(model)._meta.verbose_name_plural
        rows.append({"title": str(title), "count": count, "url": url})
    return rows


def _lost(report: Mapping[str, Any]) -> list[dict[str, str]]:
    rows = [
        {"file": table["file"], "column": one["column"], "why": str(_WHY.get(one["why"], one["why"]))}
        for table in report["tables"]
        for one in table["lost"]
    ]
    rows += [{"file": name, "column": "", "why": _("The file is no table of this set.")} for name in report["unread"]]
    rows += [
        {"file": f"{name}.csv", "column": "", "why": _("The table is not in the zip archive.")}
        for name in report["missing"]
    ]
    rows += [
        {"file": report["relation_file"], "column": name, "why": _("A relation has no place for further columns.")}
        for name in report["surplus"]
    ]
    return rows


def _notes(declared: LinkedTables, report: Mapping[str, Any]) -> list[str]:
    """What the set says of itself, and what was made up for rows of this file."""
    notes = [f"{file}: {say_stored(note)}" for file, note in report["notes"]]
    for one in report["tables"]:
        for name in ("named", "merged", "spared"):
            if one[name]:
                notes.append(_made_up(name, one[name]) % {"file": one["file"], "count": one[name]})
    return notes + [str(note) for note in declared.notes]


def _made_up(name: str, count: int) -> str:
    """The sentence about rows for which something was made up, with places for the file and their number."""
    if name == "named":
        return ngettext(
            "%(file)s: %(count)s row has no name; it is called by its identifier.",
            "%(file)s: %(count)s rows have no name; they are called by their identifiers.",
            count,
        )
    if name == "merged":
        return ngettext(
            "%(file)s: %(count)s row says again what an earlier row says; both mean one record.",
            "%(file)s: %(count)s rows say again what earlier rows say; both mean one record.",
            count,
        )
    return ngettext(
        "%(file)s: %(count)s row is placed by no relation; it goes to the collecting record.",
        "%(file)s: %(count)s rows are placed by no relation; they go to the collecting record.",
        count,
    )


def known_sets() -> list[dict[str, Any]]:
    """The sets that can be imported: what each table and each relation must hold, and what it becomes."""
    return [
        {
            "label": one.label,
            "tables": [_expected(one, table) for table in one.tables],
            "relation_file": f"{one.relation_files[0]}.csv",
            "relation_columns": one.relation_columns,
            "relations": [(relation, _becomes(one, relation)) for relation in one.relations],
        }
        for one in PRESETS
    ]


def _expected(declared: LinkedTables, table: TableOf) -> dict[str, Any]:
    """A table before any file is there: its name, its columns, and the registers that its rows go into."""
    models = [made.model for made in table.made] or ["projects.planversion"]
    return {
        "file": f"{table.files[0]}.csv",
        "label": table.label,
        "needed": (declared.node, *table.needed),
        "further": table.further,
        "into": [title for model in models for title, _url, _count in [_way(None, model, 0, written=False)]],
    }
