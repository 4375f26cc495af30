"""Name and password, locks, the second step, sessions, and what must be done first."""

from __future__ import annotations

import dataclasses
import re
import time
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pmo.core.access.roles import Role
from pmo.core.audit.actor import actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.people.models import User
from pmo.core.sign_in.models import Session, SignInLimit
from pmo.core.sign_in.services import entering, factors, limits
from pmo.core.sign_in.store import SessionStore
from portfolio.models import SignInDay
from tests import factories
from tests.conftest import UserClient, client_of

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"


@pytest.fixture
def policy(settings: Any) -> Any:
    """Changes the policy: policy(mfa_roles=("pmo_admin",))."""

    def change(**values: Any) -> None:
        settings.SIGN_IN = dataclasses.replace(settings.SIGN_IN, **values)

    return change


def browser(**headers: Any) -> Client:
    client = Client(headers={"User-Agent": FIREFOX, **headers})
    client.cookies["bw_language"] = "en"
    return client


def sign_in(client: Client, user: User, password: str = factories.PASSWORD, **more: Any) -> Any:
    return client.post(reverse("login"), {"username": user.username, "password": password, **more})


def acts(user: User) -> list[str]:
    rows = AuditEntry.objects.filter(model="core.user", object_id=user.pk).order_by("pk")
    return list(rows.values_list("action", flat=True))


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def with_app(user: User) -> str:
    """An authenticator app of the user; returns its secret. Its first code is of the step before."""
    secret = factors.new_secret()
    with time_machine.travel(timezone.now(), tick=False):
        factors.activate_totp(actor=actor_of(user), user=user, secret=secret, code=code_of(secret, -1))
    return secret


def test_signing_in_keeps_device_and_address_notes_the_day_and_is_audited() -> None:
    user, client = factories.user(), browser()
    response = sign_in(client, user, next="/registers/")
    assert (response.status_code, response["Location"]) == (302, "/registers/")
    row = Session.objects.get(user=user)
    assert (row.device, row.address, row.method) == ("Firefox, Windows", "127.0.0.1", "password")
    assert row.session_key == client.session.session_key
    assert acts(user) == ["sign_in"]
    assert SignInDay.objects.filter(user=user).exists()
    assert client.get("/registers/").status_code == 200


def test_only_pages_of_this_site_follow_a_sign_in() -> None:
    user = factories.user()
    assert sign_in(browser(), user, next="https://evil.example.org/")["Location"] == reverse("home")


def test_a_wrong_password_lets_nobody_in_and_says_the_same_as_an_unknown_name() -> None:
    user, client = factories.user(), browser()
    wrong = sign_in(client, user, "not-the-password").content.decode()
    unknown = client.post(reverse("login"), {"username": "nobody-here", "password": "x"}).content.decode()
    said = "User name and password do not fit"
    assert said in wrong and said in unknown
    assert not Session.objects.filter(user=user).exists() and acts(user) == []


def test_five_failures_lock_the_account_from_one_address_and_the_page_says_for_how_long() -> None:
    user, client = factories.user(), browser()
    for _attempt in range(settings.SIGN_IN.lock_failures):
        sign_in(client, user, "wrong")
    locked = sign_in(client, user)
    assert locked.status_code == 200 and "Try again in 15 minutes" in locked.content.decode()
    assert not Session.objects.filter(user=user).exists()
    assert acts(user) == ["sign_in_locked"] and limits.locked_until(user) is not None
    elsewhere = Client(REMOTE_ADDR="10.9.8.7")
    assert sign_in(elsewhere, user).status_code == 302


def test_a_lock_ends_by_itself_and_by_the_administrator(pmo_admin: UserClient) -> None:
    user, client = factories.user(), browser()

    def lock() -> None:
        for _attempt in range(settings.SIGN_IN.lock_failures):
            sign_in(client, user, "wrong")
        assert sign_in(client, user).status_code == 200

    lock()
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=16), tick=False):
        assert sign_in(client, user).status_code == 302
    lock()
    pmo_admin.post(reverse("user-act", kwargs={"pk": user.pk, "act": "unlock"}))
    assert sign_in(client, user).status_code == 302
    assert "unlock" in acts(user)


def test_many_accounts_from_one_address_lock_the_address(policy: Any) -> None:
    policy(lock_address_failures=4)
    user, client = factories.user(), browser()
    for number in range(4):
        client.post(reverse("login"), {"username": f"guess-{number}", "password": "x"})
    assert "Too many failed attempts" in sign_in(client, user).content.decode()
    assert sign_in(Client(REMOTE_ADDR="10.9.8.7"), user).status_code == 302
    entry = AuditEntry.objects.get(action="sign_in_locked")
    assert (entry.object_id, entry.object_label) == (None, "127.0.0.1")


def test_a_success_forgets_the_failures_before_it_and_tells_the_trail() -> None:
    user, client = factories.user(), browser()
    for _attempt in range(3):
        sign_in(client, user, "wrong")
    assert sign_in(client, user).status_code == 302
    assert not SignInLimit.objects.filter(user=user).exists()
    entry = AuditEntry.objects.get(model="core.user", object_id=user.pk, action="sign_in")
    assert entry.payload.changes["failures"] == [None, 3]


@pytest.mark.parametrize(("hops", "address"), [(0, "127.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.7")])
def test_a_proxys_header_counts_only_behind_proxies(policy: Any, hops: int, address: str) -> None:
    policy(proxies=hops)
    user = factories.user()
    client = browser(**{"X-Forwarded-For": "6.6.6.6, 198.51.100.7, 203.0.113.9"})
    sign_in(client, user)
    assert Session.objects.get(user=user).address == address


def test_the_second_step_takes_a_code_of_the_app_once() -> None:
    user = factories.user()
    secret, client = with_app(user), browser()
    assert sign_in(client, user, next="/registers/")["Location"] == reverse("login-code")
    assert client.get("/registers/").status_code == 302
    assert "not right" in client.post(reverse("login-code"), {"code": "000000"}).content.decode()
    code = code_of(secret)
    assert client.post(reverse("login-code"), {"code": code})["Location"] == "/registers/"
    assert client.get("/registers/").status_code == 200
    again = browser()
    sign_in(again, user)
    assert again.post(reverse("login-code"), {"code": code}).status_code == 422


def test_wrong_codes_lock_like_wrong_passwords() -> None:
    user = factories.user()
    secret, client = with_app(user), browser()
    sign_in(client, user)
    for _attempt in range(settings.SIGN_IN.lock_failures):
        client.post(reverse("login-code"), {"code": "000000"})
    assert client.post(reverse("login-code"), {"code": code_of(secret)}).status_code == 422
    assert not Session.objects.filter(user=user).exists()


def test_a_recovery_code_works_once() -> None:
    user = factories.user()
    with_app(user)
    code = factors.new_codes(actor=actor_of(user), user=user)[4]
    for expected in (302, 422):
        client = browser()
        sign_in(client, user)
        assert client.post(reverse("login-code"), {"code": f"{code[:4]} {code[4:]}"}).status_code == expected
    assert factors.factors_of(user).codes_left == 9


def test_a_changed_password_ends_a_second_step_that_was_begun() -> None:
    user = factories.user()
    secret, client = with_app(user), browser()
    sign_in(client, user)
    user.set_password("another-long-password-1")
    user.save(update_fields=["password"])
    assert client.post(reverse("login-code"), {"code": code_of(secret)})["Location"] == reverse("login")


def test_the_app_is_set_up_with_its_first_code_and_recovery_codes_show_once() -> None:
    user, client = factories.user(), browser()
    sign_in(client, user)
    page = client.get(reverse("account-totp")).content.decode()
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found and "data:image/svg+xml" in page
    secret = found.group(1).replace(" ", "")
    assert client.post(reverse("account-totp"), {"code": "000000"}).status_code == 422
    made = client.post(reverse("account-totp"), {"code": code_of(secret)})
    codes = re.findall(r"<li><code>(\d{8})</code></li>", made.content.decode())
    assert (made.status_code, len(codes)) == (201, 10)
    row = factors.factors_of(user)
    assert row.totp is not None and secret not in str(row.totp.data) and row.codes_left == 10
    assert codes[0] not in client.get(reverse("account-security")).content.decode()
    assert "mfa_add" in acts(user)


def test_what_protects_the_account_is_changed_only_after_another_proof(policy: Any) -> None:
    user, client = factories.user(), browser()
    sign_in(client, user)
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=20), tick=False):
        asked = client.get(reverse("account-totp"))
        assert asked["Location"].startswith(reverse("account-confirm"))
        target = {"next": reverse("account-totp")}
        assert client.post(reverse("account-confirm"), {"password": "wrong", **target}).status_code == 422
        done = client.post(reverse("account-confirm"), {"password": factories.PASSWORD, **target})
        assert done["Location"] == reverse("account-totp")
        assert client.get(reverse("account-totp")).status_code == 200


def test_a_role_that_asks_for_a_second_factor_leads_there_first(policy: Any) -> None:
    policy(mfa_roles=("pmo_admin",))
    admin, other = factories.user(Role.PMO_ADMIN), factories.user()
    free = browser()
    sign_in(free, other)
    assert free.get("/registers/").status_code == 200
    client = browser()
    sign_in(client, admin)
    assert client.get("/registers/")["Location"] == reverse("account-security")
    assert client.get("/api/v1/projects/").status_code == 403
    page = client.get(reverse("account-security"))
    assert "Your role asks for a second factor" in page.content.decode()
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", client.get(reverse("account-totp")).content.decode())
    assert found
    client.post(reverse("account-totp"), {"code": code_of(found.group(1).replace(" ", ""))})
    assert client.get("/registers/").status_code == 200
    row = factors.factors_of(admin).totp
    assert row is not None
    client.post(reverse("account-factor-remove", kwargs={"pk": row.pk}))
    assert factors.factors_of(admin).totp is not None, "the last one stays"


@pytest.mark.parametrize(("after", "page"), [(False, None), (True, "account-security")])
def test_a_role_asks_for_a_second_factor_after_single_sign_on_where_the_policy_says_so(
    policy: Any, rf: Any, after: bool, page: str | None
) -> None:
    policy(mfa_roles=("pmo_admin",), mfa_after_sso=after)
    admin = factories.user(Role.PMO_ADMIN)
    for method in (entering.OIDC, entering.SAML):
        request = rf.get("/")
        request.session = SessionStore()
        entering.enter(request, admin, method)
        assert entering.first_page(request) == page


def test_sessions_are_listed_and_ended() -> None:
    user = factories.user()
    here, there, third = browser(), browser(), browser()
    for client in (here, there, third):
        sign_in(client, user)
    page = here.get(reverse("account-sessions")).content.decode()
    assert page.count("Firefox, Windows") == 3 and page.count(">this one<") == 1
    row = Session.objects.get(session_key=there.session.session_key)
    here.post(reverse("account-session-end", kwargs={"uid": row.uid}))
    assert there.get("/registers/").status_code == 302 and third.get("/registers/").status_code == 200
    here.post(reverse("account-sessions-end"))
    assert third.get("/registers/").status_code == 302 and here.get("/registers/").status_code == 200
    assert acts(user).count("session_end") == 2


def test_nobody_ends_the_session_of_somebody_else(outsider: UserClient) -> None:
    user, client = factories.user(), browser()
    sign_in(client, user)
    row = Session.objects.get(user=user)
    assert outsider.post(reverse("account-session-end", kwargs={"uid": row.uid})).status_code == 404
    assert client.get("/registers/").status_code == 200


def test_last_seen_is_written_every_few_minutes_and_the_session_ends_no_later(django_assert_num_queries: Any) -> None:
    client = client_of(factories.user())
    client.get("/registers/")
    before = Session.objects.get(user=client.user)
    with time_machine.travel(before.last_seen_at + timezone.timedelta(minutes=4), tick=False):
        client.get("/registers/")
        assert Session.objects.get(user=client.user).last_seen_at == before.last_seen_at
    later = before.last_seen_at + timezone.timedelta(minutes=6)
    with time_machine.travel(later, tick=False):
        client.get("/registers/")
    after = Session.objects.get(user=client.user)
    assert after.last_seen_at == later and after.expire_date == before.expire_date
    assert (after.uid, after.created_at) == (before.uid, before.created_at)


def test_switched_off_means_out_at_once(pmo_admin: UserClient) -> None:
    user, client = factories.user(), browser()
    sign_in(client, user)
    act = {"pk": user.pk}
    pmo_admin.post(reverse("user-act", kwargs={**act, "act": "deactivate"}))
    assert client.get("/registers/").status_code == 302 and not Session.objects.filter(user=user).exists()
    assert sign_in(client, user).status_code == 200
    pmo_admin.post(reverse("user-act", kwargs={**act, "act": "activate"}))
    assert sign_in(client, user).status_code == 302
    assert [act for act in acts(user) if act.endswith("activate")] == ["deactivate", "activate"]


def test_the_last_administrator_and_oneself_stay_switched_on(pmo_admin: UserClient) -> None:
    pmo_admin.post(reverse("user-act", kwargs={"pk": pmo_admin.user.pk, "act": "deactivate"}))
    assert User.objects.get(pk=pmo_admin.user.pk).is_active


def test_passwords_switched_off_leave_the_emergency_login(policy: Any) -> None:
    policy(passwords=False, emergency_users=("keeper",))
    keeper, other = factories.user(Role.PMO_ADMIN, username="keeper"), factories.user()
    assert sign_in(browser(), other).status_code == 200
    assert sign_in(browser(), keeper).status_code == 302
    assert browser().get(reverse("password-forgot")).status_code == 404
