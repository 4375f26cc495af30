"""Which boards a person has, and who else may look at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from pmo.core.access.api import held_anywhere
from pmo.core.access.grants import grants_of
from pmo.core.access.roles import OWNER, READER
from pmo.core.people.models import Person
from portfolio.models import Board, BoardShare

HOME_PREFIX = "board-"


def board_ids(user: Any, roles: frozenset[str]) -> Any:
    """Ids of boards the user reaches: his own as their owner; as a reader what is shared with him and every role's default."""
    person = grants_of(user).person_id
    found = Q(pk__in=[])
    if READER in roles:
        shares = BoardShare.objects.filter(shared_with(user))
        found |= ~Q(role="") | Q(pk__in=shares.order_by().values("board_id"))
    if OWNER in roles and person is not None:
        found |= Q(owner_id=person)
    return Board.objects.filter(found).order_by().values("pk")


def shared_with(user: Any) -> Q:
    """The shares that name the user: by himself, a role held anywhere, his unit or one above it, or everybody."""
    person = grants_of(user).person_id
    found = Q(kind=BoardShare.Kind.EVERYBODY) | Q(kind=BoardShare.Kind.ROLE, role__in=sorted(held_anywhere(user)))
    if person is None:
        return found
    path = Person.objects.filter(pk=person).values_list("unit__path", flat=True).first() or ""
    units = [int(part) for part in path.split("/") if part]
    return found | Q(kind=BoardShare.Kind.PERSON, person_id=person) | Q(kind=BoardShare.Kind.UNIT, unit_id__in=units)


@dataclass(frozen=True)
class MyBoards:
    """The boards a person may open: own ones, those others share, and the defaults of roles."""

    own: list[Board]
    shared: list[Board]
    defaults: list[Board]


def my_boards(user: Any) -> MyBoards:
    """Everything the user has a part in, by name; other people's own boards are not listed even for an administrator."""
    person = grants_of(user).person_id
    shares = BoardShare.objects.filter(shared_with(user)).order_by().values("board_id")
    rows = list(
        Board.objects.filter(Q(owner_id=person, owner__isnull=False) | ~Q(role="") | Q(pk__in=shares))
        .select_related("owner")
        .order_by("name", "pk")
    )
    return MyBoards(
        [row for row in rows if row.owner_id == person and not row.role],
        [row for row in rows if row.owner_id != person and not row.role],
        [row for row in rows if row.role],
    )


def default_board(role: str) -> Board | None:
    """The board that the PMO made the default of the role; None where the product's own is in force."""
    found: Board | None = Board.objects.filter(role=role).first()
    return found


def shares_of(board: Board) -> Sequence[BoardShare]:
    """With whom the board is shared, in the order they were added."""
    return list(board.shares.select_related("unit", "person").order_by("pk"))


def home_board(user: Any, kept: str) -> Board | None:
    """The board that the user's kept home names, where it may still be seen."""
    number = kept.removeprefix(HOME_PREFIX)
    if not kept.startswith(HOME_PREFIX) or not number.isdigit():
        return None
    found: Board | None = Board.objects.visible_to(user).filter(pk=int(number)).first()
    return found
