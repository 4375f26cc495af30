"""Sign-in with another system in Chromium: the button is a form, and the way there passes the content security policy."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.urls import reverse
from playwright.sync_api import Page, expect

from pmo.core.sign_in.models import ExternalIdentity, Session
from pmo.sign_in_env import Oidc
from tests import factories

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(authlib|oidc_provider_mock).*"),
]


@pytest.fixture
def provider() -> Iterator[str]:
    """The address of a provider that runs in a thread and knows Ann."""
    from oidc_provider_mock import run_server_in_thread

    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    with run_server_in_thread() as server:
        address = f"http://localhost:{server.server_port}"
        said = {"email": "ann@example.org", "email_verified": True, "preferred_username": "ann"}
        assert requests.put(f"{address}/users/ann", json=said, timeout=60).status_code == 204
        yield address


def test_the_button_leads_to_the_provider_and_back_to_the_page_asked_for(
    live_server: Any, open_page: Callable[..., Page], provider: str, settings: Any
) -> None:
    settings.SIGN_IN = dataclasses.replace(
        settings.SIGN_IN, oidc=Oidc(name="Example ID", issuer=provider, client_id="bellwether", client_secret="s")
    )
    factories.organisation()
    user = factories.user(language="en")
    ExternalIdentity.objects.create(user=user, source="oidc", subject="ann")
    base = live_server.url.replace("127.0.0.1", "localhost")
    page = open_page()
    problems: list[str] = []

    def note(message: Any) -> None:
        if message.type == "error" and message.location["url"].startswith(base):
            problems.append(message.text)

    page.on("console", note)
    # The provider's own page would load a style sheet from elsewhere.
    page.context.route(lambda url: urlsplit(url).hostname != "localhost", lambda route: route.fulfill(body=""))
    page.goto(f"{base}{reverse('account-sessions')}")
    page.get_by_role("button", name="Sign in with Example ID").click()
    page.wait_for_url(lambda url: url.startswith(provider))
    page.locator("input[name=sub]").fill("ann")
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("heading", name="Sessions")).to_be_visible()
    assert Session.objects.get(user=user).method == "oidc"
    assert problems == []
