"""The executive scorecard: one page that explains itself."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Case, Count, Value, When, Window
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pmo.core.access.api import refusal
from pmo.core.access.grants import grants_of
from pmo.core.calendars.queries import org_today, organisation, working_calendar
from pmo.core.registers.expressions import MAY_CHANGE
from pmo.core.web.formats import format_number
from portfolio import charts, tiles, wording
from portfolio.access import SCORECARD
from portfolio.boards.declaration import Look, find
from portfolio.boards.money import with_money
from portfolio.boards.page import Placed, asked, may_have
from portfolio.boards.work import first_rows
from portfolio.queries import scorecard as figures
from portfolio.queries.scope import Scope, choose, scopes
from portfolio.queries.time_machine import Time, shown_and_first_day, time_at
from portfolio.views.homes.roles import EXECUTIVE, home_named, homes_of

DECISIONS_SHOWN = 5
COMPARED = ("by-portfolio", "months", "by-unit", "by-theme")


def asked_day(request: HttpRequest) -> datetime.date | None:
    """The `date` of the address; a wrong one is 400 and named."""
    raw = request.GET.get("date", "")
    if not raw:
        return None
    try:
        day = parse_date(raw)
    except ValueError as error:
        raise BadRequest(_("%(value)s is not a date; expected YYYY-MM-DD.") % {"value": raw}) from error
    if day is None:
        raise BadRequest(_("%(value)s is not a date; expected YYYY-MM-DD.") % {"value": raw})
    return day


def asked_time(request: HttpRequest) -> tuple[datetime.date | None, Time]:
    """The day whose figures are shown, None where there are none so far back, and the time machine's steps. One query, or two."""
    asked = asked_day(request)
    day, first = shown_and_first_day(asked)
    return day, time_at(asked, org_today(), first)


def asked_scope(request: HttpRequest, permission: str) -> tuple[Scope, list[Scope]]:
    """The scope of the address and all that the user may choose. None at all is 403, an unknown one 404."""
    options = scopes(request.user, permission, _("All portfolios"))
    if not options:
        raise PermissionDenied(refusal(permission).reason)
    scope = choose(options, request.GET.get("scope", ""))
    if scope is None:
        raise Http404(_("There is no such portfolio, or you may not see it."))
    return scope, options


@require_safe
def scorecard(request: HttpRequest) -> HttpResponse:
    """The scorecard of a scope on the last computed day, or on a past one."""
    scope, options = asked_scope(request, SCORECARD)
    day, time = asked_time(request)
    if day is None:
        return render(request, "portfolio/scorecard_empty.html", {"scope": scope, "time": time})
    context = {"scope": scope, "options": options, "day": day, "past": time.past, "time": time}
    context |= _homes(request)
    return render(request, "portfolio/scorecard.html", context | page_figures(request, scope, day))


def _homes(request: HttpRequest) -> dict[str, Any]:
    """For whom the scorecard is a home: the homes to switch to."""
    homes = homes_of(request.user)
    chosen = home_named(homes, EXECUTIVE)
    return {"homes": homes, "chosen": chosen} if chosen.key == EXECUTIVE else {"homes": [], "chosen": None}


def page_figures(request: HttpRequest, scope: Scope, day: datetime.date) -> dict[str, Any]:
    """What the page shows of a scope on a day."""
    lang, currency = get_language() or "zh-hans", organisation().base_currency
    rows = figures.roll_ups(scope, day)
    look = Look(request.user, scope, org_today(), lang, currency, asked_day(request))
    look.__dict__["day"] = day
    pending = look.list_url("decisions", "state=open")
    mine = look.list_url("decisions", "state=open&decider=me")
    decisions = _decisions(look)
    units = figures.money_by_unit(scope, day, request.user, with_money(look))
    return {
        "back": request.get_full_path(),
        "now": rows[-1] if rows else None,
        "tiles": tiles.tiles(rows, scope, currency, lang),
        "exceptions": _exceptions(request, scope, day, lang, currency),
        "decisions": [_decision(row, request, look.on) for row in decisions],
        "decision_count": decisions[0].all_pending if decisions else 0,
        "my_decisions": decisions[0].my_pending if decisions else 0,
        "decisions_url": pending,
        "my_decisions_url": mine,
        "override": figures.override_on(scope, day),
        "lead": lead_parts(rows, lang),
        "compared": compared(look),
        "asked": asked(look),
        "money": charts.money_figure(units, scope, day, currency, lang),
        "value": charts.value_figure(figures.value_points(scope, day, request.user), currency, lang),
        "trend": charts.trend_figure(rows, lang, org_today()),
    }


def compared(look: Look) -> list[Placed]:
    """The tiles that compare portfolios, units, themes and months, fetched by the browser once the page stands."""
    return [Placed(tile, 2) for tile in map(find, COMPARED) if tile is not None and may_have(tile, look.user)]


def _decisions(look: Look) -> list[Any]:
    """The most urgent pending decisions, each with the number of all and of the reader's own. One statement."""
    person = grants_of(look.user).person_id or 0
    counted = {
        "all_pending": Window(Count("pk")),
        "my_pending": Window(Count(Case(When(decider_id=person, then=Value(1))))),
    }
    return first_rows(look, "decisions", "state=open", "needed_by", DECISIONS_SHOWN, counted)


def lead_parts(rows: list[Any], lang: str) -> dict[str, Any]:
    """The figures of the page's first sentence."""
    if not rows:
        return {}
    now = rows[-1]
    over = now.eac_over_pct
    return {
        "band": now.band,
        "red": now.red,
        "total": tiles.projects_on(now),
        "over": None if over is None else format_number(abs(over), 1, lang),
        "saving": over is not None and over < 0,
    }


def _exceptions(
    request: HttpRequest, scope: Scope, day: datetime.date, lang: str, currency: str
) -> list[dict[str, Any]]:
    voice = wording.Voice(lang, org_today(), currency, working_calendar(day=day))
    found = figures.exceptions(scope, day, request.user)
    return [
        {
            "project": row.snapshot.project,
            "band": row.snapshot.band,
            "overall": row.snapshot.overall,
            "since": wording.since_text(row.since, day),
            "text": wording.exception_sentence(row, figures.explanation_of(row.snapshot), voice),
            "url": reverse("register-tab", kwargs={"key": "projects", "pk": row.snapshot.project_id, "tab": "health"})
            + f"?date={day}",
        }
        for row in found
    ]


def _decision(row: Any, request: HttpRequest, day: datetime.date) -> dict[str, Any]:
    left = None if row.needed_by is None else (row.needed_by - day).days
    mine = bool(row.decider_id) and row.decider_id == grants_of(request.user).person_id
    urgent = left is not None and left <= 3
    url = reverse("register-detail", kwargs={"key": "decisions", "pk": row.pk})
    return {
        "row": row,
        "left": left,
        "late": -left if left is not None and left < 0 else 0,
        "mine": mine,
        "urgent": urgent,
        "url": url,
        "may": getattr(row, MAY_CHANGE, False),
    }
