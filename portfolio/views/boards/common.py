"""What the pages of boards share: the look, the board behind an address, the default of a role."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pmo.core.access.api import get_or_refuse
from pmo.core.access.grants import grants_of
from pmo.core.calendars.queries import org_today, organisation
from pmo.core.people.models import Person
from portfolio.boards.declaration import Look
from portfolio.boards.defaults import product_layout
from portfolio.boards.page import scope_options
from portfolio.models import Board
from portfolio.queries.boards import default_board
from portfolio.queries.scope import Scope, choose
from portfolio.views.homes.roles import HOMES, Home
from portfolio.views.scorecard import asked_day


def look_of(request: HttpRequest) -> tuple[Look, list[Scope]]:
    """What the address looks at, and what there is to choose from. An unknown scope is 404, a wrong date 400."""
    options = scope_options(request.user, _("All I may see"))
    scope = choose(options, request.GET.get("scope", ""))
    if scope is None:
        raise Http404(_("There is no such portfolio, or you may not see it."))
    lang, currency = get_language() or "zh-hans", organisation().base_currency
    return Look(request.user, scope, org_today(), lang, currency, asked_day(request)), options


def board_or_404(request: HttpRequest, pk: int, action: str = "view") -> Board:
    """The board the user may look at, or change."""
    row: Board = get_or_refuse(request.user, Board, pk, action)
    return row


def home_or_404(role: str) -> Home:
    """The home of a key."""
    found = next((home for home in HOMES if home.key == role), None)
    if found is None:
        raise Http404(_("There is no such role."))
    return found


def layout_of(role: str) -> list[dict[str, Any]]:
    """The default layout in force: the PMO's, else the product's."""
    known = default_board(role)
    return product_layout(role) if known is None else known.layout


def me(request: HttpRequest) -> Person:
    """The person behind the login; without one there is nobody to own a board."""
    found: Person | None = Person.objects.filter(pk=grants_of(request.user).person_id or 0).first()
    if found is None:
        raise PermissionDenied(_("Your login belongs to no person yet. The PMO can link them."))
    return found
