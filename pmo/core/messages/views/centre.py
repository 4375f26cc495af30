"""The notification centre: what happened, read and unread, and the panel at the bell."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from pmo.core.messages.events import known_kind
from pmo.core.messages.models import Notification
from pmo.core.messages.queries import notifications_of, shown_rows, unread
from pmo.core.messages.services.reading import mark_all_read, mark_read, mark_unread

_PAGE_SIZE = 50
_PANEL = 8


@never_cache
@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    """All of them, or those of a kind, or only what is unread."""
    mine = notifications_of(request.user)
    kinds = _kinds(request.user)
    event = request.GET.get("event", "")
    only_unread = request.GET.get("unread") == "1"
    rows = mine.filter(event=event) if event in {key for key, _label in kinds} else mine
    if only_unread:
        rows = rows.filter(read_at__isnull=True)
    page = Paginator(rows, _PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": shown_rows(request.user, page.object_list),
        "unread": unread(request.user).count(),
        "kinds": kinds,
        "event": event,
        "only_unread": only_unread,
    }
    return render(request, "messages/centre.html", context)


def _kinds(user: Any) -> list[tuple[str, str]]:
    """The kinds the user has notifications of, for the filter."""
    keys = notifications_of(user).order_by("event").values_list("event", flat=True).distinct()
    found = [(key, kind) for key in keys if (kind := known_kind(key)) is not None]
    return sorted(((key, str(kind.label)) for key, kind in found), key=lambda pair: pair[1])


@never_cache
@require_safe
def panel(request: HttpRequest) -> HttpResponse:
    """The newest few, for the panel that opens at the bell."""
    rows = shown_rows(request.user, notifications_of(request.user)[:_PANEL])
    return render(request, "messages/panel.html", {"rows": rows, "unread": any(row.unread for row in rows)})


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Mark all (of a kind) as read."""
    number = mark_all_read(user=request.user, event=request.POST.get("event", ""))
    messages.success(request, _("Marked as read: %(count)s") % {"count": number})
    return redirect("notifications")


def _mine(request: HttpRequest, uid: uuid.UUID) -> Notification:
    user: Any = request.user
    row = Notification.objects.filter(user_id=user.pk, uid=uid).first()
    if row is None:
        raise Http404(_("You have no such notification."))
    return row


@require_safe
def open_notification(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Lead to what it is about and count it as read, if that may still be seen; the page there decides access again."""
    row = _mine(request, uid)
    (shown,) = shown_rows(request.user, [row])
    mark_read(user=request.user, ids=[row.pk])
    if not shown.visible or not row.url:
        messages.info(request, shown.text)
        return redirect("notifications")
    return HttpResponseRedirect(row.url)


@require_POST
def read(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Mark one as read (or, with unread=1, as unread)."""
    row = _mine(request, uid)
    if request.POST.get("unread") == "1":
        mark_unread(user=request.user, pk=row.pk)
    else:
        mark_read(user=request.user, ids=[row.pk])
    place = request.POST.get("query", "")
    return HttpResponseRedirect(
        f"{reverse('notifications')}?{place}" if place.isprintable() and place else reverse("notifications")
    )
