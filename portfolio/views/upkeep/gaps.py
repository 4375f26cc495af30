"""Data gaps: what a record should say and does not, by rule, with the way to the field; put off with a reason."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pmo.core.access.api import has_any, refusal
from pmo.core.audit.actor import request_actor
from pmo.core.audit.services import Act, record
from pmo.core.calendars.queries import org_today
from pmo.core.exports.csv_file import csv_stream
from pmo.core.exports.model import ExportColumn, ExportTable
from pmo.core.people.models import OrgUnit, Person
from portfolio.access_upkeep import GAPS, SNOOZE
from portfolio.models import Portfolio
from portfolio.queries import data_quality as found
from portfolio.queries.completeness import ITEMS
from portfolio.queries.gap_rules import BY_CODE, LIVE, RULES, SEVERITIES
from portfolio.services.upkeep.gaps import LONGEST_DAYS, put_off
from portfolio.views.scorecard import asked_day

ON_A_PAGE = 40
_TONES = {"1_high": "red", "2_medium": "amber", "3_low": "line"}


@require_safe
def data_quality(request: HttpRequest) -> HttpResponse:
    """The count of every rule, and the rows of the one that is chosen."""
    _may_see(request)
    today, past = _on(request)
    narrow, chosen = asked_filter(request)
    counts = found.gap_counts(request.user, today, narrow, past=past)
    code = asked_rule(request) or next((rule.code for rule in RULES if counts[rule.code]), "")
    context: dict[str, Any] = {
        "today": today,
        "past": past,
        "rules": [_rule_line(rule, counts[rule.code]) for rule in RULES],
        "total": found.total_gaps(counts),
        "high": found.total_gaps(counts, ["1_high"]),
        "rule": BY_CODE.get(code),
        "chosen": chosen,
        "put_off": not past and has_any(request.user, SNOOZE),
        "until": today + datetime.timedelta(days=14),
        "latest": today + datetime.timedelta(days=LONGEST_DAYS),
        "items": ITEMS.values(),
        **_choices(request),
    }
    if code:
        context |= _rows(request, code, narrow)
    return render(request, "portfolio/data_quality.html", context)


def _on(request: HttpRequest) -> tuple[datetime.date, bool]:
    """The day on which the records are read, and whether it is a past one."""
    today, asked = org_today(), asked_day(request)
    past = asked is not None and asked < today
    return (asked, True) if past and asked is not None else (today, False)


def _may_see(request: HttpRequest) -> None:
    if not has_any(request.user, GAPS):
        raise PermissionDenied(refusal(GAPS).reason)


def _rule_line(rule: Any, number: int) -> dict[str, Any]:
    return {
        "rule": rule,
        "number": number,
        "severity": SEVERITIES[rule.severity],
        "tone": _TONES[rule.severity],
    }


def _rows(request: HttpRequest, code: str, narrow: found.GapFilter) -> dict[str, Any]:
    today, past = _on(request)
    rows = found.gap_rows(request.user, code, today, narrow, past=past)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    told = (found.gaps_then if past else found.gaps)(page.object_list, code)
    return {"page": page, "gaps": told, "number": page.paginator.count}


def asked_rule(request: HttpRequest) -> str:
    """The rule of the address, "" without one; an unknown one is 400."""
    code = request.GET.get("rule", "")
    if code and code not in BY_CODE:
        raise BadRequest(_("%(value)s is not a rule.") % {"value": code[:60]})
    return code


def asked_filter(request: HttpRequest) -> tuple[found.GapFilter, dict[str, str]]:
    """What the address narrows the queue to, and the same as texts; what is no number is 400."""
    texts = {name: request.GET.get(name, "") for name in ("portfolio", "unit", "pm")}
    for name, text in texts.items():
        if text and not (text.isascii() and text.isdigit() and len(text) < 19):
            raise BadRequest(
                _("%(field)s: %(value)s is not the number of a record.") % {"field": name, "value": text[:60]}
            )
    path = ""
    if texts["unit"]:
        path = OrgUnit.objects.filter(pk=texts["unit"]).values_list("path", flat=True).first() or "/-/"
    numbers = {name: int(texts[name]) if texts[name] else None for name in ("portfolio", "pm")}
    return found.GapFilter(numbers["portfolio"], path, numbers["pm"]), texts


def _choices(request: HttpRequest) -> dict[str, Any]:
    """Portfolios, units and project managers to choose from."""
    managers = Person.objects.filter(managed_projects__status__in=LIVE).distinct().order_by("code")
    return {
        "portfolios": Portfolio.objects.visible_to(request.user).order_by("code"),
        "units": OrgUnit.objects.order_by("path"),
        "managers": managers,
    }


@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The rows of a rule (of all rules without one) as CSV, with what narrows them."""
    _may_see(request)
    narrow, chosen = asked_filter(request)
    code = asked_rule(request)
    codes = [code] if code else [rule.code for rule in RULES]
    table = ExportTable(
        title=_("Data gaps"),
        columns=[
            ExportColumn(str(label))
            for label in (
                gettext_lazy("Severity"),
                gettext_lazy("Rule"),
                gettext_lazy("Project code"),
                gettext_lazy("Project"),
                gettext_lazy("Record"),
                gettext_lazy("Owner"),
            )
        ],
        rows=list(_export_rows(request, codes, narrow)),
        notes=[(name, value) for name, value in {"rule": code, **chosen}.items() if value],
    )
    changes = {name: [None, value] for name, value in {"rule": code, **chosen}.items() if value}
    record(
        actor=request_actor(request),
        act=Act(action="export", model="portfolio.gap", object_id=None, object_label="data-gaps", changes=changes),
    )
    response = StreamingHttpResponse(csv_stream(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="data-gaps.csv"'
    return response


def _export_rows(request: HttpRequest, codes: list[str], narrow: found.GapFilter) -> Iterator[list[Any]]:
    today, past = _on(request)
    for code in codes:
        rule = BY_CODE[code]
        rows = found.gap_rows(request.user, code, today, narrow, past=past).iterator(chunk_size=500)
        for gap in (found.gaps_then if past else found.gaps)(rows, code):
            yield [
                str(SEVERITIES[rule.severity]),
                str(rule.label),
                gap.project.code,
                str(gap.project),
                "" if gap.row is gap.project else str(gap.row),
                str(gap.owner or ""),
            ]


@require_POST
def put_off_gap(request: HttpRequest) -> HttpResponse:
    """Leave a gap out of the queue until a day; back to where it stood."""
    _may_see(request)
    code, row, raw = (request.POST.get(name, "") for name in ("rule", "row", "until"))
    try:
        until = parse_date(raw)
    except ValueError:
        until = None
    if until is None or not row.isdigit() or code not in BY_CODE:
        raise BadRequest(_("A rule, a record and a day are needed."))
    try:
        put_off(
            actor=request_actor(request),
            rule=code,
            row_id=int(row),
            until=until,
            reason=request.POST.get("reason", ""),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Put off. It is counted again from that day."))
    kept = {name: request.POST[name] for name in ("portfolio", "unit", "pm") if request.POST.get(name)}
    return HttpResponseRedirect(reverse("data-quality") + "?" + urlencode({"rule": code, **kept}) + "#gaps")
