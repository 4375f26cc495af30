"""Making, arranging and sharing boards. Every change is one transaction with an audit entry."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.people.models import Person
from pmo.core.records.services import create_record, delete_record, update_record
from portfolio.boards.declaration import find
from portfolio.calc.boards import moved, target
from portfolio.models import Board, BoardShare, Personal
from portfolio.queries.boards import HOME_PREFIX

MOST_TILES, MOST_CHARTS, MOST_BOARDS, MOST_SHARES = 24, 8, 30, 50
Layout = list[dict[str, Any]]


def create_board(*, actor: Actor, owner: Person, name: str, layout: Layout, about: str = "") -> Board:
    """A board of one's own. Raises ValidationError by field; a person has 30 at most."""
    if Board.objects.filter(owner=owner).count() >= MOST_BOARDS:
        raise ValidationError({"name": _("You have 30 boards. Delete one first.")})
    return create_record(actor=actor, row=Board(owner=owner, name=name.strip(), about=about.strip(), layout=layout))


def create_default(*, actor: Actor, role: str, name: str, layout: Layout) -> Board:
    """The board that everybody in the role begins with; the one that is there already where there is one."""
    known = Board.objects.filter(role=role).first()
    return known or create_record(actor=actor, row=Board(role=role, name=name, layout=layout))


def free_name(owner: Person, wanted: str) -> str:
    """The wanted name, with a number where the owner has a board of that name."""
    taken = set(Board.objects.filter(owner=owner).values_list("name", flat=True))
    if wanted not in taken:
        return wanted
    return next(name for n in range(2, MOST_BOARDS + 3) if (name := f"{wanted} {n}") not in taken)


def rename_board(*, actor: Actor, row: Board, name: str, about: str, expected_version: int | None = None) -> Board:
    """Another name or purpose. Raises ValidationError by field."""
    values = {"name": name.strip(), "about": about.strip()}
    return update_record(actor=actor, row=row, values=values, expected_version=expected_version)


def add_tile(
    *, actor: Actor, row: Board, tile: str, size: int, place: int | None = None, expected_version: int | None = None
) -> Board:
    """Put a tile at the end, or at a place (as the undo of a removal does). Raises ValidationError where it is on the board."""
    if _index(row, tile) is not None:
        raise ValidationError(_("This tile is on the board already."))
    if len(row.layout) >= MOST_TILES:
        raise ValidationError(_("A board has 24 tiles at most."))
    _check_charts([*row.layout, {"tile": tile, "size": size}])
    at = len(row.layout) if place is None else max(0, min(place, len(row.layout)))
    layout = [*row.layout[:at], {"tile": tile, "size": size}, *row.layout[at:]]
    return _arrange(actor, row, layout, expected_version)


def _check_charts(layout: Layout) -> None:
    """A page with more charts than that is slow to read and to draw."""
    drawn = [found for item in layout if (found := find(item["tile"])) is not None and found.chart]
    if len(drawn) > MOST_CHARTS:
        raise ValidationError(_("A board has 8 charts at most."))


def remove_tile(*, actor: Actor, row: Board, tile: str, expected_version: int | None = None) -> Board:
    """Take a tile off; one that is not there is a ValidationError."""
    index = _found(row, tile)
    return _arrange(actor, row, [item for n, item in enumerate(row.layout) if n != index], expected_version)


def move_tile(*, actor: Actor, row: Board, tile: str, direction: str, expected_version: int | None = None) -> Board:
    """One step left, right, up or down. Raises ValueError for another direction."""
    index = _found(row, tile)
    to = target([item["size"] for item in row.layout], index, direction)
    return _arrange(actor, row, moved(row.layout, index, to), expected_version)


def place_tile(*, actor: Actor, row: Board, tile: str, place: int, expected_version: int | None = None) -> Board:
    """Put a tile at a place counted from 0 in reading order."""
    index = _found(row, tile)
    return _arrange(actor, row, moved(row.layout, index, max(0, min(place, len(row.layout) - 1))), expected_version)


def resize_tile(*, actor: Actor, row: Board, tile: str, size: int, expected_version: int | None = None) -> Board:
    """Another width, in columns of four."""
    index = _found(row, tile)
    layout = [{**item, "size": size} if n == index else item for n, item in enumerate(row.layout)]
    return _arrange(actor, row, layout, expected_version)


def reset_layout(*, actor: Actor, row: Board, layout: Layout, expected_version: int | None = None) -> Board:
    """All tiles anew: back to a default."""
    return _arrange(actor, row, layout, expected_version)


def delete_board(*, actor: Actor, row: Board, reason: str = "") -> None:
    """Into the trash; whoever had it as home begins with the role's home again."""
    with transaction.atomic():
        delete_record(actor=actor, row=row, reason=reason)
        Personal.objects.filter(home=f"{HOME_PREFIX}{row.pk}").update(home="")


def share_board(*, actor: Actor, row: BoardShare) -> BoardShare:
    """Let others look. The same share twice stays one. Raises ValidationError by field."""
    row.full_clean()
    same = {"kind": row.kind, "role": row.role, "unit_id": row.unit_id, "person_id": row.person_id}
    known = BoardShare.objects.filter(board_id=row.board_id)
    found: BoardShare | None = known.filter(**same).first()
    if found is not None:
        return found
    if known.count() >= MOST_SHARES:
        raise ValidationError(_("A board is shared with 50 at most; share it with a unit or everybody."))
    return create_record(actor=actor, row=row)


def unshare_board(*, actor: Actor, row: BoardShare) -> None:
    """They no longer see it; those who had it as home begin with the role's home again when they open it."""
    delete_record(actor=actor, row=row)


def set_home(*, user_id: int, board: Board | None) -> None:
    """Begin with this board; None: with the home of the role."""
    home = "" if board is None else f"{HOME_PREFIX}{board.pk}"
    Personal.objects.update_or_create(user_id=user_id, defaults={"home": home})


def _arrange(actor: Actor, row: Board, layout: Layout, expected_version: int | None) -> Board:
    return update_record(actor=actor, row=row, values={"layout": layout}, expected_version=expected_version)


def _index(row: Board, tile: str) -> int | None:
    return next((n for n, item in enumerate(row.layout) if item["tile"] == tile), None)


def _found(row: Board, tile: str) -> int:
    index = _index(row, tile)
    if index is None:
        raise ValidationError(_("This tile is no longer on the board."))
    return index
