"""The matrix of risks: 25 counts, each opening exactly its rows, with the money, the reviews and the movement beside it."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from pmo.core.access.api import can, has_any
from pmo.core.audit.actor import request_actor
from pmo.core.audit.services import Act, record
from pmo.core.calendars.queries import org_today
from pmo.core.exports.csv_file import csv_stream
from pmo.core.exports.model import ExportColumn, ExportTable, Value
from pmo.core.exports.xlsx_file import write_xlsx
from pmo.core.registers.cells import CellMaker
from pmo.core.registers.controls import filter_bar
from risks.access import EXPOSURE
from risks.models import Kind, Risk
from risks.queries.grid import Grid, build_grid, stage_counts
from risks.queries.money import by_worth, closing_rates, total_exposure
from risks.queries.movement import MOVES, movement
from risks.views.look import Look, read_look
from risks.wording import GAIN_WORDS, STAGE_HELP, STAGE_WORDS, ZONE_WORDS

TOP = 6
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The filters that the page offers itself; every other one of the register works too.
OFFERED = ("portfolio", "within", "project", "owner")


@require_safe
def matrix_page(request: HttpRequest) -> HttpResponse:
    """The matrix of what the user may see."""
    can(request.user, "view", Risk).or_raise()
    look, today = read_look(request), org_today()
    grid = _grid(look)
    context = {
        "look": look,
        "grid": grid,
        "today": today,
        "total": grid.assessed + grid.unassessed,
        "gains": look.kind == Kind.OPPORTUNITY,
        "open_url": look.list_url(open=1),
        "unassessed_url": look.unassessed_url(),
        "zones": _zones(look, grid),
        "red_url": look.zone_url("red"),
        "overdue": _overdue(look, today),
        "overdue_url": look.list_url(overdue=1),
        "moves": _moves(look, today),
        "may_add": can(request.user, "add", Risk),
        **_switches(look),
        **_filters(look),
        **_money(request, look, today),
    }
    return render(request, "risks/matrix.html", context)


def _grid(look: Look) -> Grid:
    counts = stage_counts(look.open, look.stage)
    return build_grid(counts, look.matrix, look.cell_url, gains=look.kind == Kind.OPPORTUNITY)


def _zones(look: Look, grid: Grid) -> list[tuple[str, Any, int, str]]:
    words = GAIN_WORDS if look.kind == Kind.OPPORTUNITY else ZONE_WORDS
    return [(colour, word, grid.zones[colour], look.zone_url(colour)) for colour, word in words]


def _overdue(look: Look, today: datetime.date) -> int:
    found: int = look.open.filter(review_on__lt=today).order_by().aggregate(n=Count("pk"))["n"]
    return found


def _moves(look: Look, today: datetime.date) -> list[tuple[str, Any, int, str]]:
    found = movement(look.rows, today)
    return [(move, word, found[move], look.list_url(moved=move)) for move, word in MOVES.items()]


def _switches(look: Look) -> dict[str, Any]:
    return {
        "stages": [(stage == look.stage, word, look.page_url(stage=stage)) for stage, word in STAGE_WORDS],
        "stage_help": STAGE_HELP[look.stage],
        "kinds": [(kind == look.kind, label, look.page_url(kind=kind)) for kind, label in Kind.choices],
        "exports": [(kind.upper(), look.page_url("risk-matrix-export", {"kind": kind})) for kind in ("csv", "xlsx")],
        "edit_matrix": look.matrix.pk
        and reverse("register-detail", kwargs={"key": "risk-matrices", "pk": look.matrix.pk}),
    }


def _filters(look: Look) -> dict[str, Any]:
    """The page's own controls in their order, what else is in force, and the way back to everything."""
    bar = filter_bar(look.state, CellMaker(look.state.register))
    by_name = {control.name: control for control in [*bar.bar, *bar.more]}
    controls = [by_name[name] for name in OFFERED if name in by_name]
    carried = [(name, str(value)) for name in look.params for value in look.params.getlist(name) if name not in OFFERED]
    return {
        "controls": controls,
        "carried": [*carried, ("stage", look.stage), ("kind", look.kind)],
        "register": look.state.register,
        "filtered": any(look.params.getlist(name) for name in look.params),
        "reset_url": reverse("risk-matrix") + f"?stage={look.stage}&kind={look.kind}",
        "in_force": [
            f"{chip.label}{pgettext('label', ': ')}{chip.text}" for chip in bar.chips if chip.label != _kind_label(look)
        ],
    }


def _kind_label(look: Look) -> Any:
    return look.state.known["kind"].label


def _money(request: HttpRequest, look: Look, today: datetime.date) -> dict[str, Any]:
    """Exposure of the open risks and the largest of them; nothing for those who may not see money."""
    if not has_any(request.user, EXPOSURE):
        return {"exposure": None, "top": []}
    field = look.state.known["exposure"].path
    rates = closing_rates(today)
    exposure = total_exposure(_sums(look.open, field), today, rates)
    top = by_worth(look.open, field, rates).select_related("project", "owner")[:TOP]
    rows = [{"row": row, "amount": getattr(row, field)} for row in top]
    return {"exposure": exposure, "top": rows, "top_url": look.list_url(open=1, sort="-exposure")}


def _sums(rows: QuerySet[Any], field: str) -> dict[str, Decimal]:
    seen = rows.filter(Q(**{f"{field}__isnull": False})).order_by()
    return dict(seen.values_list("currency").annotate(total=Sum(field)))


@require_safe
def matrix_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The cells as a file, with what the page looked at."""
    can(request.user, "view", Risk).or_raise()
    if kind not in {"csv", "xlsx"}:
        raise Http404(_("There is no such file format; csv and xlsx are offered."))
    look = read_look(request)
    grid = _grid(look)
    actor = request_actor(request)
    changes = {"format": kind, "rows": 25, "query": look.params.urlencode()[:1000]}
    act = Act(action="export", model="risks.risk", object_id=None, object_label="risk-matrix", changes=changes)
    record(actor=actor, act=act)
    table = _table(look, grid, actor.name)
    name = f"risk-matrix-{timezone.localtime():%Y%m%d-%H%M}.{kind}"
    return _as_csv(table, name) if kind == "csv" else _as_xlsx(table, name)


def _table(look: Look, grid: Grid, who: str) -> ExportTable:
    now = timezone.localtime()
    notes = [
        (_("Risk matrix"), str(look.matrix)),
        (_("Stage"), str(dict(STAGE_WORDS)[look.stage])),
        (_("Threat or opportunity"), str(Kind(look.kind).label)),
        (_("Filters"), _(", ").join(_filters(look)["in_force"]) or _("none, the whole list")),
        (_("Not assessed"), str(grid.unassessed)),
        (_("Exported at"), f"{now:%Y-%m-%d %H:%M} {now.tzname() or ''}".strip()),
        (_("Exported by"), who),
    ]
    columns = [
        ExportColumn(_("Probability, 1 to 5"), "number"),
        ExportColumn(_("Step of probability")),
        ExportColumn(_("Impact, 1 to 5"), "number"),
        ExportColumn(_("Step of impact")),
        ExportColumn(_("Risk score"), "number"),
        ExportColumn(_("Zone")),
        ExportColumn(_("Number of risks"), "number"),
    ]
    return ExportTable(title=_("Risk matrix"), notes=notes, columns=columns, rows=list(_lines(grid)))


def _lines(grid: Grid) -> Iterator[list[Value]]:
    impacts = dict(grid.columns)
    for row in grid.rows:
        for cell in row.cells:
            yield [row.step, row.label, cell.impact, impacts[cell.impact], cell.score, str(cell.word), cell.count]


def _as_csv(table: ExportTable, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(csv_stream(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _as_xlsx(table: ExportTable, name: str) -> FileResponse:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        write_xlsx(table, path)
        # The open file outlives its name and is gone when the response is closed.
        return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=XLSX_TYPE)
