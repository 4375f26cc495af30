"""SAML 2.0: our request, answered by an identity provider of another make, judged after the redirect."""

from __future__ import annotations

import base64
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from lxml import etree

from pmo.core.access.roles import Role
from pmo.core.people.models import RoleGrant, User
from pmo.core.sign_in.models import ExternalIdentity, Session
from pmo.sign_in_env import RoleRule, Saml
from tests import factories
from tests.conftest import client_of
from tests.sign_in.identity_provider import ENTITY, SSO, IdentityProvider
from tests.sign_in.onward import onward

pytestmark = pytest.mark.django_db
HERE = {"organization_slug": "saml"}
MAIL = "urn:oid:0.9.2342.19200300.100.1.3"
HOST = "localhost"


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The identity provider, made from our metadata by the first test that asks."""
    yield {"folder": tmp_path_factory.mktemp("idp")}


@pytest.fixture
def idp(settings: Any, known: dict[str, Any]) -> IdentityProvider:
    """The identity provider, switched on here."""
    attributes = (("name", "displayName"),)
    start = Saml(name="Example SAML", idp=ENTITY, sso_url=SSO, certificate="", trust_email=True, groups="groups")
    settings.SIGN_IN = dataclasses.replace(
        settings.SIGN_IN, saml=dataclasses.replace(start, certificate=PLACEHOLDER, attributes=attributes)
    )
    if "idp" not in known:
        metadata = Client(HTTP_HOST=HOST).get(reverse("saml_metadata", kwargs=HERE)).content.decode()
        known["idp"] = IdentityProvider(Path(known["folder"]), metadata)
    made: IdentityProvider = known["idp"]
    saml = dataclasses.replace(start, certificate=made.certificate, attributes=attributes)
    settings.SIGN_IN = dataclasses.replace(settings.SIGN_IN, saml=saml)
    return made


PLACEHOLDER = "unknown until the metadata is read"


def asked(client: Client, target: str = "") -> str:
    """Our request, as it comes to the identity provider."""
    login = client.get(reverse("login"), {"next": target} if target else {}).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', login)
    assert token and f'<form method="post" action="{reverse("saml_login", kwargs=HERE)}">' in login
    form = {"csrfmiddlewaretoken": token[1], **({"next": target} if target else {})}
    parts = urlsplit(onward(client.post(reverse("saml_login", kwargs=HERE), form)))
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == SSO
    return parse_qs(parts.query)["SAMLRequest"][0]


def sent(client: Client, response: str) -> Any:
    """The answer, posted by the browser and judged after the redirect."""
    posted = client.post(reverse("saml_acs", kwargs=HERE), {"SAMLResponse": response})
    assert posted["Location"] == reverse("saml_finish_acs", kwargs=HERE)
    return client.get(posted["Location"])


def browser() -> Client:
    client = Client(HTTP_HOST=HOST, enforce_csrf_checks=True)
    client.cookies["bw_language"] = "en"
    return client


def said(email: str, groups: list[str] | None = None) -> dict[str, Any]:
    return {MAIL: [email], "groups": groups or [], "displayName": ["Ann Lee"]}


def test_a_person_known_by_address_comes_in_with_the_roles_of_the_groups(idp: IdentityProvider, settings: Any) -> None:
    rules = (RoleRule("pmo", Role.PMO_ANALYST),)
    saml = dataclasses.replace(settings.SIGN_IN.saml, rules=rules)
    settings.SIGN_IN = dataclasses.replace(settings.SIGN_IN, saml=saml)
    person, client = factories.person(email="ann@example.org"), browser()
    response = sent(client, idp.answer(asked(client, "/registers/"), "subject-1", said("ann@example.org", ["pmo"])))
    assert (response.status_code, response["Location"]) == (302, "/registers/")
    person.refresh_from_db()
    assert person.user is not None and Session.objects.get(user=person.user).method == "saml"
    assert ExternalIdentity.objects.get().subject == "subject-1"
    assert RoleGrant.objects.get(person=person).role == Role.PMO_ANALYST
    assert client.get("/registers/").status_code == 200
    other = browser()
    assert sent(other, idp.answer(asked(other), "subject-1", said("else@example.org"))).status_code == 302
    assert User.objects.filter(person=person).count() == 1 and not RoleGrant.objects.filter(person=person).exists()


def test_an_unknown_person_is_refused(idp: IdentityProvider) -> None:
    client = browser()
    response = sent(client, idp.answer(asked(client), "subject-2", said("nobody@example.org")))
    assert response.status_code == 403 and "Ask the PMO to invite you" in response.content.decode()


def _other_subject(document: Any) -> None:
    document.find(".//{urn:oasis:names:tc:SAML:2.0:assertion}NameID").text = "subject-of-the-boss"


def _other_address(document: Any) -> None:
    for value in document.iter("{urn:oasis:names:tc:SAML:2.0:assertion}AttributeValue"):
        if value.text == "ann@example.org":
            value.text = "boss@example.org"


def _no_signature(document: Any) -> None:
    signature = document.find(".//{http://www.w3.org/2000/09/xmldsig#}Signature")
    signature.getparent().remove(signature)


@pytest.mark.parametrize("forge", [_other_subject, _other_address, _no_signature])
def test_a_changed_or_unsigned_answer_lets_nobody_in(idp: IdentityProvider, forge: Any) -> None:
    factories.person(email="ann@example.org")
    factories.person(email="boss@example.org")
    client = browser()
    document = etree.fromstring(base64.b64decode(idp.answer(asked(client), "subject-1", said("ann@example.org"))))
    forge(document)
    response = sent(client, base64.b64encode(etree.tostring(document)).decode())
    assert response.status_code == 403 and not Session.objects.exclude(user=None).exists()


def test_an_answer_of_a_stranger_lets_nobody_in(idp: IdentityProvider, tmp_path: Path) -> None:
    factories.person(email="ann@example.org")
    stranger = IdentityProvider(
        tmp_path, Client(HTTP_HOST=HOST).get(reverse("saml_metadata", kwargs=HERE)).content.decode()
    )
    client = browser()
    assert sent(client, stranger.answer(asked(client), "subject-1", said("ann@example.org"))).status_code == 403


def test_an_answer_works_once_and_only_in_the_browser_that_asked(idp: IdentityProvider) -> None:
    factories.person(email="ann@example.org")
    client, other = browser(), browser()
    answer = idp.answer(asked(client), "subject-1", said("ann@example.org"))
    assert sent(other, answer).status_code == 403
    assert sent(client, answer).status_code == 302
    assert sent(client, answer).status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_is_signed_out_from_outside(idp: IdentityProvider, method: str) -> None:
    client = client_of(factories.user())
    for query in ({}, {"SAMLRequest": "PHg+"}, {"SAMLResponse": "PHg+"}):
        answer = getattr(client, method)(reverse("saml_sls", kwargs=HERE), query, HTTP_HOST=HOST)
        assert answer.status_code == 404
    assert client.get("/registers/").status_code == 200


def test_an_answer_is_posted_and_not_too_long(idp: IdentityProvider) -> None:
    client, page = browser(), reverse("saml_acs", kwargs=HERE)
    assert client.get(page, {"SAMLResponse": "PHg+"}).status_code == 405
    assert client.post(page, {"SAMLResponse": "A" * 256 * 1024}).status_code == 413
    assert client.get(reverse("saml_finish_acs", kwargs=HERE)).status_code == 403, "nothing was kept"


@pytest.mark.parametrize("text", ["", "not XML", "<x", "<x/>", '<!DOCTYPE x [<!ENTITY y "z">]><x>&y;</x>'])
def test_an_answer_that_cannot_be_read_lets_nobody_in(idp: IdentityProvider, text: str) -> None:
    client = browser()
    response = sent(client, base64.b64encode(text.encode()).decode())
    assert response.status_code == 403 and "did not complete the sign-in" in response.content.decode()


def test_no_other_site_starts_a_sign_in(idp: IdentityProvider) -> None:
    client, page = browser(), reverse("saml_login", kwargs=HERE)
    assert client.get(page)["Location"] == reverse("login") and client.post(page).status_code == 403
    assert not client.session.keys()


def test_nothing_is_open_where_nothing_is_configured() -> None:
    for name in ("saml_login", "saml_acs", "saml_finish_acs", "saml_sls", "saml_metadata"):
        assert Client().get(reverse(name, kwargs=HERE)).status_code == 404
