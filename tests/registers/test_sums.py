"""Groups, counts and sums, against sums taken independently in Python."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict

from pmo.core.registers.declaration import get_register
from pmo.core.registers.fields import bind
from pmo.core.registers.queries import filtered
from pmo.core.registers.state import read_state
from pmo.core.registers.sums import count_groups, group_sums, total_sums
from pmo.core.registers.units import money_column_unit
from projects.models import BudgetLine
from tests import factories
from tests.conftest import UserClient
from tests.registers.pages import shown, text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(db: None) -> list[BudgetLine]:
    """Forty budget lines of four projects in three currencies, with cents."""
    projects = [
        factories.project(name_en=f"Project {letter}", currency=currency)
        for letter, currency in zip("ABCD", ("CNY", "CNY", "SAR", "USD"), strict=True)
    ]
    return [
        factories.budget_line(
            projects[place % 4],
            Decimal("1000000.10") + place * Decimal("12345.67"),
            category="labour" if place % 3 else "services",
            currency="USD" if place == 0 else projects[place % 4].currency,
        )
        for place in range(40)
    ]


def recount(rows: list[BudgetLine], key: Any) -> dict[Any, dict[str, Decimal]]:
    found: dict[Any, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        found[key(row)][row.currency] += row.amount
    return found


@pytest.mark.parametrize("group", ["project", "category", "currency", "period"])
def test_group_sums_equal_a_recount_of_the_filtered_rows(
    pmo_admin: UserClient, lines: list[BudgetLine], group: str
) -> None:
    state = read_state(get_register("budget-lines"), pmo_admin.user, QueryDict(f"group={group}&amount__gte=1100000"))
    rows = filtered(state)
    kept = [row for row in lines if row.amount >= 1100000]
    attname = bind(state.register, group).model_field.attname
    expected = recount(kept, lambda row: getattr(row, attname))
    sums = group_sums(state, rows, list(expected))
    assert {key: value.count for key, value in sums.items()} == {
        key: sum(1 for row in kept if getattr(row, attname) == key) for key in expected
    }
    for key, by_currency in expected.items():
        found = {currency: round(amount, 2) for currency, amount in sums[key].money["amount"].items()}
        assert found == by_currency
    assert count_groups(state, rows, total_sums(state, rows)) == len(expected)
    total = total_sums(state, rows)
    everything = recount(kept, lambda row: None)[None]
    assert total.count == len(kept)
    assert {currency: round(amount, 2) for currency, amount in total.money["amount"].items()} == everything


def test_sums_cover_all_pages(pmo_admin: UserClient, lines: list[BudgetLine]) -> None:
    page = pmo_admin.get(url("list", "budget-lines"), {"currency": "SAR", "page_size": "20", "group": "category"})
    listing = page.context["listing"]
    expected = recount([row for row in lines if row.currency == "SAR"], lambda row: row.category)
    for group in listing.groups:
        category = "labour" if str(group.label) == "Labour" else "services"
        total = expected[category]["SAR"]
        assert f"SAR {total:,.2f}" in str(group.sums)
    whole = sum((row.amount for row in lines if row.currency == "SAR"), Decimal())
    assert f"SAR {whole:,.2f}" in str(listing.foot)


def test_currencies_stand_side_by_side_and_are_never_added(pmo_admin: UserClient, lines: list[BudgetLine]) -> None:
    page = pmo_admin.get(url("list", "budget-lines"), {"group": "project"})
    html = page.content.decode()
    assert "3 currencies" in text(page)
    foot = html[html.index("<tfoot") :]
    listed = re.findall(r"<li>(CNY|SAR|USD) ([\d.,]+ m)</li>", foot)
    assert [currency for currency, _amount in listed] == ["CNY", "SAR", "USD"]
    first = page.context["listing"].groups[0]
    assert "2 currencies" in str(first.sums)


def test_groups_stay_together_across_equal_names(pmo_admin: UserClient) -> None:
    twins = [factories.project(name_zh="同名", name_en="Twin") for _number in range(2)]
    rows = [factories.milestone(twins[place % 2]) for place in range(6)]
    page = pmo_admin.get(url("list", "milestones"), {"group": "project", "sort": "code"})
    order = [row.pk for project in twins for row in rows if row.project == project]
    assert shown(page) == order
    assert [group.count for group in page.context["listing"].groups] == [3, 3]


def test_rows_without_a_value_make_the_last_group(pmo_admin: UserClient) -> None:
    project = factories.project()
    nobody = factories.milestone(project)
    owned = factories.milestone(project, owner=factories.person(name_en="Zoe Zhang"))
    page = pmo_admin.get(url("list", "milestones"), {"group": "owner"})
    assert shown(page) == [owned.pk, nobody.pk]
    assert [str(group.label) for group in page.context["listing"].groups] == ["Zoe Zhang", "Without Owner"]


@pytest.mark.parametrize(
    ("amounts", "lang", "label", "texts"),
    [
        (["186000000", "12000000"], "zh", "万元", ["18,600", "1,200"]),
        (["186000000", "55000"], "zh", "万元", ["18,600.0", "5.5"]),
        (["186000000", "1234"], "zh", "万元", ["18,600.00", "0.12"]),
        (["80000", "120.50"], "zh", "元", ["80,000.00", "120.50"]),
        (["99000", "120"], "zh", "元", ["99,000", "120"]),
        (["186000000", "12000000"], "en", "CNY million", ["186", "12"]),
        (["186000000", "120000"], "en", "CNY million", ["186.00", "0.12"]),
        (["-500000000", "0"], "en", "CNY million", ["−500", "0"]),
        (["900000", "120"], "en", "CNY", ["900,000", "120"]),
    ],
)
def test_a_column_has_one_unit_that_shows_its_smallest_figure(
    amounts: list[str], lang: str, label: str, texts: list[str]
) -> None:
    unit = money_column_unit([(Decimal(amount), "CNY") for amount in amounts], lang)
    assert unit.label == label
    assert [unit.text(Decimal(amount), "CNY", lang) for amount in amounts] == texts


def test_mixed_currencies_carry_their_own_unit() -> None:
    unit = money_column_unit([(Decimal(20000000), "CNY"), (Decimal(5000000), "SAR")], "zh")
    assert unit.label == ""
    assert unit.text(Decimal(20000000), "CNY", "zh") == "2,000 万元"
