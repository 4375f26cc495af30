"""Letting a person in: what was proven, what is still missing, and what is kept of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.utils import timezone

from pmo.core.access.grants import forget, grants_of
from pmo.core.audit.actor import actor_of
from pmo.core.audit.services import Act, record
from pmo.core.sign_in import store
from pmo.core.sign_in.models import Session
from pmo.core.sign_in.origin import client_address, device_of
from pmo.core.sign_in.services import limits
from pmo.core.sign_in.services.factors import has_factor

BACKEND = "pmo.core.people.backend.PersonBackend"
# How somebody signed in.
PASSWORD, LDAP, OIDC, SAML, PASSKEY, INVITE = "password", "ldap", "oidc", "saml", "passkey", "invite"
_CONFIRMED = "bw_confirmed"
_FIRST = "bw_first"
_SECURITY = frozenset({"account-security", "account-totp", "account-codes", "account-passkey-options",
                       "account-passkey-add", "account-confirm", "account-confirm-passkey"})  # fmt: skip
# A page to see first, and what else may be opened until then.
FIRST_PAGES = {
    "account-password": frozenset({"account-password", "account-confirm", "account-confirm-passkey"}),
    "account-security": _SECURITY,
}

_listeners: list[Callable[[Any], None]] = []


def when_signed_in(listener: Callable[[Any], None]) -> None:
    """Have a room told of every sign-in, with the user."""
    if listener not in _listeners:
        _listeners.append(listener)


def needs_second_step(user: Any, method: str) -> bool:
    """Whether a second factor is asked for: where one is set up, and the first was not one that counts as both."""
    if method in {PASSKEY, INVITE} or (method in {OIDC, SAML} and not settings.SIGN_IN.mfa_after_sso):
        return False
    return has_factor(user)


def enter(request: HttpRequest, user: Any, method: str, *, second: str = "") -> None:
    """Sign the user in with a new session, note what must be done first, audit it, and tell the rooms."""
    login(request, user, backend=BACKEND)
    address = client_address(request)
    request.session[store.METHOD_KEY] = method
    request.session[store.DEVICE_KEY] = device_of(request)
    request.session[store.ADDRESS_KEY] = address
    request.session[_CONFIRMED] = timezone.now().timestamp()
    request.session[_FIRST] = _first(user, method)
    failures = _forget_failures(user, address, method, second)
    changes: dict[str, list[Any]] = {
        "method": [None, method],
        "second_factor": [None, second],
        "failures": [None, failures],
    }
    told = {name: pair for name, pair in changes.items() if pair[1]}
    record(
        actor=actor_of(user, getattr(request, "request_id", "")),
        act=Act("sign_in", "core.user", user.pk, user.get_username(), changes=told),
    )
    for listener in _listeners:
        listener(user)


def _forget_failures(user: Any, address: str | None, method: str, second: str) -> int:
    """Take back what the last step has counted for the address; returns how often the account had failed before.

    OIDC, SAML and invitations count nothing; a passkey that stands alone does not count for the account, which nobody typed.
    """
    if second or method in {PASSWORD, LDAP, PASSKEY}:
        limits.take_back(address)
    own = int(bool(second)) + int(method in {PASSWORD, LDAP})
    return max(limits.clear(user.get_username(), address) - own, 0)


def _first(user: Any, method: str) -> list[str]:
    """Pages to see before all others."""
    pages = []
    if method == PASSWORD and (user.must_change_password or password_expired(user)):
        pages.append("account-password")
    if (method not in {OIDC, SAML} or settings.SIGN_IN.mfa_after_sso) and must_enrol(user):
        pages.append("account-security")
    return pages


def password_expired(user: Any) -> bool:
    """Whether the password is older than the policy lets it be."""
    days = settings.SIGN_IN.password_days
    if not days:
        return False
    since = user.password_changed_at or user.date_joined
    return bool(timezone.now() - since > datetime.timedelta(days=days))


def must_enrol(user: Any) -> bool:
    """Whether one of the user's roles asks for a second factor that the user does not have."""
    wanted = frozenset(settings.SIGN_IN.mfa_roles)
    if not wanted:
        return False
    forget(user)
    return bool(wanted & grants_of(user).anywhere) and not has_factor(user)


def first_page(request: HttpRequest) -> str | None:
    """The name of the page to see first, None where there is nothing left to do."""
    pages: list[str] = request.session.get(_FIRST) or []
    return pages[0] if pages else None


def done_first(request: HttpRequest, page: str) -> None:
    """What the page asked for is done."""
    left = [name for name in request.session.get(_FIRST) or [] if name != page]
    request.session[_FIRST] = left


def confirm(request: HttpRequest) -> None:
    """The person at the browser has proven again who they are."""
    request.session[_CONFIRMED] = timezone.now().timestamp()


def is_confirmed(request: HttpRequest) -> bool:
    """Whether that was not long ago."""
    at = request.session.get(_CONFIRMED, 0)
    return bool(timezone.now().timestamp() - at < settings.SIGN_IN.confirm_minutes * 60)


def sessions_of(user: Any) -> Any:
    """The user's sessions that have not run out, newest first."""
    now = timezone.now()
    return Session.objects.filter(user_id=user.pk, expire_date__gt=now).order_by("-last_seen_at", "-created_at")
