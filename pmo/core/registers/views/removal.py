"""Deleting to the trash, taking back, and the trash itself."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pmo.core.access.api import can
from pmo.core.audit.actor import request_actor
from pmo.core.audit.models import AuditEntry
from pmo.core.records.services import StaleRecord, StillNeededError
from pmo.core.registers.access import may_delete
from pmo.core.registers.cells import detail_url
from pmo.core.registers.declaration import Register
from pmo.core.registers.history import who_acted
from pmo.core.registers.queries import TRASH_DAYS, get_row, trash
from pmo.core.registers.services import restore_row
from pmo.core.registers.undo.edits import delete_remembered, undo_url
from pmo.core.registers.views.common import go, list_url, register_or_404, safe_next

PER_PAGE = 50


@require_POST
def register_delete(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Move the row to the trash; a toast then offers to take that back."""
    register = register_or_404(key)
    row = get_row(register, request.user, pk)
    may_delete(register, request.user, row).or_raise()
    text = request.POST.get("version", "")
    version = int(text[:9]) if text.isascii() and text.isdigit() else None
    plain = register.model._base_manager.get(pk=pk)
    try:
        entry = delete_remembered(
            register=register,
            actor=request_actor(request),
            row=plain,
            expected_version=version,
            reason=request.POST.get("reason", ""),
        )
    except StaleRecord:
        messages.error(request, _("Not deleted: somebody changed this record in the meantime. Look at it again first."))
        return go(request, detail_url(register, row))
    except ValidationError as error:
        messages.error(request, _refusal(error))
        return go(request, detail_url(register, row))
    text = _("“%(name)s” is in the trash, for %(days)s days.") % {"name": row, "days": TRASH_DAYS}
    messages.success(request, text, extra_tags=undo_url(entry))
    return go(request, list_url(register))


def _refusal(error: ValidationError) -> str:
    """Why a row stays, with the way to what hangs on it."""
    text = _("Not deleted: %(reason)s") % {"reason": " ".join(error.messages)}
    if isinstance(error, StillNeededError):
        return format_html('{} <a href="{}">{}</a>', text, error.url, error.link)
    return text


@require_POST
def register_restore(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Take a row out of the trash."""
    register = register_or_404(key)
    row = trash(register, request.user).filter(pk=pk).first()
    if row is None:
        raise Http404(_("There is no such record in the trash, or you may not restore it."))
    try:
        restore_row(register=register, actor=request_actor(request), row=row)
    except ValidationError as error:
        messages.error(request, _("Not restored: %(reason)s") % {"reason": " ".join(error.messages)})
        return go(request, safe_next(request, list_url(register)))
    messages.success(request, _("Restored: %(name)s") % {"name": row})
    return go(request, safe_next(request, detail_url(register, row)))


@require_GET
def register_trash(request: HttpRequest, key: str) -> HttpResponse:
    """What was deleted in the last 30 days and may be restored by this user."""
    register = register_or_404(key)
    if register.read_only or not register.deletable:
        raise Http404(_("Rows of this register are not deleted."))
    can(request.user, "delete", register.model).or_raise()
    page = Paginator(trash(register, request.user), PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    context = {"register": register, "page": page, "lines": _lines(register, rows), "days": TRASH_DAYS}
    return render(request, "registers/trash.html", context, status=HTTPStatus.OK)


def _lines(register: Register, rows: list[Any]) -> list[tuple[Any, str, str]]:
    """(row, who deleted it, why)."""
    label = register.model._meta.label_lower
    acts = AuditEntry.objects.filter(model=label, action="delete", object_id__in=[row.pk for row in rows])
    last = {act.object_id: act for act in acts.select_related("actor__person").order_by("id")}
    return [(row, who_acted(last[row.pk]), last[row.pk].reason) if row.pk in last else (row, "", "") for row in rows]
