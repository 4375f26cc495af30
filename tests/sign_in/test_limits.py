"""What the counters of failed sign-ins hold after successes and failures, one after another and at once."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from pmo.core.audit.models import AuditEntry
from pmo.core.people.models import User
from pmo.core.sign_in import passkeys
from pmo.core.sign_in.models import SignInLimit
from pmo.core.sign_in.services import entering, limits
from pmo.core.sign_in.store import SessionStore
from pmo.core.sign_in.views import signing
from tests import factories
from tests.conftest import client_of
from tests.sign_in.test_way_in import browser, sign_in

pytestmark = pytest.mark.django_db
HERE = "127.0.0.1"
PASSKEY = {"credential": '{"id": "x"}'}


def counted() -> int:
    """How many failures the address has."""
    found = SignInLimit.objects.filter(kind="address").values_list("failures", flat=True).first()
    return found or 0


def fail(times: int) -> None:
    """Failures of names nobody has, from the address of the tests."""
    for number in range(times):
        assert limits.attempt(f"guess-{number}", HERE) == 0


@pytest.fixture
def right_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody has a second factor and every code is right: thousands of time steps would be needed otherwise."""
    monkeypatch.setattr(entering, "has_factor", lambda user: True)
    monkeypatch.setattr(signing, "check_code", lambda user, code: "totp" if code == "123456" else "")


def test_sixty_right_sign_ins_with_a_code_do_not_lock_their_address(right_codes: None, settings: Any) -> None:
    settings.SIGN_IN = dataclasses.replace(settings.SIGN_IN, lock_address_failures=50)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    user = factories.user()
    fail(3)
    for _time in range(60):
        client = browser()
        assert sign_in(client, user)["Location"] == reverse("login-code")
        assert client.post(reverse("login-code"), {"code": "123456"}).status_code == 302
    assert counted() == 3
    entry = AuditEntry.objects.filter(action="sign_in").latest("pk")
    assert "failures" not in entry.payload.changes, "the two steps are no failures"


def test_a_wrong_code_counts_once(right_codes: None) -> None:
    user, client = factories.user(), browser()
    sign_in(client, user)
    assert counted() == 0
    client.post(reverse("login-code"), {"code": "000000"})
    assert counted() == 1
    client.post(reverse("login-code"), {"code": "123456"})
    assert counted() == 1 and not SignInLimit.objects.filter(user=user).exists()


@pytest.mark.parametrize("second", [False, True])
def test_a_passkey_takes_back_its_own_attempt_only(monkeypatch: pytest.MonkeyPatch, second: bool) -> None:
    user, client = factories.user(), browser()
    monkeypatch.setattr(entering, "has_factor", lambda user: True)
    monkeypatch.setattr(passkeys, "check", lambda credential, owner=None: user)
    fail(4)
    if second:
        sign_in(client, user)
    sent = {**PASSKEY, "second": "1"} if second else PASSKEY
    assert client.post(reverse("login-passkey"), sent).status_code == 302
    assert client.get("/registers/").status_code == 200 and counted() == 4


@pytest.mark.parametrize("method", [entering.OIDC, entering.SAML, entering.INVITE])
def test_who_was_proven_elsewhere_takes_nothing_back(rf: Any, method: str) -> None:
    fail(4)
    request = rf.get("/")
    request.session = SessionStore()
    entering.enter(request, factories.user(), method)
    assert counted() == 4


def test_proving_who_one_is_and_a_changed_password_take_back_what_they_counted() -> None:
    user = factories.user()
    client = client_of(user)
    fail(4)
    assert client.post(reverse("account-confirm"), {"password": "wrong"}).status_code == 422
    assert client.post(reverse("account-confirm"), {"password": factories.PASSWORD}).status_code == 302
    assert counted() == 5
    new = {"old": factories.PASSWORD, "password": "another-long-password-7", "again": "another-long-password-7"}
    assert client.post(reverse("account-password"), new).status_code == 302
    assert counted() == 5


def test_the_last_attempt_before_the_lock_leaves_the_address_open_when_it_was_right() -> None:
    user = factories.user()
    fail(settings.SIGN_IN.lock_address_failures - 1)
    assert sign_in(browser(), user).status_code == 302
    assert sign_in(browser(), user).status_code == 302
    fail(1)
    assert sign_in(browser(), user).status_code == 200, "locked"


def test_nobody_outside_locks_out_the_login_for_emergencies(settings: Any) -> None:
    user: User = factories.user(username="Rescue")
    other = factories.user(username="other")
    settings.SIGN_IN = dataclasses.replace(settings.SIGN_IN, emergency_users=("rescue",), lock_account_failures=6)
    addresses = [f"203.0.113.{number}" for number in range(1, 9)]
    for address in addresses[:6]:
        assert limits.attempt("RESCUE", address) == 0 and limits.attempt("other", address) == 0
    assert limits.attempt("other", HERE) > 0, "any other login is locked from everywhere"
    judged = [
        limits.attempt("rescue", address) == 0 for address in (addresses[6], addresses[6], addresses[7], addresses[0])
    ]
    assert judged == [True, False, True, False], "one attempt for each address from now on"
    assert sign_in(browser(), user).status_code == 302, "the right password from an address without failures"
    fresh = [limits.attempt("rescue", "203.0.113.99") for _time in range(3)]
    assert fresh == [0, 0, 0], "a success forgets the failures of the account"
    assert SignInLimit.objects.filter(user=other, locked_until__gt=timezone.now()).exists()


def test_an_address_guesses_the_login_for_emergencies_no_more_often_than_another(settings: Any) -> None:
    settings.SIGN_IN = dataclasses.replace(settings.SIGN_IN, emergency_users=("rescue",))
    most = settings.SIGN_IN.lock_failures
    judged = [limits.attempt("rescue", "203.0.113.1") == 0 for _time in range(most + 2)]
    assert judged == [True] * most + [False] * 2


def test_refusals_and_locks_do_not_tell_whether_a_login_exists() -> None:
    factories.user(username="here")
    factories.user(username="off", is_active=False)
    factories.user(username="robot", is_service=True)

    def told(name: str, address: str) -> list[tuple[int, list[str]]]:
        client = browser()
        answers = []
        for _time in range(settings.SIGN_IN.lock_failures + 1):
            asked = {"username": name, "password": "x"}
            answer = client.post(reverse("login"), asked, REMOTE_ADDR=address)
            answers.append((answer.status_code, list(answer.context["form"].non_field_errors())))
        return answers

    here = told("here", "203.0.113.1")
    assert "User name and password do not fit" in here[0][1][0] and "Too many failed attempts" in here[-1][1][0]
    for number, name in enumerate(("nobody", "off", "robot"), start=2):
        assert told(name, f"203.0.113.{number}") == here, name


@pytest.mark.parametrize(
    ("first", "second", "one"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.1", "203.0.113.1", True),
        ("203.0.113.1", "203.0.113.2", False),
    ],
)
def test_who_holds_a_network_has_one_address(first: str, second: str, one: bool) -> None:
    for _time in range(settings.SIGN_IN.lock_failures):
        limits.attempt("ann", first)
    assert (limits.attempt("ann", second) > 0) is one
    limits.take_back(second)
    assert counted() == settings.SIGN_IN.lock_failures - int(one)


def test_who_is_counted_beyond_the_limit_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many at once: none of them has seen the lock when it asked for one."""
    user: User = factories.user()
    real, most = limits._locked, settings.SIGN_IN.lock_failures
    # Each looks before the others have counted; what is read after counting is real.
    looks: list[int] = []

    def blind(keys: list[str], now: datetime.datetime) -> int:
        looks.append(len(keys))
        return 0 if len(keys) > 1 else real(keys, now)

    monkeypatch.setattr(limits, "_locked", blind)
    judged = [limits.attempt(user.username, HERE) for _attempt in range(most + 3)]
    assert [left == 0 for left in judged] == [True] * most + [False] * 3
    assert all(800 < left <= 900 for left in judged[most:])
    assert AuditEntry.objects.filter(action="sign_in_locked").count() == 1


def test_mails_asked_for_at_once_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_locked", lambda keys, now: 0)
    assert [limits.reset_allowed("ann@example.org", HERE) for _time in range(5)] == [True, True, True, False, False]


def test_counting_says_how_many_and_which_one_locks() -> None:
    now, window = timezone.now(), datetime.timedelta(minutes=15)
    told = [limits._count("pair", "k", None, now, window, 2) for _time in range(3)]
    assert told == [(1, False), (2, True), (3, False)]
    assert limits._count("pair", "k", None, now + window, window, 2) == (1, False)
