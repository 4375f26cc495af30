"""From what another system says of a person to their login, without a system."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from pmo.core.access.roles import Role
from pmo.core.people.models import RoleGrant, User
from pmo.core.sign_in.claims import Claims, NotLetIn
from pmo.core.sign_in.ldap import DirectoryDown, _Entry, _entry, _groups
from pmo.core.sign_in.models import ExternalIdentity
from pmo.core.sign_in.services.identities import login_for
from pmo.core.sign_in.single_sign_on import oidc_claims
from pmo.sign_in_env import Ldap, Oidc, RoleRule
from tests import factories
from tests.conftest import UserClient, client_of
from tests.sign_in.test_way_in import acts

pytestmark = pytest.mark.django_db
POLICY = Oidc(
    name="Example ID",
    issuer="https://id.example.org",
    client_id="x",
    client_secret="s",
    unknown="create",
    groups="groups",
)


RULED = dataclasses.replace(POLICY, rules=(RoleRule("pmo", Role.PMO_ANALYST),))


def answer(token: dict[str, Any]) -> Any:
    """What allauth keeps of an ID token."""
    return SimpleNamespace(account=SimpleNamespace(extra_data={"id_token": {"sub": "s", **token}}))


def said(subject: str, source: str = "oidc", groups: frozenset[str] = frozenset()) -> Claims:
    """What the system says of somebody with Ann's address, which it vouches for."""
    return Claims(source=source, subject=subject, email="ann@example.org", email_verified=True, groups=groups)


def test_an_address_given_to_somebody_else_does_not_open_the_login_of_who_had_it() -> None:
    person = factories.person(email="ann@example.org")
    user = login_for(said("first"), POLICY)
    assert login_for(said("first"), POLICY) == user
    with translation.override("en"), pytest.raises(NotLetIn, match="belongs to another sign-in"):
        login_for(said("second"), POLICY)
    assert login_for(said("elsewhere", "saml"), POLICY) == user, "another system is another matter"
    assert set(ExternalIdentity.objects.values_list("subject", flat=True)) == {"first", "elsewhere"}
    assert User.objects.filter(person=person).count() == 1


@pytest.mark.parametrize(("groups", "roles"), [(frozenset(), set()), (frozenset({"pmo"}), {"pmo_analyst"})])
def test_roles_go_with_the_groups(groups: frozenset[str], roles: set[str]) -> None:
    policy = dataclasses.replace(POLICY, rules=(RoleRule("pmo", Role.PMO_ANALYST),))
    person = factories.person(email="ann@example.org")
    login_for(said("first", groups=frozenset({"pmo"})), policy)
    login_for(said("first", groups=groups), policy)
    assert set(RoleGrant.objects.filter(person=person).values_list("role", flat=True)) == roles


@pytest.mark.parametrize(
    ("token", "groups"),
    [({}, set()), ({"groups": None}, set()), ({"groups": []}, set()), ({"groups": ["a"]}, {"a"})],
)
def test_a_token_without_the_claim_is_one_without_groups(token: dict[str, Any], groups: Any) -> None:
    assert oidc_claims(answer(token), RULED).groups == groups


@pytest.mark.parametrize(
    "token", [{"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {}}}, {"hasgroups": True}]
)
def test_groups_that_the_answer_leaves_out_are_not_no_groups(token: dict[str, Any]) -> None:
    with translation.override("en"), pytest.raises(NotLetIn, match="more groups than Example ID lists"):
        oidc_claims(answer(token), RULED)
    assert oidc_claims(answer(token), POLICY).groups == frozenset(), "without rules nobody asks for groups"


class Searched:
    """A connection that answers each search with the next (result code, entries)."""

    def __init__(self, *answers: tuple[int, int]) -> None:
        self.answers, self.result, self.response = list(answers), {}, []

    def search(self, *_args: Any, **_kwargs: Any) -> bool:
        code, entries = self.answers.pop(0)
        self.result = {"result": code, "description": "told"}
        self.response = [
            {"type": "searchResEntry", "dn": f"uid={one}", "attributes": {"cn": [f"group-{one}"]}}
            for one in range(entries)
        ]
        return code == 0


DIRECTORY = Ldap(name="Directory", url="ldaps://ldap.example.org", group_base="ou=groups")


@pytest.mark.parametrize("code", [1, 3, 4, 32, 50, 51, 52, 80])
def test_a_search_for_groups_that_failed_is_not_no_groups(code: int) -> None:
    with pytest.raises(DirectoryDown):
        _groups(DIRECTORY, Searched((code, 0)), _Entry("uid=ann", {}))
    assert _groups(DIRECTORY, Searched((0, 2)), _Entry("uid=ann", {})) == {"group-0", "group-1"}


def test_a_search_for_a_person_that_failed_is_not_nobody() -> None:
    def found(code: int, entries: int) -> Any:
        return _entry(DIRECTORY, Searched((code, entries)), "ou=people", "(uid=ann)", whole=True)

    for code in (1, 3, 32, 52):
        with pytest.raises(DirectoryDown):
            found(code, 0)
    assert found(4, 2) is None and found(0, 0) is None, "several, nobody"
    assert found(0, 1).dn == "uid=0"


def test_an_administrator_disconnects_a_login_and_the_next_subject_is_connected(pmo_admin: UserClient) -> None:
    factories.person(email="ann@example.org")
    user = login_for(said("first"), POLICY)
    client = client_of(user)
    page = reverse("register-tab", kwargs={"key": "users", "pk": user.pk, "tab": "sign-in"})
    address = reverse("user-act", kwargs={"pk": user.pk, "act": "forget-identities"})
    assert address in pmo_admin.get(page).content.decode()
    assert pmo_admin.post(address).status_code == 302
    assert not ExternalIdentity.objects.exists() and client.get("/registers/").status_code == 302
    assert acts(user)[-1] == "identity_unlink"
    assert login_for(said("second"), POLICY) == user
    assert address not in pmo_admin.get(page.replace(f"/{user.pk}/", f"/{pmo_admin.user.pk}/")).content.decode()
