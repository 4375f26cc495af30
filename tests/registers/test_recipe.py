"""docs/add-a-register.md, run as it stands: a new register has everything without further code."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.calendars.queries import org_today
from pmo.core.history import models as history_models
from pmo.core.history.queries import as_of
from pmo.core.registers import declaration
from pmo.core.web import nav
from tests import factories
from tests.conftest import UserClient, client_of

PAGE = Path(settings.BASE_DIR) / "docs" / "add-a-register.md"


def blocks() -> list[tuple[str, str]]:
    """(file named in the first line, code) of every Python block of the page."""
    found = re.findall(r"```python\n# (\S+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    return [(name, code) for name, code in found]


@pytest.fixture
def recipe(transactional_db: None) -> Iterator[SimpleNamespace]:
    """The page's code, executed; its tables exist for the length of the test."""
    names: dict[str, Any] = {"__name__": "office.models.asset"}
    for _file, code in blocks():
        exec(compile(code, str(PAGE), "exec"), names)
    tables = [names["Asset"], names["AssetVersion"]]
    with connection.schema_editor() as editor:
        for table in tables:
            editor.create_model(table)
    names["declare_assets"]()
    try:
        yield SimpleNamespace(**names)
    finally:
        declaration.unregister("assets")
        nav._items.pop("assets", None)
        history_models._versions.pop(names["Asset"])
        with connection.schema_editor() as editor:
            for table in reversed(tables):
                editor.delete_model(table)
        for table in tables:
            del apps.all_models["office"][table._meta.model_name]
        apps.clear_cache()


def test_page_has_three_steps() -> None:
    assert [name for name, _code in blocks()] == [
        "office/models/asset.py",
        "office/access.py",
        "office/registers/assets.py",
    ]


@pytest.fixture
def manager(recipe: SimpleNamespace) -> UserClient:
    """Manages one project."""
    return client_of(factories.user(username="manager"))


@pytest.fixture
def project(recipe: SimpleNamespace, manager: UserClient) -> Any:
    return factories.project(name_en="Harbour crane", pm=manager.user.person)


def form_values(project: Any, **values: Any) -> dict[str, Any]:
    return {
        "project": project.pk,
        "code": "",
        "name": "Crane",
        "state": "planned",
        "keeper": "",
        "bought_on": "2026-05-04",
        "price": "1,250,000.50",
        "currency": "CNY",
        "note": "",
        **values,
    }


def test_a_new_register_has_everything(recipe: SimpleNamespace, manager: UserClient, project: Any) -> None:
    url = {name: reverse(f"register-{name}", kwargs={"key": "assets"}) for name in ("list", "create", "trash")}

    made = manager.post(url["create"], form_values(project))
    assert made.status_code == 302, made.content.decode()
    asset = recipe.Asset.objects.get()
    assert (asset.code, asset.name, str(asset.price)) == (f"AST-{asset.pk:04d}", "Crane", "1250000.50")

    page = manager.get(url["list"], {"state": "planned", "q": "crane", "sort": "-bought_on", "group": "project"})
    html = page.content.decode()
    assert page.status_code == 200
    assert "Harbour crane" in html
    assert "CNY million" in html

    row = {"key": "assets", "pk": asset.pk}
    cell = manager.post(
        reverse("register-cell", kwargs={**row, "field": "state"}),
        {"state": "in_use", "version": asset.version},
        headers={"HX-Request": "true"},
    )
    assert cell.status_code == 200
    assert "In use" in cell.content.decode()

    detail = manager.get(reverse("register-detail", kwargs=row)).content.decode()
    assert "Crane" in detail
    history = manager.get(reverse("register-tab", kwargs={**row, "tab": "history"})).content.decode()
    assert "Planned" in history
    assert "In use" in history

    book = openpyxl.load_workbook(
        io.BytesIO(
            b"".join(
                manager.get(reverse("register-export", kwargs={"key": "assets", "kind": "xlsx"}), {"state": "in_use"})
            )
        )
    )
    cells = [[value for value in line] for line in book.worksheets[0].iter_rows(values_only=True)]
    assert cells[1][2] == "Crane"
    assert 1250000.5 in cells[1]

    item = reverse("api-register-item", kwargs=row)
    read = manager.get(item)
    assert read.json()["price"] == "1250000.50"
    patched = manager.patch(
        item, {"name": "Tower crane"}, content_type="application/json", headers={"If-Match": read["ETag"]}
    )
    assert patched.status_code == 200, patched.content

    assert as_of(recipe.Asset, org_today()).get(row_id=asset.pk).name == "Tower crane"

    asset.refresh_from_db()
    gone = manager.post(reverse("register-delete", kwargs=row), {"version": asset.version}, follow=True)
    assert "is in the trash" in gone.content.decode()
    assert manager.get(reverse("register-detail", kwargs=row)).status_code == 404
    assert "Tower crane" in manager.get(url["trash"]).content.decode()
    manager.post(reverse("register-restore", kwargs=row))
    assert recipe.Asset.objects.get().name == "Tower crane"


def test_permissions_and_masks_follow(recipe: SimpleNamespace, manager: UserClient, project: Any) -> None:
    asset = recipe.Asset.objects.create(project=project, code="A1", name="Crane", price="987654.32")
    reader = client_of(factories.user(username="reader"))
    row = {"key": "assets", "pk": asset.pk}
    for name, kwargs in (("list", {"key": "assets"}), ("detail", row)):
        html = reader.get(reverse(f"register-{name}", kwargs=kwargs)).content.decode()
        assert "Crane" in html
        assert "987,654" not in html
    body = reader.get(reverse("api-register-item", kwargs=row)).json()
    assert (body["price"], body["hidden"]) == (None, ["price"])
    assert reader.get(reverse("register-edit", kwargs=row)).status_code == 403
    private = factories.project(visibility="private")
    hidden = recipe.Asset.objects.create(project=private, code="A2", name="Secret")
    assert reader.get(reverse("register-detail", kwargs={**row, "pk": hidden.pk})).status_code == 404
    member = client_of(factories.user(username="helper"))
    factories.member(private, member.user, Role.COORDINATOR)
    assert member.get(reverse("register-edit", kwargs={**row, "pk": hidden.pk})).status_code == 200
    assert "price" not in member.get(reverse("register-edit", kwargs={**row, "pk": hidden.pk})).context["form"].fields
