"""Tiles of the reporting cycle, of early warnings and of use."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo.core.access.api import has_any, holds_everywhere
from pmo.core.people.models import User
from pmo.core.web.formats import format_date, format_number
from pmo.core.web.rag import rag_change_html
from portfolio.access_upkeep import ADOPTION
from portfolio.boards.declaration import Look, Number, TileData, TileTable, periods_url
from portfolio.boards.lists import export_of
from portfolio.queries import adoption, reporting, warnings
from portfolio.views.homes.cards import SHOWN, Line
from portfolio.views.upkeep.adoption import use_figure
from portfolio.warning_words import evidence

GROUPS_SHOWN = 8


def _periods_url(look: Look, query: str) -> str:
    return periods_url(look.scope, look.on, query)


def late_reports(look: Look) -> TileData | None:
    """Who owes a report since when, the longest silence first. Five statements."""
    if not has_any(look.user, "portfolio.reportperiod.view"):
        return None
    found = reporting.late_reports(look.user, look.on, look.scope)
    url = _periods_url(look, f"standing_at=late@{look.on}")
    lines = [
        Line(
            one.period.project,
            reverse("register-tab", kwargs={"key": "projects", "pk": one.period.project_id, "tab": "reports"}),
            one.period.owner or "",
            _("since %(date)s") % {"date": format_date(one.since, look.lang, look.today, weekday=False)},
            late=True,
        )
        for one in found[:SHOWN]
    ]
    number = Number("total", _("Late reports"), len(found), url, bad=bool(found))
    empty = _("Every report that was due has been handed in.")
    return TileData(numbers=[number], lines=lines, empty=empty, more=url, export=export_of(url))


def on_time(look: Look) -> TileData | None:
    """Reports handed in by their due date over the last six periods, by project manager, the lowest share first. Two statements."""
    if not has_any(look.user, "portfolio.reportperiod.view"):
        return None
    rates = reporting.on_time_rate(look.user, look.on, "owner", scope=look.scope)
    window = f"window={reporting.USUAL_PERIODS}@{look.on}"
    in_time = f"{window}&standing_at=on_time@{look.on}"
    due, met = sum(rate.due for rate in rates), sum(rate.on_time for rate in rates)
    all_due = Number("due", _("Reports due"), due, _periods_url(look, window))
    all_met = Number("met", _("Handed in on time"), met, _periods_url(look, in_time))
    rows = []
    for rate in rates[:GROUPS_SHOWN]:
        who = f"owner={rate.key}" if rate.key else "owner__isnull=1"
        rows.append(
            [
                rate.label or _("Nobody"),
                Number(f"due-{rate.key}", rate.label, rate.due, _periods_url(look, f"{window}&{who}")),
                Number(f"met-{rate.key}", rate.label, rate.on_time, _periods_url(look, f"{in_time}&{who}")),
                format_number(100 * (rate.share or 0), 0, look.lang),
            ]
        )
    heads = [(_("Project manager"), False), (_("Due"), True), (_("On time"), True), ("%", True)]
    inside = [cell for row in rows for cell in row if isinstance(cell, Number)]
    lead = ""
    if due:
        lead = _("%(share)s%% of the reports came in time.") % {"share": format_number(100 * met / due, 0, look.lang)}
    table = TileTable(heads, rows) if rows else None
    empty = _("No report has fallen due yet.")
    return TileData(
        lead, [all_due, all_met, *inside], table=table, empty=empty, more=all_due.url, export=export_of(all_due.url)
    )


def early_warnings(look: Look) -> TileData | None:
    """Who will probably turn to a worse colour within eight weeks, and why. Six statements."""
    if look.day is None or not has_any(look.user, "portfolio.earlywarning.view"):
        return None
    found = warnings.warnings(look.user, look.day, scope=look.scope, limit=SHOWN)
    total = warnings.warning_rows(look.user, look.day, scope=look.scope).count() if len(found) == SHOWN else len(found)
    parts = (f"date={look.day}", f"weeks__lte={warnings.WEEKS}", look.scope.query)
    url = reverse("register-list", kwargs={"key": "early-warnings"}) + "?" + "&".join(part for part in parts if part)
    number = Number("total", _("Early warnings"), total, url, bad=total > 0)
    return TileData(
        numbers=[number],
        lines=[_warning_line(row, look) for row in found],
        empty=_("No project is expected to change to a worse colour within eight weeks."),
        more=url,
        export=export_of(url),
    )


def _warning_line(row: Any, look: Look) -> Line:
    within = ngettext("within %(n)s week", "within %(n)s weeks", row.weeks) % {"n": row.weeks}
    url = (
        reverse("register-tab", kwargs={"key": "projects", "pk": row.project.pk, "tab": "health"}) + f"?date={look.day}"
    )
    said = " ".join(evidence(row, look.lang, look.today, 1))
    return Line(row.project, url, said, format_html("{} {}", rag_change_html(row.now, row.expected), within))


def use(look: Look) -> TileData | None:
    """People who signed in, week by week. Two statements."""
    if not holds_everywhere(look.user, ADOPTION):
        return None
    people = User.objects.filter(is_active=True, person__isnull=False).count()
    figure = use_figure(adoption.active_by_week(look.today), people, look.lang)
    return TileData(figure=figure, more=reverse("adoption"))
