"""Tiles read from registers within the scope: milestone slips, decisions to take, data gaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo.core.access.grants import grants_of
from pmo.core.registers.declaration import get_register
from pmo.core.registers.expressions import MAY_CHANGE, may_change
from pmo.core.registers.queries import filtered, ordered
from pmo.core.registers.state import read_state
from pmo.core.web.formats import format_date
from portfolio.boards.declaration import Look, Number, TileData
from portfolio.boards.lists import Then, export_of, may_open, named_rows, rows_in
from portfolio.queries import data_quality as found
from portfolio.queries.gap_rules import BY_CODE
from portfolio.queries.scope import Kind
from portfolio.views.homes.cards import SHOWN, Line
from portfolio.views.homes.lines import row_url

GAPS_SHOWN = 6
_OPEN = "actual_date__isnull=1"


def first_rows(
    look: Look, key: str, query: str, sort: str, limit: int, counted: Mapping[str, Any] | None = None
) -> list[Any]:
    """The first rows of a register's list on the look's day. Versions read like the records they are of; of today's rows
    `MAY_CHANGE` says whether the reader may change them. `counted` are window expressions over the whole list."""
    path, _mark, asked = look.list_url(key, query).partition("?")
    declared = get_register(path.strip("/").split("/")[-1])
    params = QueryDict(asked, mutable=True)
    params["sort"] = sort
    state = read_state(declared, look.user, params, [declared.primary.field])
    rows = ordered(state, filtered(state)).annotate(**(counted or {}))
    if not look.past:
        joins = [name for name in ("project", "owner", "decider__unit") if hasattr(declared.model, name.split("__")[0])]
        changeable = rows.annotate(**{MAY_CHANGE: may_change(declared, look.user)})
        return list(changeable.select_related(*joins)[:limit])
    versions = list(rows[:limit])
    named = named_rows(key, versions)
    return [Then(row, named) for row in versions]


def slips(look: Look) -> TileData | None:
    """Open milestones expected later than their baseline, and those past it. Five statements."""
    if not may_open("milestones", look.user):
        return None
    past = look.list_url("milestones", f"{_OPEN}&baseline_date__lt={look.on}")
    late = look.list_url("milestones", f"{_OPEN}&late_forecast=1")
    numbers = [
        Number("slipping", _("Expected late"), rows_in(late, look.user), late),
        Number("overdue", _("Past their baseline"), rows_in(past, look.user), past, bad=True),
    ]
    rows = first_rows(look, "milestones", f"{_OPEN}&late_forecast=1", "-slip", SHOWN)
    lines = [_slip_line(row, look) for row in rows]
    empty = _("No open milestone is expected late.")
    return TileData(numbers=numbers, lines=lines, empty=empty, more=late, export=export_of(late))


def _slip_line(row: Any, look: Look) -> Line:
    days = (row.forecast_date - row.baseline_date).days
    told = _("expected %(date)s") % {"date": format_date(row.forecast_date, look.lang, look.today, weekday=False)}
    end = ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}
    return Line(row.name, row_url("milestones", row.pk), f"{row.project}, {told}", end, late=True)


def decisions(look: Look) -> TileData | None:
    """Pending decisions of the scope, the most urgent first. Six statements."""
    if not may_open("decisions", look.user):
        return None
    pending = look.list_url("decisions", "state=open")
    overdue = look.list_url("decisions", f"state=open&needed_by__lt={look.on}")
    mine = look.list_url("decisions", "state=open&decider=me")
    counts = [rows_in(url, look.user) for url in (pending, overdue, mine)]
    numbers = [
        Number("pending", _("Pending"), counts[0], pending),
        Number("overdue", _("Overdue"), counts[1], overdue, bad=counts[1] > 0),
        Number("mine", _("Wait for you"), counts[2], mine, bad=counts[2] > 0),
    ]
    rows = first_rows(look, "decisions", "state=open", "needed_by", SHOWN)
    person = grants_of(look.user).person_id
    items = [
        {
            "row": row,
            "left": None if row.needed_by is None else (row.needed_by - look.on).days,
            "mine": row.decider_id is not None and row.decider_id == person,
            "url": row_url("decisions", row.pk),
            "may": not look.past and getattr(row, MAY_CHANGE),
        }
        for row in rows
    ]
    empty = _("No decisions are pending.")
    return TileData(numbers=numbers, empty=empty, more=pending, export=export_of(pending), extra={"items": items})


def gaps(look: Look) -> TileData | None:
    """What the data lack on the day, the most frequent first. Seven statements."""
    if look.scope.kind == Kind.PROGRAMME:
        return TileData(empty=_("Choose a portfolio, or everything: gaps are not counted by programme."))
    portfolio = look.scope.ref_id if look.scope.kind == Kind.PORTFOLIO else None
    counts = found.gap_counts(look.user, look.on, found.GapFilter(portfolio=portfolio), past=look.past)
    narrow = (f"&portfolio={portfolio}" if portfolio else "") + (f"&date={look.on}" if look.past else "")
    url = reverse("data-quality")
    numbers = [
        Number(code, BY_CODE[code].label, number, f"{url}?rule={code}{narrow}", recount="gaps")
        for code, number in sorted(counts.items(), key=lambda item: -item[1])
        if number
    ][:GAPS_SHOWN]
    most = max((number.value for number in numbers), default=1)
    total = found.total_gaps(counts)
    lead = ngettext("%(n)s gap in the data.", "%(n)s gaps in the data.", total) % {"n": total} if total else ""
    export = reverse("data-quality-export") + (f"?{narrow[1:]}" if narrow else "")
    bars = [(number, round(100 * number.value / most)) for number in numbers]
    return TileData(
        lead=lead,
        numbers=numbers,
        empty=_("No data is missing."),
        more=f"{url}?{narrow[1:]}" if narrow else url,
        export=export,
        extra={"bars": bars},
    )
