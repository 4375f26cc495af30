"""A row that names a programme is shown to who sees the programme too, and is not moved to where one may not add rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from pmo.core.access.api import can
from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.people.models import User
from pmo.core.records.services import create_record
from pmo.core.registers.declaration import get_register
from pmo.core.registers.services import update_row
from pmo.core.search.seen import entries_visible_to
from portfolio.models import PortfolioMember, ProgrammeContract, ProgrammeItem, ProgrammeMeasure
from tests import factories
from tests.conftest import client_of
from tests.suppliers.build import Cast, contract, programme, supplier

pytestmark = pytest.mark.django_db
NAME = "Secret harbour programme"


class Apart(Cast):
    """The project of the cast has a contract, and both stand with a programme of a portfolio that its people do not see."""

    def __init__(self) -> None:
        super().__init__()
        self.elsewhere = factories.portfolio()
        self.portfolio, near = self.elsewhere, self.portfolio
        self.hidden = programme(self)
        self.portfolio = near
        type(self.hidden).objects.filter(pk=self.hidden.pk).update(name_en=NAME, name_zh=NAME)
        self.hidden.refresh_from_db()
        self.deal = contract(supplier(), self.project)
        self.used = create_record(actor=SYSTEM, row=ProgrammeContract(programme=self.hidden, contract=self.deal))
        self.item = create_record(actor=SYSTEM, row=ProgrammeItem(programme=self.hidden, project=self.project))

    def holder(self, role: Role, *portfolios: Any) -> User:
        """Somebody with a role in portfolios."""
        user = factories.user()
        for one in portfolios:
            PortfolioMember.objects.create(portfolio=one, person=user.person, role=role)
        return user


@pytest.fixture
def cast() -> Apart:
    return Apart()


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def texts(user: User, cast: Apart) -> dict[str, str]:
    """What each place answers that could name the programme."""
    client = client_of(fresh(user))
    overview = reverse("register-detail", kwargs={"key": "projects", "pk": cast.project.pk})
    places = {
        "contracts list": "/r/programme-contracts/",
        "contracts export": "/r/programme-contracts/export.csv",
        "contracts api": "/api/v1/programme-contracts/",
        "items list": "/r/programme-items/",
        "items export": "/r/programme-items/export.csv",
        "items api": "/api/v1/programme-items/",
        "projects list": "/r/projects/?columns=code,programme",
        "projects groups": "/r/projects/?columns=code&group=programme",
        "projects export": "/r/projects/export.csv?columns=code,programme",
        "projects api": "/api/v1/projects/?columns=code,programme",
        "overview": overview,
    }
    found = {}
    for place, url in places.items():
        answer = client.get(url)
        assert answer.status_code == 200, place
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[place] = body.decode()
    return found


def rows_seen(user: User, cast: Apart) -> tuple[int, int, int]:
    """How many of the two rows the user sees: by the door of lists, by the search, and asked one by one."""
    reader, rows = fresh(user), (cast.used, cast.item)
    doors = sum(type(row).objects.visible_to(reader).filter(pk=row.pk).exists() for row in rows)
    keys = {"programme-contracts": cast.used.pk, "programme-items": cast.item.pk}
    entries = entries_visible_to(reader, keys)
    searched = sum(entries.filter(register=key, row_id=pk).exists() for key, pk in keys.items())
    return doors, searched, sum(bool(can(reader, "view", row)) for row in rows)


def test_a_programme_that_is_not_visible_is_named_nowhere(cast: Apart) -> None:
    only_there = cast.holder(Role.EXECUTIVE, cast.elsewhere)
    both = cast.holder(Role.EXECUTIVE, cast.elsewhere, cast.portfolio)
    assert not cast.hidden.__class__.objects.visible_to(fresh(cast.pm)).filter(pk=cast.hidden.pk).exists()
    for user in (cast.pm, cast.team, only_there):
        assert rows_seen(user, cast) == (0, 0, 0)
    for user in (cast.pmo, cast.executive, both):
        assert rows_seen(user, cast) == (2, 2, 2)
    told, silent = texts(cast.pmo, cast), texts(cast.pm, cast)
    assert {place for place, text in told.items() if NAME not in text} == set()
    assert {place for place, text in silent.items() if NAME in text} == set()
    assert all(cast.project.code in silent[place] for place in ("projects list", "projects export", "projects api"))


def test_what_is_asked_by_its_number_does_not_answer_either(cast: Apart) -> None:
    client = client_of(fresh(cast.pm))
    for key, row in (("programme-contracts", cast.used), ("programme-items", cast.item)):
        assert client.get(reverse("register-detail", kwargs={"key": key, "pk": row.pk})).status_code == 404
        assert client.get(f"/api/v1/{key}/{row.pk}/").status_code == 404
    for user, count in ((cast.pm, 0), (cast.pmo, 1)):
        answer = client_of(fresh(user)).get("/api/v1/projects/", {"programme": cast.hidden.pk})
        assert len(answer.json()["results"]) == count


def test_a_new_row_names_only_what_its_writer_sees(cast: Apart) -> None:
    owner = fresh(cast.holder(Role.PORTFOLIO_OWNER, cast.portfolio))
    seen = programme(cast)
    assert can(owner, "add", ProgrammeContract(programme=seen, contract=cast.deal))
    assert not can(owner, "add", ProgrammeContract(programme=cast.hidden, contract=cast.deal))
    assert not can(owner, "change", cast.used)
    assert can(fresh(cast.pmo), "add", ProgrammeContract(programme=cast.hidden, contract=cast.deal))


def move(user: User, key: str, row: Any, **values: Any) -> Any:
    return update_row(
        register=get_register(key),
        actor=actor_of(fresh(user)),
        row=type(row).objects.get(pk=row.pk),
        values=values,
        expected_version=type(row).objects.get(pk=row.pk).version,
    )


def test_a_row_is_not_moved_with_what_it_hangs_on_to_where_one_may_not_add(cast: Apart) -> None:
    """The owner of one portfolio, who reads the other."""
    owner = cast.holder(Role.PORTFOLIO_OWNER, cast.portfolio)
    PortfolioMember.objects.create(portfolio=cast.elsewhere, person=owner.person, role=Role.EXECUTIVE)
    near, firm = programme(cast), supplier()
    foreign = factories.project(visibility="private")
    factories.portfolio_item(cast.elsewhere, foreign)
    there, beside = contract(firm, foreign), contract(firm, cast.project)
    used = create_record(actor=SYSTEM, row=ProgrammeContract(programme=near, contract=cast.deal))
    measure = create_record(actor=SYSTEM, row=ProgrammeMeasure(programme=near, description="On time"))
    for key, row, values in (
        ("programme-contracts", used, {"contract": there}),
        ("programme-measures", measure, {"programme": cast.hidden}),
    ):
        with pytest.raises(ValidationError) as refused:
            move(owner, key, row, **values)
        assert set(refused.value.error_dict) == set(values)
    used.refresh_from_db()
    measure.refresh_from_db()
    assert (used.contract, measure.programme) == (cast.deal, near)
    assert move(owner, "programme-contracts", used, contract=beside).contract == beside
    assert move(cast.pmo, "programme-contracts", used, contract=there).contract == there
