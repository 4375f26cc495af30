"""Favourites: kept with their filters, in an order of one's own, without script; nobody sees or changes another's."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from pmo.core.audit.models import AuditEntry
from pmo.core.favourites.models import Favourite
from pmo.core.favourites.services import (
    MOST,
    add_favourite,
    favourites_of,
    move_favourite,
    remove_favourite,
    rename_favourite,
)
from pmo.core.web.frame import SHOWN
from tests import factories
from tests.conftest import UserClient

pytestmark = pytest.mark.django_db
LIST = "/r/milestones/?status=late&sort=-code"


def star(client: UserClient, url: str, **more: str) -> str:
    response = client.post(reverse("favourites"), {"url": url, "next": url, **more})
    assert response.status_code == 302
    return response["Location"]


def titles(client: UserClient) -> list[str]:
    return [row.title for row in favourites_of(client.user)]


def test_a_page_is_kept_with_its_filters_and_shown_on_every_page(pmo_admin: UserClient) -> None:
    assert star(pmo_admin, LIST) == LIST
    assert [row.url for row in favourites_of(pmo_admin.user)] == [LIST]
    page = pmo_admin.get("/my-work/").content.decode()
    assert "/r/milestones/?status=late&amp;sort=-code" in page
    star(pmo_admin, LIST)
    assert favourites_of(pmo_admin.user).count() == 1
    star(pmo_admin, LIST, act="remove")
    assert not favourites_of(pmo_admin.user).exists()


def test_without_script_the_name_is_that_of_the_list_the_row_or_the_entry(pmo_admin: UserClient) -> None:
    row = factories.project(name_en="Harbour", name_zh="")
    pmo_admin.cookies["bw_language"] = "en"
    for url in (LIST, f"/r/projects/{row.pk}/", "/my-work/", "/nowhere/"):
        star(pmo_admin, url)
    assert titles(pmo_admin) == ["Milestones", "Harbour", "My work", "/nowhere/"]


def test_a_row_that_may_not_be_seen_does_not_tell_its_name(outsider: UserClient) -> None:
    row = factories.project(name_en="Secret", visibility="private")
    star(outsider, f"/r/projects/{row.pk}/")
    assert "Secret" not in titles(outsider)


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "", "r/projects/"])
def test_foreign_addresses_are_refused(pmo_admin: UserClient, url: str) -> None:
    pmo_admin.post(reverse("favourites"), {"url": url, "title": "x"})
    assert not Favourite.objects.exists()
    with pytest.raises(ValidationError):
        add_favourite(user=pmo_admin.user, url=url, title="x")


def test_there_is_an_end_to_them_and_twenty_are_shown(pmo_admin: UserClient) -> None:
    for number in range(MOST):
        add_favourite(user=pmo_admin.user, url=f"/r/issues/?page={number}", title=f"Page {number}")
    with pytest.raises(ValidationError):
        add_favourite(user=pmo_admin.user, url="/one-more/", title="x")
    page = pmo_admin.get("/my-work/").content.decode()
    assert page.count("/r/issues/?page=") == SHOWN


def test_rename_order_and_remove_by_forms(pmo_admin: UserClient) -> None:
    rows = [add_favourite(user=pmo_admin.user, url=f"/{name}/", title=name) for name in "abc"]

    def act(place: int, **data: str) -> None:
        url = reverse("favourite-change", kwargs={"pk": rows[place].pk})
        assert pmo_admin.post(url, data).status_code == 302

    act(2, act="up")
    act(0, act="down")
    assert titles(pmo_admin) == ["c", "a", "b"]
    act(2, act="up")
    assert titles(pmo_admin) == ["c", "a", "b"]
    act(1, act="rename", title="  The  new ")
    act(1, act="rename", title=" ")
    assert titles(pmo_admin) == ["c", "a", "The new"]
    act(0, act="remove")
    assert titles(pmo_admin) == ["c", "The new"]
    page = pmo_admin.get(reverse("favourites")).content.decode()
    assert 'value="The new"' in page


def test_nobody_touches_anothers(pmo_admin: UserClient, outsider: UserClient) -> None:
    row = add_favourite(user=pmo_admin.user, url="/my-work/", title="Mine")
    for act in ("rename", "up", "down", "remove"):
        url = reverse("favourite-change", kwargs={"pk": row.pk})
        assert outsider.post(url, {"act": act, "title": "x"}).status_code == 404
    assert titles(pmo_admin) == ["Mine"]
    with pytest.raises(Favourite.DoesNotExist):
        move_favourite(user=outsider.user, pk=row.pk, step=1)


def test_every_change_leaves_an_audit_entry(pmo_admin: UserClient) -> None:
    user = pmo_admin.user
    first, second = (add_favourite(user=user, url=f"/{name}/", title=name) for name in "ab")
    add_favourite(user=user, url="/a/", title="again")
    rename_favourite(user=user, pk=first.pk, title="New")
    rename_favourite(user=user, pk=first.pk, title="New")
    move_favourite(user=user, pk=second.pk, step=-1)
    move_favourite(user=user, pk=second.pk, step=-1)
    remove_favourite(user=user, pk=first.pk)
    remove_favourite(user=user, pk=first.pk)
    entries = AuditEntry.objects.filter(model="core.favourite", actor=user).order_by("id")
    assert [(entry.action, entry.object_label) for entry in entries] == [
        ("create", "a"),
        ("create", "b"),
        ("update", "New"),
        ("update", "b"),
        ("delete", "New"),
    ]
    assert entries[3].payload.changes == {"order": [2, 1]}
