"""The list of a register, its column settings, and suggestions for record filters."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from pmo.core.access.api import can, has_any, permission_of
from pmo.core.features.api import is_on
from pmo.core.features.declaration import EXPORTS
from pmo.core.imports.targets import target_of_register
from pmo.core.registers.access import may_add, may_edit_some, may_see_trash
from pmo.core.registers.addresses import carried, changed, reset
from pmo.core.registers.controls import record_label, sentence
from pmo.core.registers.declaration import Link, Register
from pmo.core.registers.fields import bind
from pmo.core.registers.forms import make_form
from pmo.core.registers.listing import Listing, build_listing, group_addresses
from pmo.core.registers.preferences import keep_columns, keep_numbered, keep_page_size
from pmo.core.registers.queries import check_list, visible
from pmo.core.registers.saved_views.models import SavedView
from pmo.core.registers.saved_views.queries import (
    Expanded,
    Shelf,
    canonical,
    default_view,
    expanded,
    may_change,
    note_view_errors,
    opened_with,
    opening,
)
from pmo.core.registers.state import PAGE_SIZES, ListState, read_state, search_fields
from pmo.core.registers.values import label_paths, visible_rows
from pmo.core.registers.views.common import list_url, register_or_404, safe_next, vary, wants_fragment
from pmo.core.web.context import Shell

SUGGESTIONS = 50
EXPORT_FORMATS = ("xlsx", "csv", "pdf")


@require_GET
def register_list(request: HttpRequest, key: str) -> HttpResponse:
    """The list; for htmx only the part that filters and sorting change."""
    register = register_or_404(key)
    check_list(register, request.user)
    kept, views = opening(request.user, register)
    opened = _opened(request, register, views)
    request.GET = opened.params  # type: ignore[assignment]
    state = read_state(register, request.user, request.GET, kept.columns, kept.page_size, kept.numbered)
    note_view_errors(state, opened)
    listing = build_listing(state)
    template = "registers/list_part.html" if wants_fragment(request) else "registers/list.html"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if state.errors else HTTPStatus.OK
    context = _context(request, register, state, listing) | {"shelf": _shelf(request, state, views, opened.view)}
    return vary(render(request, template, context, status=status))


def _opened(request: HttpRequest, register: Register, views: list[SavedView]) -> Expanded:
    """The address with its view laid open. Without any parameter the list opens with the reader's default.

    Filters stand in the bar as if they had been chosen; taking them away (a fragment) shows everything.
    """
    if request.GET or wants_fragment(request):
        return expanded(register, request.user, request.GET, views)
    view = default_view(request.user, views)
    if view is not None:
        return Expanded(opened_with(view), view)
    return Expanded(QueryDict(register.default_query()) if register.default_query is not None else request.GET)


def _shelf(request: HttpRequest, state: ListState, views: list[SavedView], current: SavedView | None) -> Shelf:
    """The views beside the list, and whether it still is what the view in force says."""
    query = canonical(state, Shell(request).density)
    # A view that says nothing of the density leaves it to the browser.
    differs = current is not None and current.query not in {query, canonical(state)}
    return Shelf(views, current, differs, query, current is not None and may_change(request.user, current))


def _context(request: HttpRequest, register: Register, state: ListState, listing: Listing) -> dict[str, Any]:
    exports = [
        (kind.upper(), reverse("register-export", kwargs={"key": register.key, "kind": kind}) + changed(request.GET))
        for kind in (EXPORT_FORMATS if is_on(EXPORTS) else ())
    ]
    return {
        "register": register,
        "listing": listing,
        "state": state,
        "errors": sentence(state.errors),
        "add": may_add(register, request.user),
        "trash": may_see_trash(register, request.user),
        "searchable": bool(search_fields(register)),
        "groupings": group_addresses(state) if register.all_groupings else [],
        "exports": exports,
        "reset_url": reset(request.GET),
        "clean_url": list_url(register),
        "carried": carried(request.GET, "q", *_filter_parameters(listing)),
        "carried_size": carried(request.GET, "page_size"),
        "page_sizes": PAGE_SIZES,
        "chooser": _chooser(state),
        "links": list_links(register, request),
        "import_url": import_url(register, request.user),
        "may_edit_some": may_edit_some(register, request.user),
        "bulk_query": changed(request.GET),
        "printed_filters": [f"{chip.label}{pgettext('label', ': ')}{chip.text}" for chip in listing.bar.chips],
    }


def _filter_parameters(listing: Listing) -> list[str]:
    """Parameters the filter form sets itself, so that it does not also carry them along."""
    names = []
    for control in [*listing.bar.bar, *listing.bar.more]:
        names += [f"{control.name}__gte", f"{control.name}__lte"] if control.shape == "range" else [control.name]
    return names


def _chooser(state: ListState) -> list[tuple[str, Any, bool]]:
    """(name, label, shown) of every column: the shown ones first, in their order."""
    shown = [bound.name for bound in state.columns]
    rest = [name for name in state.known if name not in shown]
    return [(name, state.known[name].label, name in shown) for name in [*shown, *rest]]


def list_links(register: Register, request: HttpRequest) -> list[tuple[Link, str]]:
    """Further buttons of the list the user may press, with their addresses."""
    allowed = [link for link in register.list_links if not link.permission or has_any(request.user, link.permission)]
    return [(link, link.url(request)) for link in allowed if link.when is None or link.when(request.user)]


def import_url(register: Register, user: Any) -> str:
    """The address of the import into this register, empty where there is none for the user."""
    target = target_of_register(register.key)
    if target is None or not target.decision(user):
        return ""
    return f"{reverse('import-new')}?target={target.key}"


@require_POST
def register_columns(request: HttpRequest, key: str) -> HttpResponse:
    """Keep the chosen columns or page size for this user."""
    register = register_or_404(key)
    check_list(register, request.user)
    if "columns_form" in request.POST:
        chosen = [] if "reset" in request.POST else request.POST.getlist("columns")
        keep_columns(user=request.user, register=register, columns=chosen)
        keep_numbered(
            user=request.user, register=register, numbered="reset" in request.POST or "numbered" in request.POST
        )
    size = request.POST.get("page_size", "")
    if size.isascii() and size.isdigit():
        keep_page_size(user=request.user, register=register, size=int(size[:6]))
    return HttpResponseRedirect(safe_next(request, list_url(register)))


@require_GET
def register_options(request: HttpRequest, key: str, field: str) -> HttpResponse:
    """Suggestions for a record filter: records the list refers to, whose code or name contains the text."""
    register = register_or_404(key)
    check_list(register, request.user)
    column = register.column(field)
    bound = bind(register, field) if column is not None else None
    if bound is None or bound.target is None or bound.protected:
        raise Http404(_("This field has no suggestions."))
    rows = visible_rows(bound.target, request.user)
    if not bound.computed:
        rows = rows.filter(pk__in=visible(register, request.user).order_by().values(bound.model_field.attname))
    rows = contains_words(rows, bound.target, request.GET.get("term", ""))
    labels = [record_label(row) for row in rows[:SUGGESTIONS]]
    return render(request, "registers/options.html", {"labels": labels})


@require_GET
def register_lookup(request: HttpRequest, key: str, field: str) -> HttpResponse:
    """Suggestions for a record field of the form: what the form would accept."""
    register = register_or_404(key)
    if field not in register.form_fields:
        raise Http404(_("This field has no suggestions."))
    if not has_any(request.user, permission_of(register.model, "change")):
        can(request.user, "add", register.model).or_raise()
    chosen = make_form(register, request.user, register.model(), names=[field], by_id=True).fields[field]
    queryset = getattr(chosen, "queryset", None)
    if queryset is None:
        raise Http404(_("This field has no suggestions."))
    rows = contains_words(queryset, queryset.model, request.GET.get("term", ""))
    return render(request, "registers/options.html", {"labels": [record_label(row) for row in rows[:SUGGESTIONS]]})


def contains_words(rows: Any, model: Any, text: str) -> Any:
    """Rows of which some code or name contains every word of the text."""
    for word in text.replace("\x00", "").split()[:5]:
        found = Q(pk__in=[])
        for path in label_paths(model):
            found |= Q(**{f"{path}__icontains": word})
        rows = rows.filter(found)
    return rows
