"""Wrong declarations fail at start-up; upper apps add columns, tabs and filters to what they do not import."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Count, OuterRef, Subquery, Value
from django.http import HttpRequest, HttpResponse

from pmo.core.registers import declaration
from pmo.core.registers.declaration import (
    Column,
    Filter,
    Register,
    Tab,
    UnknownRegisterError,
    contribute_columns,
    contribute_filters,
    contribute_tabs,
    get_register,
    register,
)
from projects.models import Issue, Milestone, Project
from tests import factories
from tests.conftest import UserClient
from tests.registers.pages import HTMX, api, shown, text, url


def broken(**changes: Any) -> Register:
    given: dict[str, Any] = {"key": "broken", "model": Issue, "columns": [Column("title", primary=True)], **changes}
    return Register(**given)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"columns": []}, "has no columns"),
        ({"columns": [Column("title"), Column("title")]}, "declares a column twice"),
        ({"columns": [Column("title", kind="colour")]}, "has the unknown kind 'colour'"),
        ({"form_fields": ["titel"]}, "Issue has no field 'titel'"),
        ({"form_fields": ["uid"]}, "cannot be edited"),
        ({"form_fields": ["title"], "inline_fields": ["state"]}, "are not form fields"),
        ({"default_columns": ["state"]}, "names columns it does not have"),
        ({"group_by": ["owner"]}, "names columns it does not have"),
    ],
)
def test_a_wrong_declaration_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        register(broken(**changes))
    with pytest.raises(UnknownRegisterError):
        get_register("broken")


def test_a_contributed_column_is_no_double(contributed: None) -> None:
    with pytest.raises(ValueError, match="declares a column twice: name"):
        contribute_columns("projects", [Column("name", label="Again", annotate=Value(1))])


def test_a_key_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        register(broken(key="milestones"))


@pytest.fixture
def contributed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Additions that are gone after the test."""
    for name in ("_columns", "_defaults", "_tabs", "_filters", "_groupings"):
        monkeypatch.setattr(
            declaration, name, {key: type(value)(value) for key, value in getattr(declaration, name).items()}
        )
    yield


def open_issues() -> Any:
    found = Issue.objects.filter(project=OuterRef("pk"), state="open").order_by().values("project")
    return Subquery(found.annotate(n=Count("pk")).values("n"))


@pytest.mark.django_db
def test_an_upper_app_adds_a_column_that_behaves_like_any_other(contributed: None, pmo_admin: UserClient) -> None:
    contribute_columns(
        "projects",
        [Column("open_issues", label="Open issues", kind="number", annotate=open_issues(), sum=True)],
        after="name",
        group_by=["open_issues"],
    )
    rows = [factories.project() for _number in range(3)]
    for count, row in enumerate(rows):
        for _number in range(count):
            factories.issue(row)
    page = pmo_admin.get(url("list", "projects"), {"sort": "-open_issues"})
    assert shown(page) == [rows[2].pk, rows[1].pk, rows[0].pk]
    names = [header.name for header in page.context["listing"].headers]
    assert names.index("open_issues") == names.index("name") + 1
    assert [str(cell) for cell in page.context["listing"].foot if cell is not None][0] == "3"
    assert shown(pmo_admin.get(url("list", "projects"), {"open_issues__gte": "2"})) == [rows[2].pk]
    assert pmo_admin.get(api("projects", rows[1].pk)).json()["open_issues"] == 1
    grouped = pmo_admin.get(url("list", "projects"), {"group": "open_issues"}).context["listing"]
    assert [str(group.label) for group in grouped.groups] == ["1", "2", "Without Open issues"]


@pytest.mark.django_db
def test_a_computed_reference_shows_names_with_one_query(contributed: None, pmo_admin: UserClient) -> None:
    newest = Milestone.objects.filter(project=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    contribute_columns(
        "projects",
        [Column("latest", label="Latest", kind="fk", model=Milestone, annotate=Subquery(newest), link=True)],
    )
    row = factories.project()
    milestone = factories.milestone(row, name="Handover")
    page = pmo_admin.get(url("list", "projects"))
    assert f'<a href="{url("detail", "milestones", pk=milestone.pk)}">Handover</a>' in page.content.decode()
    assert pmo_admin.get(api("projects", row.pk)).json()["labels"]["latest"] == "Handover"


@pytest.mark.django_db
def test_extra_expressions_reach_score_and_format(contributed: None, pmo_admin: UserClient) -> None:
    contribute_columns(
        "projects",
        [
            Column("pulse", kind="score", annotate=Value(49), extra={"band": Value("red")}),
            Column(
                "word", annotate=Value("a<b"), format=lambda value, row, lang: f"{value} {lang} {row.reg_pulse_band}"
            ),
        ],
    )
    factories.project()
    html = pmo_admin.get(url("list", "projects")).content.decode()
    assert 'class="score cell-red"' in html
    assert "a&lt;b en red" in html


@pytest.mark.django_db
def test_made_filters_narrow_list_export_and_api(contributed: None, pmo_admin: UserClient) -> None:
    def apply(rows: Any, values: list[str], user: Any) -> Any:
        return rows.filter(issues__isnull="yes" not in values).distinct()

    contribute_filters(
        "projects", [Filter("troubled", label="Troubled", choices=[("yes", "With issues")], apply=apply)]
    )
    troubled, calm = factories.project(), factories.project()
    factories.issue(troubled)
    page = pmo_admin.get(url("list", "projects"), {"troubled": "yes"})
    assert shown(page) == [troubled.pk]
    assert "Troubled With issues" in text(page)
    body = pmo_admin.get(api("projects"), {"troubled": "no"}).json()
    assert [row["id"] for row in body["results"]] == [calm.pk]


@pytest.mark.django_db
def test_contributed_tabs_are_shown_to_those_who_may_open_them(
    contributed: None, pmo_admin: UserClient, outsider: UserClient
) -> None:
    def view(request: HttpRequest, row: Project) -> HttpResponse:
        return HttpResponse(f"<p>Lines of {row}</p>")

    contribute_tabs("issues", [Tab("lines", "Lines", view=view, permission="projects.money.view", badge=lambda row: 4)])
    row = factories.issue(factories.project(), title="Leak")
    page = pmo_admin.get(url("detail", "issues", pk=row.pk)).content.decode()
    assert 'Lines<span class="count">4</span>' in page
    address = url("tab", "issues", pk=row.pk, tab="lines")
    assert pmo_admin.get(address, headers=HTMX).content == b"<p>Lines of Leak</p>"
    assert "Lines of Leak" in text(pmo_admin.get(address))
    assert "Lines" not in text(outsider.get(url("detail", "issues", pk=row.pk)))
    assert outsider.get(address).status_code == 403


def test_registers_stand_in_the_navigation() -> None:
    from pmo.core.web import nav

    item = nav._items["milestones"]
    assert (item.url_name, item.kwargs, item.permission) == (
        "register-list",
        {"key": "milestones"},
        "projects.milestone.view",
    )
