"""Passkeys in Chromium with a virtual authenticator: made, used instead of name and password, used as the second step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from pmo.core.sign_in.models import Session
from pmo.core.sign_in.services import factors
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def _device(page: Page) -> Any:
    """A virtual authenticator for the page's browser."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return session, made["authenticatorId"]


def _sign_in(page: Page, base: str, username: str) -> None:
    page.goto(f"{base}{reverse('login')}")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_from_making_to_signing_in(live_server: Any, open_page: Callable[..., Page]) -> None:
    factories.organisation()
    user = factories.user(username="ann")
    base = live_server.url.replace("127.0.0.1", "localhost")
    page = open_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    session, device = _device(page)
    _sign_in(page, base, "ann")
    page.goto(f"{base}{reverse('account-security')}")
    page.get_by_label("Name of the passkey").fill("Laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("Keep these recovery codes")).to_be_visible()
    expect(page.get_by_role("row", name="Laptop")).to_be_visible()
    assert len(session.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1
    page.context.clear_cookies()
    page.goto(f"{base}{reverse('login')}?next={reverse('account-sessions')}")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Sessions")).to_be_visible()
    assert Session.objects.filter(user=user, method="passkey").count() == 1
    page.context.clear_cookies()
    _sign_in(page, base, "ann")
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(lambda url: "/login" not in url)
    assert Session.objects.filter(user=user, method="password").count() == 2
    assert factors.factors_of(user).passkeys[0].last_used_at is not None
    assert problems == []


def test_a_device_that_does_not_ask_who_sits_there_gets_in_nobody(
    live_server: Any,
    open_page: Callable[..., Page],
) -> None:
    factories.organisation()
    user = factories.user(username="ann")
    base = live_server.url.replace("127.0.0.1", "localhost")
    page = open_page()
    session, device = _device(page)
    _sign_in(page, base, "ann")
    page.goto(f"{base}{reverse('account-security')}")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("Keep these recovery codes")).to_be_visible()
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.context.clear_cookies()
    page.goto(f"{base}{reverse('login')}")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The device did not give a passkey.")).to_be_visible()
    assert not Session.objects.filter(user=user, method="passkey").exists()
