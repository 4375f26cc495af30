"""The tab "Activity" of every record, and what is posted from it."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pmo.core.access.decisions import Refused
from pmo.core.activity import queries, services
from pmo.core.activity.access import may_change, may_remove, may_take_part
from pmo.core.activity.models import LONGEST_COMMENT, Attachment, Comment
from pmo.core.activity.services.files import LIMITS
from pmo.core.audit.actor import request_actor
from pmo.core.files.storing import MEGABYTE
from pmo.core.people.models import Person
from pmo.core.records.models import Record
from pmo.core.records.services import StaleRecord
from pmo.core.registers.declaration import Register, get_register, register_for
from pmo.core.registers.queries import get_row
from pmo.core.registers.views.common import register_or_404
from pmo.core.registers.views.details import detail_columns, within_page

TAB = "activity"
MOST_PEOPLE = 8


def activity_tab(request: HttpRequest, row: Any) -> HttpResponse:
    """The tab of the row's page."""
    match = request.resolver_match
    register = register_or_404(match.kwargs["key"] if match is not None else "")
    return _page(request, register, row)


def _page(request: HttpRequest, register: Register, row: Any, **more: Any) -> HttpResponse:
    """The tab; `more` has what was typed and what is wrong with it."""
    shown = request.GET.get("show", queries.EVERYTHING)
    shown = shown if shown in queries.SHOWN else queries.EVERYTHING
    context = {
        "register": register,
        "row": row,
        "shown": shown,
        "take_part": may_take_part(request.user, row),
        "timeline": queries.timeline(register, row, request.user, shown, request.GET.get("page")),
        "files": [(file, bool(may_remove(request.user, file, row))) for file in queries.attachments_of(row)],
        "tags": queries.tags_of(row),
        "watching": queries.is_watching(request.user, row),
        "longest": LONGEST_COMMENT,
        "most_megabytes": LIMITS.most_bytes // MEGABYTE,
        "accept": ",".join(f".{kind}" for kind in LIMITS.kinds),
        **more,
    }
    return render(request, "activity/tab.html", context)


def tab_address(register: Register, row: Any) -> str:
    """Where the activity of the row is read."""
    return reverse("register-tab", kwargs={"key": register.key, "pk": row.pk, "tab": TAB})


def _asked(request: HttpRequest, key: str, pk: int) -> tuple[Register, Any]:
    """The register and the row the user sees. Registers of rows that are no records have no activity: 404."""
    register = register_or_404(key)
    if not issubclass(register.model, Record):
        raise Http404(_("Rows of this register have no activity."))
    return register, get_row(register, request.user, pk, columns=detail_columns(register))


def _back(register: Register, row: Any) -> HttpResponse:
    return HttpResponseRedirect(tab_address(register, row))


def _say_untold(request: HttpRequest, posted: services.Posted) -> None:
    if posted.untold:
        names = _(", ").join(posted.untold)
        messages.warning(
            request, _("Not told: %(names)s. They may not see this record, or cannot sign in.") % {"names": names}
        )


@require_POST
def comment_add(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Say something about the row."""
    register, row = _asked(request, key, pk)
    may_take_part(request.user, row).or_raise()
    text = request.POST.get("text", "")
    try:
        posted = services.add_comment(actor=request_actor(request), row=row, text=text, url=tab_address(register, row))
    except ValidationError as error:
        return _again(request, register, row, text=text, errors=error.message_dict.get("text", []))
    _say_untold(request, posted)
    return _back(register, row)


def _again(request: HttpRequest, register: Register, row: Any, **more: Any) -> HttpResponse:
    """The page once more with what was typed: nothing is lost."""
    page = _page(request, register, row, **more)
    page.status_code = 422
    return within_page(request, register, row, TAB, page)


def _comment(request: HttpRequest, pk: int) -> tuple[Register, Any, Comment]:
    comment: Comment = _found(Comment.objects.filter(pk=pk))
    return *_owner(request, comment), comment


def _found(rows: Any) -> Any:
    made = rows.first()
    if made is None:
        raise Http404(_("There is no such record, or you may not see it."))
    return made


def _owner(request: HttpRequest, made: Any) -> tuple[Register, Any]:
    """Register and record that the comment or file belongs to; 404 where there is none that the user sees."""
    found = register_for(apps.get_model(made.model))
    if found is None:
        raise Http404(_("There is no such record, or you may not see it."))
    register = get_register(found.key)
    return register, get_row(register, request.user, made.object_id, columns=detail_columns(register))


@require_POST
def comment_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Say it in other words: only its author."""
    register, row, comment = _comment(request, pk)
    if not may_change(request.user, comment):
        raise Refused(_("Only the author changes a comment."))
    text, version = request.POST.get("text", ""), request.POST.get("version", "")
    try:
        posted = services.edit_comment(
            actor=request_actor(request),
            comment=comment,
            row=row,
            text=text,
            url=tab_address(register, row),
            expected_version=int(version[:9]) if version.isascii() and version.isdigit() else 0,
        )
    except ValidationError as error:
        return _again(
            request, register, row, editing=comment.pk, edited=text, errors=error.message_dict.get("text", [])
        )
    except StaleRecord:
        told = [_("This comment was changed elsewhere in the meantime. Compare, then save again.")]
        return _again(request, register, row, editing=comment.pk, edited=text, errors=told)
    _say_untold(request, posted)
    return _back(register, row)


@require_POST
def comment_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a comment away; the toast offers to bring it back."""
    register, row, comment = _comment(request, pk)
    may_remove(request.user, comment, row).or_raise()
    services.remove_comment(actor=request_actor(request), comment=comment)
    messages.success(request, _("The comment was removed."), extra_tags=reverse("comment-restore", args=[comment.pk]))
    return _back(register, row)


@require_POST
def comment_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a removed comment back."""
    comment: Comment = _found(Comment.all_objects.filter(pk=pk, deleted_at__isnull=False))
    register, row = _owner(request, comment)
    may_remove(request.user, comment, row).or_raise()
    services.restore_comment(actor=request_actor(request), comment=comment)
    return _back(register, row)


@require_POST
def attachment_add(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Attach files to the row; each that cannot be taken is named."""
    register, row = _asked(request, key, pk)
    may_take_part(request.user, row).or_raise()
    uploads = request.FILES.getlist("file")
    if not uploads:
        messages.error(request, _("Choose a file first."))
    for upload in uploads:
        name = (upload.name or "").rsplit("/", 1)[-1].rsplit("\\", 1)[-1]
        try:
            if (upload.size or 0) > LIMITS.most_bytes:
                limit = {"size": LIMITS.most_bytes // MEGABYTE}
                raise ValidationError({"file": _("The file is larger than %(size)s MB.") % limit})
            services.add_attachment(actor=request_actor(request), row=row, name=name, content=upload.read())
        except ValidationError as error:
            messages.error(request, f"{name[:80]}: {' '.join(error.messages)}")
    return _back(register, row)


def _attachment(request: HttpRequest, uid: Any) -> tuple[Register, Any, Attachment]:
    file: Attachment = _found(Attachment.objects.filter(uid=uid))
    return *_owner(request, file), file


@require_GET
def attachment_file(request: HttpRequest, uid: Any) -> HttpResponseBase:
    """The file as an attachment, never shown within the page's origin."""
    _register, _row, file = _attachment(request, uid)
    if not default_storage.exists(file.stored):
        raise Http404(_("The file is missing in the storage; tell the PMO."))
    response = FileResponse(
        default_storage.open(file.stored), as_attachment=True, filename=file.name, content_type=file.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def attachment_remove(request: HttpRequest, uid: Any) -> HttpResponse:
    """Take a file away; the toast offers to bring it back."""
    register, row, file = _attachment(request, uid)
    may_remove(request.user, file, row).or_raise()
    services.remove_attachment(actor=request_actor(request), attachment=file)
    undo = reverse("attachment-restore", args=[file.uid])
    messages.success(request, _("“%(name)s” was removed.") % {"name": file.name}, extra_tags=undo)
    return _back(register, row)


@require_POST
def attachment_restore(request: HttpRequest, uid: Any) -> HttpResponse:
    """Bring a removed file back."""
    file: Attachment = _found(Attachment.all_objects.filter(uid=uid, deleted_at__isnull=False))
    register, row = _owner(request, file)
    may_remove(request.user, file, row).or_raise()
    services.restore_attachment(actor=request_actor(request), attachment=file)
    return _back(register, row)


@require_POST
def tags_set(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Give the row the tags of the typed list."""
    register, row = _asked(request, key, pk)
    may_take_part(request.user, row).or_raise()
    text = request.POST.get("tags", "")
    try:
        services.set_tags(actor=request_actor(request), row=row, text=text)
    except ValidationError as error:
        return _again(request, register, row, typed_tags=text, tag_errors=error.message_dict.get("tags", []))
    return _back(register, row)


@require_POST
def watch_set(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Watch the row (`on=1`), or stop."""
    register, row = _asked(request, key, pk)
    services.set_watch(actor=request_actor(request), row=row, on=request.POST.get("on") == "1")
    return _back(register, row)


@require_GET
def people_to_mention(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Up to eight persons whose name, code or login begins like `q`, as options of the picker."""
    _asked(request, key, pk)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:40]
    match = Q(name_zh__icontains=words) | Q(name_en__icontains=words)
    match |= Q(code__istartswith=words) | Q(user__username__istartswith=words)
    people = Person.objects.filter(match, user__is_active=True).order_by("code")[:MOST_PEOPLE] if words else []
    return render(request, "activity/people.html", {"people": people})
