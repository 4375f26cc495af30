"""Capacity against allocation: who is over, who has room, week by week or month by month."""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from pmo.core.access.api import has_any, refusal
from pmo.core.audit.actor import request_actor
from pmo.core.audit.services import Act, record
from pmo.core.calendars.queries import org_today
from pmo.core.exports.csv_file import csv_stream
from pmo.core.exports.model import ExportColumn, ExportTable, Value
from pmo.core.exports.xlsx_file import write_xlsx
from pmo.core.web.formats import format_number
from resources import capacity_grid as grid
from resources.access import POOL
from resources.calc import load
from resources.queries.capacity import Asked, Names, Pool, names, read_pool

PERIODS, STEP, PAGE, NAMED = 12, 4, 60, 3
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WEEK = datetime.timedelta(weeks=1)
_DAY = datetime.timedelta(days=1)


@require_safe
def capacity(request: HttpRequest) -> HttpResponse:
    """The heat map."""
    view = _View(request)
    lines = view.lines()
    page = Paginator(lines, PAGE).get_page(request.GET.get("page"))
    over = grid.over_people(view.pool)
    context = {
        "view": view,
        "rows": [(line, view.cells(line)) for line in _with_group(lines, page)],
        "page": page,
        "heads": grid.heads(view.asked, view.by, view.lang),
        "total": view.cells(grid.total_line(view.pool)),
        "legend": _legend(),
        "over": over,
        "named": [_named(peak, view) for peak in over[:NAMED]],
        "more": max(len(over) - NAMED, 0),
        "people": len(view.pool.members),
        "used": _used(view.pool, view.lang),
    }
    return render(request, "resources/capacity.html", context)


@require_GET
def capacity_export(request: HttpRequest, kind: str) -> Any:
    """The heat map as a file: every row of the choice, csv or xlsx."""
    if kind not in {"csv", "xlsx"}:
        raise Http404(_("There is no such file format; csv and xlsx are offered."))
    view = _View(request)
    lines = view.lines()
    actor = request_actor(request)
    changes = {"format": kind, "rows": len(lines), "query": request.GET.urlencode()[:1000]}
    record(
        actor=actor,
        act=Act(
            action="export", model="resources.poolmember", object_id=None, object_label="capacity", changes=changes
        ),
    )
    table = _export_table(view, lines, actor.name)
    name = f"capacity-{timezone.localtime():%Y%m%d-%H%M}.{kind}"
    if kind == "csv":
        response = StreamingHttpResponse(csv_stream(table), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = content_disposition_header(True, name) or ""
        return response
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        write_xlsx(table, path)
        # The open file outlives its name and is gone when the response is closed.
        return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=XLSX_TYPE)


class _View:
    """What the address asks for, checked, and the figures for it."""

    def __init__(self, request: HttpRequest) -> None:
        if not has_any(request.user, POOL):
            raise PermissionDenied(refusal(POOL).reason)
        get = request.GET
        self.lang = get_language() or "zh-hans"
        self.today = org_today()
        self.names: Names = names()
        self.by = _one_of(get.get("by", ""), ("week", "month"))
        self.kind = _one_of(get.get("rows", ""), ("people", "units", "roles"))
        self.unit = _one_of(get.get("figures", ""), grid.UNITS)
        day = _date(get.get("as_of", "")) or self.today
        if day > self.today:
            raise BadRequest(_("as_of: %(value)s lies in the future.") % {"value": day})
        self.past = day < self.today
        first = _date(get.get("from", "")) or day
        self.asked = Asked(
            day,
            _periods(first, self.by),
            unit=_known(get.get("unit", ""), self.names.units),
            role=_known(get.get("role", ""), self.names.roles),
            skill=_known(get.get("skill", ""), self.names.skills),
            proposed=get.get("proposed") == "1",
        )
        self.before, self.after = _moved(self.asked.periods[0][0], self.by)
        self.first, self.last = self.asked.periods[0][0], self.asked.periods[-1][1]
        self.moved = "from" in get
        self.pool: Pool = read_pool(request.user, self.asked)

    def lines(self) -> list[grid.Line]:
        """The rows of the table."""
        make = {"people": grid.people_lines, "units": grid.unit_lines, "roles": grid.role_lines}
        return make[self.kind](self.pool, self.names)

    def cells(self, line: grid.Line) -> list[grid.Cell]:
        """The cells of a row; those of a past day have no rows behind them any more."""
        return grid.cells(line, self.asked, self.unit, self.pool.working, self.lang, linked=not self.past)

    @property
    def modes(self) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
        """The switches: (parameter, label, [(value, text, chosen)])."""
        return [
            (
                "rows",
                pgettext("grid", "Rows"),
                self._choices(self.kind, ("people", _("People")), ("units", _("Units")), ("roles", _("Roles"))),
            ),
            ("by", pgettext("grid", "Columns"), self._choices(self.by, ("week", _("Weeks")), ("month", _("Months")))),
            (
                "figures",
                pgettext("grid", "Figures"),
                self._choices(
                    self.unit,
                    ("percent", "%"),
                    ("hours", _("Hours")),
                    ("fte", "FTE"),
                    ("days", _("Person-days")),
                ),
            ),
            (
                "proposed",
                _("Count"),
                self._choices(
                    "1" if self.asked.proposed else "",
                    ("", pgettext("load", "Committed")),
                    ("1", pgettext("load", "With proposed")),
                ),
            ),
        ]

    @staticmethod
    def _choices(chosen: str, *options: tuple[str, str]) -> list[tuple[str, str, bool]]:
        return [(value, text, value == chosen) for value, text in options]


def _with_group(lines: list[grid.Line], page: Any) -> list[grid.Line]:
    """The rows of a page; one that begins within a unit repeats the unit's sums."""
    start = page.start_index() - 1
    shown = list(page.object_list)
    if shown and not shown[0].group:
        shown.insert(0, next(line for line in reversed(lines[:start]) if line.group))
    return shown


def _named(peak: grid.Peak, view: _View) -> dict[str, Any]:
    percent = "∞" if peak.percent == float("inf") else f"{format_number(peak.percent, 0, view.lang)}%"
    return {
        "name": peak.name,
        "url": peak.url,
        "percent": percent,
        "when": grid.heads(view.asked, view.by, view.lang)[peak.place][0],
    }


def _used(pool: Pool, lang: str) -> str:
    held = float(pool.capacity.sum())
    return f"{format_number(pool.demand.sum() / held * 100, 0, lang)}%" if held else "—"


def _legend() -> list[tuple[str, str, str]]:
    """(class of the swatch, bounds, words) of the classes of load."""
    words = grid.load_words()
    under, near, full, extreme = (f"{value:.0f}%" for value in (load.UNDER_USED, load.NEAR, load.FULL, load.EXTREME))
    return [
        ("load-under", f"< {under}", words["under"]),
        ("", f"{under} – {near}", words["calm"]),
        ("cell-green", f"{near} – {full}", words["near"]),
        ("load-over", f"> {full}", words["over"]),
        ("load-extreme", f"> {extreme}", words["extreme"]),
    ]


def _export_table(view: _View, lines: list[grid.Line], user_name: str) -> ExportTable:
    labels = [full for _short, full in grid.heads(view.asked, view.by, view.lang)]
    unit_text = next(text for value, text, chosen in view.modes[2][2] if chosen)
    places = 1 if view.unit in {"fte", "days"} else 0
    kind = "percent" if view.unit == "percent" else "number"
    now = timezone.localtime()
    notes = [
        (_("Figures"), unit_text if view.unit == "percent" else f"{unit_text}{pgettext('list', '; ')}{_('demand')}"),
        (_("Data as of"), view.asked.day.isoformat()),
        (_("Filters"), pgettext("list", "; ").join(_chosen(view)) or _("none, the whole list")),
        (_("Exported at"), f"{now:%Y-%m-%d %H:%M} {now.tzname() or ''}".strip()),
        (_("Exported by"), user_name),
        (_("Rows"), str(len(lines))),
    ]
    columns = [ExportColumn(_("Name")), ExportColumn(_("Resource role")), ExportColumn(_("People"), "number")]
    columns += [ExportColumn(label, kind, places) for label in labels]
    return ExportTable(_("Capacity and load"), notes, columns, (_values(line, view) for line in lines))


def _chosen(view: _View) -> list[str]:
    asked, known = view.asked, view.names
    texts = [
        known.units[asked.unit][0] if asked.unit else "",
        known.roles.get(asked.role, ""),
        known.skills.get(asked.skill, ""),
    ]
    return [text for text in texts if text]


def _values(line: grid.Line, view: _View) -> list[Value]:
    percent = load.load_percent(line.demand, line.capacity)
    figures: list[Value] = []
    for place in range(len(view.asked.periods)):
        if view.unit == "percent":
            figures.append(round(float(percent[place]), 1) if percent[place] < float("inf") else None)
        else:
            figures.append(round(grid.figure(float(line.demand[place]), view.unit, float(view.pool.working[place])), 2))
    return [line.label, line.note, line.count if line.group else None, *figures]


def _one_of(value: str, options: tuple[str, ...]) -> str:
    """The value, or the first option where the address names none. Raises BadRequest for another."""
    if not value:
        return options[0]
    if value not in options:
        raise BadRequest(
            _("Received %(value)s, expected one of: %(options)s.") % {"value": value, "options": ", ".join(options)}
        )
    return value


def _known(value: str, options: Any) -> int:
    """The id the address names, 0 for none. Raises BadRequest for one that is not there."""
    if not value:
        return 0
    if not (value.isascii() and value.isdigit() and int(value[:18]) in options):
        raise BadRequest(_("There is nothing of the id %(value)s to filter by.") % {"value": value})
    return int(value[:18])


def _date(raw: str) -> datetime.date | None:
    if not raw:
        return None
    try:
        day = parse_date(raw)
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year <= 2200:
        raise BadRequest(_("%(value)s is not a date; expected YYYY-MM-DD.") % {"value": raw})
    return day


def _periods(first: datetime.date, by: str) -> tuple[tuple[datetime.date, datetime.date], ...]:
    """Twelve weeks from the Monday, or twelve months from the first, on or before the day."""
    if by == "week":
        monday = first - datetime.timedelta(days=first.weekday())
        return tuple((monday + number * _WEEK, monday + (number + 1) * _WEEK - _DAY) for number in range(PERIODS))
    starts = [_month(first, number) for number in range(PERIODS + 1)]
    return tuple((start, following - _DAY) for start, following in zip(starts[:-1], starts[1:], strict=True))


def _month(day: datetime.date, offset: int) -> datetime.date:
    number = day.year * 12 + day.month - 1 + offset
    return datetime.date(number // 12, number % 12 + 1, 1)


def _moved(first: datetime.date, by: str) -> tuple[datetime.date, datetime.date]:
    if by == "week":
        return first - STEP * _WEEK, first + STEP * _WEEK
    return _month(first, -STEP), _month(first, STEP)
