"""A register's list as an export: the same filters, columns and order as the page, values as spreadsheets want them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, record
from pmo.core.exports.model import ExportColumn, ExportTable, Value
from pmo.core.registers.cells import CellMaker
from pmo.core.registers.controls import filter_bar
from pmo.core.registers.fields import NUMERIC, Bound
from pmo.core.registers.queries import filtered, ordered
from pmo.core.registers.state import ListState

# Above this many rows an export is a job.
MOST_ROWS = 50_000
_CHUNK = 1000


def export_rows(state: ListState) -> QuerySet[Any]:
    """The rows of the export, in order."""
    return ordered(state, filtered(state))


def export_table(state: ListState, rows: QuerySet[Any], count: int, user_name: str, view: str = "") -> ExportTable:
    """The table and its notes: view and filters in force, sorting, time, user, number of rows, what is hidden."""
    maker = CellMaker(state.register)
    columns = [part for bound in state.columns for part in _heads(state, bound)]
    return ExportTable(
        title=str(state.register.title),
        notes=[*([(_("View"), view)] if view else []), *_notes(state, maker, count, user_name)],
        columns=columns,
        rows=_stream(state, rows, maker),
    )


def record_export(*, actor: Actor, state: ListState, kind: str, count: int) -> None:
    """Say in the audit trail who took which rows out."""
    changes = {"format": kind, "rows": count, "query": state.params.urlencode()[:1000]}
    label = state.register.model._meta.label_lower
    record(
        actor=actor,
        act=Act(action="export", model=label, object_id=None, object_label=state.register.key, changes=changes),
    )


def _notes(state: ListState, maker: CellMaker, count: int, user_name: str) -> list[tuple[str, str]]:
    now = timezone.localtime()
    taken = [(_("Exported at"), f"{now:%Y-%m-%d %H:%M} {now.tzname() or ''}".strip()), (_("Exported by"), user_name)]
    told = list_notes(state, maker, count)
    notes = [*told[:2], *taken, *told[2:]]
    protected = [str(bound.label) for bound in state.columns if bound.protected]
    if protected:
        text = _("%(fields)s: empty where your roles do not let you see the value.") % {
            "fields": _(", ").join(protected)
        }
        notes.append((_("Protected fields"), text))
    return notes


def list_notes(state: ListState, maker: CellMaker, count: int) -> list[tuple[str, str]]:
    """Filters in force, sorting, number of rows."""
    chips = filter_bar(state, maker).chips
    filters = pgettext("list", "; ").join(f"{chip.label}{pgettext('label', ': ')}{chip.text}" for chip in chips) or _(
        "none, the whole list"
    )
    sorting = _(", ").join(f"{key.bound.label} {'↓' if key.descending else '↑'}" for key in state.sorts)
    return [(_("Filters"), filters), (_("Sorted by"), sorting or _("standard order")), (_("Rows"), str(count))]


def _heads(state: ListState, bound: Bound) -> list[ExportColumn]:
    label = str(bound.label)
    if bound.kind == "money":
        heads = [ExportColumn(label, "number", 2)]
        return [*heads, ExportColumn(_currency_label(label))] if _needs_currency(state, bound) else heads
    if bound.kind in NUMERIC:
        kind = "percent" if bound.kind == "percent" else "number"
        places = bound.column.places
        return [
            ExportColumn(
                label, kind, getattr(bound.model_field, "decimal_places", 0) or 0 if places is None else places
            )
        ]
    return [ExportColumn(label, bound.kind if bound.kind in {"date", "datetime"} else "text")]


def _currency_label(label: str) -> str:
    return _("%(label)s, currency") % {"label": label}


def _needs_currency(state: ListState, bound: Bound) -> bool:
    """Whether the currency stands in no column of its own."""
    return not (bound.currency_path == "currency" and any(other.name == "currency" for other in state.columns))


def _stream(state: ListState, rows: QuerySet[Any], maker: CellMaker) -> Iterator[list[Value]]:
    return _in_place_of_reader(state, rows, maker, timezone.get_current_timezone(), maker.lang)


def _in_place_of_reader(
    state: ListState, rows: QuerySet[Any], maker: CellMaker, zone: datetime.tzinfo, lang: str
) -> Iterator[list[Value]]:
    """The lines in the reader's zone and language: a streamed answer is read after the request has given them up."""
    source = rows.iterator(chunk_size=_CHUNK)
    while chunk := list(islice(source, _CHUNK)):
        with timezone.override(zone), translation.override(lang):
            maker.prepare(state.columns, chunk)
            lines = [[value for bound in state.columns for value in _values(state, maker, bound, row)] for row in chunk]
        yield from lines


def _values(state: ListState, maker: CellMaker, bound: Bound, row: Any) -> list[Value]:
    value = bound.value_of(row)
    if bound.kind == "money":
        currency = maker.currency(bound, row) if value is not None else ""
        return [value, currency] if _needs_currency(state, bound) else [value]
    return [_value(maker, bound, row, value)]


def _value(maker: CellMaker, bound: Bound, row: Any, value: Any) -> Value:
    if value is None or value == "":
        return None
    if isinstance(value, datetime.timedelta):
        return value.days
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if bound.kind in NUMERIC | {"date"}:
        return value  # type: ignore[no-any-return]
    if bound.column.format is not None and bound.kind == "text":
        return strip_tags(str(bound.column.format(value, row, maker.lang)))
    return maker.text(bound, row)
