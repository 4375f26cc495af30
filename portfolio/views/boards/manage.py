"""Making, copying, sharing and deleting boards, the default of a role, and with which board one begins."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pmo.core.access.api import can, get_or_refuse, holds_everywhere, permission_of, refusal
from pmo.core.audit.actor import request_actor
from pmo.core.people.models import OrgUnit, Person
from pmo.core.records.services import StaleRecord
from pmo.core.registers.values import find_by_label
from pmo.core.registers.views.common import safe_next
from portfolio.access import ARRANGE
from portfolio.boards.defaults import product_layout
from portfolio.models import Board, BoardShare
from portfolio.services import boards as services
from portfolio.services.decide import decide
from portfolio.views.boards.common import board_or_404, home_or_404, layout_of, me
from portfolio.views.homes.roles import homes_of
from projects.models import Decision


@require_POST
def new(request: HttpRequest) -> HttpResponseRedirect:
    """A board of one's own: with the tiles of a role's default (`role`), of another board (`board`), or empty."""
    can(request.user, ARRANGE, Board).or_raise()
    owner = me(request)
    name, layout = _begin(request)
    try:
        asked = request.POST.get("name", "").strip()[:120] or services.free_name(owner, name)
        row = services.create_board(actor=request_actor(request), owner=owner, name=asked, layout=layout)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("boards")
    return redirect("board-arrange", pk=row.pk)


def _begin(request: HttpRequest) -> tuple[str, list[dict[str, Any]]]:
    """Name and tiles to begin with."""
    pk, role = request.POST.get("board", ""), request.POST.get("role", "")
    if pk.isascii() and pk.isdigit():
        source = board_or_404(request, int(pk[:18]))
        return source.name, source.layout
    if role:
        home = home_or_404(role)
        return str(home.label), layout_of(role)
    return _("My board"), []


@require_POST
def edit_default(request: HttpRequest, role: str) -> HttpResponseRedirect:
    """Begin to change the default of a role; only who may change every board."""
    _refuse_others(request)
    home = home_or_404(role)
    row = services.create_default(
        actor=request_actor(request), role=role, name=str(home.label), layout=product_layout(role)
    )
    return redirect("board-arrange", pk=row.pk)


def _refuse_others(request: HttpRequest) -> None:
    permission = permission_of(Board, "change")
    if not holds_everywhere(request.user, permission):
        raise PermissionDenied(refusal(permission).reason)


@require_POST
def reset(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Back to the default: a role's to the product's, one's own to that of the strongest role."""
    row = board_or_404(request, pk, "change")
    layout = product_layout(row.role) if row.role else layout_of(homes_of(request.user)[0].key)
    services.reset_layout(actor=request_actor(request), row=row, layout=layout)
    messages.success(request, _("The board has the tiles of the default again."))
    return redirect("board-arrange", pk=pk)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Into the trash. A role's default goes back to the product's."""
    row = board_or_404(request, pk, "delete")
    services.delete_board(actor=request_actor(request), row=row)
    messages.success(request, _("%(name)s was deleted.") % {"name": row.name})
    return redirect("boards")


@require_POST
def set_home(request: HttpRequest) -> HttpResponseRedirect:
    """Begin with a board; without one, with the home of the role."""
    pk = request.POST.get("board", "")
    row = board_or_404(request, int(pk[:18])) if pk.isascii() and pk.isdigit() else None
    services.set_home(user_id=request.user.pk or 0, board=row)
    return redirect("home")


@require_POST
def share(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Let others look."""
    row = board_or_404(request, pk, "change")
    if row.role:
        raise BadRequest(_("Everybody may look at the default of a role; it is not shared."))
    try:
        services.share_board(actor=request_actor(request), row=_asked_share(request, row))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("board-arrange", pk=pk)


def _asked_share(request: HttpRequest, row: Board) -> BoardShare:
    kind, role = request.POST.get("kind", ""), request.POST.get("role", "")
    made = BoardShare(board=row, kind=kind, role=role if kind == BoardShare.Kind.ROLE else "")
    if kind == BoardShare.Kind.UNIT:
        made.unit = _named(OrgUnit, request)
    if kind == BoardShare.Kind.PERSON:
        made.person = _named(Person, request)
    return made


def _named(model: Any, request: HttpRequest) -> Any:
    """The unit or person whose code or name was typed. Raises ValidationError where it is none or several."""
    text = request.POST.get("whom", "").strip()
    found = find_by_label(model, text, request.user)
    if len(found) != 1:
        values = {"value": text, "count": len(found)}
        raise ValidationError(_("“%(value)s”: %(count)s found; type the code or the whole name.") % values)
    return found[0]


@require_POST
def unshare(request: HttpRequest, pk: int, share: int) -> HttpResponseRedirect:
    """Stop sharing with somebody."""
    row = board_or_404(request, pk, "change")
    found = row.shares.filter(pk=share).first()
    if found is None:
        raise Http404(_("There is no such record, or you may not see it."))
    services.unshare_board(actor=request_actor(request), row=found)
    return redirect("board-arrange", pk=pk)


@require_POST
def decide_now(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Take a pending decision with its reason, from a tile."""
    row = get_or_refuse(request.user, Decision, pk, "change")
    version = request.POST.get("version", "")
    try:
        decide(
            actor=request_actor(request),
            row=row,
            state=request.POST.get("state", ""),
            outcome=request.POST.get("outcome", ""),
            expected_version=int(version) if version.isascii() and version.isdigit() else None,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except StaleRecord as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The decision is on record: %(title)s") % {"title": row.title})
    return redirect(safe_next(request, "/boards/"))
