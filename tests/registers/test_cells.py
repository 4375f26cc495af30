"""Editing in the list: one field, one version, the row anew."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest

from pmo.core.audit.actor import actor_of
from pmo.core.records.services import update_record
from pmo.core.registers.units import MoneyUnit, money_column_unit, units_said, units_text
from projects.models import Milestone
from tests import factories
from tests.conftest import UserClient, client_of
from tests.registers.pages import HTMX, text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db: None) -> UserClient:
    return client_of(factories.user(username="manager"))


@pytest.fixture
def milestone(manager: UserClient) -> Milestone:
    return factories.milestone(factories.project(pm=manager.user.person), name="Handover")


def cell(milestone: Milestone, field: str = "name") -> str:
    return url("cell", "milestones", pk=milestone.pk, field=field)


def save(
    client: UserClient, milestone: Milestone, value: Any, version: int = 1, field: str = "name", query: str = ""
) -> Any:
    return client.post(cell(milestone, field) + query, {field: value, "version": version}, headers=HTMX)


def test_the_editor_holds_the_value_and_the_version(manager: UserClient, milestone: Milestone) -> None:
    page = manager.get(cell(milestone), headers=HTMX)
    html = page.content.decode()
    assert 'value="Handover"' in html
    assert '<input type="hidden" name="version" value="1">' in html
    assert "HX-Request" in page["Vary"]


def test_saving_gives_the_row_anew_in_the_columns_of_the_list(manager: UserClient, milestone: Milestone) -> None:
    response = save(manager, milestone, "Handed over", query="?columns=name,weight&n=7")
    assert response.status_code == 200
    html = response.content.decode()
    assert html.startswith(f'<tr id="row-{milestone.pk}" data-number="7"')
    assert "Handed over" in html
    assert 'data-field="owner"' not in html
    events = json.loads(response["HX-Trigger-After-Settle"])
    assert events["bw:cell-saved"] == {"pk": milestone.pk, "field": "name"}
    assert events["bw:toast"]["text"] == "Saved: Handed over"
    milestone.refresh_from_db()
    assert (milestone.name, milestone.version) == ("Handed over", 2)


def test_nothing_changed_writes_nothing(manager: UserClient, milestone: Milestone) -> None:
    response = save(manager, milestone, "Handover")
    assert "bw:toast" not in json.loads(response["HX-Trigger-After-Settle"])
    milestone.refresh_from_db()
    assert milestone.version == 1


def test_errors_come_back_to_the_cell_with_what_was_typed(manager: UserClient, milestone: Milestone) -> None:
    response = save(manager, milestone, "heavy", field="weight")
    assert response.status_code == 422
    assert response["HX-Retarget"] == f"#row-{milestone.pk} [data-field=weight]"
    assert 'value="heavy"' in response.content.decode()
    assert "Enter a number." in text(response)


def test_a_conflict_keeps_the_text_and_tells_the_other_value(manager: UserClient, milestone: Milestone) -> None:
    update_record(actor=actor_of(factories.user("pmo_admin")), row=milestone, values={"name": "Theirs"})
    response = save(manager, milestone, "Mine", version=1)
    assert response.status_code == 409
    html = response.content.decode()
    assert 'value="Mine"' in html
    assert "the value is now “Theirs”" in html
    assert 'name="version" value="2"' in html
    milestone.refresh_from_db()
    assert milestone.name == "Theirs"
    assert save(manager, milestone, "Mine", version=2).status_code == 200
    milestone.refresh_from_db()
    assert milestone.name == "Mine"


def test_without_script_the_cell_leads_to_the_form(manager: UserClient, milestone: Milestone) -> None:
    response = manager.get(cell(milestone))
    assert response.status_code == 302
    assert response["Location"] == f"{url('edit', 'milestones', pk=milestone.pk)}#field-name"
    listed = manager.get(url("list", "milestones")).content.decode()
    assert f'href="{url("edit", "milestones", pk=milestone.pk)}#field-name"' in listed


def test_only_inline_fields_and_only_for_those_who_may_change(
    manager: UserClient, outsider: UserClient, milestone: Milestone
) -> None:
    assert manager.get(cell(milestone, "note"), headers=HTMX).status_code == 404
    assert outsider.get(cell(milestone), headers=HTMX).status_code == 403
    assert save(outsider, milestone, "Mine").status_code == 403
    assert "data-edit" not in outsider.get(url("list", "milestones")).content.decode()
    private = factories.milestone(factories.project(visibility="private"))
    assert outsider.get(cell(private), headers=HTMX).status_code == 404


def test_a_mixed_list_offers_editing_only_on_ones_own_rows(manager: UserClient, milestone: Milestone) -> None:
    other = factories.milestone(factories.project())
    html = manager.get(url("list", "milestones")).content.decode()
    assert f'data-edit="{cell(milestone)}"' in html
    assert f'data-edit="{cell(other)}"' not in html


LARGE, SMALL = Decimal("50000000"), Decimal("5000")


def amount_in(html: str, pk: int) -> str:
    """The cell of the amount in the line of a row."""
    found = re.search(rf'<tr id="row-{pk}".*?(<td[^>]*data-field="amount".*?</td>)', html, re.DOTALL)
    assert found is not None
    return found[1]


def shown(cell_html: str) -> str:
    """What stands in a cell."""
    return re.sub("<[^>]*>", "", cell_html)


def save_line(client: UserClient, line: Any, listed: str, **values: Any) -> str:
    """Save a cell as the page does: with the units that stand in the heads of its table."""
    units = re.search(r'data-units="([^"]+)"', listed)
    assert units is not None
    ((field, value),) = values.items()
    address = f"{url('cell', 'cost-lines', pk=line.pk, field=field)}?{urlencode({'_units': units[1], 'n': 1})}"
    response = client.post(address, {field: value, "version": line.version}, headers=HTMX)
    assert response.status_code == 200
    return amount_in(response.content.decode(), line.pk)


def test_a_row_that_was_saved_keeps_the_unit_of_its_columns(pmo_admin: UserClient) -> None:
    project = factories.project()
    small = factories.cost_line(project, amount=SMALL, note="small")
    factories.cost_line(project, amount=LARGE, note="large")
    listed = pmo_admin.get(url("list", "cost-lines")).content.decode()
    before = amount_in(listed, small.pk)
    assert save_line(pmo_admin, small, listed, note="tiny") == before
    assert re.search(r'data-label="[^"]+, CNY million"', before), "a card on a phone names the unit"


def test_a_saved_amount_stands_in_the_unit_of_the_head_above_it(pmo_admin: UserClient) -> None:
    project = factories.project()
    first, second = (factories.cost_line(project, amount=LARGE, note=note) for note in ("a", "b"))
    listed = pmo_admin.get(url("list", "cost-lines")).content.decode()
    assert shown(amount_in(listed, second.pk)) == "50"
    assert shown(save_line(pmo_admin, first, listed, amount="75000000")) == "75"
    first.refresh_from_db()
    assert "5,000" in shown(save_line(pmo_admin, first, listed, amount="5000")), "never rounded to nothing"


def test_a_large_amount_saved_into_a_small_list_keeps_its_head(pmo_admin: UserClient) -> None:
    line = factories.cost_line(factories.project(), amount=SMALL, note="alone")
    listed = pmo_admin.get(url("list", "cost-lines")).content.decode()
    saved = save_line(pmo_admin, line, listed, amount=str(LARGE))
    assert (shown(amount_in(listed, line.pk)), shown(saved)) == ("5,000", "50,000,000")
    assert re.search(r'data-label="[^"]+, CNY"', saved)
    line.refresh_from_db()
    assert shown(save_line(pmo_admin, line, listed, amount="12.50")) == "12.50"


@pytest.mark.parametrize("said", ["", "amount", "amount:CNY:7:1", "amount:CNY:1:9", "amount:CNYX:1:0", ",:,:::"])
def test_units_that_no_table_has_are_left_out(said: str) -> None:
    assert units_said(said, "en") == {}


@pytest.mark.parametrize("lang", ["en", "zh-hans"])
@pytest.mark.parametrize("amount", [SMALL, Decimal("12.5"), LARGE])
def test_units_are_read_back_as_they_were_written(lang: str, amount: Decimal) -> None:
    units = {"amount": money_column_unit([(amount, "CNY")], lang), "mixed": MoneyUnit()}
    assert units_said(units_text(units), lang) == {"amount": units["amount"]}


def test_a_saved_amount_brings_the_sums_of_the_list_and_of_its_group(pmo_admin: UserClient) -> None:
    first, other = factories.project(), factories.project()
    lines = [factories.cost_line(project, amount=LARGE, note="n") for project in (first, first, other)]
    query = "?group=project&columns=project,amount,note"
    listed = pmo_admin.get(url("list", "cost-lines") + query).content.decode()
    units = re.search(r'data-units="([^"]+)"', listed)
    assert units is not None
    address = (
        f"{url('cell', 'cost-lines', pk=lines[0].pk, field='amount')}{query}&{urlencode({'_units': units[1], 'n': 1})}"
    )
    saved = pmo_admin.post(address, {"amount": "10000000", "version": 1}, headers=HTMX).content.decode()
    again = pmo_admin.get(url("list", "cost-lines") + query).content.decode()

    def figures(html: str, start: str) -> list[str]:
        """The sums of the line that begins so."""
        line = re.search(rf"<{start}[^>]*>(.*?)</(?:tr|tfoot)>", html, re.DOTALL)
        assert line is not None, start
        return [shown(cell).strip() for cell in re.findall(r"<td.*?</td>", line[1], re.DOTALL)]

    groups = re.findall(r'tr class="group-row" id="group-[0-9a-f]{16}"', saved)
    assert len(groups) == 1, "the group of the saved row alone"
    for start in ('tfoot id="register-total"', groups[0]):
        assert figures(saved, start) == figures(again, start) != figures(listed, start)
    assert figures(saved, groups[0])[0] == "60"
    assert saved.count('hx-swap-oob="true"') == 2 and "hx-swap-oob" not in again


def test_a_list_without_sums_gives_the_row_alone(manager: UserClient, milestone: Milestone) -> None:
    html = save(manager, milestone, "Handed over", query="?columns=name,owner").content.decode()
    assert html.endswith("</tr>")
