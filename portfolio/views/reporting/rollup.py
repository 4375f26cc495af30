"""The report of a programme or a portfolio: a draft shows what is so today, a published one what was frozen."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pmo.core.access.api import can, get_or_refuse, scoped_q
from pmo.core.audit.actor import request_actor
from pmo.core.calendars.queries import org_today
from pmo.core.pdf.printing import pdf_response, printed_by, record_pdf
from pmo.core.people.names import localised
from pmo.core.records.services import StaleRecord
from pmo.core.registers.values import is_id
from pmo.core.web.formats import format_range
from portfolio.access import PUBLISH_ROLLUP
from portfolio.models import Portfolio, RollupReport
from portfolio.paper import rollup as paper
from portfolio.queries.rollup_start import begun
from portfolio.services.reporting.rollups import content_of, is_intact, publish_rollup
from projects.access import MONEY

MONEY_NAMES = ("bac", "ac", "eac", "eac_over")


@require_safe
def new_rollup(request: HttpRequest) -> HttpResponseBase:
    """Begin the report of `?portfolio=` or `?programme=` (without: the reader's own): an open draft is continued."""
    can(request.user, "add", RollupReport).or_raise()
    asked = {name: int(raw) for name in ("portfolio", "programme") if is_id(raw := request.GET.get(name, ""))}
    row = begun(request.user, org_today(), **asked)
    if row.pk is not None:
        messages.info(request, _("This draft is open already; here it is."))
        return redirect("rollup-page", pk=row.pk)
    filled = {name: getattr(row, name, None) for name in ("period_start", "period_end")}
    filled |= {name: getattr(row, f"{name}_id", None) for name in ("portfolio", "programme")}
    query = urlencode({name: str(value) for name, value in filled.items() if value is not None})
    return redirect(reverse("register-create", kwargs={"key": "rollup-reports"}) + (f"?{query}" if query else ""))


@require_safe
def rollup_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the report; its author publishes it here."""
    return _page(request, get_or_refuse(request.user, RollupReport, pk))


def _page(request: HttpRequest, row: RollupReport, error: str = "") -> HttpResponse:
    frozen = row.state == RollupReport.State.PUBLISHED
    context = {
        "row": row,
        "frozen": frozen,
        "intact": is_intact(row) if frozen else True,
        "said": told(content_of(row, org_today()), money=_sees_money(request, row)),
        "can_change": can(request.user, "change", row),
        "can_publish": can(request.user, PUBLISH_ROLLUP, row),
        "error": error,
    }
    return render(request, "portfolio/reporting/rollup.html", context, status=422 if error else 200)


@require_safe
def rollup_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as its page shows it to the reader. A published one is the same file whoever prints it when."""
    row: RollupReport = get_or_refuse(request.user, RollupReport, pk)
    frozen = row.state == RollupReport.State.PUBLISHED
    said = told(content_of(row, org_today()), money=_sees_money(request, row))
    actor = request_actor(request)
    note = paper.frozen_note(said, row.digest) if frozen else printed_by(actor.name)
    content = paper.rollup_pdf(said, code=row.code, state=row.get_state_display(), note=note, frozen=frozen)
    record_pdf(actor=actor, model=RollupReport._meta.label_lower, label=row.code)
    return pdf_response(content, f"{row.code}-{said['period_end']:%Y%m%d}.pdf")


def _sees_money(request: HttpRequest, row: RollupReport) -> bool:
    """Money is shown to those who may see it in the whole portfolio."""
    rows = Portfolio.objects.filter(scoped_q(request.user, "portfolio", MONEY, "pk"), pk=row.portfolio_id)
    return bool(rows.exists())


def told(content: dict[str, Any], *, money: bool) -> dict[str, Any]:
    """The content with dates and amounts as such, names in the reader's language, and no amounts unless `money`."""
    return {
        **content,
        "name": localised(content["name_zh"], content["name_en"]) or content["code"],
        "portfolio": localised(content["portfolio_zh"], content["portfolio_en"]),
        "lead": _name(content["lead"]),
        "author": _name(content["author"]),
        "period_start": _date(content["period_start"]),
        "period_end": _date(content["period_end"]),
        "period": _span(content["period_start"], content["period_end"]),
        "as_of": _date(content["as_of"]),
        "published_on": _date(content["published_on"]),
        "parts": [_part(part, money) for part in content["parts"]],
        "missing": [_part(part, money) for part in content["missing"]],
        "decisions": [_decision(line, money) for line in content["decisions"]],
        "total": sum(content["counts"].values()),
        "money": _money(content["money"]) if money else None,
    }


def _name(pair: list[str]) -> str:
    return localised(pair[0], pair[1])


def _date(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _span(start: str, end: str) -> str:
    first, last = (datetime.date.fromisoformat(text) for text in (start, end))
    return format_range(first, last, get_language() or "zh-hans", org_today())


def _amount(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None


def _money(amounts: dict[str, Any]) -> dict[str, Any]:
    return {**amounts, **{name: _amount(amounts[name]) for name in MONEY_NAMES}}


def _part(part: dict[str, Any], money: bool) -> dict[str, Any]:
    return {
        **part,
        "name": localised(part["name_zh"], part["name_en"]) or part["code"],
        "pm": _name(part["pm"]),
        "period_end": _date(part["period_end"]),
        "forecast_finish": _date(part["forecast_finish"]),
        "bac": _amount(part["bac"]) if money else None,
        "eac": _amount(part["eac"]) if money else None,
    }


def _decision(line: dict[str, Any], money: bool) -> dict[str, Any]:
    return {
        **line,
        "project_name": localised(line["project_zh"], line["project_en"]),
        "decider": _name(line["decider"]),
        "needed_by": _date(line["needed_by"]),
        "delay_cost": _amount(line["delay_cost"]) if money else None,
    }


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Freeze the report."""
    row: RollupReport = get_or_refuse(request.user, RollupReport, pk, PUBLISH_ROLLUP)
    try:
        publish_rollup(actor=request_actor(request), row=row)
    except ValidationError as error:
        return _page(request, RollupReport.objects.get(pk=pk), " ".join(error.messages))
    except StaleRecord as stale:
        return _page(request, stale.current, str(stale))
    messages.success(request, _("Published. From now on it stays as it is."))
    return redirect("rollup-page", pk=pk)
