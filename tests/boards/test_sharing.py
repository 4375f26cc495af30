"""Who sees whose board, and that everybody sees only own rows on it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.people.models import Person
from portfolio.models import Board, BoardShare
from portfolio.services import boards as services
from tests import factories
from tests.conftest import UserClient, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(db: Any) -> Board:
    factories.organisation()
    owner = factories.user(Role.PMO_ANALYST, username="owns")
    return services.create_board(
        actor=SYSTEM, owner=owner.person, name="Weekly", layout=[{"tile": "counts", "size": 1}]
    )


def status(client: UserClient, row: Board) -> int:
    return client.get(reverse("board", kwargs={"pk": row.pk})).status_code


def share(row: Board, **values: Any) -> BoardShare:
    return services.share_board(actor=SYSTEM, row=BoardShare(board=row, **values))


def test_nobody_sees_a_board_that_is_not_shared(shared: Board, executive: UserClient, pmo_admin: UserClient) -> None:
    assert status(executive, shared) == 404
    assert status(pmo_admin, shared) == 200
    listed = pmo_admin.get(reverse("boards"))
    assert listed.context["own"] == [] and listed.context["shared"] == []


@pytest.mark.parametrize("kind", ["everybody", "role", "unit", "person"])
def test_those_it_is_shared_with_look_and_change_nothing(
    shared: Board, kind: str, executive: UserClient, auditor: UserClient
) -> None:
    above = factories.unit()
    below = factories.unit(parent=above)
    Person.objects.filter(pk=executive.user.person.pk).update(unit=below)
    named: dict[str, Any] = {
        "everybody": {},
        "role": {"role": Role.EXECUTIVE},
        "unit": {"unit": above},
        "person": {"person": executive.user.person},
    }[kind]
    made = share(shared, kind=kind, **named)
    assert status(executive, shared) == 200
    assert status(auditor, shared) == (200 if kind == "everybody" else 404)
    assert [row.pk for row in executive.get(reverse("boards")).context["shared"]] == [shared.pk]
    for name in ("board-arrange", "board-rename", "board-reset", "board-share", "board-delete"):
        assert (
            executive.post(reverse(name, kwargs={"pk": shared.pk}), {"action": "remove", "tile": "counts"}).status_code
            == 403
        )
    assert executive.get(reverse("board-arrange", kwargs={"pk": shared.pk})).status_code == 403
    services.unshare_board(actor=SYSTEM, row=made)
    assert status(executive, shared) == 404


def test_a_share_names_exactly_one(shared: Board) -> None:
    for values in ({"kind": "role"}, {"kind": "unit"}, {"kind": "everybody", "role": "executive"}, {"kind": "nobody"}):
        with pytest.raises(ValidationError):
            share(shared, **values)
    first = share(shared, kind="everybody")
    assert share(shared, kind="everybody").pk == first.pk
    assert BoardShare.objects.count() == 1


def test_sharing_in_the_browser_by_role_unit_and_person(shared: Board) -> None:
    owner = client_of(shared.owner.user)  # type: ignore[union-attr]
    unit, person = factories.unit(), factories.person()
    url = reverse("board-share", kwargs={"pk": shared.pk})
    for form in (
        {"kind": "role", "role": "executive"},
        {"kind": "unit", "whom": unit.code},
        {"kind": "person", "whom": person.code},
        {"kind": "everybody"},
    ):
        owner.post(url, form)
    assert sorted(BoardShare.objects.values_list("kind", flat=True)) == ["everybody", "person", "role", "unit"]
    refused = owner.post(url, {"kind": "person", "whom": "nobody at all"}, follow=True)
    assert BoardShare.objects.count() == 4 and refused.context["messages"]
    one = BoardShare.objects.get(kind="person")
    owner.post(reverse("board-unshare", kwargs={"pk": shared.pk, "share": one.pk}))
    assert BoardShare.objects.count() == 3
    page = owner.get(reverse("board-arrange", kwargs={"pk": shared.pk}))
    assert len(page.context["shares"]) == 3


def test_every_reader_of_a_shared_board_sees_own_rows_only(peopled: Any) -> None:
    owner = peopled.readers["pmo"].person
    row = services.create_board(actor=SYSTEM, owner=owner, name="All", layout=[{"tile": "counts", "size": 1}])
    share(row, kind="everybody")
    outsider = client_of(factories.user())
    totals = {
        name: client.get(reverse("board", kwargs={"pk": row.pk})).context["tiles"][0].data.numbers[0].value
        for name, client in {**peopled.clients, "outsider": outsider}.items()
    }
    assert totals["pmo"] == 5
    assert 0 < totals["owner"] < 5
    assert totals["outsider"] == 0


def test_what_a_board_was_shared_as_home_falls_back(shared: Board, executive: UserClient) -> None:
    made = share(shared, kind="everybody")
    executive.post(reverse("board-home"), {"board": shared.pk})
    assert executive.get(reverse("home")).url == reverse("board", kwargs={"pk": shared.pk})
    services.unshare_board(actor=SYSTEM, row=made)
    assert executive.get(reverse("home")).url == reverse("scorecard")
