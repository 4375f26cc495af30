"""The page of one row: fields, tabs, history."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pmo.core.access.api import can, has_any
from pmo.core.records.models import Record
from pmo.core.registers.access import may_change, may_delete
from pmo.core.registers.cells import EMPTY, CellMaker, hidden_html
from pmo.core.registers.declaration import FieldGroup, Link, Register, Tab, Text
from pmo.core.registers.fields import Bound, bind
from pmo.core.registers.history import history
from pmo.core.registers.queries import get_row
from pmo.core.registers.views.common import (
    list_url,
    register_or_404,
    row_url,
    vary,
    wants_fragment,
)
from pmo.core.web.sheets import with_own_links

OVERVIEW, DETAILS, HISTORY = "overview", "details", "history"
# From this order on a tab is one that every record has: it stands beside the history.
COMMON = 900


@dataclass(frozen=True)
class TabLink:
    """A tab as the template draws it."""

    key: str
    label: Text
    url: str
    count: int | None = None
    current: bool = False


@dataclass
class FactGroup:
    """A titled block of labels and values; `long` ones take the whole width."""

    title: Text
    facts: list[tuple[Text, SafeString, bool]] = field(default_factory=list)


def detail_columns(register: Register) -> list[Bound]:
    """Everything the detail page shows: columns, form fields, further fields."""
    names = [column.field for column in register.all_columns] + [*register.form_fields, *register.detail_fields]
    bounds = [bind(register, name) for name in dict.fromkeys(names)]
    known = {bound.name for bound in bounds}
    return [bound for bound in bounds if not (bound.bilingual and f"{bound.name}_zh" in known)]


@require_GET
def register_detail(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """The overview of a row: its front tab where the register has one, else its fields."""
    register = register_or_404(key)
    columns = detail_columns(register)
    row = get_row(register, request.user, pk, columns=columns)
    front = register.front_tab
    if front is not None:
        return within_page(request, register, row, front.key, _tab_content(request, register, row, front.key))
    context = _page(request, register, row, OVERVIEW) | {"groups": _groups(register, columns, row)}
    return vary(render(request, "registers/detail.html", context))


def _groups(register: Register, columns: list[Bound], row: Any) -> list[FactGroup]:
    maker = CellMaker(register)
    maker.prepare(columns, [row])
    return fact_groups(register, maker, columns, row)


@require_GET
def register_tab(request: HttpRequest, key: str, pk: int, tab: str) -> HttpResponse:
    """A tab: alone for htmx, within the page otherwise."""
    register = register_or_404(key)
    columns = detail_columns(register)
    row = get_row(register, request.user, pk, columns=columns)
    if tab == DETAILS and register.front_tab is not None:
        content = render(request, "registers/facts.html", {"groups": _groups(register, columns, row)})
    elif tab == HISTORY and issubclass(register.model, Record):
        content = _history(request, register, row)
    else:
        content = _tab_content(request, register, row, tab)
    if wants_fragment(request):
        content.content = with_own_links(content.content.decode())
        return vary(content)
    return within_page(request, register, row, tab, content)


def within_page(request: HttpRequest, register: Register, row: Any, tab: str, content: HttpResponse) -> HttpResponse:
    """The page of a row with the content of one of its tabs, under the content's status."""
    context = _page(request, register, row, tab) | {"content": mark_safe(content.content.decode())}  # noqa: S308
    return vary(render(request, "registers/detail.html", context, status=content.status_code))


def _history(request: HttpRequest, register: Register, row: Any) -> HttpResponse:
    page, acts = history(register, row, request.user, request.GET.get("page"))
    return render(request, "registers/history.html", {"page": page, "acts": acts, "register": register, "row": row})


def _tab_content(request: HttpRequest, register: Register, row: Any, key: str) -> Any:
    found = next((tab for tab in register.all_tabs if tab.key == key and tab.view is not None), None)
    if found is None or found.view is None:
        raise Http404(_("This record has no such tab."))
    if found.permission:
        can(request.user, found.permission, row).or_raise()
    return found.view(request, row)


def _page(request: HttpRequest, register: Register, row: Any, tab: str) -> dict[str, Any]:
    return {
        "register": register,
        "row": row,
        "code": getattr(row, register.code_field, "") if register.code_field else "",
        "state": _state(register, row),
        "marks": [mark(request, row) for mark in register.all_heads],
        "notice": register.notice(request, row) if register.notice else "",
        "tabs": tab_links(register, request.user, row, tab),
        "tab": tab,
        "change": may_change(register, request.user, row),
        "remove": may_delete(register, request.user, row),
        "links": [(link, link.url(row)) for link in register.detail_links if _allowed(link, request.user, row)],
        "list_url": list_url(register),
        "version": getattr(row, "version", ""),
    }


def _allowed(link: Link, user: Any, row: Any) -> bool:
    if link.permission and not can(user, link.permission, row):
        return False
    return link.when is None or link.when(row)


def _state(register: Register, row: Any) -> SafeString | str:
    """The badge beside the name."""
    if not register.state_field:
        return ""
    bound = bind(register, register.state_field)
    maker = CellMaker(register)
    if maker.is_hidden(bound, row):
        return ""
    value = bound.value_of(row)
    if bound.kind == "rag":
        return maker.rag_html(bound, row, value)
    return maker.choice_html(bound, row, value) if value not in (None, "") else ""


def tab_links(register: Register, user: Any, row: Any, current: str) -> list[TabLink]:
    """Tabs the user may open: overview, own and contributed ones, history."""
    front = register.front_tab
    own = row_url("register-detail", register, row.pk)
    links = [TabLink(front.key, front.label, own) if front else TabLink(OVERVIEW, gettext_lazy("Overview"), own)]
    every = register.all_tabs
    links += _opened([tab for tab in every if tab.order < COMMON and tab is not front], register, user, row)
    if front is not None:
        url = reverse("register-tab", kwargs={"key": register.key, "pk": row.pk, "tab": DETAILS})
        links.append(TabLink(DETAILS, gettext_lazy("Details"), url))
    links += _opened([tab for tab in every if tab.order >= COMMON], register, user, row)
    if issubclass(register.model, Record):
        url = reverse("register-tab", kwargs={"key": register.key, "pk": row.pk, "tab": HISTORY})
        links.append(TabLink(HISTORY, gettext_lazy("History"), url))
    return [TabLink(link.key, link.label, link.url, link.count, link.key == current) for link in links]


def _opened(tabs: list[Tab], register: Register, user: Any, row: Any) -> list[TabLink]:
    """Links of those tabs that the user may open."""
    links = []
    for tab in tabs:
        url = _tab_url(register, tab, row)
        if url and (not tab.permission or has_any(user, tab.permission)):
            links.append(TabLink(tab.key, tab.label, url, tab.badge(row) if tab.badge else None))
    return links


def _tab_url(register: Register, tab: Tab, row: Any) -> str:
    if tab.view is not None:
        return reverse("register-tab", kwargs={"key": register.key, "pk": row.pk, "tab": tab.key})
    try:
        return reverse(tab.url_name, kwargs={"pk": row.pk})
    except NoReverseMatch:
        return ""


def fact_groups(register: Register, maker: CellMaker, columns: list[Bound], row: Any) -> list[FactGroup]:
    """Values by the register's groups; what stands in none comes last."""
    left = {bound.name: bound for bound in columns}
    found = []
    for group in [*register.field_groups, FieldGroup("", tuple(left))]:
        members = [left.pop(name) for name in group.fields if name in left]
        facts = [(bound.label, fact_html(maker, bound, row), _is_long(bound, row)) for bound in members]
        if facts:
            found.append(FactGroup(group.title, facts))
    return found


def _is_long(bound: Bound, row: Any) -> bool:
    return bound.kind == "text" and len(str(bound.value_of(row) or "")) > 80


def fact_html(maker: CellMaker, bound: Bound, row: Any) -> SafeString:
    """One value of the detail page: like the cell, with its unit and without a link to itself."""
    if maker.is_hidden(bound, row):
        return hidden_html()
    value = bound.value_of(row)
    if bound.kind == "money" and value is not None:
        return format_html('<span class="nowrap">{}</span>', maker.text(bound, row))
    own = bound.column.format is not None or callable(bound.column.link)
    if own and bound.kind == "text" and not bound.column.primary:
        return maker.html(bound, row)
    if bound.column.primary or bound.kind == "text":
        text = maker.plain(bound, value) if bound.target is None else str(maker.related(bound, row) or "")
        return format_html('<span class="long-text">{}</span>', text) if value not in (None, "") else EMPTY
    if bound.kind == "json":
        return EMPTY if not value else conditional_escape(str(len(value)))
    return maker.html(bound, row)
