"""Passwords, invitations, logins and service accounts."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pmo.core.access.roles import Role
from pmo.core.audit.actor import actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.messages.models import MessageDelivery
from pmo.core.messages.services.delivering import deliver_lane
from pmo.core.people.models import OrgUnit, Person, RoleGrant, User
from pmo.core.people.services import delete_unit
from pmo.core.registers.controls import record_label
from pmo.core.registers.models import ApiToken
from pmo.core.registers.tokens import create_token
from pmo.core.sign_in.models import Invite, Session
from pmo.core.sign_in.services import factors, invites, passwords
from tests import factories
from tests.conftest import UserClient, client_of, proven
from tests.sign_in.test_way_in import acts, browser, sign_in, with_app

pytestmark = pytest.mark.django_db
NEW = "another-long-password-7"


@pytest.fixture(autouse=True)
def house(settings: Any) -> None:
    factories.organisation()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PUBLIC_URL = "https://pmo.example.org"


def link_of_mail() -> str:
    """The path of the one link in the last mail that was sent."""
    deliver_lane("mail")
    found = re.search(r"https://pmo\.example\.org(/\S+)", str(mail.outbox[-1].body))
    assert found
    return found.group(1)


def test_a_forgotten_password_is_set_by_the_link_of_a_mail_once() -> None:
    user, client, other = factories.user(email="ann@example.org"), browser(), browser()
    sign_in(other, user)
    User.objects.filter(pk=user.pk).update(last_login=None)
    client.post(reverse("password-forgot"), {"email": "ANN@example.org"})
    assert "reset/" not in str(MessageDelivery.objects.get().payload), "sealed where it waits"
    path = link_of_mail()
    assert "List-Unsubscribe" not in mail.outbox[-1].extra_headers and mail.outbox[-1].to == [
        f"{user.person} <ann@example.org>"
    ]
    assert client.get(path).status_code == 200
    assert client.post(path, {"password": "short", "again": "short"}).status_code == 422
    assert client.post(path, {"password": NEW, "again": NEW}).status_code == 200
    assert client.get(path).status_code == 410, "once"
    assert other.get("/registers/").status_code == 302, "sessions ended"
    assert sign_in(browser(), user, NEW).status_code == 302
    assert acts(user)[-3:] == ["password_reset_sent", "password_reset", "sign_in"]


def test_the_answer_is_the_same_whether_the_address_is_known_or_not() -> None:
    factories.user(email="ann@example.org")
    client = browser()

    def answer(email: str) -> str:
        page = client.post(reverse("password-forgot"), {"email": email}).content.decode()
        return re.sub(r'value="[^"]*"', "", page)

    assert answer("ann@example.org") == answer("nobody@example.org")
    assert MessageDelivery.objects.count() == 1


def test_a_link_runs_out_and_few_are_sent(settings: Any) -> None:
    user, client = factories.user(email="ann@example.org"), browser()
    for _time in range(5):
        client.post(reverse("password-forgot"), {"email": "ann@example.org"})
    assert MessageDelivery.objects.count() == 3
    path = link_of_mail()
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=61), tick=False):
        assert client.get(path).status_code == 410
    assert client.get(path.replace(path.split("/")[-1], "forged-token")).status_code == 410
    assert user.check_password(factories.PASSWORD)


@pytest.mark.parametrize("state", ["inactive", "service", "outside"])
def test_no_link_goes_to_a_login_without_a_password_here(state: str) -> None:
    user = factories.user(email="ann@example.org", is_active=state != "inactive", is_service=state == "service")
    if state == "outside":
        user.set_unusable_password()
        user.save(update_fields=["password"])
    passwords.request_reset(email="ann@example.org", address="10.0.0.1")
    assert not MessageDelivery.objects.exists()


def test_one_changes_ones_own_password_and_stays_only_here() -> None:
    user, here, there = factories.user(), browser(), browser()
    sign_in(here, user)
    sign_in(there, user)
    page = reverse("account-password")
    assert here.post(page, {"old": "wrong", "password": NEW, "again": NEW}).status_code == 422
    assert here.post(page, {"old": factories.PASSWORD, "password": NEW, "again": NEW + "x"}).status_code == 422
    assert here.post(page, {"old": factories.PASSWORD, "password": NEW, "again": NEW}).status_code == 302
    assert here.get("/registers/").status_code == 200 and there.get("/registers/").status_code == 302
    assert Session.objects.filter(user=user).count() == 1


def test_the_last_passwords_are_not_taken_again(settings: Any) -> None:
    user = factories.user()
    actor = actor_of(user)
    chosen = [f"a-password-that-is-long-{number}" for number in range(5)]
    for password in chosen:
        passwords.set_password(actor=actor, user=user, password=password)
    for password in chosen:
        with pytest.raises(ValidationError) as refused:
            passwords.set_password(actor=actor, user=user, password=password)
        assert [error.code for error in refused.value.error_list] == ["password_used_before"]
    passwords.set_password(actor=actor, user=user, password=factories.PASSWORD)
    assert user.former_passwords.count() == 4


def test_a_temporary_password_is_changed_first(pmo_admin: UserClient) -> None:
    user, client = factories.user(), browser()
    page = pmo_admin.post(reverse("user-act", kwargs={"pk": user.pk, "act": "temporary-password"})).content.decode()
    found = re.search(r'<code class="token-text">([a-z0-9-]{19})</code>', page)
    assert found
    assert sign_in(client, user).status_code == 200, "the earlier one is gone"
    assert sign_in(client, user, found.group(1)).status_code == 302
    assert client.get("/registers/")["Location"] == reverse("account-password")
    client.post(reverse("account-password"), {"old": found.group(1), "password": NEW, "again": NEW})
    assert client.get("/registers/").status_code == 200


def test_a_password_that_is_too_old_is_changed_first(settings: Any) -> None:
    settings.SIGN_IN = dataclasses.replace(settings.SIGN_IN, password_days=90)
    user, client = factories.user(), browser()
    User.objects.filter(pk=user.pk).update(password_changed_at=timezone.now() - timezone.timedelta(days=91))
    sign_in(client, user)
    assert client.get("/registers/")["Location"] == reverse("account-password")


def test_lost_factors_are_removed_and_sessions_end(pmo_admin: UserClient) -> None:
    user = factories.user()
    with_app(user)
    client = client_of(user)
    pmo_admin.post(reverse("user-act", kwargs={"pk": user.pk, "act": "reset-factors"}))
    assert not factors.has_factor(user) and client.get("/registers/").status_code == 302
    assert "mfa_reset" in acts(user)


@pytest.mark.parametrize("way", ["reset-factors", "temporary-password", "mail", "change"])
def test_tokens_end_where_a_login_was_lost_and_not_where_a_password_is_changed(pmo_admin: UserClient, way: str) -> None:
    user = factories.user(email="ann@example.org")
    _row, token = create_token(actor=actor_of(user), name="Report", scope="read", days=9)
    calls = Client(headers={"Authorization": f"Bearer {token}"})
    assert calls.get("/api/v1/people/").status_code == 200
    if way == "mail":
        passwords.send_reset(actor=actor_of(user), user=user)
        assert browser().post(link_of_mail(), {"password": NEW, "again": NEW}).status_code == 200
    elif way == "change":
        passwords.set_password(actor=actor_of(user), user=user, password=NEW)
    else:
        pmo_admin.post(reverse("user-act", kwargs={"pk": user.pk, "act": way}))
    kept = way == "change"
    assert calls.get("/api/v1/people/").status_code == (200 if kept else 401)
    assert AuditEntry.objects.filter(model="core.apitoken", action="revoke").count() == (0 if kept else 1)


def test_an_invitation_makes_one_account_with_its_roles(pmo_admin: UserClient) -> None:
    unit = factories.unit()
    form = {
        "email": "Wei@example.org",
        "name": "韦",
        "language": "zh-hans",
        "roles": ["resource_manager"],
        "unit": unit.pk,
    }
    assert pmo_admin.post(reverse("invites"), form).status_code == 302
    row = Invite.objects.get()
    path = link_of_mail()
    assert "Wei@example.org" in mail.outbox[-1].to[0]
    token = path.rsplit("/", 1)[-1]
    assert token not in row.digest and token not in str(MessageDelivery.objects.get().payload)
    client = browser()
    assert "Wei@example.org" in client.get(path).content.decode()
    sent = {"name": "韦小宝", "username": "wei", "password": NEW, "again": NEW}
    assert client.post(path, sent).status_code == 302
    user = User.objects.get(username="wei")
    assert (user.person.name_zh, user.person.unit, user.email) == ("韦小宝", unit, "Wei@example.org")
    assert [(grant.role, grant.unit) for grant in user.person.grants.all()] == [(Role.RESOURCE_MANAGER, unit)]
    assert client.get("/registers/").status_code == 200
    assert browser().get(path).status_code == 410, "once"
    assert {"invite", "invite_accept", "sign_in"} <= set(AuditEntry.objects.values_list("action", flat=True))


def test_a_known_person_without_a_login_gets_it(pmo_admin: UserClient) -> None:
    person = factories.person(email="li@example.org")
    pmo_admin.post(reverse("invites"), {"email": "li@example.org", "language": "en"})
    sent = {"name": "Li", "username": "li", "password": NEW, "again": NEW}
    assert browser().post(link_of_mail(), sent).status_code == 302
    person.refresh_from_db()
    assert person.user is not None and person.user.username == "li"
    assert Person.objects.filter(email="li@example.org").count() == 1


def test_who_has_a_login_or_an_invitation_is_not_invited_again(pmo_admin: UserClient) -> None:
    factories.user(email="ann@example.org")
    for email, status in (("ann@example.org", 422), ("bo@example.org", 302), ("BO@example.org", 422)):
        assert pmo_admin.post(reverse("invites"), {"email": email, "language": "en"}).status_code == status


def test_sent_again_revoked_and_run_out(pmo_admin: UserClient) -> None:
    pmo_admin.post(reverse("invites"), {"email": "bo@example.org", "language": "en"})
    first, uid = link_of_mail(), Invite.objects.get().uid
    pmo_admin.post(reverse("invite-act", kwargs={"uid": uid, "act": "resend"}))
    second = link_of_mail()
    client = browser()
    assert (client.get(first).status_code, client.get(second).status_code) == (410, 200)
    with time_machine.travel(timezone.now() + timezone.timedelta(days=8), tick=False):
        assert client.get(second).status_code == 410
    pmo_admin.post(reverse("invite-act", kwargs={"uid": uid, "act": "revoke"}))
    assert client.get(second).status_code == 410


def test_an_invitation_to_a_unit_that_is_gone_gives_nothing(pmo_admin: UserClient) -> None:
    unit, other = factories.unit(), factories.unit()
    asked = {"email": "bo@example.org", "language": "en", "roles": ["pmo_admin"]}
    pmo_admin.post(reverse("invites"), {**asked, "unit": unit.pk})
    path, row = link_of_mail(), Invite.objects.get()
    delete_unit(actor=actor_of(pmo_admin.user), row=unit)
    row = Invite.objects.get(pk=row.pk)
    page = browser().get(path)
    assert page.status_code == 410 and "which is no longer there" in page.content.decode()
    sent = {"name": "Bo", "username": "bo", "password": NEW, "again": NEW}
    assert browser().post(path, sent).status_code == 410
    with pytest.raises(ValidationError):
        invites.accept(row=row, name="Bo", username="bo", password=NEW)
    assert not User.objects.filter(username="bo").exists()
    again = pmo_admin.post(reverse("invite-act", kwargs={"uid": row.uid, "act": "resend"}), follow=True)
    assert "which is no longer there" in again.content.decode() and Invite.objects.get(pk=row.pk).sent == 1
    pmo_admin.post(reverse("invites"), {**asked, "email": "cy@example.org", "unit": other.pk})
    with pytest.raises(ProtectedError):
        OrgUnit.all_objects.filter(pk=other.pk).delete()


def test_without_a_mail_server_nothing_is_said_to_be_sent(pmo_admin: UserClient, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    user = factories.user(email="ann@example.org")
    told = browser().post(reverse("password-forgot"), {"email": "ann@example.org"}).content.decode()
    assert "No mail server is set up here" in told and "on its way" not in told
    asked = pmo_admin.post(reverse("user-act", kwargs={"pk": user.pk, "act": "reset-mail"}), follow=True)
    assert "No mail server is set up" in asked.content.decode()
    assert not MessageDelivery.objects.exists()


def test_without_a_mail_server_the_link_of_an_invitation_is_shown_once(pmo_admin: UserClient, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

    def link(response: Any) -> str:
        assert response.status_code == 201 and "no-store" in response["Cache-Control"]
        found = re.search(
            r'<code class="token-text">https://pmo\.example\.org(/invite/[^<]+)</code>', response.content.decode()
        )
        assert found
        return found[1]

    first = link(pmo_admin.post(reverse("invites"), {"email": "bo@example.org", "language": "en"}))
    row = Invite.objects.get()
    assert first not in pmo_admin.get(reverse("invites")).content.decode() and not MessageDelivery.objects.exists()
    second = link(pmo_admin.post(reverse("invite-act", kwargs={"uid": row.uid, "act": "resend"})))
    assert browser().get(first).status_code == 410
    sent = {"name": "Bo", "username": "bo", "password": NEW, "again": NEW}
    assert browser().post(second, sent).status_code == 302 and User.objects.filter(username="bo").exists()
    assert browser().get(second).status_code == 410, "once"


def test_an_invitation_ends_with_the_right_of_who_sent_it(pmo_admin: UserClient) -> None:
    factories.user(Role.PMO_ADMIN)
    pmo_admin.post(reverse("invites"), {"email": "bo@example.org", "language": "en", "roles": ["pmo_admin"]})
    path = link_of_mail()
    RoleGrant.objects.filter(person=pmo_admin.user.person).delete()
    assert browser().get(path).status_code == 410


def test_a_login_for_one_of_the_people(pmo_admin: UserClient) -> None:
    person = factories.person()
    made = pmo_admin.post(reverse("user-new"), {"person": person.code, "username": "newcomer", "language": "en"})
    person.refresh_from_db()
    assert made.status_code == 201 and person.user is not None and person.user.must_change_password
    page = pmo_admin.get(reverse("register-tab", kwargs={"key": "users", "pk": person.user.pk, "tab": "sign-in"}))
    assert "must be changed at the next sign-in" in page.content.decode()


def test_the_person_of_a_new_login_is_found_by_typing(pmo_admin: UserClient) -> None:
    late, early = factories.person(code="Z-9", name_en="Ann Lee"), factories.person(code="A-1", name_en="Ann Wu")
    offered = pmo_admin.get(reverse("user-new-people"), {"term": "ann"}).content.decode()
    assert re.findall(r'value="([^"]+)"', offered) == [record_label(early), record_label(late)]
    assert pmo_admin.user.person.code not in pmo_admin.get(reverse("user-new-people")).content.decode()
    page = pmo_admin.get(reverse("user-new")).content.decode()
    assert "----" not in page and reverse("user-new-people") in page
    refused = pmo_admin.post(
        reverse("user-new"), {"person": pmo_admin.user.person.code, "username": "second", "language": "en"}
    )
    assert refused.status_code == 422 and "Nobody without a login is called" in refused.content.decode()


def test_a_service_account_works_by_token_and_opens_no_page(pmo_admin: UserClient) -> None:
    pmo_admin.post(reverse("service-accounts"), {"name": "Data platform", "roles": ["pmo_analyst"]})
    robot = User.objects.get(is_service=True)
    page = reverse("service-account", kwargs={"pk": robot.pk})
    assert pmo_admin.post(page, {"name": "Nightly", "scope": "read", "days": 30}).status_code == 302
    assert not ApiToken.objects.exists(), "not without another proof"
    proven(pmo_admin)
    made = pmo_admin.post(page, {"name": "Nightly", "scope": "read", "days": 30}).content.decode()
    found = re.search(r'<code class="token-text">(bw_[\w-]+)</code>', made)
    assert found
    calls = Client(headers={"Authorization": f"Bearer {found.group(1)}"})
    assert (
        calls.get("/api/v1/role-grants/").status_code in {200, 403}
        and calls.get("/api/v1/projects/").status_code == 200
    )
    assert calls.post("/api/v1/projects/", {}, content_type="application/json").status_code == 403
    assert calls.get("/registers/").status_code == 302
    row = ApiToken.objects.get(user=robot)
    assert row.last_used_at is not None and row.digest not in made
    robot.set_password(factories.PASSWORD)
    robot.save(update_fields=["password"])
    assert sign_in(browser(), robot).status_code == 200, "no page, whatever the password"
    assert client_of(robot).get("/registers/").status_code == 302
    pmo_admin.post(reverse("service-token-revoke", kwargs={"pk": robot.pk, "token": row.pk}))
    assert calls.get("/api/v1/projects/").status_code == 401


def test_a_service_account_switched_off_is_out_at_once(pmo_admin: UserClient) -> None:
    pmo_admin.post(reverse("service-accounts"), {"name": "机器人"})
    robot = User.objects.get(is_service=True)
    assert robot.person.name_zh == "机器人"
    page = reverse("service-account", kwargs={"pk": robot.pk})
    proven(pmo_admin)
    made = pmo_admin.post(page, {"name": "T", "scope": "read", "days": 30}).content.decode()
    found = re.search(r'<code class="token-text">(bw_[\w-]+)</code>', made)
    assert found
    calls = Client(headers={"Authorization": f"Bearer {found.group(1)}"})
    assert calls.get("/api/v1/people/").status_code == 200
    pmo_admin.post(reverse("user-act", kwargs={"pk": robot.pk, "act": "deactivate"}))
    assert calls.get("/api/v1/people/").status_code == 401
