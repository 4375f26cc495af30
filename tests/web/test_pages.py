"""The frame on real pages: style guide, errors, sign-in, display preferences."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from pmo.core.web import errors
from pmo.core.web.styleguide import PAGES, icon_names
from tests.conftest import UserClient

pytestmark = pytest.mark.django_db


def _strict(html: str) -> None:
    """Nothing that the content policy refuses, nothing from another host."""
    assert not re.search(r"<script(?![^>]* src=)", html)
    assert not re.search(r"<[^>]+ (style|on\w+)=", html)
    assert "<style" not in html
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', html)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_the_guide_is_strict(client_for, page: str, language: str) -> None:  # type: ignore[no-untyped-def]
    client: UserClient = client_for(None)
    client.cookies["bw_language"] = language
    response = client.get(reverse("styleguide"), {"page": page})
    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}"' in html
    assert html.count("<h1") == 1
    _strict(html)


def test_the_guide_needs_a_login_and_knows_its_pages(client_for) -> None:  # type: ignore[no-untyped-def]
    assert Client().get(reverse("styleguide")).status_code == 302
    assert client_for(None).get(reverse("styleguide"), {"page": "attic"}).status_code == 404


def test_icons_used_by_templates_and_code_are_in_the_sprite(settings) -> None:  # type: ignore[no-untyped-def]
    names = set(icon_names())
    assert len(names) == len(icon_names()) > 60
    used: dict[str, str] = {}
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        for name in re.findall(r'{% icon "([\w-]+)"', path.read_text(encoding="utf-8")):
            used[name] = path.name
    missing = {name: where for name, where in used.items() if name not in names}
    assert missing == {}


def test_theme_density_and_width_come_from_cookies(client_for) -> None:  # type: ignore[no-untyped-def]
    client: UserClient = client_for(None)
    client.cookies["bw_theme"] = "dark"
    client.cookies["bw_density"] = "compact"
    client.cookies["bw_nav"] = '"><script>'
    html = client.get(reverse("styleguide")).content.decode()
    assert 'data-theme="dark" data-density="compact" data-nav="auto"' in html


def test_the_users_own_theme_is_the_default(client_for) -> None:  # type: ignore[no-untyped-def]
    client: UserClient = client_for(None)
    client.user.theme = "dark"
    client.user.save(update_fields=["theme"])
    assert 'data-theme="dark"' in client.get(reverse("styleguide")).content.decode()


def test_preferences_are_kept_without_script() -> None:
    client = Client()
    response = client.post(reverse("display_preferences"), {"theme": "dark", "density": "huge", "next": "/login?x=1"})
    assert (response.status_code, response["Location"]) == (302, "/login?x=1")
    assert response.cookies["bw_theme"].value == "dark" and "bw_density" not in response.cookies
    assert 'data-theme="dark"' in client.get(reverse("login")).content.decode()


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_preferences_never_lead_to_another_site(target: str) -> None:
    response = Client().post(reverse("display_preferences"), {"theme": "light", "next": target})
    assert response["Location"] == "/"


def test_preferences_are_not_set_by_a_link() -> None:
    assert Client().get(reverse("display_preferences")).status_code == 405


def test_sign_in_page(settings) -> None:  # type: ignore[no-untyped-def]
    html = Client(headers={"accept-language": "en"}).get(reverse("login")).content.decode()
    assert 'autocomplete="current-password"' in html and 'class="shell' not in html
    _strict(html)


def _ask(htmx: bool = False) -> HttpRequest:
    from django.contrib.auth.models import AnonymousUser

    request = RequestFactory().get("/x", headers={"HX-Request": "true"} if htmx else {})
    request.user = AnonymousUser()
    return request


def _body(response: HttpResponse) -> str:
    return response.content.decode()


@pytest.mark.parametrize(
    ("make", "status"),
    [
        (lambda request: errors.bad_request(request), 400),
        (lambda request: errors.forbidden(request, PermissionDenied("Budgets are for finance roles.")), 403),
        (lambda request: errors.not_found(request), 404),
        (lambda request: errors.server_error(request), 500),
        (lambda request: errors.csrf_failure(request, "CSRF token missing."), 403),
    ],
)
def test_errors_are_pages_for_people_and_a_sentence_for_fragments(make, status: int) -> None:  # type: ignore[no-untyped-def]
    page = make(_ask())
    assert page.status_code == status and "<h1>" in _body(page)
    _strict(_body(page))
    fragment = make(_ask(htmx=True))
    assert fragment.status_code == status
    assert fragment["Content-Type"].startswith("text/plain") and "<" not in _body(fragment)


def test_a_refusal_tells_its_reason_and_escapes_it() -> None:
    assert "Budgets are for finance roles." in _body(
        errors.forbidden(_ask(), PermissionDenied("Budgets are for finance roles."))
    )
    assert "<b>x</b>" not in _body(errors.forbidden(_ask(), PermissionDenied("<b>x</b>")))


def test_a_failure_shows_the_request_number() -> None:
    request = _ask()
    request.request_id = "7f3a"  # type: ignore[attr-defined]
    assert "7f3a" in _body(errors.server_error(request))
