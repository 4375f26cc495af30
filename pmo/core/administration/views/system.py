"""Mail with its outbox, and how long rows are kept."""

from __future__ import annotations

import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pmo.core.administration import mail
from pmo.core.administration.access import CHANGE, demand, for_readers, may
from pmo.core.administration.cards import counted
from pmo.core.audit.actor import request_actor
from pmo.core.audit.models import AuditEntry
from pmo.core.jobs.models import Job
from pmo.core.messages.events import known_kind
from pmo.core.messages.models import MOST_ATTEMPTS, MessageDelivery
from pmo.core.messages.preferences import address_of
from pmo.core.registers.history import name_shown
from pmo.core.retention import api as retention_of
from pmo.core.retention.job import KIND
from pmo.core.sign_in.services import mails

# Mails that tell no event.
_MAILS = {
    mails.RESET: gettext_lazy("Set a new password"),
    mails.INVITE: gettext_lazy("Invitation"),
    "digest": gettext_lazy("Digest"),
}


@require_safe
@for_readers
def mail_settings(request: HttpRequest) -> HttpResponse:
    """The settings in force, the outbox, the last test; `?state=` opens one of its folders."""
    folder = request.GET.get("state", "dead")
    if folder not in mail.FOLDERS:
        raise Http404(_("There is no such folder."))
    box = mail.outbox(folder)
    context = {
        "way": mail.way_out(),
        "settings": mail.settings_shown(),
        "box": box,
        "folder": folder,
        "folder_label": mail.FOLDERS[folder][0],
        "rows": [(row, _about(row)) for row in box.rows],
        "shown": mail.SHOWN,
        "most": MOST_ATTEMPTS,
        "test": mail.last_test(request.user),
        "own": address_of(request.user),
        "change": may(request.user, CHANGE),
    }
    return render(request, "administration/mail.html", context)


def _about(row: MessageDelivery) -> Any:
    """What a mail is about: the event it tells, or which mail about an account it is."""
    kind = known_kind(row.event)
    return kind.label if kind else _MAILS.get(row.event, row.event)


@require_POST
@for_readers
def mail_test(request: HttpRequest) -> HttpResponse:
    """Queue a test mail to oneself."""
    try:
        mail.send_test(actor=request_actor(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The test mail is in the outbox; this page shows what became of it."))
    return redirect("mail-settings")


@require_POST
@for_readers
def mail_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a mail that was given up back into the queue."""
    demand(request.user, CHANGE)
    row = MessageDelivery.objects.filter(pk=pk, channel__in=mail.MAILS).first()
    if row is None:
        raise Http404(_("There is no such delivery."))
    try:
        mail.send_again(actor=request_actor(request), delivery=row)
        messages.success(request, _("Queued again."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("mail-settings")


@require_safe
@for_readers
def retention(request: HttpRequest) -> HttpResponse:
    """How long each kind of rows is kept, and what the last run removed."""
    return _retention_page(request)


def _retention_page(request: HttpRequest, problem: str = "", key: str = "") -> HttpResponse:
    """The page; with a `problem`, what was sent for the rule `key` stays in its fields."""
    last = Job.objects.filter(kind=KIND, finished_at__isnull=False).order_by("-pk").first()
    removed: dict[str, int] = (last.result or {}).get("removed", {}) if last is not None else {}
    entries = AuditEntry.objects.filter(model="core.retentionperiod").order_by("-id")[:20]
    periods = retention_of.periods()
    coming = _coming(periods)
    lines: list[dict[str, Any]] = [
        {
            "period": period,
            "coming": coming.get(period.rule.key),
            "removed": removed.get(period.rule.key),
            "problem": problem if period.rule.key == key else "",
        }
        for period in periods
    ]
    context = {
        "lines": lines,
        "last": last,
        "total": sum(removed.values()),
        "coming": sum(coming.values()),
        "entries": [(entry, name_shown(entry.actor_name)) for entry in entries],
        "change": may(request.user, retention_of.CHANGE),
        "typed": request.POST,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(request, "administration/retention.html", context, status=status)


def _coming(periods: list[retention_of.Period]) -> dict[str, int]:
    """How many rows the next run would remove, for each rule that names its rows. One statement."""
    now = timezone.now()
    asked: dict[str, Any] = {}
    for period in periods:
        if period.days is not None and period.rule.rows is not None:
            edge = now - datetime.timedelta(days=period.days)
            asked |= {f"{period.rule.key} {place}": rows for place, rows in enumerate(period.rule.rows(edge))}
    found: dict[str, int] = {}
    for name, number in counted([asked]).items():
        key = name.rpartition(" ")[0]
        found[key] = found.get(key, 0) + number
    return found


@require_POST
@for_readers
def retention_change(request: HttpRequest, key: str) -> HttpResponse:
    """Decide for how many days rows of one kind are kept; empty: for ever."""
    demand(request.user, retention_of.CHANGE)
    typed = request.POST.get("days", "").strip()
    if typed and not (typed.isascii() and typed.isdigit() and len(typed) <= 6):
        problem = _("Expected a whole number of days, or nothing to keep them for ever.")
        return _retention_page(request, problem, key)
    try:
        reason = request.POST.get("reason", "")[:200]
        retention_of.set_days(actor=request_actor(request), key=key, days=int(typed) if typed else None, reason=reason)
    except KeyError:
        raise Http404(_("There is no such rule.")) from None
    except ValidationError as error:
        return _retention_page(request, " ".join(error.messages), key)
    messages.success(request, _("Saved."))
    return redirect("retention")
