"""Passwords checked by a real slapd that the tests start."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.people.models import Person, RoleGrant, User
from pmo.core.sign_in.models import ExternalIdentity, Session
from pmo.sign_in_env import Ldap, RoleRule
from tests import factories
from tests.sign_in.directory import PASSWORD, SERVICE, SERVICE_PASSWORD, SUFFIX, Directory
from tests.sign_in.identity_provider import key_and_certificate

pytestmark = [pytest.mark.django_db, pytest.mark.services]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    made = Directory(tmp_path_factory.mktemp("slapd"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def ldap(settings: Any, directory: Directory) -> Any:
    """Switches the directory on: ldap(unknown="create")."""

    def switch(**values: Any) -> None:
        made = Ldap(
            name="Example directory",
            url=f"ldaps://localhost:{directory.secure}",
            start_tls=False,
            ca_file=directory.ca,
            bind_dn=SERVICE,
            bind_password=SERVICE_PASSWORD,
            base=f"ou=people,{SUFFIX}",
            group_base=f"ou=groups,{SUFFIX}",
            trust_email=True,
        )
        settings.SIGN_IN = dataclasses.replace(settings.SIGN_IN, ldap=dataclasses.replace(made, **values))

    switch()
    return switch


def sign_in(name: str, password: str = PASSWORD) -> Any:
    client = Client()
    client.cookies["bw_language"] = "en"
    return client.post(reverse("login"), {"username": name, "password": password})


def nobody() -> bool:
    return not Session.objects.exclude(user=None).exists()


@pytest.mark.parametrize("way", ["ldaps", "start_tls"])
def test_the_directory_lets_in_whom_it_knows_and_groups_give_roles(ldap: Any, directory: Directory, way: str) -> None:
    plain = {"url": f"ldap://localhost:{directory.plain}", "start_tls": True} if way == "start_tls" else {}
    ldap(rules=(RoleRule("pmo", Role.PMO_ANALYST), RoleRule("else", Role.PMO_ADMIN)), **plain)
    person = factories.person(email="LIN@example.org")
    assert sign_in("lin").status_code == 302
    person.refresh_from_db()
    assert person.user is not None and not person.user.has_usable_password()
    assert Session.objects.get(user=person.user).method == "ldap"
    assert [grant.role for grant in RoleGrant.objects.filter(person=person)] == [Role.PMO_ANALYST]
    assert len(ExternalIdentity.objects.get().subject) == 36, "entryUUID"
    assert sign_in("lin").status_code == 302 and User.objects.filter(person=person).count() == 1


def test_a_wrong_password_an_empty_one_and_an_unknown_name_let_nobody_in(ldap: Any) -> None:
    factories.person(email="lin@example.org")
    for name, password in (("lin", "wrong"), ("lin", ""), ("ghost", PASSWORD), ("lin", " ")):
        response = sign_in(name, password)
        assert response.status_code == 200, (name, password)
    assert nobody()


@pytest.mark.parametrize("name", ["*", "l*", "lin)(uid=*", "*)(|(uid=lin", "lin\\00", "(uid=lin)"])
def test_a_name_cannot_change_the_question(ldap: Any, name: str) -> None:
    factories.person(email="lin@example.org")
    assert sign_in(name).status_code == 200 and nobody()


@pytest.mark.parametrize("name", ["lin,ou=people", "lin+cn=x", "lin,dc=example"])
def test_a_name_cannot_change_the_place_it_is_bound_at(ldap: Any, name: str) -> None:
    factories.person(email="lin@example.org")
    ldap(bind_dn="", bind_password="", base="", user_dn=f"uid=%(user)s,ou=people,{SUFFIX}", group_base="")
    assert sign_in(name).status_code == 200 and nobody()


def test_without_a_service_account_people_bind_with_their_own_name(ldap: Any) -> None:
    factories.person(email="lin@example.org")
    ldap(bind_dn="", bind_password="", base="", user_dn=f"uid=%(user)s,ou=people,{SUFFIX}", group_base="")
    assert sign_in("lin", "wrong").status_code == 200 and nobody()
    assert sign_in("lin").status_code == 302


def test_unknown_people_are_refused_in_words_or_made(ldap: Any) -> None:
    assert "Ask the PMO to invite you" in sign_in("mei").content.decode()
    ldap(unknown="create", default_role=Role.TEAM_MEMBER)
    assert sign_in("mei").status_code == 302
    person = Person.objects.get(user__username="mei")
    assert (person.name_en, [grant.role for grant in person.grants.all()]) == ("Mei", [Role.TEAM_MEMBER])


def test_mail_that_nobody_vouches_for_finds_nobody(ldap: Any) -> None:
    factories.person(email="lin@example.org")
    ldap(trust_email=False, unknown="create")
    assert "does not confirm your e-mail address" in sign_in("lin").content.decode() and nobody()


def test_a_server_with_another_certificate_is_not_asked(ldap: Any, tmp_path: Path) -> None:
    stranger = tmp_path / "other.pem"
    stranger.write_text(key_and_certificate()[1])
    factories.person(email="lin@example.org")
    ldap(ca_file=str(stranger))
    assert "directory does not answer" in sign_in("lin").content.decode() and nobody()


def test_a_directory_that_is_down_is_told_and_local_logins_work(ldap: Any) -> None:
    ldap(url="ldaps://localhost:9")
    user = factories.user()
    assert "directory does not answer" in sign_in("lin").content.decode()
    assert sign_in(user.username, factories.PASSWORD).status_code == 302


def test_failures_lock_here_too(ldap: Any, settings: Any) -> None:
    factories.person(email="lin@example.org")
    for _attempt in range(settings.SIGN_IN.lock_failures):
        sign_in("lin", "wrong")
    assert "Too many failed attempts" in sign_in("lin").content.decode() and nobody()
