"""The pages and buttons of saved views: all of a list's, save, save as, rename and share, mark, delete and bring back."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pmo.core.audit.actor import request_actor
from pmo.core.records.services import StaleRecord
from pmo.core.registers.controls import sentence
from pmo.core.registers.declaration import Register
from pmo.core.registers.queries import check_list
from pmo.core.registers.saved_views import services
from pmo.core.registers.saved_views.forms import ViewForm
from pmo.core.registers.saved_views.models import SavedView
from pmo.core.registers.saved_views.queries import (
    VIEW,
    canonical,
    hidden_uses,
    may_change,
    views_of,
    visible_views,
)
from pmo.core.registers.state import DEFAULT_PAGE_SIZE, read_state
from pmo.core.registers.views.common import go, list_url, register_or_404, wants_fragment
from pmo.core.web.sheets import with_own_links


@require_GET
def view_list(request: HttpRequest, key: str) -> HttpResponse:
    """Every view of the list that the reader has."""
    register = _register(request, key)
    lines = [(view, may_change(request.user, view)) for view in views_of(request.user, register)]
    return render(request, "registers/view_list.html", {"register": register, "lines": lines})


@require_http_methods(["GET", "POST"])
def view_new(request: HttpRequest, key: str) -> HttpResponse:
    """Save the list as it stands under a new name; the query of this address is what is saved."""
    register = _register(request, key)
    query = _query_to_keep(register, request)
    form = ViewForm(request.POST or None, user=request.user, initial={"sharing": SavedView.Sharing.PRIVATE})
    if request.method == "POST" and form.is_valid():
        try:
            view = services.save_view(
                actor=request_actor(request),
                register=register,
                name=form.cleaned_data["name"],
                query=query,
                sharing=form.cleaned_data["sharing"],
                role=form.cleaned_data.get("role", ""),
            )
        except ValidationError as error:
            _take(form, error)
        else:
            _mark(request, view, form)
            messages.success(request, _("View saved: %(name)s") % {"name": view.name})
            return go(request, view_url(register, view))
    return _form_page(request, register, form, None)


@require_http_methods(["GET", "POST"])
def view_edit(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Rename the view, share it, make it a default."""
    register = _register(request, key)
    view = _view(request, register, pk)
    mine = may_change(request.user, view)
    marks = view.marks.filter(user_id=int(request.user.pk or 0)).first()
    initial = {
        "name": view.name,
        "sharing": view.sharing,
        "role": view.role,
        "favourite": bool(marks and marks.favourite),
        "is_default": bool(marks and marks.is_default),
    }
    form = ViewForm(request.POST or None, user=request.user, present=view.sharing, initial=initial)
    if not mine:
        for name in ("name", "sharing", "role"):
            form.fields.pop(name, None)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("name", "sharing", "role") if name in form.fields}
        try:
            if values:
                services.change_view(actor=request_actor(request), view=view, **values)
        except ValidationError as error:
            _take(form, error)
        else:
            _mark(request, view, form)
            messages.success(request, _("View saved: %(name)s") % {"name": view.name})
            return go(request, view_url(register, view))
    return _form_page(request, register, form, view)


@require_POST
def view_save(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Overwrite the view with the list as it stands."""
    register = _register(request, key)
    view = _view(request, register, pk)
    try:
        services.change_view(actor=request_actor(request), view=view, query=_query_to_keep(register, request))
    except (ValidationError, StaleRecord):
        messages.error(request, _("Not saved: somebody changed this view in the meantime. Look at it again first."))
    else:
        messages.success(request, _("View saved: %(name)s") % {"name": view.name})
    return go(request, view_url(register, view))


@require_POST
def view_mark(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """`favourite` or `is_default` set to 1 or 0."""
    register = _register(request, key)
    view = _view(request, register, pk)
    wanted = {name: request.POST[name] == "1" for name in ("favourite", "is_default") if name in request.POST}
    services.mark_view(user=request.user, view=view, **wanted)
    return go(request, view_url(register, view))


@require_POST
def view_delete(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Delete the view; the toast brings it back."""
    register = _register(request, key)
    view = _view(request, register, pk)
    services.delete_view(actor=request_actor(request), view=view)
    undo = reverse("register-view-restore", kwargs={"key": register.key, "pk": pk})
    messages.success(request, _("View deleted: %(name)s") % {"name": view.name}, extra_tags=undo)
    return go(request, list_url(register))


@require_POST
def view_restore(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Bring a deleted view of one's own back."""
    register = _register(request, key)
    view = SavedView.all_objects.filter(pk=pk, register=register.key, deleted_at__isnull=False).first()
    if view is None or not may_change(request.user, view):
        raise Http404(_("There is no such view, or it is not shared with you."))
    try:
        services.restore_view(actor=request_actor(request), view=view)
    except ValidationError as error:
        messages.error(request, _("Not restored: %(reason)s") % {"reason": " ".join(error.messages)})
        return go(request, list_url(register))
    messages.success(request, _("View restored: %(name)s") % {"name": view.name})
    return go(request, view_url(register, view))


def view_url(register: Register, view: SavedView) -> str:
    """The address that opens the view."""
    return f"{list_url(register)}?{VIEW}={view.pk}"


def _register(request: HttpRequest, key: str) -> Register:
    register = register_or_404(key)
    check_list(register, request.user)
    return register


def _view(request: HttpRequest, register: Register, pk: int) -> SavedView:
    view = visible_views(request.user).filter(register=register.key, pk=pk).first()
    if view is None:
        raise Http404(_("There is no such view, or it is not shared with you."))
    return view


def _query_to_keep(register: Register, request: HttpRequest) -> str:
    """The list's state in this address, checked: nothing that the saver may not use gets into a view. Raises Http404."""
    params = QueryDict(request.GET.urlencode())
    state = read_state(register, request.user, params, page_size=DEFAULT_PAGE_SIZE)
    problems = sentence([*state.errors, *hidden_uses(state)])
    if problems:
        raise Http404(" ".join(problems))
    return canonical(state)


def _mark(request: HttpRequest, view: SavedView, form: ViewForm) -> None:
    services.mark_view(
        user=request.user,
        view=view,
        favourite=form.cleaned_data["favourite"],
        is_default=form.cleaned_data["is_default"],
    )


def _take(form: ViewForm, error: ValidationError) -> None:
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def _form_page(request: HttpRequest, register: Register, form: ViewForm, view: Any) -> HttpResponse:
    context = {
        "register": register,
        "form": form,
        "view": view,
        "back": view_url(register, view) if view is not None else list_url(register),
        "action": request.get_full_path(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    if wants_fragment(request):
        part = render_to_string("registers/view_dialog.html", context, request)
        return HttpResponse(with_own_links(part), status=status)
    return render(request, "registers/view_form.html", context, status=status)
