"""Arranging a board: the services and the page that uses them, with and without a script."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.models import AuditEntry
from pmo.core.records.services import StaleRecord
from portfolio.boards.declaration import all_tiles, find
from portfolio.boards.defaults import LAYOUTS, product_layout
from portfolio.calc.boards import places, target
from portfolio.models import Board, Personal
from portfolio.services import boards as services
from tests import factories
from tests.conftest import UserClient

pytestmark = pytest.mark.django_db


def board(owner: Any, *tiles: tuple[str, int]) -> Board:
    layout = [{"tile": key, "size": size} for key, size in tiles]
    return services.create_board(actor=SYSTEM, owner=owner, name="Mine", layout=layout)


def keys(row: Board) -> list[str]:
    return [item["tile"] for item in Board.objects.get(pk=row.pk).layout]


def test_tiles_fill_rows_of_four_columns() -> None:
    stand = places([1, 2, 2, 4, 1])
    assert [(place.row, place.column) for place in stand] == [(0, 0), (0, 1), (1, 0), (2, 0), (3, 0)]


@pytest.mark.parametrize(
    ("index", "direction", "to"),
    [
        (0, "left", 0),
        (1, "left", 0),
        (4, "right", 4),
        (2, "right", 3),
        (2, "up", 0),
        (1, "down", 2),
        (0, "up", 0),
        (4, "down", 4),
        (3, "up", 2),
    ],
)
def test_a_step_leads_to_the_neighbour(index: int, direction: str, to: int) -> None:
    assert target([1, 2, 2, 4, 1], index, direction) == to


def test_an_unknown_step_is_refused() -> None:
    with pytest.raises(ValueError, match="sideways"):
        target([1], 0, "sideways")


def test_tiles_are_added_moved_resized_and_removed_each_with_an_entry() -> None:
    factories.organisation()
    row = board(factories.person(), ("counts", 1), ("heat", 4))
    entries = AuditEntry.objects.count()
    services.add_tile(actor=SYSTEM, row=row, tile="changes", size=1)
    services.move_tile(actor=SYSTEM, row=row, tile="changes", direction="up")
    assert keys(row) == ["counts", "changes", "heat"]
    services.move_tile(actor=SYSTEM, row=row, tile="changes", direction="left")
    services.resize_tile(actor=SYSTEM, row=row, tile="heat", size=3)
    services.place_tile(actor=SYSTEM, row=row, tile="heat", place=0)
    assert keys(row) == ["heat", "changes", "counts"]
    services.remove_tile(actor=SYSTEM, row=row, tile="changes")
    services.add_tile(actor=SYSTEM, row=row, tile="changes", size=2, place=1)
    assert Board.objects.get(pk=row.pk).layout[1] == {"tile": "changes", "size": 2}
    assert AuditEntry.objects.count() == entries + 7


@pytest.mark.usefixtures("english")
def test_what_cannot_be_done_says_so() -> None:
    factories.organisation()
    row = board(factories.person(), ("counts", 1))
    with pytest.raises(ValidationError, match="already"):
        services.add_tile(actor=SYSTEM, row=row, tile="counts", size=1)
    with pytest.raises(ValidationError, match="no longer"):
        services.remove_tile(actor=SYSTEM, row=row, tile="heat")
    with pytest.raises(StaleRecord):
        services.move_tile(actor=SYSTEM, row=row, tile="counts", direction="left", expected_version=99)
        services.resize_tile(actor=SYSTEM, row=row, tile="counts", size=2, expected_version=99)
    for layout in ([{"tile": "a", "size": 5}], [{"tile": "a", "size": 1}] * 2, ["a"], "a"):
        with pytest.raises(ValidationError):
            services.create_board(actor=SYSTEM, owner=row.owner, name="Other", layout=layout)


def test_every_default_names_tiles_that_exist_in_sizes_they_have() -> None:
    for role in LAYOUTS:
        layout = product_layout(role)
        assert len(layout) == len(LAYOUTS[role]), role
        for item in layout:
            tile = find(item["tile"])
            assert tile is not None and item["size"] in tile.sizes, (role, item)
        assert sum(find(item["tile"]).chart for item in layout) <= 8  # type: ignore[union-attr]


def test_every_tile_says_what_it_is_in_both_languages() -> None:
    from django.utils import translation

    for tile in all_tiles():
        with translation.override("en"):
            english = (str(tile.title), str(tile.about))
        assert all(english), tile.key
        assert tile.how or tile.chart, tile.key


def act(client: UserClient, row: Board, htmx: bool = False, **form: Any) -> Any:
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(reverse("board-arrange", kwargs={"pk": row.pk}), form, headers=headers)


def test_a_person_makes_arranges_and_begins_with_a_board(pmo_analyst: UserClient) -> None:
    factories.organisation()
    answer = pmo_analyst.post(reverse("board-new"), {"role": "pmo", "name": "Monday"})
    row = Board.objects.get(name="Monday")
    assert answer.url == reverse("board-arrange", kwargs={"pk": row.pk})
    assert keys(row) == [item["tile"] for item in product_layout("pmo")]
    act(pmo_analyst, row, action="right", tile="headlines")
    assert keys(row)[:2] == ["heat", "headlines"]
    act(pmo_analyst, row, action="size", tile="heat", size=3)
    assert Board.objects.get(pk=row.pk).layout[0] == {"tile": "heat", "size": 3}
    page = act(pmo_analyst, row, action="add", tile="my-actions", htmx=True).content.decode()
    assert 'id="left-my-actions"' in page and 'id="add-my-actions"' not in page and "<html" not in page
    pmo_analyst.post(reverse("board-home"), {"board": row.pk})
    assert pmo_analyst.get(reverse("home")).url == reverse("board", kwargs={"pk": row.pk})
    pmo_analyst.post(reverse("board-delete", kwargs={"pk": row.pk}))
    assert Personal.objects.get(user=pmo_analyst.user).home == ""
    assert pmo_analyst.get(reverse("home")).status_code == 200


def test_a_removed_tile_comes_back_where_it_was(pmo_analyst: UserClient) -> None:
    factories.organisation()
    row = board(pmo_analyst.user.person, ("counts", 1), ("heat", 3), ("changes", 1))
    answer = act(pmo_analyst, row, action="remove", tile="heat", htmx=True)
    assert keys(row) == ["counts", "changes"]
    import json

    undo = json.loads(answer.headers["HX-Trigger"])["bw:toast"]["undo"]["url"]
    again = pmo_analyst.post(undo, headers={"HX-Request": "true"})
    assert again.headers["HX-Refresh"] == "true"
    assert Board.objects.get(pk=row.pk).layout[1] == {"tile": "heat", "size": 3}
    page = pmo_analyst.get(act(pmo_analyst, row, action="remove", tile="counts").url)
    assert page.context["undo"]["url"]
    pmo_analyst.post(page.context["undo"]["url"])
    assert keys(row) == ["counts", "heat", "changes"]


@pytest.mark.parametrize(
    "form",
    [
        {"action": "fly", "tile": "counts"},
        {"action": "left", "tile": "none"},
        {"action": "size", "tile": "counts", "size": "4"},
        {"action": "place", "tile": "counts", "place": "-1"},
    ],
)
def test_a_step_that_makes_no_sense_is_refused_and_changes_nothing(
    pmo_analyst: UserClient, form: dict[str, str]
) -> None:
    factories.organisation()
    row = board(pmo_analyst.user.person, ("counts", 1), ("changes", 1))
    assert act(pmo_analyst, row, **form).status_code == 400
    assert keys(row) == ["counts", "changes"]


def test_the_default_of_a_role_is_the_products_until_the_pmo_says_otherwise(
    pmo_admin: UserClient, pmo_analyst: UserClient
) -> None:
    factories.organisation()
    url = reverse("board-role", kwargs={"role": "pmo"})
    assert [one.tile.key for one in pmo_analyst.get(url).context["tiles"]] == [
        item["tile"] for item in product_layout("pmo")
    ]
    assert pmo_analyst.post(reverse("board-role-edit", kwargs={"role": "pmo"})).status_code == 403
    pmo_admin.post(reverse("board-role-edit", kwargs={"role": "pmo"}))
    row = Board.objects.get(role="pmo")
    act(pmo_admin, row, action="remove", tile="heat")
    assert "heat" not in [one.tile.key for one in pmo_analyst.get(url).context["tiles"]]
    assert pmo_analyst.get(reverse("home")).url == url
    pmo_analyst.post(reverse("home-choose"), {"home": "pmo"})
    assert pmo_analyst.get(reverse("home")).status_code == 200
    assert act(pmo_analyst, row, action="remove", tile="counts").status_code == 403
    pmo_admin.post(reverse("board-reset", kwargs={"pk": row.pk}))
    assert keys(row) == [item["tile"] for item in product_layout("pmo")]
    pmo_admin.post(reverse("board-delete", kwargs={"pk": row.pk}))
    assert pmo_analyst.get(url).status_code == 200


@pytest.mark.usefixtures("english")
def test_a_board_keeps_to_a_few_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.organisation()
    monkeypatch.setattr(services, "MOST_CHARTS", 2)
    row = board(factories.person(), ("heat", 4), ("value", 2))
    with pytest.raises(ValidationError, match="charts"):
        services.add_tile(actor=SYSTEM, row=row, tile="bridge", size=2)
    services.add_tile(actor=SYSTEM, row=row, tile="counts", size=1)
    assert keys(row) == ["heat", "value", "counts"]


def test_a_board_has_a_name_that_is_free(pmo_analyst: UserClient) -> None:
    factories.organisation()
    for _time in range(2):
        pmo_analyst.post(reverse("board-new"), {"role": "work"})
    names = set(Board.objects.values_list("name", flat=True))
    assert len(names) == 2
    row = Board.objects.first()
    assert row is not None
    answer = pmo_analyst.post(reverse("board-rename", kwargs={"pk": row.pk}), {"name": ""}, follow=True)
    assert Board.objects.get(pk=row.pk).name and answer.context["messages"]
    pmo_analyst.post(reverse("board-rename", kwargs={"pk": row.pk}), {"name": "Tuesday", "about": "Every week"})
    assert Board.objects.get(pk=row.pk).name == "Tuesday"


def test_a_decision_is_taken_in_place_with_its_reason(pmo_analyst: UserClient, auditor: UserClient) -> None:
    factories.organisation()
    row = factories.decision(factories.project())
    url = reverse("decision-decide", kwargs={"pk": row.pk})
    form = {"state": "decided", "outcome": "Both rigs to the platform: it costs less.", "next": "/scorecard/"}
    assert auditor.post(url, form).status_code == 403
    refused = pmo_analyst.post(url, form | {"outcome": " "}, follow=True)
    assert refused.context["messages"] and type(row).objects.get(pk=row.pk).state == "open"
    assert pmo_analyst.post(url, form | {"version": "99"}).status_code == 302
    assert type(row).objects.get(pk=row.pk).state == "open"
    assert pmo_analyst.post(url, form | {"version": row.version}).url == "/scorecard/"
    taken = type(row).objects.get(pk=row.pk)
    assert (taken.state, taken.outcome) == ("decided", form["outcome"]) and taken.decided_on
    entry = AuditEntry.objects.filter(model="projects.decision", object_id=row.pk).latest("pk")
    assert entry.reason == form["outcome"]
    pmo_analyst.post(url, form | {"state": "withdrawn"})
    assert type(row).objects.get(pk=row.pk).state == "decided"
