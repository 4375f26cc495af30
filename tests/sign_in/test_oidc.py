"""OpenID Connect against a provider that the test starts: real HTTP on the loopback, the whole code flow."""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.audit.actor import actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.people.models import Person, RoleGrant, User
from pmo.core.sign_in.models import ExternalIdentity, Invite, Session
from pmo.core.sign_in.services import invites
from pmo.sign_in_env import Oidc, RoleRule
from tests import factories
from tests.sign_in.onward import onward

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(authlib|oidc_provider_mock).*"),
]
LOGIN = {"provider_id": "oidc"}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a provider that runs in a thread."""
    from oidc_provider_mock import run_server_in_thread

    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def oidc(settings: Any, provider: str) -> Any:
    """Switches the provider on: oidc(unknown="create")."""

    def switch(**values: Any) -> None:
        made = Oidc(name="Example ID", issuer=provider, client_id="bellwether", client_secret="s", groups="groups")
        settings.SIGN_IN = dataclasses.replace(settings.SIGN_IN, oidc=dataclasses.replace(made, **values))

    switch()
    return switch


def say(provider: str, sub: str, **claims: Any) -> None:
    """What the provider says of a person."""
    assert requests.put(f"{provider}/users/{sub}", json=claims, timeout=60).status_code == 204


def sign_in(sub: str, client: Client | None = None, target: str = "") -> Any:
    """Through the provider and back; returns the answer to the callback."""
    client = client or Client()
    client.cookies["bw_language"] = "en"
    start = onward(client.post(reverse("openid_connect_login", kwargs=LOGIN), {"next": target} if target else {}))
    asked = parse_qs(urlsplit(start).query)
    assert asked["code_challenge_method"] == ["S256"] and "openid" in asked["scope"][0]
    back = requests.post(start, data={"sub": sub}, allow_redirects=False, timeout=60)
    parts = urlsplit(back.headers["Location"])
    assert parts.path == reverse("openid_connect_callback", kwargs=LOGIN)
    return client.get(f"{parts.path}?{parts.query}")


def test_a_person_with_this_verified_address_comes_in_and_is_known_by_subject_afterwards(
    oidc: Any, provider: str
) -> None:
    person = factories.person(email="ann@example.org")
    say(provider, "ann", email="Ann@example.org", email_verified=True, name="Ann", preferred_username="ann")
    client = Client()
    assert sign_in("ann", client, "/registers/")["Location"] == "/registers/"
    assert client.get("/registers/").status_code == 200
    person.refresh_from_db()
    assert person.user is not None and (person.user.username, person.user.has_usable_password()) == ("ann", False)
    assert Session.objects.get(user=person.user).method == "oidc"
    say(provider, "ann", email="changed@example.org", email_verified=False)
    assert sign_in("ann").status_code == 302
    assert ExternalIdentity.objects.get().user == person.user and User.objects.filter(person=person).count() == 1
    acts = list(AuditEntry.objects.filter(model="core.user").order_by("pk").values_list("action", flat=True))
    assert acts == ["create", "identity_link", "sign_in", "sign_in"]


@pytest.mark.parametrize("verified", [False, "false", None])
def test_an_address_nobody_vouches_for_opens_no_account(oidc: Any, provider: str, verified: Any) -> None:
    oidc(unknown="create", rules=(RoleRule("chiefs", Role.PMO_ADMIN),))
    admin = factories.user(Role.PMO_ADMIN)
    Person.objects.filter(user=admin).update(email="boss@example.org")
    say(provider, "thief", email="boss@example.org", groups=["chiefs"], email_verified=verified)
    response = sign_in("thief")
    assert response.status_code == 403 and "does not confirm your e-mail address" in response.content.decode()
    assert not ExternalIdentity.objects.exists() and not Session.objects.exclude(user=None).exists()


def test_unknown_people_are_refused_or_made(oidc: Any, provider: str) -> None:
    say(provider, "new", email="new@example.org", email_verified=True, name="王小明", groups=["pm"])
    refused = sign_in("new")
    assert refused.status_code == 403 and "Ask the PMO to invite you" in refused.content.decode()
    assert not User.objects.exists()
    oidc(unknown="create", default_role=Role.TEAM_MEMBER)
    assert sign_in("new").status_code == 302
    person = Person.objects.get(email="new@example.org")
    assert (person.name_zh, person.code) == ("王小明", "SSO-0001")
    assert [grant.role for grant in person.grants.all()] == [Role.TEAM_MEMBER]


def test_groups_give_roles_and_take_them_back_others_stay(oidc: Any, provider: str) -> None:
    unit = factories.unit()
    oidc(rules=(RoleRule("pmo", Role.PMO_ANALYST), RoleRule("lines", Role.RESOURCE_MANAGER, unit.code)))
    person = factories.person(email="bo@example.org")
    RoleGrant.objects.create(person=person, role=Role.AUDITOR)

    def held() -> set[tuple[str, int | None]]:
        return set(RoleGrant.objects.filter(person=person).values_list("role", "unit_id"))

    say(provider, "bo", email="bo@example.org", email_verified=True, groups=["pmo", "lines", "else"])
    sign_in("bo")
    assert held() == {("auditor", None), ("pmo_analyst", None), ("resource_manager", unit.pk)}
    say(provider, "bo", email="bo@example.org", email_verified=True, groups=["lines"])
    sign_in("bo")
    assert held() == {("auditor", None), ("resource_manager", unit.pk)}
    say(provider, "bo", email="bo@example.org", email_verified=True)
    sign_in("bo")
    assert held() == {("auditor", None)}, "no groups and no claim are the same"


def test_a_login_that_is_switched_off_stays_out(oidc: Any, provider: str) -> None:
    user = factories.user(is_active=False)
    ExternalIdentity.objects.create(user=user, source="oidc", subject="gone")
    say(provider, "gone", email="gone@example.org", email_verified=True)
    response = sign_in("gone")
    assert response.status_code == 403 and "switched off" in response.content.decode()


def test_an_answer_that_was_not_asked_for_is_refused(oidc: Any, provider: str) -> None:
    client = Client()
    client.post(reverse("openid_connect_login", kwargs=LOGIN))
    for query in ({"code": "x", "state": "forged"}, {"code": "x"}, {"error": "access_denied"}):
        response = client.get(reverse("openid_connect_callback", kwargs=LOGIN), query)
        assert response.status_code == 403, query
    assert not Session.objects.exclude(user=None).exists()


def test_an_answer_cannot_be_used_by_another_browser(oidc: Any, provider: str) -> None:
    factories.person(email="eve@example.org")
    say(provider, "eve", email="eve@example.org", email_verified=True)
    mine, other = Client(), Client()
    start = onward(mine.post(reverse("openid_connect_login", kwargs=LOGIN)))
    back = requests.post(start, data={"sub": "eve"}, allow_redirects=False, timeout=60)
    parts = urlsplit(back.headers["Location"])
    assert other.get(f"{parts.path}?{parts.query}").status_code == 403


def test_a_provider_that_does_not_answer_is_told(oidc: Any) -> None:
    oidc(issuer="http://localhost:9")
    response = Client().post(reverse("openid_connect_login", kwargs=LOGIN))
    assert response.status_code == 403


def test_no_other_site_starts_a_sign_in(oidc: Any) -> None:
    page, client = reverse("openid_connect_login", kwargs=LOGIN), Client(enforce_csrf_checks=True)
    assert client.get(page)["Location"] == reverse("login"), "a link leads to the page with the button"
    assert client.post(page).status_code == 403
    assert not client.session.keys()
    login = client.get(reverse("login")).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', login)
    assert token and f'<form method="post" action="{page}">' in login
    address = onward(client.post(page, {"csrfmiddlewaretoken": token[1]}))
    assert address.startswith("http://localhost:") and "state=" in address


def test_an_invitation_is_accepted_with_the_organisations_own_sign_in(oidc: Any, provider: str) -> None:
    admin = factories.user(Role.PMO_ADMIN)
    _row, token = invites.invite(
        actor=actor_of(admin), email="ida@example.org", name="Ida", roles=[Role.EXECUTIVE], unit=None, language="en"
    )
    say(provider, "ida", email="ida@other.example", email_verified=False, preferred_username="ida")
    client = Client()
    assert onward(client.post(reverse("invite-accept", kwargs={"token": token}), {"outside": "1"}))
    assert sign_in("ida", client).status_code == 302
    row = Invite.objects.get()
    assert row.user is not None and row.accepted_at is not None
    assert [grant.role for grant in row.user.person.grants.all()] == [Role.EXECUTIVE]
    assert ExternalIdentity.objects.get().user == row.user


def test_nothing_is_offered_where_nothing_is_configured() -> None:
    for name in ("openid_connect_login", "openid_connect_callback"):
        assert Client().get(reverse(name, kwargs=LOGIN)).status_code == 404
    assert b"/sso/" not in Client().get(reverse("login")).content


def test_the_sign_in_page_offers_it(oidc: Any) -> None:
    client = Client()
    client.cookies["bw_language"] = "en"
    assert "Sign in with Example ID" in client.get(reverse("login")).content.decode()
